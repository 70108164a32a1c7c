"""The lines of a story, each with what it is by its own words, and where the story ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gengduo.dates import read_stamp
from gengduo.seeds import rules
from gengduo.seeds.around import is_signature, leave_behind, leave_sections, leave_skipped
from gengduo.seeds.captions import find_marker, has_credit, is_whose_photo, may_hold_marker, split_credit
from gengduo.seeds.datelines import starts_with_dateline
from gengduo.seeds.endings import cut_ending, is_byline, is_code_line, is_credit_line
from gengduo.seeds.interface import addresses_reader, calls_reader, is_sections
from gengduo.seeds.lines import Line, ends_sentence, is_delimiter, is_footer, noise_reason, noise_within, opens_story
from gengduo.seeds.part import Part, PartKind

_BRACKET = re.compile(r"[\[【［]([^\[\]【】［］]{6,80})[\]】］]")
_SOURCE = re.compile(r"(?:文章)?(?:来源|來源|稿源|出处|出處)\s*[:：]|《[^《》]{2,12}》\s?[（(].*\d{4}年.*版\s?[)）]$")
_SURE = 40
"""Characters; a longer line that ends in a full stop is none of the page's own."""
_CREDIT_LAST = frozenset(")）】］]〕A0123456789/." + rules.END_MARKS)
_CREDIT_LINES = rules.Starts(*rules.CAPTION_CREDIT_LINES)
_CAPTION_STARTS = rules.Starts(*rules.CAPTION_STARTS, *rules.CAPTION_LEAD_INS)
_CAPTION_LIKE = rules.Starts(
    *rules.CAPTION_STARTS,
    *rules.CAPTION_LEAD_INS,
    *rules.NOISE_STARTS,
    *rules.FOOTER_STARTS,
    *rules.CAPTION_CREDIT_LINES,
)
_NAMES = re.compile(r"[\u3400-\u9fff·]{2,5}(?:[ 、，/／\u3000][\u3400-\u9fff·]{2,5}){0,3}")
_LONGEST_CAPTION = 220
_LONGEST_ABOVE = 80
_LONGEST_BEHIND = 20
_OF_MENU = 12
_TAG = 5
_HEADLINE = 6


def sort_parts(lines: Sequence[Line], ignored: Sequence[int], day_first: bool) -> list[Part]:
    """Return the lines of a story with their roles; `ignored` are those that are known to be none of it."""
    parts = [
        Part("noise", line, "head of a block of teasers inside the body")
        if at in ignored
        else sort_part(line, day_first)
        for at, line in enumerate(lines)
    ]
    for step in _STEPS:
        parts = step(parts)
    return parts


def _close_at_footer(parts: list[Part]) -> list[Part]:
    """Return the parts with all behind the page's foot as noise; above the story such words are in the page's menu."""
    begun = False
    for at, part in enumerate(parts):
        if part.kind == "footer" and begun:
            return [*parts[:at], *(Part("noise", rest.line, "foot of the page") for rest in parts[at:])]
        if part.kind == "footer":
            parts[at] = Part("noise", part.line, "line of the page around the story")
        begun = begun or part.kind == "dateline" or (part.kind == "text" and ends_sentence(part.line.text))
    return parts


def _caption_above(parts: list[Part]) -> list[Part]:
    """Return the parts with a short line above the story that ends with a wire's name as caption: …。（路透）."""
    for at, part in enumerate(parts):
        if part.kind == "dateline" or (part.kind == "text" and part.line.text[-1] == "。"):
            break
        if not at or part.kind != "text" or len(part.line.text) > _LONGEST_ABOVE:
            continue
        if split_credit(part.line.text).weak and any(other.kind in ("text", "dateline") for other in parts[at + 1 :]):
            parts[at] = Part("caption", part.line)
    return parts


def _leave_tags(parts: list[Part]) -> list[Part]:
    """Return the parts with a line of a few words behind the last sentence as noise: the page's tags."""
    for at in range(len(parts) - 1, -1, -1):
        part = parts[at]
        if part.kind == "dateline" or (part.kind == "text" and ends_sentence(part.line.text)):
            break
        words = part.line.text.split()
        short = part.kind == "text" and len(words) > 1 and all(len(word) <= _TAG for word in words)
        if short and not all(_NAME.fullmatch(word) and _begins_with_surname(word) for word in words):
            parts[at] = Part("noise", part.line, "tags of the page")
    return parts


def _leave_alternatives(parts: list[Part]) -> list[Part]:
    """Return the parts with words between a time of publication and whose the photo is as noise: they stand for it."""
    dated = False
    for at, part in enumerate(parts[:-1]):
        dated = dated or part.kind == "stamp"
        if part.kind != "text" or not dated:
            continue
        if parts[at + 1].kind == "photo_credit" and len(part.line.text) <= 40 and not ends_sentence(part.line.text):
            parts[at] = Part("noise", part.line, "words in the place of a photo")
        break
    return parts


