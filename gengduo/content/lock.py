"""`content/import.lock`: which page came from which seed, and the decision that keeps an editor's work."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from gengduo.errors import ContentError, problem
from gengduo.model import Value

LOCK = "content/import.lock"
VERSION = 1


class LockEntry(Value, frozen=True, kw_only=True, array_like=False):
    """What the importer did with one seed."""

    seed: str
    """Path under `seeds/`."""
    seed_digest: str
    page: str
    """File name under `content/`."""
    page_digest: str
    """Of the page as the program wrote it last: B of the three-way decision."""


Lock = Mapping[str, LockEntry]


class Decision(enum.Enum):
    """What becomes of a page when its seed is imported again."""

    REMEMBER = "the file already holds the new import"
    REPLACE = "the file is as the program wrote it"
    KEEP = "the import is as it was"
    ASK = "both changed"


class Digests(NamedTuple):
    """The three digests of the decision."""

    base: str | None
    """B: what the importer wrote last; None: unknown."""
    current: str
    """C: the file now."""
    new: str
    """N: the new import."""


def decide(digests: Digests) -> Decision:
    """Return what to do with a page: bytes are compared, nothing is merged by guess."""
    if digests.current == digests.new:
        return Decision.REMEMBER
    if digests.current == digests.base:
        return Decision.REPLACE
    if digests.new == digests.base:
        return Decision.KEEP
    return Decision.ASK


def waiting_pages(files: Iterable[str]) -> list[str]:
    """Return the paths of the `.new` pages among the files of `content/`: an editor should look at them."""
    return [f"content/{name}" for name in files if name.endswith(".md.new")]


def load_lock(data: bytes, path: str) -> Lock:
    """Return the entries by seed."""
    try:
        entries = msgspec.json.decode(data, type=dict[str, object])
        if entries.get("version") != VERSION:
            message = "this lock was written by another version of the program; restore it from history, or delete it"
            raise ContentError(problem(path, message))
        pages = msgspec.convert(entries.get("pages"), list[LockEntry])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = (
            f"the lock cannot be read ({error}); restore it from history, or delete it (pages then count as edited)"
        )
        raise ContentError(problem(path, message)) from None
    return {entry.seed: entry for entry in pages}


def dump_lock(entries: Iterable[LockEntry]) -> bytes:
    """Return the file, one entry a line, so that merges and differences read well."""
    ordered = sorted(entries, key=lambda entry: entry.seed)
    rows = [json.dumps(msgspec.to_builtins(entry), ensure_ascii=False) for entry in ordered]
    pages = ",\n".join("  " + row for row in rows)
    return f'{{"version": {VERSION}, "pages": [\n{pages}\n]}}\n'.encode()
