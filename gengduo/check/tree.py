"""The output as a folder of files: what the manifest says of it, and what GitHub Pages makes of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from gengduo.check.pages import REBUILD
from gengduo.check.report import Finding
from gengduo.model import SiteConfig
from gengduo.output import MANIFEST, OWN_FOLDER

LARGEST_FILE = 100 * 1024 * 1024
"""GitHub takes no larger file (docs.github.com, “About large files on GitHub”)."""
LARGEST_SITE = 1024 * 1024 * 1024
"""A published site may be no larger (docs.github.com, “GitHub Pages limits”)."""
WARN_FROM = 0.8
FOREIGN_FILES = frozenset({"CNAME"})
"""Files of the host, which a build leaves alone."""


def list_files(output: Path) -> dict[str, os.stat_result]:
    """Return every file below the output by its path, but for the program's own and those of git."""
    found: dict[str, os.stat_result] = {}
    folders = [("", os.fspath(output))]
    while folders:
        prefix, place = folders.pop()
        for entry in os.scandir(place):
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if name not in (OWN_FOLDER, ".git"):
                    folders.append((f"{name}/", entry.path))
            elif name != ".git":
                found[name] = entry.stat(follow_symlinks=False)
    return dict(sorted(found.items()))


def audit_manifest(files: Mapping[str, os.stat_result], manifest: Mapping[str, str] | None) -> Iterator[Finding]:
    """Yield files that are not there or not ours; the bytes of the others are compared where they are read."""
    if manifest is None:
        what = "there is no manifest: nothing tells which files belong to the site, and whether they are whole"
        yield Finding(path=MANIFEST, what=what, remedy=REBUILD, alone=True)
        return
    for path in manifest.keys() - files.keys():
        yield Finding(path=path, what="this file of the site is missing", remedy=REBUILD, alone=True)
    for path in files.keys() - manifest.keys() - FOREIGN_FILES:
        what = "no build made this file"
        yield Finding(path=path, what=what, remedy="remove it, or put it into static/", warning=True, alone=True)


def audit_hosting(files: Mapping[str, os.stat_result]) -> Iterator[Finding]:
    """Yield what GitHub Pages refuses."""
    for path, status in files.items():
        if not stat.S_ISREG(status.st_mode):
            what = "this is no ordinary file, which GitHub Pages refuses"
            yield Finding(path=path, what=what, remedy="put the file itself here", alone=True)
        elif status.st_size > LARGEST_FILE:
            what = (
                f"this file has {_megabytes(status.st_size)}, more than the {_megabytes(LARGEST_FILE)} of GitHub Pages"
            )
            yield Finding(path=path, what=what, remedy="make it smaller", alone=True)
    total = sum(status.st_size for status in files.values())
    if total > WARN_FROM * LARGEST_SITE:
        what = f"the site has {_megabytes(total)} of the {_megabytes(LARGEST_SITE)} that GitHub Pages allows"
        remedy = "make pictures smaller, or split the archive"
        yield Finding(path="", what=what, remedy=remedy, warning=total <= LARGEST_SITE)
    if ".nojekyll" not in files:
        what = "the file is missing, without which GitHub Pages may leave files out"
        yield Finding(path=".nojekyll", what=what, remedy=REBUILD, warning=True)


def audit_counterparts(files: Mapping[str, os.stat_result], moved: set[str], config: SiteConfig) -> Iterator[Finding]:
    """Yield pages and feeds that another Chinese edition does not have; old addresses that lead on need none."""
    chinese = [edition.path for edition in config.editions if edition.script]
    for path in files:
        edition, _, local = path.partition("/")
        if edition not in chinese or path in moved or not _is_page(local):
            continue
        for other in chinese:
            if f"{other}/{local}" not in files:
                what = f"the edition {other} has no such page"
                yield Finding(path=path, what=what, remedy=REBUILD, alone=True)
    for edition in chinese:
        if f"{edition}/index.html" not in files:
            yield Finding(
                path=f"{edition}/index.html", what="the front page of an edition is missing", remedy=REBUILD, alone=True
            )
        if f"{edition}/404.html" not in files:
            yield Finding(
                path=f"{edition}/404.html", what="the page for unknown addresses is missing", remedy=REBUILD, alone=True
            )


def _is_page(local: str) -> bool:
    return local.endswith(".html") or local.rpartition("/")[2] in ("feed.xml", "feed.json")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f} MB"
