"""Datelines: 越通社河内——, 新华社北京1月2日电（记者张三）, 〔記者X／台北報導〕, 央视网消息（新闻联播）：."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from gengduo.seeds import rules

_STOP = "，。、；：！？,;:!?“”‘’「」『』《》〈〉【】〔〕［］\\[\\]()（）\n"
_HAN = "\u3400-\u9fff"
_DASH = r"(?:[—–―─]{1,4}|-{1,3}(?!\d)|－{1,2})(?!\s*VNA)"
_MONTH_DAY = r"[0-9０-９一二三四五六七八九十]{1,3}\s?月\s?[0-9０-９一二三四五六七八九十]{1,3}\s?日"

_BRACKETED = re.compile(r"[（(〔【［\[]\s*(?P<place>[^（()）〔〕【】［］\[\]\n]{2,60})[)）〕】］\]]")
_FILED = re.compile(
    rf"(?P<place>{rules.AGENCY}[^{_STOP}—]{{0,36}}?|[{_HAN}]{{2,14}}{_MONTH_DAY})"
    rf"(?P<verb>(?<=日)\s?[电電讯訊](?![，,、。視视话話影脑腦])|(?<!日)[电電讯訊](?=\s*[（(:：／/])|(?<!日)[电電讯訊](?=\s))"
)
_DASHED = re.compile(
    rf"(?P<place>{rules.AGENCY}(?:\s?[—-]\s?[{_HAN}]{{2,8}}(?=\s*(?:--|——)))"
    rf"|{rules.AGENCY}[^{_STOP}—–―─－-]{{0,28}}(?:[（(][^（()）]{{1,20}}[)）])?|[{_HAN}]{{2,12}}\s?{_MONTH_DAY}"
    rf"|[{_HAN}]{{2,8}}\s?[（(]{rules.AGENCY}[^（()）]{{0,12}}[)）]"
    rf"|[{_HAN}]{{2,8}}[社网網报報台][{_HAN}]{{0,8}}(?=\s*(?:——|--))|[{_HAN}]{{2,8}}(?=\s[—–―─]{{1,2}}(?:\s|$))|[{_HAN}]{{2,8}}[社网網报報台](?=\s-\s))"
    rf"(?P<verb>\s*{_DASH})"
)
_TITLED = re.compile(
    rf"(?P<place>{rules.AGENCY}[^{_STOP}—]{{0,12}}?(?:消息|报道|報道|报导|報導|快讯|快訊|客户端|专讯|專訊|专稿|综述)"
    rf"(?:\s?[（(](?!记者|記者|通讯员|通訊員)[^（()）]{{1,20}}[)）])?)(?=\s*[:：]|\s|\s?[（(](?:记者|記者))"
    rf"|(?P<dated>{rules.AGENCY}[^{_STOP}—]{{0,12}}?{_MONTH_DAY}(?:消息|讯|訊))(?=[，,])"
)
_REPORTER = re.compile(
    r"\s*[（(]\s*((?:{})[^（()）]{{1,80}})[)）]".format("|".join(map(re.escape, rules.BYLINE_STARTS)))
)
# 【大公報訊】記者王文北京報道：
_REPORTED = re.compile(r"\s*((?:记者|記者)[^，。：:；（()）\s]{2,12}?)(?:报道|報道|報導)?\s?[:：]")
_NAMES = re.compile(rf"\s?[（(]([{_HAN}·]{{2,4}}(?:[\s、，,][{_HAN}·]{{2,4}}){{0,3}})[)）]")
_SEPARATOR = re.compile(r"[，,]?[\s:：／/—–―─－-]*")
_TRADE_END = re.compile(r"(?:电|電|讯|訊|报道|報道|报导|報導|消息|专稿|特稿)$")
_AGENCY_START = re.compile(rules.AGENCY)
_FILING_VERB = re.compile(r"(?<=[日号號])\s?(?:综合|綜合|专|專)?(?:外?[电電讯訊]|报导|報導|报道|報道)$")
# Without an agency's name a dateline needs a dash or 电 near its front.
_GENERIC = re.compile("[—–―─\\-－电電讯訊]")
_SLOGAN = 30
_PAUSE = re.compile("[，。,；;：:！？”]")
_OPENERS = frozenset("（(〔【［[")


class Dateline(NamedTuple):
    """What was cut from the front of a paragraph."""

    places: tuple[str, ...]
    """Each as it stands, without dash, brackets and the verb behind its day."""
    reporter: str
    """记者张三, from the brackets behind it; or empty."""
    marks: tuple[str, ...]
    """What was cut besides, in no field."""
    rest: str
    """The paragraph; empty where the line ends with its dateline."""


@lru_cache(maxsize=64)  # each part of the parser asks it about the same line
def cut_dateline(text: str) -> Dateline | None:
    """Return the datelines at the front of the text, stacked ones together, or None."""
    places: list[str] = []
    marks: list[str] = []
    reporter = ""
    at = 0
    while len(places) < 3:
        end = _one_dateline(text, at, places, marks)
        if end is None:
            break
        at = end
        named = _REPORTER.match(text, at) or _REPORTED.match(text, at) or _names_in_brackets(text, at)
        if named and not reporter:
            reporter = named[1].strip()
            marks.append("".join(named[0].split()).replace("".join(named[1].split()), "", 1))
            at = named.end()
        separator = _SEPARATOR.match(text, at)
        if separator and separator[0]:
            marks.append("".join(separator[0].split()))
            at = separator.end()
    if not places:
        return None
    return Dateline(tuple(places), reporter, tuple(filter(None, marks)), text[at:])


def _names_in_brackets(text: str, at: int) -> re.Match[str] | None:
    """Return the match of names alone: 电 (王国安 陈家宝)."""
    match = _NAMES.match(text, at)
    return match if match and match[1][0] in rules.SURNAMES else None


def starts_with_dateline(text: str) -> bool:
    """Tell whether `cut_dateline` finds one; a cheap test before it, since few lines do."""
    first = text[:1]
    named = first in rules.AGENCY_FIRST and _AGENCY_START.match(text) is not None
    if not named and first not in _OPENERS and not _GENERIC.search(text, 0, 24):
        return False
    return cut_dateline(text) is not None


def _one_dateline(text: str, at: int, places: list[str], marks: list[str]) -> int | None:
    """Add the dateline at this place to the lists and return where it ends, or None."""
    first = text[at : at + 1]
    if first in _OPENERS:
        match = _BRACKETED.match(text, at)
        if match is None or not _is_trade(match["place"], text[match.end() : match.end() + 1]):
            return None
        marks.append(first)
        _add_place(match["place"], places, marks)
        marks.append(match[0][-1])
        return match.end()
    # Cheap tests before the patterns: most lines begin with no agency, and have no dash near their front.
    may_be_agency = first in rules.AGENCY_FIRST
    if not may_be_agency and not ("\u3400" <= first <= "\u9fff" and _GENERIC.search(text, at, at + 24)):
        return None
    window = text[at : at + 120]
    if not (may_be_agency and _AGENCY_START.match(window)) and not _GENERIC.search(window, 0, 24):
        return None
    for pattern in (_FILED, _DASHED, _TITLED):
        match = pattern.match(window)
        if match is None or (
            pattern is _DASHED and match["verb"].strip() in "-–－" and not _tells(text, at + match.end())
        ):
            continue
        _add_place(match["place"] or match["dated"], places, marks)
        if pattern is not _TITLED:
            verb = "".join(match["verb"].split())
            if pattern is _FILED and not match["place"].rstrip().endswith("日"):
                places[-1] += verb
            else:
                marks.append(verb)
        return at + match.end()
    return None


def _tells(text: str, at: int) -> bool:
    """Tell whether a paragraph follows a dash: 明報新聞網-每日明報 is the name of a site."""
    return len(text) <= at or len(text) - at > _SLOGAN or _PAUSE.search(text, at) is not None


def _add_place(place: str, places: list[str], marks: list[str]) -> None:
    place = place.strip()
    verb = _FILING_VERB.search(place)
    if verb:
        marks.append("".join(verb[0].split()))
        place = place[: verb.start()]
    places.append(place)


def _is_trade(content: str, following: str) -> bool:
    """Tell whether words in brackets at the front of a line are a dateline and not a remark, a credit or a headline."""
    content = content.strip()
    if content.endswith(rules.PHOTO_ENDS) or content.startswith(rules.PHOTO_STARTS):
        return False
    if _TRADE_END.search(content):
        return len(content) <= 48
    return len(content) <= 24 and bool(following) and _AGENCY_START.match(content) is not None
