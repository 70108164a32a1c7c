"""Headline and lede: what stands above the body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from gengduo.seeds import rules
from gengduo.seeds.captions import split_marker
from gengduo.seeds.datelines import cut_dateline
from gengduo.seeds.endings import cut_ending
from gengduo.seeds.lines import INVISIBLE, WORD, ends_sentence
from gengduo.seeds.part import Part
from gengduo.typography import fold_key, same_words

_HEADING = 8
"""Characters; what is shorter is rather a word of the page's menu than a headline."""
_LONGEST = 100
_SUBTITLE = ("——", "--")
_PARAGRAPHS = 4
_BODY = 800
_SHARE = 0.25
"""Of a headline's pairs of letters, the part that its story repeats in its first paragraphs; a menu's hardly occur."""
_MENU = 60
"""Lines above a story that are looked at; a page with more has a menu of them."""
_SITE_NAME = re.compile(r"\s*[-_|｜—–·:：]\s*\S.{0,60}$")
_SITE_BEFORE = re.compile(r".{2,24}\s*[-_|｜—–·:：>]\s*")
_CLAUSE = re.compile(r"[，。；！？,;!?…\n]|:(?!\d)|：")


class Head(NamedTuple):
    """What stands above the body, by indexes into the parts; -1 where there is none."""

    headline: str
    headline_from: Literal["line", "caption", "body"]
    headline_at: int = -1
    lede_at: int = -1


def read_head(parts: Sequence[Part]) -> Head:
    """Return the headline of a story, its lede not yet read."""
    prefix, photo_at = _caption_prefix(parts)
    candidates = _candidates(parts)
    if prefix:
        key = fold_key(prefix)
        named = [
            at for at, part in enumerate(parts[:photo_at]) if part.kind == "text" and fold_key(part.line.text) == key
        ]
        if named:
            return Head(parts[named[0]].line.text, "line", named[0])
        if not candidates or candidates[0] > photo_at:
            return Head(prefix, "caption")
    at = _choose(parts, candidates)
    if at < 0:
        at = _exclaimed(parts)
    if at >= 0:
        return Head(parts[at].line.text, "line", at)
    return Head(_first_clause(parts), "body")


def _caption_prefix(parts: Sequence[Part]) -> tuple[str, int]:
    """Return the words before the first photo marker, which are the headline, and the index of their part."""
    for at, part in enumerate(parts):
        if part.kind == "photo":
            marked = split_marker(part.line.text, 1)
            return (marked.before if marked and WORD.search(marked.before) else ""), at
    return "", -1


def _candidates(parts: Sequence[Part]) -> list[int]:
    """Return the indexes of lines that may be the headline: those above the first sentence, dateline or photo."""
    found: list[int] = []
    for at, part in enumerate(parts):
        if part.kind in ("dateline", "photo") or (part.kind in ("caption", "photo_credit") and found):
            break
        if part.kind == "text" and WORD.search(part.line.text):
            if part.line.text in rules.CAPTION_LEAD_INS:
                break
            if len(part.line.text) > _LONGEST or _is_sentence(parts, at):
                break
            if not part.line.text.startswith(_SUBTITLE):
                found.append(at)
    return found


def _is_sentence(parts: Sequence[Part], at: int) -> bool:
    """Tell whether the line is a sentence of the story; a headline may ask or exclaim if a line comes after it."""
    text = parts[at].line.text
    ending = cut_ending(text)
    if ending.credits and ending.text:
        return True
    return ends_sentence(text) and (text.rstrip("”’」』")[-1:] not in "？！?!" or at + 1 == len(parts))


def _choose(parts: Sequence[Part], candidates: list[int]) -> int:
    """Return the index of the headline among the lines above the body, -1 where there are none."""
    if not candidates:
        return -1
    texts = {at: parts[at].line.text for at in candidates}
    if len(candidates) == 1:
        return candidates[0]
    for at in candidates:
        if len(texts[at]) >= _HEADING and _stands_again(parts, at):
            return at
    if len(candidates) > _MENU:
        candidates = candidates[-_MENU:]
    named = [
        at for at in candidates if _is_page_title(texts[at], [texts[other] for other in candidates if other != at])
    ]
    kept = [at for at in candidates if at not in named] or candidates
    told = _most_told(parts, kept)
    if told >= 0:
        return told
    stamp = next((at for at, part in enumerate(parts) if part.kind == "stamp"), len(parts))
    kept = [at for at in kept if at < stamp] or kept
    likely = [at for at in kept if len(texts[at]) >= _HEADING and not _is_row_of_headlines(texts[at])] or kept
    if len(likely) == 1 or likely[0] == 0 or len(likely) <= 2:
        return likely[0]
    return likely[-1]


def _most_told(parts: Sequence[Part], candidates: Sequence[int]) -> int:
    """Return the index of the first line whose words the story takes up, as those of its headline; -1 if none does."""
    body: list[str] = []
    for part in parts[candidates[-1] + 1 :]:
        if part.kind in ("text", "dateline"):
            body.append(part.line.text)
            if len(body) == _PARAGRAPHS:
                break
    told = _pairs("".join(body)[:_BODY])
    shares = []
    for at in candidates:
        pairs = _pairs(parts[at].line.text)
        long = len(parts[at].line.text) >= _HEADING
        shares.append(len(pairs & told) / len(pairs) if len(pairs) > 3 and (long or len(pairs & told) > 2) else 0.0)
    best = max(shares)
    if best < _SHARE:
        return -1
    return next(at for at, share in zip(candidates, shares, strict=True) if share >= max(0.4 * best, _SHARE))


