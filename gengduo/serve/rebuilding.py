"""One rebuild of the preview."""

from __future__ import annotations

import time
from concurrent.futures import Executor

from gengduo.cache import Memory
from gengduo.errors import ConfigError, LockedError, Problem, SiteError, StorageError, WorkerLostError, problem
from gengduo.job import Job, Survey
from gengduo.model import BuildReport, SiteConfig, Value
from gengduo.pipeline import build
from gengduo.places import located

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
    is_hindered: bool = False
    """The disk or the output was in the way: the sources may well build the next time, as they are."""
    summary: str = "The last good pages stay up until this is mended."


def rebuild(
    job: Job, config: SiteConfig, executor: Executor, memory: Memory, found: Survey | None = None, *, wait: bool
) -> Outcome:
    """Build, and return what came of it; the pages of the last good build stay where there was an error.

    `found` is a survey that was just made. Raises LockedError where another command builds the site, unless it shall
    wait for its end.
    """
    while True:
        try:
            report, _ = build(job, executor, _unseen, found, memory)
        except LockedError:
            if not wait:
                raise
            found = None
            time.sleep(WAIT_FOR_OTHERS)
        except SiteError as error:
            if isinstance(error, WorkerLostError):
                executor.shutdown()  # the next use starts new workers
            is_hindered = isinstance(error, StorageError | ConfigError)
            return Outcome(problems=located(job.root, error.problems), is_hindered=is_hindered)
        except OSError as error:
            return hindered(job, error)
        else:
            return Outcome(
                config=config,
                problems=located(job.root, report.errors),
                warnings=located(job.root, report.warnings),
                changed=bool(report.written or report.removed),
                summary=_summary(report),
            )


def hindered(job: Job, error: OSError) -> Outcome:
    """Return what comes of a disk that does not answer, or not as it should."""
    message = f"{error.strerror or error}; check the disk and the rights to use it"
    return Outcome(problems=(problem(error.filename or job.root, message),), is_hindered=True)


def _summary(report: BuildReport) -> str:
    if not report.written and not report.removed:
        return f"{report.pages} pages are up to date ({report.seconds:.2f} s)."
    return (
        f"{report.written} files written, {report.removed} removed, of {report.pages} pages ({report.seconds:.2f} s)."
    )


def _unseen(step: str, done: int, total: int) -> None:
    """Show no progress: the browser shows the result."""
