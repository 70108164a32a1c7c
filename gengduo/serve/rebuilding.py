"""One rebuild of the preview, and what tells that one is due."""

from __future__ import annotations

import stat
import time
from concurrent.futures import Executor
from pathlib import Path

from gengduo.cache import Fingerprint, scan_tree
from gengduo.config import NAME
from gengduo.errors import LockedError, Problem, SiteError, WorkerLostError, problem
from gengduo.job import Job
from gengduo.model import BuildReport, SiteConfig, Value
from gengduo.pipeline import build
from gengduo.places import located

WATCHED = ("seeds", "content", "templates", "static")
WAIT_FOR_OTHERS = 0.3
"""Seconds after which a site that another command builds is tried again."""


class Outcome(Value, frozen=True, kw_only=True):
    """What a rebuild came to."""

    config: SiteConfig | None = None
    """The configuration of the pages that now lie there; None: those of an earlier build stayed."""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    changed: bool = False
    """Files were written or removed."""
    summary: str = "The last good pages stay up until this is mended."


def snapshot(root: Path) -> dict[str, object]:
    """Return the fingerprint of every file that a build reads; two that are equal need no build between them.

    Of a link it is that of the file that the link shows.
    """
    found: dict[str, object] = {
        f"{folder}/{name}": _shown(root / folder / name) if stat.S_ISLNK(status.st_mode) else Fingerprint.of(status)
        for folder in WATCHED
        for name, status in scan_tree(root / folder).items()
    }
    return found | {NAME: _shown(root / NAME)}


def _shown(path: Path) -> Fingerprint | None:
    try:
        return Fingerprint.of(path.stat())
    except OSError:
        return None  # no such file, or a link that leads nowhere


def rebuild(job: Job, config: SiteConfig, executor: Executor, *, wait: bool) -> Outcome:
    """Build, and return what came of it; the pages of the last good build stay where there was an error.

    Raises LockedError where another command builds the site, unless it shall wait for its end.
    """
    while True:
        try:
            report, _ = build(job, executor, _unseen)
        except LockedError:
            if not wait:
                raise
            time.sleep(WAIT_FOR_OTHERS)
        except SiteError as error:
            if isinstance(error, WorkerLostError):
                executor.shutdown()  # the next use starts new workers
            return Outcome(problems=located(job.root, error.problems))
        except OSError as error:
            message = f"{error.strerror or error}; check the disk and the rights to use it"
            return Outcome(problems=(problem(error.filename or job.root, message),))
        else:
            return Outcome(
                config=config,
                problems=located(job.root, report.errors),
                warnings=located(job.root, report.warnings),
                changed=bool(report.written or report.removed),
                summary=_summary(report),
            )


def _summary(report: BuildReport) -> str:
    if not report.written and not report.removed:
        return f"{report.pages} pages are up to date ({report.seconds:.2f} s)."
    return (
        f"{report.written} files written, {report.removed} removed, of {report.pages} pages ({report.seconds:.2f} s)."
    )


def _unseen(step: str, done: int, total: int) -> None:
    """Show no progress: the browser shows the result."""