def _name_authors(parts: list[Part]) -> list[Part]:
    """Return the parts with the names above a story as bylines: they stand at its date, or at another byline."""
    headed = False
    for at, part in enumerate(parts):
        if part.kind == "dateline" or (part.kind == "text" and ends_sentence(part.line.text)):
            break
        if part.kind != "text":
            continue
        neighbours = [other.kind for other in (*parts[max(0, at - 1) : at], *parts[at + 1 : at + 2])]
        if (
            headed
            and len(part.line.text) <= 20
            and _NAMES.fullmatch(part.line.text)
            and ("byline" in neighbours or ("stamp" in neighbours and _begins_with_surname(part.line.text)))
        ):
            parts[at] = Part("byline", part.line)
        headed = True
    return parts


def _begins_with_surname(text: str) -> bool:
    """Tell whether a line could be a name by its first letter; beside a date stand words of the page as well."""
    return text[0] in rules.SURNAMES or "·" in text


_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")


def _sign(parts: list[Part]) -> list[Part]:
    """Return the parts with a name alone below the last paragraph as byline."""
    texts = [at for at, part in enumerate(parts) if part.kind in ("text", "dateline")]
    if len(texts) > 2:
        last, before = parts[texts[-1]].line.text, parts[texts[-2]].line.text
        if is_signature(last) and (ends_sentence(before) or cut_ending(before).credits):
            parts[texts[-1]] = Part("byline", parts[texts[-1]].line)
    return parts


def sort_part(line: Line, day_first: bool) -> Part:
    """Return the line with its role."""
    kind, reason = (_role if len(line.text) > _OF_MENU else _role_of_short)(line.text, day_first)
    return Part(kind, line, reason)


def _role(text: str, day_first: bool) -> tuple[PartKind, str]:
    """Return what a line is by its own words, and of noise the reason."""
    if text[-1] == "。" and len(text) > _SURE and not _CAPTION_LIKE.begin(text):
        # A sentence of the story, by far the most frequent line.
        if may_hold_marker(text) and find_marker(text):
            return "photo", ""
        return "dateline" if starts_with_dateline(text) else "text", ""
    plain = opens_story(text[:2])
    if not plain and is_delimiter(text):
        return "noise", "head of a block above the story"
    if len(text) <= 100 and read_stamp(text, day_first):
        return "stamp", ""
    reason = noise_within(text) if plain else noise_reason(text)
    if reason:
        return "noise", reason
    if not plain and is_footer(text):
        return "footer", "foot of the page"
    if may_hold_marker(text) and find_marker(text):
        return "photo", ""
    if len(text) <= 40 and text[0] in rules.AGENCY_FIRST and _AGENCY_PAIR.fullmatch(text):
        return "byline", ""
    if starts_with_dateline(text):
        return "dateline", ""
    if text[0] in "[【［" and _BRACKET.fullmatch(text):
        return "credit" if cut_ending(text).credits else "bracket", ""
    return _short_kind(text) if len(text) <= _LONGEST_CAPTION else "text", ""


_role_of_short = lru_cache(maxsize=1024)(_role)
"""The same, remembered: bylines and words of a page's menu stand in each of its dumps."""


def _short_kind(text: str) -> PartKind:
    if len(text) <= 60 and _CREDIT_LINES.begin(text):
        return "photo_credit"
    if is_whose_photo(text):
        return "photo_credit"
    if _DESK_INITIALS.fullmatch(text):
        return "credit"
    ending = cut_ending(text)
    if (ending.credits or ending.codes or ending.marks) and not ending.text:
        return "credit"
    caption = split_credit(text)
    if caption.weak and _NAMES.fullmatch(caption.text):
        return "credit"
    if caption.credit and not (caption.weak and ends_sentence(caption.text)):
        return "caption"
    if _CAPTION_STARTS.begin(text) or (text[-1] in "）)" and _DATED.search(text)):
        return "caption"
    if is_byline(text):
        return "byline"
    if _SOURCE.match(text) and len(text) <= 40:
        return "source"
    return "credit" if is_credit_line(text) or is_code_line(text) else "text"


# WS/MB（路透社、法新社）: editors of Deutsche Welle and their sources.
_DESK_INITIALS = re.compile(r"[A-Z]{2,3}(?:[/／][A-Z]{2,3})*\s?[（(][^（()）]{2,40}[)）]")
_AGENCY_PAIR = re.compile(
    rf"{rules.AGENCY}\s?[（(]{rules.AGENCY}[)）]|{rules.AGENCY}(?:\s?[-–—|·,，]\s?(?:{rules.AGENCY}|中文[网網]?))+"
)
_DATED = re.compile(r"[（(]\d{4}年\d{1,2}月\d{1,2}日(?:资料照片?|資料照片?)?[)）]$")


