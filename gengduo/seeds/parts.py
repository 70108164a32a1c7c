"""The lines of a story, each with what it is by its own words, and where the story ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from gengduo.dates import read_stamp
from gengduo.seeds import rules
from gengduo.seeds.captions import MARKER, split_credit, starts_like_caption
from gengduo.seeds.datelines import starts_with_dateline
from gengduo.seeds.endings import cut_ending, is_byline, is_code_line, is_credit_line
from gengduo.seeds.lines import Line, ends_sentence, is_delimiter, is_footer, noise_reason

PartKind = Literal["text", "noise", "footer", "stamp", "photo", "dateline", "bracket", "caption", "credit", "byline", "source", "photo_credit"]

_BRACKET = re.compile(r"[\[【［]([^\[\]【】［］]{6,80})[\]】］]")
_SOURCE = re.compile(r"(?:文章)?(?:来源|來源|稿源|出处|出處)\s*[:：]")
_LONGEST_CAPTION = 220


class Part(NamedTuple):
    """A line with its role, as far as the line alone tells it."""

    kind: PartKind
    line: Line
    reason: str = ""
    """Why noise is noise."""


def sort_part(line: Line, day_first: bool) -> Part:
    """Return the line with its role."""
    text = line.text
    reason = noise_reason(text)
    if reason:
        return Part("noise", line, reason)
    if is_footer(text):
        return Part("footer", line, "foot of the page")
    if len(text) <= 100 and read_stamp(text, day_first):
        return Part("stamp", line)
    if "nh " in text.lower() and MARKER.search(text):
        return Part("photo", line)
    if starts_with_dateline(text):
        return Part("dateline", line)
    if text[0] in "[【［" and _BRACKET.fullmatch(text):
        return Part("credit" if cut_ending(text).credits else "bracket", line)
    return Part(_short_kind(text), line) if len(text) <= _LONGEST_CAPTION else Part("text", line)


def _short_kind(text: str) -> PartKind:
    if text.startswith(rules.CAPTION_CREDIT_LINES) and len(text) <= 60:
        return "photo_credit"
    ending = cut_ending(text)
    if (ending.credits or ending.codes or ending.marks) and not ending.text:
        return "credit"
    caption = split_credit(text)
    if caption.credit and not (caption.weak and ends_sentence(caption.text)):
        return "caption"
    if starts_like_caption(text):
        return "caption"
    if is_byline(text):
        return "byline"
    if _SOURCE.match(text) and len(text) <= 40:
        return "source"
    return "credit" if is_credit_line(text) or is_code_line(text) else "text"


class Cut(NamedTuple):
    """Where the story of a dump ends and its teasers begin."""

    story_end: int
    """Index behind the last line that may be the story's."""
    block_start: int
    """Index of the first line that may be a teaser's."""
    delimiters: tuple[int, ...] = ()
    """Indexes of heads of a block that stand inside the body."""


def cut_story(lines: Sequence[Line]) -> Cut:
    """Return where the story ends: at the head of a block of teasers, or behind the last credit and byline."""
    credits = [at for at, line in enumerate(lines) if _has_credit(line.text)]
    inside: list[int] = []
    for at, line in enumerate(lines):
        if not is_delimiter(line.text) or not _has_body(lines[:at]):
            continue
        before = any(credit < at for credit in credits)
        after = [credit for credit in credits if credit > at]
        if before or not after or not any(ends_sentence(row.text) for row in lines[at + 1 : after[0]]):
            return Cut(at, at + 1, tuple(inside))
        inside.append(at)
    if credits:
        end = _behind_byline(lines, credits[-1] + 1)
        if _is_block(lines[end:]):
            return Cut(end, end, tuple(inside))
    return Cut(len(lines), len(lines), tuple(inside))


def _has_credit(text: str) -> bool:
    if text[-1] not in ")）】］]〕A0123456789" and text[-1] not in rules.END_MARKS:
        return is_credit_line(text)
    ending = cut_ending(text)
    if not ending.credits:
        return False
    # （路透） behind a caption is whose photo it is.
    return not ending.text or ends_sentence(ending.text) or any("VNA" in credit or credit in rules.CREDIT_EXACT for credit in ending.credits)


def _has_body(lines: Sequence[Line]) -> bool:
    """Tell whether a story has begun in these lines, so that a delimiter below them is not in the page's menu."""
    return any(len(line.text) > 12 and ends_sentence(line.text) or _has_credit(line.text) or starts_with_dateline(line.text) for line in lines)


def _behind_byline(lines: Sequence[Line], at: int) -> int:
    """Return the index behind bylines, codes and credits at this place."""
    while at < len(lines) and (
        is_byline(lines[at].text) or is_code_line(lines[at].text) or is_credit_line(lines[at].text)
    ):
        at += 1
    return at


def _is_block(lines: Sequence[Line]) -> bool:
    """Tell whether the lines behind a credit are teasers: some headline is among them, else the story goes on."""
    kept: list[Line] = []
    for line in lines:
        if is_footer(line.text):
            break
        if not noise_reason(line.text):
            kept.append(line)
    return bool(kept) and any(not ends_sentence(line.text) for line in kept)
