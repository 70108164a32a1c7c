"""The output folder: whose it is, what is in it, and how it changes from one build to the next.

Everything is staged inside the folder (in `.gengduo/`, so that a rename never crosses a file system) before the first
old file is touched. `.gengduo/manifest` names each file that a build wrote, with its digest: only those are ever
removed, and an archivist can check the copy with it. Nothing else writes the site.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gengduo.cache import digest_bytes
from gengduo.errors import ConfigError, Problem, StorageError, problem

OWN_FOLDER = ".gengduo"
MANIFEST = f"{OWN_FOLDER}/manifest"
STAGE = f"{OWN_FOLDER}/stage"
HEADER = "gengduo-manifest 1"
PREVIEW = ".cache/preview"
"""Where `serve` builds, below the site's folder."""
PASSED_OVER = frozenset({".git", "CNAME", ".nojekyll", OWN_FOLDER})
"""Found in a fresh work tree for hosting, or left by a first build that was killed before it wrote a page; a folder
that holds nothing else counts as empty."""


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
        if (place == inner or inner in place.parents) and place != site / PREVIEW:
            raise refuse(f"the output folder lies in {name}/")
    if not output.exists():
        return
    if not output.is_dir():
        raise refuse("the output folder is a file")
    if not is_ours(output) and not PASSED_OVER.issuperset(entry.name for entry in list(output.iterdir())):
        raise refuse("the output folder is not empty and was not made by this program", "empty it, or name another")


def load_manifest(output: Path) -> dict[str, str] | None:
    """Return the digest of each file that a build wrote; None where the folder is not a build's."""
    try:
        header, _, rest = (output / MANIFEST).read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if header != HEADER:
        return None
    may_lead_out = any(mark in rest for mark in ("..", "\\", "  /"))
    entries = (line.partition("  ") for line in rest.split("\n") if line)
    return {path: digest for digest, gap, path in entries if gap and path and not (may_lead_out and leads_out(path))}


def is_ours(output: Path) -> bool:
    """Tell whether a build wrote a folder."""
    try:
        with (output / MANIFEST).open("rb") as file:
            return file.readline() == f"{HEADER}\n".encode()
    except OSError:
        return False


def leads_out(path: str) -> bool:
    """Tell whether a path of a manifest leads out of the output folder: a damaged one must remove nothing else."""
    return path.startswith("/") or "\\" in path or ".." in path.split("/")


def is_bare(output: Path) -> bool:
    """Tell whether an output folder holds nothing yet beside a stage: then no file needs to be compared with it."""
    try:
        return set(os.listdir(output)) <= {OWN_FOLDER}  # noqa: PTH208 # names are enough
    except FileNotFoundError:
        return True


def stage_file(output: Path, path: str, data: bytes, onto_bare: bool = False) -> bool:
    """Put a file on the stage; False where the output, unless it is bare, already holds these bytes."""
    if not onto_bare and holds(f"{output}/{path}", data):
        return False
    target = f"{output}/{STAGE}/{path}"
    folder = target.rpartition("/")[0]
    # Called 100,000 times in a build: the system's own calls take a third of the time of pathlib and file objects.
    try:
        os.mkdir(folder)  # noqa: PTH102 # most files have a folder of their own
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103 # see above
    file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)
    return True


def holds(place: str, data: bytes) -> bool:
    """Tell whether a place is an ordinary file with just these bytes."""
    try:
        status = os.lstat(place)
        return stat.S_ISREG(status.st_mode) and status.st_size == len(data) and Path(place).read_bytes() == data
    except OSError:
        return False


def prepare_stage(output: Path) -> None:
    """Clear what a killed build left; the stage itself is made when the first file is put there."""
    stage = output / STAGE
    if stage.exists():
        shutil.rmtree(stage, ignore_errors=True)
    for left in stage.parent.glob("*.tmp"):
        left.unlink(missing_ok=True)


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
    file that the next one does not know as its own. Raises StorageError, before anything changes, where something that
    is not ours stands in the way.
    """
    gone = set(removed)
    staged = (output / STAGE).exists()
    obstacles = list(_obstacles(os.fspath(output / STAGE), os.fspath(output), "", owned, gone)) if staged else []
    if obstacles:
        raise StorageError(obstacles)
    both = {**owned, **manifest}
    if manifest != owned:
        write_manifest(output, both)
    for path in sorted(gone):
        if any(parent.as_posix() in manifest for parent in Path(path).parents):
            _remove(output, path)  # a file now stands where its folder was
    if staged:
        _move(os.fspath(output / STAGE), os.fspath(output))
    for path in sorted(gone):
        _remove(output, path)
    if manifest == owned or both != manifest:
        write_manifest(output, manifest)


def _obstacles(source: str, target: str, prefix: str, owned: Mapping[str, str], gone: set[str]) -> Iterator[Problem]:
    """Yield what stands in the target where the source has something of another kind, and is not ours to remove."""
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        place, path = f"{target}/{entry.name}", prefix + entry.name
        try:
            mode = os.lstat(place).st_mode
        except OSError:
            continue
        if entry.is_dir():
            if stat.S_ISDIR(mode):
                yield from _obstacles(entry.path, place, f"{path}/", owned, gone)
            elif stat.S_ISLNK(mode):
                yield problem(place, "a symbolic link stands where a folder must go; remove it")
            elif path not in owned:
                yield problem(place, "a file that is not ours stands where a folder must go; move it away")
        elif not stat.S_ISDIR(mode):
            if path not in owned:
                yield problem(place, "a file that is not ours stands where a generated one must go; move it away")
        else:
            found = (f"{folder}/{name}" for folder, _, names in os.walk(place) for name in names)
            if any(path + name.removeprefix(place) not in gone for name in found):
                yield problem(place, "a folder that is not ours stands where a file must go; move it away")


def _move(source: str, target: str) -> None:
    """Move what a folder holds into another; a folder that is new there moves as a whole."""
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        place = f"{target}/{entry.name}"
        is_folder = os.path.isdir(place)  # noqa: PTH112 # once for each file of a site
        if entry.is_dir():
            if is_folder:
                _move(entry.path, place)
                continue
            Path(place).unlink(missing_ok=True)
        elif is_folder and not os.path.islink(place):  # noqa: PTH114 # the same
            for folder, _, _ in os.walk(place, topdown=False):
                os.rmdir(folder)  # noqa: PTH106 # the same
        os.rename(entry.path, place)  # noqa: PTH104 # the same


def _remove(output: Path, path: str) -> None:
    place = output / path
    folders = [folder for folder in place.parents if folder.is_relative_to(output) and folder != output]
    if any(folder.is_symlink() for folder in folders):
        return  # somebody else's folder is shown here
    try:
        place.unlink(missing_ok=True)
    except OSError:
        return  # a folder stands there now, with other files of ours or of somebody else
    for folder in folders:
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


def write_durably(place: Path, data: bytes, expected: str | None = None) -> bool:
    """Replace a file as a whole and see it to the disk before the old one goes.

    `expected` is the digest that the old file must still have at the last moment, an empty text for none at all: where
    somebody saved another meanwhile, theirs stays and False is returned.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if expected is not None and file_digest(place) != expected:
            return False
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def file_digest(place: Path) -> str:
    """Return the digest of an ordinary file, an empty text where there is none."""
    try:
        return digest_bytes(place.read_bytes()) if stat.S_ISREG(os.lstat(place).st_mode) else ""
    except OSError:
        return ""