def _caption_below(parts: list[Part]) -> list[Part]:
    """Return the parts with several short lines that end with a wire's name as captions: one would be the credit."""
    wired: list[int] = []
    for at in range(len(parts) - 1, -1, -1):
        if _is_wired(parts[at]):
            wired.append(at)
        elif parts[at].kind not in ("noise", "stamp"):
            break
    if len(wired) > 1:
        for at in wired:
            parts[at] = Part("caption", parts[at].line)
    return parts


def _is_wired(part: Part) -> bool:
    return part.kind == "text" and _is_wire_caption(part.line.text)


def _leave_behind_credit(parts: list[Part]) -> list[Part]:
    """Return the parts with the short lines behind the story's credit as noise: nothing of the story follows it."""
    behind: list[int] = []
    for at in range(len(parts) - 1, -1, -1):
        text = parts[at].line.text
        if parts[at].kind in ("text", "dateline") and (ends_sentence(text) or cut_ending(text).credits):
            break
        if parts[at].kind == "text" and not (_NAMES.fullmatch(text) and _begins_with_surname(text)):
            if len(text) > _LONGEST_BEHIND:
                return parts
            behind.append(at)
    else:
        return parts
    if cut_ending(text).credits:
        for each in behind:
            parts[each] = Part("noise", parts[each].line, "behind the credit")
    return parts


_STEPS = (
    leave_skipped,
    _close_at_footer,
    leave_sections,
    _caption_above,
    _caption_below,
    _name_authors,
    _leave_alternatives,
    _leave_tags,
    _leave_behind_credit,
    _sign,
    leave_behind,
)
"""What a line is by its neighbours, in this order."""


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
    begun = next((at for at, line in enumerate(lines) if _is_body(line.text) and not noise_reason(line.text)), 0)
    # A sentence neither names who wrote the story nor announces others.
    told = [at for at in range(begun, len(lines)) if lines[at].text[-1] != "。" or len(lines[at].text) <= _SURE]
    ends = [at for at in told if _has_credit(lines[at].text, at == begun < len(lines) - 1)]
    # …（路透） on two lines in a row says whose the photos are.
    wired = {at for at in ends if _is_wire_caption(lines[at].text)}
    ends = [at for at in ends if at not in wired or not (at - 1 in wired or at + 1 in wired)]
    delimiters = [at for at in told if is_delimiter(lines[at].text)]
    inside: list[int] = []
    for at in delimiters:
        after = bisect_right(ends, at)
        if after or not ends or is_byline(lines[at - 1].text) or not _goes_on(lines[at + 1 : ends[0] + 1]):
            return Cut(at, at + 1, tuple(inside))
        inside.append(at)
    if ends:
        end = _behind_byline(lines, ends[-1] + 1)
        if _is_block(lines[end:]):
            return Cut(end, end, tuple(inside))
    return Cut(len(lines), len(lines), tuple(inside))


def _is_wire_caption(text: str) -> bool:
    return len(text) <= _LONGEST_ABOVE / 2 and split_credit(text).weak


def _goes_on(lines: Sequence[Line]) -> bool:
    """Tell whether the story goes on in these lines up to its credit."""
    return any(ends_sentence(line.text) or cut_ending(line.text).text.endswith("。") for line in lines)


def _has_credit(text: str, first: bool = False) -> bool:
    last = text[-1]
    if last == "。" and len(text) > _SURE:
        return False
    if last not in _CREDIT_LAST:
        return is_credit_line(text)
    ending = cut_ending(text)
    if not ending.credits:
        return False
    # （路透） behind a caption is whose photo it is.
    if len(text) <= _LONGEST_ABOVE and split_credit(text).weak and first:
        return False
    return (
        not ending.text
        or ends_sentence(ending.text)
        or any("VNA" in credit or credit in rules.CREDIT_EXACT for credit in ending.credits)
    )


def _is_body(text: str) -> bool:
    """Tell whether a story has begun with this line, so that a delimiter below it is not in the page's menu."""
    return (
        (len(text) > 12 and ends_sentence(text))
        or starts_with_dateline(text)
        or (_has_credit(text) and not is_credit_line(text))
    )


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
    left = 0
    for line in lines:
        if is_footer(line.text):
            break
        if not noise_reason(line.text) and not is_sections(line.text) and not calls_reader(line.text):
            kept.append(line)
        else:
            left += 1
    headlines = sum(
        len(line.text) >= _HEADLINE
        and not ends_sentence(line.text)
        and not has_credit(line.text)
        and not addresses_reader(line.text)
        for line in kept
    )
    # One line that is no known button, among more that are, is a button that nobody has listed.
    return headlines > 1 or (headlines == 1 and len(kept) > left)
