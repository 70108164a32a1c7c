"""The body of a story: paragraphs and figures in order, dateline, credit and byline cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gengduo.model import LeftOut, SeedFigure, SeedParagraph
from gengduo.seeds import rules
from gengduo.seeds.captions import split_credit, split_marker
from gengduo.seeds.datelines import cut_dateline
from gengduo.seeds.endings import cut_ending, is_code_line
from gengduo.seeds.head import Head
from gengduo.seeds.ledger import JOINER
from gengduo.seeds.lines import Line, ends_sentence
from gengduo.seeds.part import Part
from gengduo.seeds.teasers import Draft
from gengduo.typography import fold_key


class Body(NamedTuple):
    """The story, read."""

    blocks: tuple[SeedParagraph | SeedFigure, ...]
    lede: str
    dateline: str
    byline: str
    credit: str
    drafts: tuple[Draft, ...]
    """Headlines in brackets inside the body: teasers."""
    datelines: tuple[tuple[int, str], ...]
    """Each with its line, uncut, for the date."""
    codes: tuple[tuple[int, str], ...]
    """Date codes behind the credit."""
    left_out: tuple[LeftOut, ...]


_LEAD_INS = frozenset(rules.CAPTION_LEAD_INS)
_OPENING = 2
"""Blocks among which a byline may stand; further down it is a line of the story."""


@dataclass
class _Draft:
    """The body while it is being read."""

    blocks: list[SeedParagraph | SeedFigure] = field(default_factory=list)
    lede: str = ""
    places: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    datelines: list[tuple[int, str]] = field(default_factory=list)
    codes: list[tuple[int, str]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    photos: int = 0
    photo_credit: str = ""
    photo_credit_line: int = 0
    awaits_caption: bool = False
    """图像加注文字， was the last line: the next is the caption."""

    def leave_out(self, line: int, text: str, reason: str, mark: bool = False) -> None:
        if text:
            self.left_out.append(LeftOut(line=line, text=text, reason=reason, mark=mark))


def read_body(parts: Sequence[Part], head: Head) -> Body:
    """Return the story below its headline; every part is in a field or left out with a reason."""
    draft = _Draft()
    tail = _tail_start(parts)
    open_captions = _open_captions(parts, head)
    previous: Line | None = None
    key = fold_key(head.headline) if head.headline_from != "body" else ""
    for at, part in enumerate(parts):
        line = part.line
        if at == head.headline_at:
            continue
        if part.kind == "source" and at >= tail:
            draft.credits.append(line.text)
        elif part.kind == "stamp":
            _read_stamp(draft, line)
        elif part.kind in ("noise", "source"):
            draft.leave_out(line.number, line.text, part.reason or "source line")
        elif at < head.headline_at and part.kind == "byline" and line.text.startswith(rules.BYLINE_STARTS):
            draft.bylines.append(line.text)
        elif at < head.headline_at:
            draft.leave_out(line.number, line.text, "above the headline")
        elif at == head.lede_at:
            draft.lede = line.text
        elif previous and previous.text == line.text and at - 1 != head.lede_at:
            draft.leave_out(line.number, line.text, f"repeats line {previous.number}", mark=True)
        elif part.kind == "text" and not draft.blocks and fold_key(line.text) == key:
            draft.leave_out(line.number, line.text, "repeats the headline", mark=True)
        else:
            doubled = at + 1 < len(parts) and parts[at + 1].line.text == line.text and not parts[at + 1].line.gap
            _read_part(draft, part, head, at >= tail, doubled or at in open_captions)
        previous = line
    _cut_end(draft)
    return _finish(draft)


def _tail_start(parts: Sequence[Part]) -> int:
    """Return the index behind the last paragraph."""
    for at in range(len(parts) - 1, -1, -1):
        if parts[at].kind in ("text", "dateline", "bracket"):
            return at + 1
    return 0


def _open_captions(parts: Sequence[Part], head: Head) -> frozenset[int]:
    """Return the indexes of captions that nothing marks: they stand between a lede and the dateline."""
    if head.lede_at < 0:
        return frozenset()
    dateline = next((at for at, part in enumerate(parts) if part.kind == "dateline"), -1)
    return frozenset(
        at
        for at in range(head.lede_at + 1, dateline)
        if parts[at].kind == "text" and not ends_sentence(parts[at].line.text)
    )


def _read_part(draft: _Draft, part: Part, head: Head, behind: bool, is_caption: bool) -> None:
    line = part.line
    if part.kind == "text" and not (is_caption or draft.awaits_caption or line.text in _LEAD_INS):
        draft.blocks.append(SeedParagraph(text=line.text, line=line.number))
    elif part.kind == "photo":
        _read_photo(draft, line, head)
    elif part.kind == "photo_credit":
        _drop_photo_credit(draft)
        _read_photo_credit(draft, line)
    elif part.kind == "dateline" and not (draft.places and _has_paragraph(draft)):
        _read_dateline(draft, line)
    elif part.kind == "bracket":
        draft.leave_out(line.number, line.text[0] + line.text[-1], "brackets of a headline inside the body", mark=True)
        draft.drafts.append(Draft(line.text[1:-1].strip(), line.number))
    elif line.text in _LEAD_INS:
        draft.leave_out(line.number, line.text, "label of a caption", mark=True)
        draft.awaits_caption = True
    elif part.kind == "caption" or (part.kind == "text" and (is_caption or draft.awaits_caption)):
        _add_figure(draft, line.text, line.number)
    elif part.kind == "byline" and (behind or len(draft.blocks) <= _OPENING):
        draft.bylines.append(line.text)
    elif part.kind == "credit":
        _read_credit(draft, line)
    else:
        draft.blocks.append(SeedParagraph(text=line.text, line=line.number))


_REPORTER_TAIL = re.compile(r"(?<=\s)[记記]者\s?[^\s，。:：]{2,20}$")


def _read_stamp(draft: _Draft, line: Line) -> None:
    """Leave out the time of publication, which the date is read from, and keep the reporter behind it."""
    reporter = _REPORTER_TAIL.search(line.text)
    if reporter:
        draft.bylines.append(reporter[0])
    stamp = line.text[: reporter.start()] if reporter else line.text
    draft.leave_out(line.number, stamp.strip(), "time of publication, read as the date", mark=True)


def _has_paragraph(draft: _Draft) -> bool:
    return any(isinstance(block, SeedParagraph) for block in draft.blocks)


def _read_photo(draft: _Draft, line: Line, head: Head) -> None:
    """Read {headline} ảnh N{caption}."""
    marked = split_marker(line.text, draft.photos + 1)
    assert marked is not None
    draft.photos += 1
    first_use = head.headline_from == "caption" and draft.photos == 1
    if not first_use:
        same = fold_key(marked.before) == fold_key(head.headline)
        draft.leave_out(line.number, marked.before, "repeats the headline" if same else "label of a photo", mark=same)
    draft.leave_out(line.number, marked.marker, "number of a photo", mark=True)
    if marked.after:
        _add_figure(draft, marked.after, line.number)


def _read_photo_credit(draft: _Draft, line: Line) -> None:
    """Keep whose photo the next line describes."""
    for lead_in in rules.CAPTION_LEAD_INS:
        credit, found, caption = line.text.partition(lead_in)
        if found and credit.strip():
            draft.leave_out(line.number, lead_in, "label of a caption", mark=True)
            draft.photo_credit, draft.photo_credit_line = credit.strip(), line.number
            if caption.strip():
                _add_figure(draft, caption.strip(), line.number)
            return
    draft.photo_credit, draft.photo_credit_line = line.text, line.number


def _drop_photo_credit(draft: _Draft) -> None:
    """Leave out a photo credit that no caption followed."""
    draft.leave_out(draft.photo_credit_line, draft.photo_credit, "photo credit without a caption")
    draft.photo_credit = ""


def _add_figure(draft: _Draft, text: str, number: int) -> None:
    lead_in = next((words for words in rules.CAPTION_LEAD_INS if text.startswith(words)), "")
    if lead_in and len(text) > len(lead_in):
        draft.leave_out(number, lead_in, "label of a caption", mark=True)
        text = text[len(lead_in) :].strip()
    caption = split_credit(text)
    draft.leave_out(number, caption.marks, "brackets of a photo credit", mark=True)
    whose = [credit for credit in (caption.credit, draft.photo_credit) if credit]
    draft.photo_credit, draft.awaits_caption = "", False
    draft.blocks.append(SeedFigure(caption=caption.text, credit=JOINER.join(whose), line=number))


def _read_dateline(draft: _Draft, line: Line) -> None:
    dateline = cut_dateline(line.text)
    assert dateline is not None
    draft.places.extend(dateline.places)
    draft.datelines.extend((line.number, place) for place in dateline.places)
    if dateline.reporter:
        draft.bylines.append(dateline.reporter)
    draft.leave_out(line.number, "".join(dateline.marks), "marks of the dateline", mark=True)
    if dateline.rest:
        draft.blocks.append(SeedParagraph(text=dateline.rest, line=line.number))


def _read_credit(draft: _Draft, line: Line) -> None:
    if is_code_line(line.text):
        draft.codes.append((line.number, line.text))
        draft.leave_out(line.number, line.text, "date code, read as the date", mark=True)
        return
    ending = cut_ending(line.text)
    named = [ending.text] if ending.text else []
    if ending.credits and named:
        # 文山/石涛（法新社、德新社）: authors and their sources.
        draft.bylines.extend(named)
        named = []
    _keep_ending(draft, line.number, [*named, *ending.credits], ending.codes, ending.marks)


def _keep_ending(
    draft: _Draft, number: int, cut: Sequence[str], codes: Sequence[str], marks: Sequence[str], first: bool = False
) -> None:
    draft.credits[:] = [*cut, *draft.credits] if first else [*draft.credits, *cut]
    for code in codes:
        draft.codes.append((number, code))
        draft.leave_out(number, code, "date code, read as the date", mark=True)
    draft.leave_out(number, "".join(marks), "marks of the credit", mark=True)


def _cut_end(draft: _Draft) -> None:
    """Cut the credits off the last paragraph."""
    at = next((at for at in range(len(draft.blocks) - 1, -1, -1) if isinstance(draft.blocks[at], SeedParagraph)), -1)
    if at < 0:
        return
    last = draft.blocks[at]
    assert isinstance(last, SeedParagraph)
    ending = cut_ending(last.text)
    if ending.text == last.text or not ending.text:
        return
    draft.blocks[at] = SeedParagraph(text=ending.text, line=last.line)
    _keep_ending(draft, last.line, ending.credits, ending.codes, ending.marks, first=True)


def _finish(draft: _Draft) -> Body:
    _drop_photo_credit(draft)
    return Body(
        tuple(draft.blocks),
        draft.lede,
        JOINER.join(draft.places),
        JOINER.join(draft.bylines),
        JOINER.join(draft.credits),
        tuple(draft.drafts),
        tuple(draft.datelines),
        tuple(draft.codes),
        tuple(draft.left_out),
    )
