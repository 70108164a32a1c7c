"""Every place of a text that names a year, a month or a day."""

from __future__ import annotations

import re
from typing import NamedTuple

from gengduo.dates.edtf import Day
from gengduo.dates.numerals import number
from gengduo.dates.stamps import day_month_year

_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_FULL_WIDTH = re.compile("[０-９]")

_S = r"[ \u00a0\u3000]{0,2}"
_C = "〇○零一二三四五六七八九"
_YEAR = rf"(?:(?:1[89]|20)\d\d|[一二][{_C}]{{3}})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_TO = rf"{_S}(?:[-–—~～]{{1,2}}|至|到){_S}"

_MENTION = re.compile(
    rf"(?=[0-9民{_C}十廿])(?:(?<![\d.])(?P<from_year>{_YEAR})(?:{_S}年)?{_TO}(?P<to_year>{_YEAR})(?!\d|[-/.]\d)(?:{_S}年)?"
    rf"|(?<!\d)(?P<year>民[国國]{_S}(?:\d{{2,3}}|[{_C}十百]{{2,5}})|1[0-4]\d(?={_S}年{_S}\d{{1,2}}{_S}月{_S}\d)|(?<![\d.]){_YEAR}){_S}年(?:{_S}(?P<month>{_MONTH}){_S}月份?(?:{_S}(?P<day>{_DAY}){_S}[日号號])?)?"
    rf"|(?<![\d.])(?P<iso>(?:1[89]|20)\d\d(?P<sep>[-/.])(?:1[0-2]|0?[1-9])(?P=sep)(?:3[01]|[12]\d|0?[1-9]))(?![\d])"
    rf"|(?<![\d/.-])(?P<slashed>\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d)(?!\d)"
    rf"|(?<![\d.{_C}十])(?P<lone_month>{_MONTH}){_S}月{_S}(?P<lone_day>{_DAY}){_S}[日号號])"
)
_RANGE_END = re.compile(
    rf"{_S}(?:[-–—~～]{{1,2}}|至|到)(?:{_S}(?P<year>{_YEAR}){_S}年)?(?:{_S}(?P<month>{_MONTH}){_S}月)?{_S}(?P<day>{_DAY}){_S}[日号號]"
)
_MONTH_LIKE = re.compile(rf"[0-9０-９{_C}十]{_S}月")
_YEAR_LIKE = re.compile(rf"[0-9０-９一二民](?:[0-9０-９{_C}]{{3}}|{_S}[国國])")
_NUMERIC = re.compile(r"[0-9０-９][-/.][0-9０-９]")


MOST = 60
"""Dates of one passage that are read; a paragraph with more is a table."""


class Mention(NamedTuple):
    """A date as the text names it; `first == last` unless it is a range."""

    first: Day
    last: Day
    start: int
    end: int
    readings: tuple[Day, ...] = ()
    """Of 12/08/2018, where nobody knows which is the month."""


_OTHER_BEFORE = re.compile("(?:(?:公元前|西元前)[0-9]{0,4}年?|农历|農曆|阴历|陰曆|旧历|舊曆|摄于|攝於|拍于|拍於)$")
_OTHER_LAST = frozenset("前年0123456789历曆於于")
_OTHER_AFTER = re.compile(r" ?(?:拍摄|拍攝|第[\w/.-]{1,24}[号號])")


def find_mentions(text: str, day_first: bool = False) -> list[Mention]:
    """Return the possible dates of the text in order; offsets are the text's own."""
    if not ("月" in text and _MONTH_LIKE.search(text)) and not _may_name_year(text):
        return []
    plain = text.translate(_FULL_WIDTH_DIGITS) if _FULL_WIDTH.search(text) else text
    found: list[Mention] = []
    for match in _MENTION.finditer(plain):
        mention = _read(match, plain, day_first)
        if mention is not None and not _is_of_something_else(plain, mention):
            found.append(mention)
            if len(found) >= MOST:
                break
    return _join_ranges(found, plain) if len(found) > 1 else found


def _may_name_year(text: str) -> bool:
    """Tell, at little cost, whether a text without a month may name a year or a day in figures."""
    if "年" in text:
        return _YEAR_LIKE.search(text) is not None
    return ("-" in text or "/" in text or "." in text) and _NUMERIC.search(text) is not None


def _is_of_something_else(text: str, mention: Mention) -> bool:
    """Tell whether a date is of another calendar, of a file photo, or of a decree that is cited."""
    before = text[max(0, mention.start - 10) : mention.start]
    return bool((before[-1:] in _OTHER_LAST and _OTHER_BEFORE.search(before)) or _OTHER_AFTER.match(text, mention.end))


def _read(match: re.Match[str], text: str, day_first: bool) -> Mention | None:
    kind = match.lastgroup
    start, end = match.span()
    if kind == "lone_day":
        month, day = match.group("lone_month", "lone_day")
        return _with_range_end(Day(0, number(month), number(day)), start, end, text)
    if kind == "to_year":
        first, last = number(match["from_year"]), number(match["to_year"])
        return Mention(Day(first), Day(last), start, end) if first < last else None
    if kind == "iso":
        return _mention(Day(*map(int, match["iso"].split(match["sep"]))), start, end)
    if kind == "slashed":
        one, two, year = (int(part) for part in match["slashed"].split("/"))
        readings = day_month_year(one, two, year, day_first)
        return Mention(readings[0], readings[0], start, end, tuple(readings)) if readings else None
    year_text, month_text, day_text = match.group("year", "month", "day")
    # 112年6月10日 is a year of the Republic of China as well: no news is 1,900 years old.
    year = number(year_text.lstrip("民国國 \u00a0\u3000"))
    year += 1911 if year < 1000 else 0
    month = number(month_text) if month_text else 0
    if not day_text:
        return _mention(Day(year, month), start, end)
    return _with_range_end(Day(year, month, number(day_text)), start, end, text)


def _mention(day: Day, start: int, end: int) -> Mention | None:
    return Mention(day, day, start, end) if day.is_possible() else None


def _with_range_end(first: Day, start: int, end: int, text: str) -> Mention | None:
    """Return the mention with the end of its range: 8月12日至17日, 8月30日至9月2日."""
    if not first.is_possible():
        return None
    match = _RANGE_END.match(text, end)
    if match is None:
        return Mention(first, first, start, end)
    month = number(match["month"]) if match["month"] else first.month
    year = number(match["year"]) if match["year"] else first.year
    last = Day(year, month, number(match["day"]))
    if first.year and not match["year"] and (last.month, last.day) < (first.month, first.day):
        last = last._replace(year=first.year + 1)
    if not last.is_possible():
        return Mention(first, first, start, end)
    return Mention(first, last, start, match.end())


def _join_ranges(found: list[Mention], text: str) -> list[Mention]:
    """Return the mentions, two full dates with nothing but a dash between them as one: 1949.10.1~2015.10.1."""
    joined: list[Mention] = []
    for mention in found:
        last = joined[-1] if joined else None
        if last and mention.start < last.end:
            continue
        if (
            last
            and last.first.day
            and mention.first.day
            and mention.first.year
            and text[last.end : mention.start].strip() in ("~", "～", "-", "–", "—", "——", "至", "到")
        ):
            joined[-1] = Mention(last.first, mention.last, last.start, mention.end)
        else:
            joined.append(mention)
    return joined
