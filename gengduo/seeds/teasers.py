"""The stories that a dump only announces, behind its 更多."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from gengduo.dates import read_stamp
from gengduo.model import LeftOut
from gengduo.seeds import rules
from gengduo.seeds.captions import has_credit, is_whose_photo
from gengduo.seeds.interface import calls_reader, is_sections
from gengduo.seeds.lines import (
    WORD,
    Line,
    ends_sentence,
    is_delimiter,
    is_footer,
    noise_reason,
    noise_within,
    opens_story,
)
from gengduo.typography import same_words

_LONG = 45
"""Characters; a headline is shorter, a lede that the crawler cut off is mostly longer."""
_TRUNCATED = re.compile(r"(?:\.\.\.|…)[”’」』）)]?$")
_BULLET = re.compile(r"^(?:[•·●■◆▪▶►※☆★○◎\-–*]|\d{1,2}[.、．])\s*(?=[^\d\s])")


class Draft(NamedTuple):
    """A teaser before its date is inferred."""

    title: str
    line: int
    caption: str = ""
    lede: str = ""
    incomplete: bool = False
    stamp: str = ""
    """The time of publication that stands with it."""


class Grouped(NamedTuple):
    """A block of teasers, read."""

    drafts: tuple[Draft, ...]
    left_out: tuple[LeftOut, ...]


def group_teasers(lines: Sequence[Line]) -> Grouped:
    """Return the teasers of a block: caption, headline and lede; headline and lede; or bare headlines."""
    left_out: list[LeftOut] = []
    reasons = [_reason(line) for line in lines]
    rows = [None if reason else _row(line) for line, reason in zip(lines, reasons, strict=True)]
    with_ledes = any(row is not None and row.closes and not _asks(row.line.text) for row in rows)
    kept: list[_Row] = []
    closed = ""
    for line, row, why in zip(lines, rows, reasons, strict=True):
        if not closed and row is not None:
            kept.append(row)
            continue
        left_out.append(LeftOut(line=line.number, text=line.text, reason=why or closed))
        if why == _FOOT:
            closed = _FOOT
        elif why == _STAMP:
            continue
        elif kept and not with_ledes and not closed:
            # A list of bare headlines has no other end than the first line that cannot be one.
            closed = "behind the list of teasers"
    kept = _without_bullets(kept, left_out)
    drafts = _by_ledes(kept, left_out) if with_ledes else _without_lede(kept, left_out)
    if not with_ledes and drafts and drafts[-1].caption:
        # Where captions are given ledes are too: this one was cut off.
        drafts[-1] = drafts[-1]._replace(incomplete=True)
    stamps = [line for line, why in zip(lines, reasons, strict=True) if why == _STAMP]
    return Grouped(tuple(_dated(drafts, stamps) if stamps else drafts), tuple(left_out))


SECOND_HEAD = "second head of a block of teasers"
_PAGE_STARTS = rules.Starts(*rules.NOISE_STARTS, *rules.FOOTER_STARTS)
_FOOT = "foot of the page"
_STAMP = "time of publication of a teaser"


def _dated(drafts: list[Draft], stamps: Sequence[Line]) -> list[Draft]:
    """Return the teasers with their times of publication: below each, or above where one stands above the first.

    A time that is not surely one teaser's is nobody's: two at one teaser, or a block on one line.
    """
    starts = [draft.line for draft in drafts]
    if not drafts or len(set(starts)) < len(starts):
        return drafts
    below = stamps[0].number > starts[0]
    found: dict[int, list[str]] = {}
    for stamp in stamps:
        at = bisect_right(starts, stamp.number) - (1 if below else 0)
        if 0 <= at < len(drafts):
            found.setdefault(at, []).append(stamp.text)
    return [
        draft._replace(stamp=found[at][0]) if len(found.get(at, ())) == 1 else draft for at, draft in enumerate(drafts)
    ]


def _reason(line: Line) -> str:
    """Return why the line is no part of a teaser, or nothing."""
    if line.text[-1] == "。" and len(line.text) > _LONG and not _PAGE_STARTS.begin(line.text):
        return ""
    if opens_story(line.text[:2]):
        return _reason_within(line.text)
    if is_footer(line.text):
        return _FOOT
    if not WORD.search(line.text):
        return "no words"
    if is_whose_photo(line.text):
        return "photo credit without a caption"
    if read_stamp(line.text):
        return _STAMP
    if is_delimiter(line.text):
        return SECOND_HEAD
    reason = noise_reason(line.text)
    if reason:
        return reason
    if is_sections(line.text):
        return "section of the page"
    return _FOOT if calls_reader(line.text) else ""


def _reason_within(text: str) -> str:
    """Return why a line that opens like a story's is no part of a teaser, or nothing."""
    if read_stamp(text):
        return _STAMP
    return noise_within(text) or (_FOOT if calls_reader(text) else "")


