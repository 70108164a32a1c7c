"""What lies in `seeds/`: dumps, their sidecars, and files that are neither.

Every file is one of these, so that none is passed over unseen; only what nobody takes for a story is.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from stat import S_ISLNK
from typing import NamedTuple

from gengduo.cache import alike, is_plain_file, is_unicode, scan_tree
from gengduo.errors import Problem, one_line, problem
from gengduo.seeds import SUFFIXES

SUFFIX = ".txt"
MOST_TOLD = 10
"""Files that are not read and are named one by one; a folder of photos has thousands."""
MOST_KINDS = 5

_QUIET = re.compile(r"(?:.*/)?(?:readme[^/]*|thumbs\.db|desktop\.ini)", re.IGNORECASE | re.DOTALL)
"""What explains a folder, and what systems leave in it by themselves."""
_KIND = re.compile(r"[^/]\.(\w{1,8})\Z")
_NO_DUMP = (
    f"this file was not read, since its name does not end in {SUFFIX}; save its text as UTF-8 under a name that does, "
    "or take it out of seeds/"
)
_MORE = f"save their texts as UTF-8 under names that end in {SUFFIX}, or take them out of seeds/"
_NO_DUMP_BESIDE = (
    f"this sidecar was not read, since no dump has its name; name it like its dump (which ends in {SUFFIX}), "
    "or take it out of seeds/"
)
_SECOND = "this sidecar was not read, since its dump has another; keep one of them"


class SeedFolder(NamedTuple):
    """What was found in `seeds/`; names are paths under it, in their order."""

    dumps: Mapping[str, os.stat_result]
    sidecars: Mapping[str, tuple[str, os.stat_result]]
    """Name and status of each, by the name of its dump."""
    refused: Mapping[str, Problem]
    """Why a dump is not even opened, by its name."""
    others: Mapping[str, str]
    """Why a file is not read and what to do, by its name."""

    def not_read(self) -> Iterator[Problem]:
        """Yield what to tell of the other files: each by its name, rare kinds first, and many as a number."""
        kinds = {name: _kind(name) for name in self.others}
        counts = Counter(kinds.values())
        names = sorted(self.others, key=lambda name: (counts[kinds[name]], name))
        yield from (problem(f"seeds/{name}", self.others[name]) for name in sorted(names[:MOST_TOLD]))
        if rest := Counter(kinds[name] for name in names[MOST_TOLD:]):
            common = rest.most_common(MOST_KINDS)
            shown = [f"{count:,} {kind or 'without a suffix'}" for kind, count in common]
            if unnamed := rest.total() - sum(count for _, count in common):
                shown.append(f"{unnamed:,} of other kinds")
            yield problem("seeds", f"more files that were not read: {', '.join(shown)}; {_MORE}")


def find_dumps(root: Path) -> SeedFolder:
    """Return what lies in `seeds/` below a site's folder."""
    files = scan_tree(root / "seeds")
    by_stem = {name[: -len(SUFFIX)]: name for name in files if _is_dump(name)}
    sidecars = {
        by_stem[stem]: (name, status)
        for name, status in files.items()
        if name.lower().endswith(SUFFIXES) and (stem := name.rpartition(".")[0]) in by_stem
    }
    read = {name for name, _ in sidecars.values()}
    dumps: dict[str, os.stat_result] = {}
    others: dict[str, str] = {}
    for name, status in files.items():
        # A link to a folder is among the dumps whatever its name: it is refused there.
        if _is_dump(name) or (name not in read and S_ISLNK(status.st_mode) and (root / "seeds" / name).is_dir()):
            dumps[name] = status
        elif name not in read and not _is_quiet(name, files):
            others[name] = _why(name, by_stem)
    return SeedFolder(dumps, sidecars, dict(_refused(dumps, sidecars)), others)


def _is_dump(name: str) -> bool:
    """Tell whether a name is that of a dump: old systems wrote NEWS01.TXT."""
    return name[-len(SUFFIX) :].lower() == SUFFIX


def _is_quiet(name: str, files: Mapping[str, os.stat_result]) -> bool:
    """Tell whether nobody takes a file for a story: a README, what a system keeps, an editor's copy of another."""
    return _QUIET.fullmatch(name) is not None or (name.endswith("~") and name[:-1] in files)


def _why(name: str, by_stem: Mapping[str, str]) -> str:
    if not name.lower().endswith(SUFFIXES):
        return _NO_DUMP
    return _SECOND if name.rpartition(".")[0] in by_stem else _NO_DUMP_BESIDE


def _kind(name: str) -> str:
    """Return the suffix of a name, nothing where what stands behind its dot is none."""
    found = _KIND.search(name)
    return one_line(f".{found[1].lower()}") if found else ""


def _refused(
    dumps: Mapping[str, os.stat_result], sidecars: Mapping[str, tuple[str, os.stat_result]]
) -> Iterator[tuple[str, Problem]]:
    """Yield the dumps that are not opened, each with the reason."""
    twins = {key for key, count in Counter(map(alike, dumps)).items() if count > 1}
    for name, status in dumps.items():
        sidecar, its_status = sidecars.get(name, ("", status))
        if not is_unicode(name):
            yield name, problem(f"seeds/{name}", "this file name is not UTF-8; rename the seed")
        elif twins and alike(name) in twins:
            yield name, problem(f"seeds/{name}", "another seed has this name but for case or composition; rename one")
        elif not is_plain_file(status) or not is_plain_file(its_status):
            odd = sidecar if is_plain_file(status) else name
            yield name, problem(f"seeds/{odd}", "this is no ordinary file; put the text itself here")
