"""A review as plain lines, as fields for scripts, and as a page by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2
import msgspec

from gengduo.errors import ConfigError, one_line, problem
from gengduo.job import Job
from gengduo.output import write_durably
from gengduo.review.findings import KINDS, Finding, ReviewReport

MARK = "<!doctype html>\n<!-- gengduo review -->"
"""A page begins so: only such a file is written over."""
PLACES_SHOWN = 20
QUOTED = 60
"""Characters of a sentence in a line."""


def render_lines(report: ReviewReport, limit: int | None = None) -> Iterator[str]:
    """Yield the review as plain lines, grouped by kind, worst first; `limit` findings at most."""
    shown = report.findings[:limit]
    for kind, group in groupby(shown, key=lambda found: found.kind):
        yield f"{KINDS[kind].heading}: {KINDS[kind].advice}."
        yield from (line_of(found) for found in group)
        yield ""
    counts = Counter(found.kind for found in report.findings)
    if not report.findings:
        yield "Nothing to review."
    else:
        yield f"{len(report.findings)} findings:"
        yield from (f"  {counts[kind]:6} {KINDS[kind].heading.lower()}" for kind in KINDS if counts[kind])
    if len(shown) < len(report.findings):
        yield f"The {len(shown)} worst are shown; --limit {len(report.findings)} shows all."
    if report.taken:
        yield f"{report.taken} more were taken as they are (content/review.toml)."


def line_of(found: Finding) -> str:
    """Return a finding in one line: `path:line: ID: what “sentence” (and 3 more places)`."""
    quote = f" “{_around(found)}”" if found.quote and found.kind not in ("date", "inferred", "quotes") else ""
    more = len(found.places) - 1
    places = f" (and {more} more place{'s' * (more > 1)})" if more else ""
    return one_line(f"{found.places[0]}: {found.id}: {found.what}{quote}{places}")


def _around(found: Finding) -> str:
    """Return the sentence of a finding, cut to what stands around its words."""
    if len(found.quote) <= QUOTED:
        return found.quote
    start = max(0, found.quote.find(found.words) - QUOTED // 2)
    part = found.quote[start : start + QUOTED]
    return f"{'…' * bool(start)}{part}{'…' * (start + QUOTED < len(found.quote))}"


def report_fields(report: ReviewReport, limit: int | None = None) -> dict[str, Any]:
    """Return the review as plain lists, mappings, texts and numbers."""
    counts = Counter(found.kind for found in report.findings)
    return {
        "findings": [_fields(found) for found in report.findings[:limit]],
        "counts": {kind: counts[kind] for kind in KINDS if counts[kind]},
        "total": len(report.findings),
        "taken": report.taken,
        "han": report.han,
    }


def _fields(found: Finding) -> dict[str, Any]:
    first = found.places[0]
    fields: dict[str, Any] = msgspec.to_builtins(found)
    return {
        **{key: fields[key] for key in ("id", "kind")},
        "severity": found.severity,
        "path": first.path,
        "line": first.line,
        **{key: fields[key] for key in ("what", "quote", "words", "choice", "alternatives", "places")},
        "advice": found.advice,
    }


def write_html(report: ReviewReport, place: Path, limit: int | None = None) -> None:
    """Write the review as a page that needs nothing else."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(files(__package__).joinpath("review.html").read_text(encoding="utf-8"))
    shown = report.findings[:limit]
    groups = [(KINDS[kind], list(group)) for kind, group in groupby(shown, key=lambda found: found.kind)]
    page = template.render(
        groups=groups,
        total=len(report.findings),
        shown=len(shown),
        taken=report.taken,
        places_shown=PLACES_SHOWN,
        parts=_parts,
    )
    write_durably(place, page.encode("utf-8", "replace"))


def _parts(found: Finding) -> Sequence[str]:
    """Return the sentence of a finding before, in and after its words."""
    before, words, after = found.quote.partition(found.words) if found.words else (found.quote, "", "")
    return before, words, after


def check_place(job: Job, place: Path) -> None:
    """Raise ConfigError where a review must not be written: it would be published, or something else is there."""

    def refuse(message: str) -> ConfigError:
        return ConfigError(problem("--html", f"“{place}” {message}"))

    resolved = place.resolve()
    for folder in (job.output, *(job.root / name for name in ("public", "static", "content", "seeds", "templates"))):
        if resolved.is_relative_to(folder.resolve()):
            raise refuse(f"lies in {folder.name}/; a review is not for readers, name a file elsewhere")
    if place.is_symlink() or (place.exists() and not place.is_file()):
        raise refuse("is no ordinary file; name another")
    if place.exists() and not place.read_bytes().startswith(MARK.encode()):
        raise refuse("is there already and is no review; name another")