def _without_bullets(rows: list[_Row], left_out: list[LeftOut]) -> list[_Row]:
    """Return the lines without list marks, if most of them have one."""
    bulleted = [None if row.line.text[0].isalpha() else _BULLET.match(row.line.text) for row in rows]
    if 2 * sum(map(bool, bulleted)) <= len(rows) or len(rows) < 2:
        return rows
    stripped: list[_Row] = []
    for row, bullet in zip(rows, bulleted, strict=True):
        line = row.line
        if bullet:
            left_out.append(LeftOut(line=line.number, text=bullet[0].strip(), reason="list mark", mark=True))
        stripped.append(_row(line._replace(text=line.text[bullet.end() :])) if bullet else row)
    return stripped


class _Row(NamedTuple):
    """A line of the block and what its end says."""

    line: Line
    credited: bool
    """It ends with a photo credit: it is a caption."""
    closes: bool
    """It ends a sentence: it is a lede, or one of few captions and headlines."""


def _row(line: Line) -> _Row:
    credited = has_credit(line.text)
    return _Row(line, credited, not credited and ends_sentence(line.text))


def _by_ledes(rows: Sequence[_Row], left_out: list[LeftOut]) -> list[Draft]:
    """Return the teasers, each closed by a line that ends a sentence."""
    drafts: list[Draft] = []
    pending: list[_Row] = []
    for at, row in enumerate(rows):
        following = rows[at + 1].line.text if at + 1 < len(rows) else ""
        if len(pending) > 1 and row.credited:
            drafts.extend(_without_lede(pending, left_out))
            pending = []
        if not pending or not _is_lede(row, following):
            pending.append(row)
            continue
        drafts.extend(_without_lede(pending[:-2], left_out))
        drafts.append(_draft(pending[-2:], left_out, row))
        pending = []
    if pending:
        drafts.extend(_leftover(pending, left_out))
    return drafts


def _is_lede(row: _Row, following: str) -> bool:
    """Tell whether the line closes its group: it ends a sentence, and is no headline that does."""
    text = row.line.text
    if not row.closes:
        return len(text) >= 2 * _LONG and bool(following) and ("，" in text or "," in text)
    return not (_asks(text) and len(following) > len(text) and following[-1] in "。”」")


def _asks(text: str) -> bool:
    """Tell whether a short line asks or exclaims, as a headline may and a lede rarely does."""
    return len(text) < _LONG and text.rstrip("”’」』")[-1:] in ("？", "！", "?", "!")


def _draft(before: Sequence[_Row], left_out: list[LeftOut], lede: _Row | None = None, cut: bool = False) -> Draft:
    """Return the teaser of one or two lines and, if there is one, a lede."""
    first, title = before[0].line, before[-1].line
    caption = first.text if len(before) == 2 else ""
    if caption and same_words(caption, title.text):
        left_out.append(LeftOut(line=first.number, text=caption, reason=f"repeats line {title.number}", mark=True))
        caption = ""
    words = lede.line.text if lede else ""
    incomplete = cut or (lede is not None and (not ends_sentence(words) or _TRUNCATED.search(words) is not None))
    return Draft(title.text, first.number, caption, words, incomplete)


def _without_lede(rows: Sequence[_Row], left_out: list[LeftOut]) -> list[Draft]:
    """Return teasers of which the block gives no lede: a caption with its headline, else bare headlines."""
    drafts: list[Draft] = []
    at = 0
    while at < len(rows):
        pair = rows[at : at + 2]
        is_pair = len(pair) == 2 and (pair[0].credited or same_words(pair[0].line.text, pair[1].line.text))
        drafts.append(_draft(pair if is_pair else pair[:1], left_out))
        at += 2 if is_pair else 1
    return drafts


def _leftover(pending: Sequence[_Row], left_out: list[LeftOut]) -> list[Draft]:
    """Return what stands behind the last whole group: a teaser that the crawler cut off."""
    if len(pending) > 3:
        return [*_without_lede(pending[:-1], left_out), _draft(pending[-1:], left_out, cut=True)]
    lede: _Row | None = None
    if len(pending) > 1 and (len(pending) == 3 or len(pending[-1].line.text) >= _LONG):
        *pending, lede = pending
    return [_draft(pending, left_out, lede, cut=True)]