def _pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring letters."""
    letters = "".join(character for character in text if character.isalnum())
    return set(map("".join, pairwise(letters)))


def _stands_again(parts: Sequence[Part], at: int) -> bool:
    """Tell whether another line says the same."""
    text = parts[at].line.text
    return any(same_words(text, part.line.text) for other, part in enumerate(parts) if other != at)


def _is_page_title(text: str, others: list[str]) -> bool:
    """Tell whether the line is another line with the name of the site behind it."""
    return any(
        len(other) >= 4
        and (
            (text.startswith(other) and _SITE_NAME.match(text, len(other)))
            or (text.endswith(other) and _SITE_BEFORE.fullmatch(text, 0, len(text) - len(other)))
        )
        for other in others
    )


def _is_row_of_headlines(text: str) -> bool:
    words = text.split()
    return len(words) >= 3 and text[0] not in "《【[" and all(len(word) >= 5 for word in words)


def _exclaimed(parts: Sequence[Part]) -> int:
    """Return the index of a first line that ends a sentence and yet is a headline, -1 where there is none."""
    for at, part in enumerate(parts):
        if part.kind != "text" or not WORD.search(part.line.text):
            continue
        text = part.line.text
        asks = text.rstrip("”’」』")[-1:] in "？！?!"
        more = any(other.kind in ("text", "dateline") for other in parts[at + 1 :])
        return at if asks and len(text) <= 60 and more else -1
    return -1


def _first_clause(parts: Sequence[Part]) -> str:
    """Return the first clause of the body, without its dateline."""
    for part in parts:
        if part.kind not in ("text", "dateline"):
            continue
        dateline = cut_dateline(part.line.text) if part.kind == "dateline" else None
        words = dateline.rest if dateline else part.line.text
        text = _TITLE_MARK.sub("", INVISIBLE.sub("", cut_ending(words).text or words))
        if not WORD.search(text):
            continue
        start = 0
        while True:
            match = _CLAUSE.search(text, start)
            end = match.start() if match else len(text)
            # 据统计, 8月12日: an opening adverb is no title.
            if match is None or (end >= _HEADING and not _TIME_ONLY.fullmatch(text, 0, end)):
                return text[:end][:_LONGEST].strip() or text[:_LONGEST]
            start = match.end()
    return ""


_TIME_ONLY = re.compile(
    r"(?:当地时间|當地時間|北京时间|北京時間|[据據][^，,]{2,12}，)?(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:[上下]午|晚间?|凌晨)?|[据據][^，,]{2,16}"
)
# 新华社河内1月2日电 题：…
_TITLE_MARK = re.compile(r"^(?:题|題)[:：]\s*(?:综述|綜述|特写|特寫|通讯|通訊)?[:：]?")
_NUMBERED = re.compile(r"\d{1,2}[.、．](?!\d)")


def find_lede(parts: Sequence[Part], head: Head) -> Head:
    """Return the head with its lede, if there is one."""
    key = fold_key(head.headline)
    weak = False  # what follows a timestamp or a photo is body, unless more speaks for a lede
    for at in range(head.headline_at + 1, len(parts)):
        part = parts[at]
        weak = weak or part.kind in ("stamp", "caption", "photo")
        if part.kind == "dateline":
            break
        if part.kind == "text" and _NUMBERED.match(part.line.text):
            break
        if part.kind != "text" or fold_key(part.line.text) == key:
            continue
        return head._replace(lede_at=at) if _is_lede(parts, at, weak) else head
    return head


def _is_lede(parts: Sequence[Part], at: int, weak: bool) -> bool:
    """Tell whether the body repeats the line, or a dateline or a photo follows it."""
    text = "".join(parts[at].line.text.split())
    start = text.rstrip("。！？.…”")
    seen = 0
    for part in parts[at + 1 :]:
        if part.kind not in ("text", "dateline", "photo", "caption"):
            continue
        if part.kind in ("text", "dateline"):
            words = part.line.text
            dateline = cut_dateline(words) if part.kind == "dateline" else None
            body = "".join((dateline.rest if dateline else words).split())
            if _repeats(body, start):
                return True
            if part.kind == "dateline":
                return bool(body) or part is not parts[-1]
            seen += 1
        elif not seen and (part.kind == "photo" or not (weak or _goes_on(parts, at))):
            return True
        if seen >= 3:
            break
    return False


def _goes_on(parts: Sequence[Part], at: int) -> bool:
    """Tell whether only debris of the page's editor parts the line from its caption: then it is body."""
    return parts[at + 1].kind == "noise"


def _repeats(body: str, lede: str) -> bool:
    """Tell whether the paragraph begins like the lede."""
    if not lede:
        return False
    shared = max(12, len(lede) * 6 // 10)
    return body.startswith(lede) or (len(lede) >= shared and body.startswith(lede[:shared]))
