"""The output folder: whose it is, what is in it, and how it changes from one build to the next.

Everything is staged inside the folder (in `.gengduo/`, so that a rename never crosses a file system) before the first
old file is touched. `.gengduo/manifest` names each file that a build wrote, with its digest: only those are ever
removed, and an archivist can check the copy with it. Nothing else writes the site.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from gengduo.cache import digest_bytes
from gengduo.errors import ConfigError, StorageError, problem

OWN_FOLDER = ".gengduo"
MANIFEST = f"{OWN_FOLDER}/manifest"
STAGE = f"{OWN_FOLDER}/stage"
HEADER = "gengduo-manifest 1"
PASSED_OVER = frozenset({".git", "CNAME", ".nojekyll"})
"""Found in a fresh work tree for hosting; a folder that holds nothing else counts as empty."""


def check_output(output: Path, root: Path) -> None:
    """Raise ConfigError where a build must not write into this folder."""
    shown = os.fspath(output)

    def refuse(reason: str, advice: str = "name another folder with --output") -> ConfigError:
        return ConfigError(problem(shown, f"{reason}; {advice}"))

    if output.is_symlink():
        raise refuse("the output folder is a symbolic link")
    place, site = output.resolve(), root.resolve()
    if place == site or place in site.parents or place == Path.home().resolve():
        raise refuse("the output folder holds the site itself or a whole home")
    for name in ("content", "seeds", "templates", "static", "gengduo", "tests", ".git", ".cache"):
        inner = site / name
        if place == inner or inner in place.parents:
            raise refuse(f"the output folder lies in {name}/")
    if not output.exists():
        return
    if not output.is_dir():
        raise refuse("the output folder is a file")
    if load_manifest(output) is None and any(entry.name not in PASSED_OVER for entry in os.scandir(output)):
        raise refuse("the output folder is not empty and was not made by this program", "empty it, or name another")


def load_manifest(output: Path) -> dict[str, str] | None:
    """Return the digest of each file that a build wrote; None where the folder is not a build's."""
    try:
        lines = (output / MANIFEST).read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if lines[0] != HEADER:
        return None
    entries = (line.partition("  ") for line in lines[1:] if line)
    return {path: digest for digest, gap, path in entries if gap and is_inside(path)}


def is_inside(path: str) -> bool:
    """Tell whether a path of a manifest stays inside the output folder: a damaged manifest must remove nothing else."""
    return bool(path) and not path.startswith("/") and "\\" not in path and ".." not in path.split("/")


def stage_file(output: Path, path: str, data: bytes) -> bool:
    """Put a file on the stage; False where the output already holds these bytes."""
    if holds(output / path, data):
        return False
    target = f"{output}/{STAGE}/{path}"
    try:
        file = open(target, "wb")  # noqa: SIM115, PTH123 # one of 100,000 calls: pathlib doubles its time
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 # the same
        file = open(target, "wb")  # noqa: SIM115, PTH123 # the same
    with file:
        file.write(data)
    return True


def holds(place: Path, data: bytes) -> bool:
    """Tell whether a file has just these bytes."""
    try:
        with place.open("rb") as file:
            return os.fstat(file.fileno()).st_size == len(data) and file.read() == data
    except OSError:
        return False


def prepare_stage(output: Path) -> None:
    """Make an empty stage."""
    stage = output / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True, exist_ok=True)


def clear_stage(output: Path) -> None:
    """Take the stage away, after a build or a failed one; a folder that then holds nothing goes as well."""
    shutil.rmtree(output / STAGE, ignore_errors=True)
    for folder in (output / OWN_FOLDER, output):
        try:
            folder.rmdir()
        except OSError:
            return


def commit(output: Path, manifest: Mapping[str, str], removed: Iterable[str], owned: Mapping[str, str]) -> None:
    """Move the stage into place and remove what is no longer made.

    The manifest of old and new files together is written first: a build that is killed between two renames leaves no
    file that the next one does not know as its own.
    """
    gone = sorted(removed)
    if gone or any(path not in owned for path in manifest):
        write_manifest(output, {**owned, **manifest})
    _move(os.fspath(output / STAGE), os.fspath(output))
    for path in gone:
        _remove(output, path)
    write_manifest(output, manifest)


def _move(source: str, target: str) -> None:
    """Move what a folder holds into another; a folder that is new there moves as a whole."""
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        place = f"{target}/{entry.name}"
        if os.path.islink(place):  # noqa: PTH114 # once for each file of a site
            raise StorageError(problem(place, "a symbolic link stands where a file must go; remove it"))
        if entry.is_dir():
            if os.path.isdir(place):  # noqa: PTH112 # the same
                _move(entry.path, place)
                continue
            if os.path.exists(place):  # noqa: PTH110 # the same
                os.unlink(place)  # noqa: PTH108 # the same
        elif os.path.isdir(place):  # noqa: PTH112 # the same
            try:
                os.rmdir(place)  # noqa: PTH106 # the same
            except OSError:
                message = "a folder that is not ours stands where a file must go; move it away"
                raise StorageError(problem(place, message)) from None
        os.rename(entry.path, place)  # noqa: PTH104 # the same


def _remove(output: Path, path: str) -> None:
    place = output / path
    try:
        place.unlink(missing_ok=True)
    except OSError:
        return  # a folder stands there now, with other files of ours or of somebody else
    for folder in place.parents:
        if folder == output:
            break
        try:
            folder.rmdir()
        except OSError:
            break


def write_manifest(output: Path, manifest: Mapping[str, str]) -> None:
    """Write the manifest, durably, where it changed."""
    data = "\n".join([HEADER, *(f"{manifest[path]}  {path}" for path in sorted(manifest)), ""]).encode()
    place = output / MANIFEST
    if place.exists() and place.read_bytes() == data:
        return
    write_durably(place, data)


def write_durably(place: Path, data: bytes) -> None:
    """Replace a file as a whole and see it to the disk before the old one goes."""
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)


def file_digest(place: Path) -> str:
    """Return the digest of a file, an empty text where there is none."""
    try:
        return digest_bytes(place.read_bytes())
    except OSError:
        return ""
