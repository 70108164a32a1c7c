"""What a line is by its place on the page: above a story, between its headline and its text, behind its last words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gengduo.seeds import rules
from gengduo.seeds.endings import cut_ending
from gengduo.seeds.interface import addresses_reader, calls_reader, is_sections, is_word
from gengduo.seeds.lines import ends_sentence
from gengduo.seeds.part import Part

_SENTENCE = 15
"""Characters; a shorter line that ends in a full stop may be a caption or a slogan."""
_LABEL = 12
_BEHIND = 30
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-zÀ-ỹ]{2}")
_SPEAKS = re.compile(r"[，。；：“”、？！!?;:《》【】—]|^\d{1,2}[.、．]|^[一二三四五六七八九十]{1,3}[、．]|,(?!\d)")
_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_LONGEST_PLAIN_NAME = 3
_SKIP = re.compile(r"(?:跳过|跳過).{0,24}(?:继续阅读|繼續閱讀)")
_END_OF_SKIPPED = re.compile(r"(?:End of|.{0,24}(?:结尾|結尾|结束|結束)$)")


def story_begins(parts: Sequence[Part]) -> int:
    """Return the index of the first dateline or sentence, behind which the story has begun; their number if none."""
    for at, part in enumerate(parts):
        if part.kind in ("dateline", "photo") or (part.kind == "text" and _is_sentence(part.line.text)):
            return at
    return len(parts)


def _is_sentence(text: str) -> bool:
    return len(text) >= _SENTENCE and (ends_sentence(text) or bool(cut_ending(text).credits))


def _story_ends(parts: Sequence[Part]) -> int:
    """Return the index behind the last sentence."""
    for at in range(len(parts) - 1, -1, -1):
        if parts[at].kind == "dateline" or (
            parts[at].kind == "text" and (ends_sentence(parts[at].line.text) or cut_ending(parts[at].line.text).credits)
        ):
            return at + 1
    return len(parts)


def leave_skipped(parts: list[Part]) -> list[Part]:
    """Return the parts with a list inside the story, which a reader is told how to skip, as noise."""
    at = 0
    while at < len(parts):
        if parts[at].line.text[0] in "跳" and _SKIP.match(parts[at].line.text):
            while at < len(parts) and not (parts[at].kind == "text" and _is_sentence(parts[at].line.text)):
                line = parts[at].line
                parts[at] = Part("noise", line, "list of the page inside the story")
                at += 1
                if _END_OF_SKIPPED.match(line.text):
                    break
        else:
            at += 1
    return parts


def leave_sections(parts: list[Part]) -> list[Part]:
    """Return the parts with the names of sections above and below the story as noise, and lines without Han there."""
    begin, end = story_begins(parts), _story_ends(parts)
    above = [at for at in range(begin) if parts[at].kind == "text"]
    named = [at for at in above if is_sections(parts[at].line.text) or _is_foreign(parts[at].line.text)]
    if len(named) < len(above):
        for at in named:
            parts[at] = Part("noise", parts[at].line, "section of the page")
    for at in range(end, len(parts)):
        if parts[at].kind == "text" and is_sections(parts[at].line.text):
            parts[at] = Part("noise", parts[at].line, "section of the page")
    return parts


def is_signature(text: str) -> bool:
    """Tell whether two to four Han may be a name, surname or not: Vietnamese reporters sign with any letter."""
    if _NAME.fullmatch(text) is None or is_word(text):
        return False
    return len(text) <= _LONGEST_PLAIN_NAME or text[0] in rules.SURNAMES


def _is_foreign(text: str) -> bool:
    return _LATIN.search(text) is not None and not _HAN.search(text)


def leave_behind(parts: list[Part]) -> list[Part]:
    """Return the parts with the short lines behind the last sentence as noise, where lines of the page are."""
    end = _story_ends(parts)
    begin = story_begins(parts)
    while begin < end - 1 and _is_call(parts[end - 1].line.text):
        # The foot of a page speaks in sentences, too.
        if parts[end - 1].kind == "text":
            parts[end - 1] = Part("noise", parts[end - 1].line, "foot of the page")
        end -= 1
    for at in range(end, len(parts)):
        if parts[at].kind == "text" and _is_call(parts[at].line.text):
            parts[at] = Part("noise", parts[at].line, "foot of the page")
    if not any(part.kind in ("noise", "footer") for part in parts[end:]):
        return parts
    named = [at for at in range(end, len(parts)) if parts[at].kind == "text" and _NAME.fullmatch(parts[at].line.text)]
    # One name is who wrote it, several are topics.
    signed = named if len(named) == 1 else []
    for at in range(end, len(parts)):
        text = parts[at].line.text
        if parts[at].kind != "text" or len(text) > _BEHIND or _SPEAKS.search(text):
            continue
        if not (_NAME.fullmatch(text) and text[0] in rules.SURNAMES and at in signed):
            parts[at] = Part("noise", parts[at].line, "behind the last sentence")
    return parts


def _is_call(text: str) -> bool:
    return not cut_ending(text).credits and (calls_reader(text) or addresses_reader(text))


def leave_labels(parts: list[Part], headline_at: int) -> list[Part]:
    """Return the parts with the labels between headline and story as noise; beside its date a name is the byline."""
    begin = next((at for at in range(headline_at + 1, len(parts)) if _opens(parts[at])), headline_at)
    above = parts[:begin]
    if headline_at < 0 or not any(part.kind in ("noise", "stamp") for part in above):
        return parts
    for at in range(headline_at + 1, begin):
        text = parts[at].line.text
        if parts[at].kind != "text" or len(text) > _LABEL or _SPEAKS.search(text):
            continue
        if text in rules.CAPTION_LEAD_INS or parts[at - 1].line.text in rules.CAPTION_LEAD_INS:
            continue
        dated = "stamp" in (parts[at - 1].kind, parts[at + 1].kind)
        if dated and is_signature(text):
            parts[at] = Part("byline", parts[at].line)
        else:
            parts[at] = Part("noise", parts[at].line, "between headline and story")
    return parts


def _opens(part: Part) -> bool:
    return part.kind in ("dateline", "photo") or (part.kind == "text" and _is_sentence(part.line.text))
