"""Compiled templates, kept between builds: compiling those of one page takes as long as printing hundreds of it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from gengduo.cache import DIGEST_BYTES, digest_of, seal
from gengduo.model import SiteView


class CompiledTemplates(jinja2.BytecodeCache):
    """The code of an edition's templates in a folder of the cache; a damaged or old file counts as not there."""

    def __init__(self, folder: Path, program: str, site: SiteView) -> None:
        """Take what decides the code beside the template: the program, and the edition's own values."""
        self.folder = folder
        self.name = digest_of((program, site))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket where its code was kept."""
        try:
            data = self._place(bucket).read_bytes()
        except OSError:
            return
        if seal(data[DIGEST_BYTES:]) == data[:DIGEST_BYTES]:
            bucket.bytecode_from_string(data[DIGEST_BYTES:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of the bucket; where it cannot be written, it is compiled again the next time."""
        data = bucket.bytecode_to_string()
        place = self._place(bucket)
        temporary = place.with_name(f"{place.name}.{os.urandom(6).hex()}.tmp")
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(seal(data) + data)
            temporary.replace(place)

    def _place(self, bucket: Bucket) -> Path:
        return self.folder / f"{self.name}-{bucket.key}"


def forget_compiled(folder: Path, program: str, sites: list[SiteView]) -> None:
    """Remove what was compiled for other editions, or by another program."""
    needed = tuple(f"{digest_of((program, site))}-" for site in sites)
    for place in folder.glob("*"):
        if not place.name.startswith(needed) or place.name.endswith(".tmp"):
            place.unlink(missing_ok=True)
