"""What a build remembers: digests, the state of the last build, and packs of converted texts.

Everything here may be deleted, cut or damaged between builds: what is read is checked against its own digest, and what
fails the check counts as not there.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast
from unicodedata import normalize

import msgspec

T = TypeVar("T")
DIGEST_BYTES = 16
PROGRAM_FILES = frozenset({".py", ".toml", ".tsv", ".txt", ".json"})
FILE_MODE = 0o644
"""Of every file of the output, whatever the user's umask: the same site everywhere."""
TICK_NS = 50_000_000
COARSE_TICK_NS = 2_100_000_000
_ENCODER = msgspec.msgpack.Encoder()


class Fingerprint(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What the file system says of a file; an edit changes it even where size and time were put back."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Fingerprint:
        """Return the fingerprint that a stat result holds."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


class TextPlace(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Where a converted text lies: a pack under the cache, and the bytes in it."""

    digest: str
    """Of the text."""
    pack: str
    offset: int
    length: int


class Sealed(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An encoded value, and its digest."""

    digest: str
    data: msgspec.Raw


def digest_bytes(data: bytes) -> str:
    """Return the digest of bytes: BLAKE2b of 128 bits, in hexadecimal."""
    return blake2b(data, digest_size=DIGEST_BYTES).hexdigest()


def seal(data: bytes | memoryview) -> bytes:
    """Return the digest of bytes, as bytes: it stands before what is kept in the cache."""
    return blake2b(data, digest_size=DIGEST_BYTES).digest()


def digest_of(value: Any) -> str:
    """Return the digest of a value made of structs, tuples, strings and numbers; dicts in the order they have."""
    return digest_bytes(_ENCODER.encode(value))


def is_settled(fingerprint: Fingerprint, now_ns: int) -> bool:
    """Tell whether a fingerprint taken now can be trusted later.

    A file that changed within the clock's last tick could change once more and keep the same times. Ticks are some
    milliseconds where times have them, and two seconds on file systems that keep whole seconds.
    """
    tick = TICK_NS if fingerprint.ctime_ns % 1_000_000_000 else COARSE_TICK_NS
    return abs(now_ns - fingerprint.ctime_ns) > tick


def scan_tree(folder: Path, suffixes: tuple[str, ...] = ()) -> dict[str, os.stat_result]:
    """Return the files below a folder by path under it, sorted, with their status; links are not followed.

    Names that begin with a dot are passed over. A link, a device or a pipe is in the result with its own status, so
    that the caller can refuse it; a link to a folder is so whatever its suffix. A folder that does not exist is empty;
    what goes while it is looked at, as the files do that editors save by way of, is not there.
    """
    found: dict[str, os.stat_result] = {}
    folders = [("", os.fspath(folder))]
    while folders:
        prefix, path = folders.pop()
        try:
            entries = list(os.scandir(path))
        except FileNotFoundError:
            continue
        except NotADirectoryError:
            if prefix:
                continue
            raise
        for entry in entries:
            if entry.name.startswith("."):
                continue
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                folders.append((name + "/", entry.path))
            elif not suffixes or name.endswith(suffixes) or (entry.is_symlink() and entry.is_dir()):
                try:
                    found[name] = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
    return dict(sorted(found.items()))


def is_unicode(name: str) -> bool:
    """Tell whether a file name is text: on Linux it can be any bytes, which Python shows as lone surrogates."""
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)


def alike(name: str) -> str:
    """Return what is the same for names that some file systems take for one."""
    return name.lower() if name.isascii() else normalize("NFC", name).casefold()


def is_plain_file(status: os.stat_result) -> bool:
    """Tell whether a status is that of an ordinary file: no link, pipe or device."""
    return stat.S_ISREG(status.st_mode)


# ------------------------------------------------------------------------------------------------------ checked files


def read_checked(path: Path, kind: type[T]) -> T | None:
    """Return the value that `write_checked` wrote, or None where the file is not there, damaged or of another form."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    value = memoryview(data)[DIGEST_BYTES:]
    if seal(value) != data[:DIGEST_BYTES]:
        return None
    try:
        return msgspec.msgpack.decode(value, type=kind)
    except (msgspec.DecodeError, RecursionError):
        return None


def write_checked(path: Path, value: Any) -> None:
    """Write a value under the cache, whole or not at all."""
    data = _ENCODER.encode(value)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(seal(data))
        file.write(data)
    temporary.replace(path)


class Memory:
    """What a process that builds again and again need not read again: values of its cache, and its last print run."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Remember nothing."""
        self.values: dict[str, tuple[Fingerprint | None, Any]] = {}
        """By name, with the look of the file that they stand for."""
        self.unwritten: set[str] = set()
        """Names of values that are newer than their files."""
        self.printed: Path | None = None
        """The output that was printed last."""


class Cache(NamedTuple):
    """The folder of what may be deleted between builds."""

    folder: Path
    memory: Memory | None = None

    def read(self, name: str, kind: type[T]) -> T | None:
        """Return a value as `read_checked` does; nobody changes it."""
        if self.memory is None:
            return read_checked(self.folder / name, kind)
        look = self._look(name)
        known = self.memory.values.get(name)
        if known is not None and known[0] == look:
            return cast(T, known[1])
        value = read_checked(self.folder / name, kind)
        self.memory.unwritten.discard(name)
        self.memory.values[name] = (look, value)
        return value

    def write(self, name: str, value: Any) -> None:
        """Write a value as `write_checked` does; with a memory, when `write_down` is called, if no other wrote it."""
        if self.memory is None:
            write_checked(self.folder / name, value)
        else:
            self.memory.values[name] = (self._look(name), value)
            self.memory.unwritten.add(name)

    def write_down(self) -> None:
        """Write what is only remembered; what the disk does not take is tried again the next time."""
        memory = self.memory or Memory()
        for name in sorted(memory.unwritten):
            look, value = memory.values[name]
            try:
                if look == self._look(name):
                    write_checked(self.folder / name, value)
                    memory.values[name] = (self._look(name), value)
            except OSError:
                continue
            memory.unwritten.discard(name)

    def forget(self, name: str) -> None:
        """Take a value away."""
        (self.folder / name).unlink(missing_ok=True)
        if self.memory is not None:
            self.memory.values.pop(name, None)
            self.memory.unwritten.discard(name)

    def _look(self, name: str) -> Fingerprint | None:
        try:
            return Fingerprint.of(os.lstat(self.folder / name))
        except OSError:
            return None


def write_pack(folder: Path, texts: Sequence[bytes]) -> list[TextPlace]:
    """Write texts as one file named by their digests, and return where each lies."""
    digests = [digest_bytes(text) for text in texts]
    name = digest_of(digests)
    path = folder / name
    if not path.exists() or path.stat().st_size != sum(map(len, texts)):
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f"{name}.{os.urandom(6).hex()}.tmp"  # machines that share a folder may share process ids
        temporary.write_bytes(b"".join(texts))
        temporary.replace(path)
    places, offset = [], 0
    for text, digest in zip(texts, digests, strict=True):
        places.append(TextPlace(digest, name, offset, len(text)))
        offset += len(text)
    return places


def forget_packs(folder: Path, needed: set[str]) -> None:
    """Remove the packs that no page needs any more."""
    if folder.exists():
        for path in folder.iterdir():
            if path.name not in needed:
                path.unlink(missing_ok=True)


class DamagedCacheError(Exception):
    """A pack does not hold what it should: the build starts again without the cache."""


def read_packs(folder: Path, wanted: Mapping[str, TextPlace]) -> dict[str, bytes]:
    """Return texts by the keys of `wanted`. Raises DamagedCacheError for one that is not what its digest says."""
    texts: dict[str, bytes] = {}
    by_pack: dict[str, list[str]] = {}
    for key, place in wanted.items():
        by_pack.setdefault(place.pack, []).append(key)
    for pack, keys in by_pack.items():
        try:
            with (folder / pack).open("rb") as file:
                for key in keys:
                    place = wanted[key]
                    file.seek(place.offset)
                    texts[key] = file.read(place.length)
                    if digest_bytes(texts[key]) != place.digest:
                        raise DamagedCacheError(pack)
        except OSError as error:
            raise DamagedCacheError(pack) from error
    return texts


class OutputEntry(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A file of the output as a build left it."""

    digest: str
    fingerprint: Fingerprint | None
    """None: it changed too short a time ago to be trusted; the file is read again."""


class OutputState(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """An output folder as a build left it."""

    views: str = ""
    """Names the views that were printed, and what printed them."""
    texts: dict[str, dict[str, str]] = {}
    """Digests of the texts of all articles, by edition and slug."""
    heads: dict[str, dict[str, str]] = {}
    """The same of their heads."""
    entries: dict[str, OutputEntry] = {}
    """By path."""
    manifest: Fingerprint | None = None
    """Of the file that names the same entries to everybody."""
    static: dict[str, str] = {}
    """Names the source of each static file, by path."""
    names: msgspec.Raw = msgspec.Raw(b"\x80")
    """Of each page, by path: digest of its view, and name of what printed it. Encoded: few builds need them."""


def output_state(output: Path) -> str:
    """Return the name, in the cache, of the `OutputState` of an output folder."""
    return f"output-{digest_bytes(os.fspath(output.resolve()).encode())}.bin"


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Return the digest of this program: its own files, and the versions of what decides bytes."""
    return digest_of(program_parts())


def program_parts() -> dict[str, str]:
    """Return what makes this program, by name: versions, and for `gengduo` the digest of its own files."""
    from importlib.metadata import PackageNotFoundError, version

    package = Path(__file__).parent
    parts = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name in (
        "ahocorasick-rs",
        "jinja2",
        "markdown-it-py",
        "markupsafe",
        "msgspec",
        "opencc",
        "pypinyin",
        "pyyaml",
        "rjieba",
    ):
        try:
            parts[name] = version(name)
        except PackageNotFoundError:
            parts[name] = "?"
    files = {
        path.relative_to(package).as_posix(): digest_bytes(path.read_bytes())
        for path in sorted(package.rglob("*"))
        if path.suffix in PROGRAM_FILES and "theme" not in path.relative_to(package).parts
    }
    return parts | {"gengduo": digest_of(files)}
