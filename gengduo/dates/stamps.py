"""Lines that hold nothing but the time of publication, and codes that mean a day."""

from __future__ import annotations

import re
from typing import NamedTuple

from gengduo.dates.edtf import Day
from gengduo.dates.numerals import number

_LABEL = (
    r"(?:(?:首次|最初|原始|最后|最後|最新|最近|上次)?(?:发布|發佈|發布|发表|發表|首发|首發|发稿|發稿|出版|刊登|刊出|播出|更新|更改|修改|变更|變更|上传|上傳|撰写|报道|建立)(?:时间|時間|日期|于|於|日|時)?"
    r"|[\u3400-\u9fff]{0,4}(?:时间|時間|日期)|date|Date|DATE|Posted|Published|Updated|Publish|来源|來源|稿源|北京时间|北京時間|台北時間|河内时间)"
)
_WEEKDAY = (
    r"(?:(?:星期|周|週|禮拜|礼拜)[一二三四五六日天]|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?)"
)
_SOURCE = (
    r"(?:(?:来源|來源|稿源|文章来源)\s*[:：]\s*\S{1,24}|新[华華]社照片[，,][^，,]{2,12}[，,]"
    r"|[\u3400-\u9fff]{2,8}(?:[网網社报報]|国际|國際|之[音声聲]|[电電][台视視]))"
)
_YMD = re.compile(
    r"(?:西元|公元)?(\d{4})(?:\s?(?:年|[-/.])\s?|\s(?=\d\d/\d\d\s))(\d{1,2})\s?(?:月|[-/.])\s?(\d{1,2})\s?(?:日|号|號|(?!\d))"
)
# 二〇二五年三月五日, 2025年三月五日
_HAN_YMD = re.compile(
    r"([一二][〇○零一二三四五六七八九]{3}|\d{4})\s?年\s?([一二三四五六七八九十]{1,2})\s?月\s?([一二三四五六七八九十廿]{1,3})\s?[日号號]"
)
_DMY = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_ROC = re.compile(r"(?:中華)?民[國国]\s?(\d{2,3})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_ENGLISH = re.compile(
    r"(?:(\d{1,2})\s+)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+(?:(\d{1,2}),\s*)?(\d{4})",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,2})月\s?(\d{1,2})\s?[,，]\s?(\d{4})(?!\d)")
_COMPACT = re.compile(r"(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_FRONT = re.compile(
    rf"^[\s\[【（(|｜•·]*(?:(?:https?://|www\.)[!-~]{{1,80}}\s+)?(?:[^\W\d_\u3400-\u9fff][^\d\u3400-\u9fff:：/]{{0,24}})?(?:《[^》]{{1,16}}》\s*)?(?:{_SOURCE}[\s|｜（(]*)?(?:(?:https?://|www\.)[!-~]{{1,80}}\s+)?(?:{_LABEL}\s*[:：/／]?\s*)*(?:{_WEEKDAY}\s*[,，]?\s*)?(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s*[,，|]?\s*)?(?:{_WEEKDAY}\s*[,，]?\s*)?"
)
# Atomic and possessive: what one alternative took is never tried again, so that no line is slow.
_REST = re.compile(
    rf"(?>[|｜]\s*[^|｜\d\s]{{2,12}}(?=\s*[|｜])|{_SOURCE}|{_LABEL}|{_WEEKDAY}|\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s?[AaPp][Mm])?|\d{{1,2}}[时時点]\d{{1,2}}分?"
    r"|\d{4}\s?(?:年|[-/.])\s?\d{1,2}\s?(?:月|[-/.])\s?\d{1,2}\s?日?|\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?|\d{1,2}\.\d{1,2}\.\d{4}"
    r"|(?:标签|標籤|关键词|Tags?)\s*[:：].*|GMT|UTC|CST|HKT|ICT|[+＋]\d{1,4}|上午|下午|晚上|凌晨|中午|早上|Z$|(?:中原|香港|台北|北京|河内)(?:标准|標準)?(?:时间|時間)"
    r"|(?:记者|記者)\s?[^\s，。:：|]{2,20}(?![^\s|])|(?:记者|記者|作者)\s?[:：]?\s?[\u3400-\u9fff]{0,6}|(?:人气|人氣|點閱|点击|浏览|阅读)\D?\d*|\d+次?阅读|参与互动(?:\s?[（(]\d*[)）])?|分享|字号|[大中小]"
    r"|[\s,，|｜/\-–—•·()（）\[\]【】T:：~]|(?<=[\s|｜])\S{2,16}$)*+"
)
_YEAR = re.compile(r"[\d民一二](?:(?<=民)|\d{3}|[〇○零一二三四五六七八九]{3})")
_UPDATED = re.compile(r"^[\s\[【（(]*(?:最后|最後|最新|最近|上次)?(?:更新|更改|修改|变更|變更)")
_PUBLISHED = re.compile(
    r"(?:首次|最初|原始)?(?:发布|發佈|發布|发表|發表|首发|首發|刊登|刊出|出版|上传|上傳|Published|Posted)(?:时间|時間|日期|于|於|日|時)?"
    r"\s?[:：]?\s*"
)


class Stamp(NamedTuple):
    """What a timestamp line says."""

    days: tuple[Day, ...]
    """One; two where nobody knows which number is the month."""
    quote: str
    updated: bool
    """It tells the last change, not the first publication."""


def read_stamp(text: str, day_first: bool = False) -> Stamp | None:
    """Return the day of a line that holds a date and at most its clock time, label and source, or None.

    `day_first`: the agency is known to write 12/08/2018 for the 12th of August.
    """
    if len(text) > 100 or text[-1:] in "。！？" or not _YEAR.search(text):
        return None
    front = _FRONT.match(text)
    found = _day_at(text, front.end() if front else 0, day_first)
    if found is None or _REST.fullmatch(text, found.end) is None:
        return None
    if not _UPDATED.match(text):
        return Stamp(found.days, found.quote, updated=False)
    # 更新：… 发布：… on one line: the story is of the day on which it was published.
    label = _PUBLISHED.search(text, found.end)
    published = _day_at(text, label.end(), day_first) if label else None
    if published:
        return Stamp(published.days, published.quote, updated=False)
    return Stamp(found.days, found.quote, updated=True)


class _Found(NamedTuple):
    """A day of the line, and where its words end."""

    days: tuple[Day, ...]
    quote: str
    end: int


def _day_at(text: str, at: int, day_first: bool) -> _Found | None:
    """Return the day that begins at this place, or None."""
    for pattern in (_ROC, _YMD, _HAN_YMD, _DMY, _COMPACT, _LOCAL, _ENGLISH):
        match = pattern.match(text, at)
        if match is not None:
            days = _days(pattern, match, day_first or _is_french(text, match))
            return _Found(days, match[0].strip(), match.end()) if days else None
    return None


# 发表时间：12/03/2019 - 09:44 is how Radio France Internationale writes, which puts the day first.
_FRENCH_BEFORE = re.compile(r"(?:发表|發表|更改)(?:时间|時間)\s?[:：]\s*$")
_FRENCH_AFTER = re.compile(r" - \d{1,2}:\d{2}")


def _is_french(text: str, match: re.Match[str]) -> bool:
    return (
        _FRENCH_AFTER.match(text, match.end()) is not None and _FRENCH_BEFORE.search(text, 0, match.start()) is not None
    )


def _days(pattern: re.Pattern[str], match: re.Match[str], day_first: bool) -> tuple[Day, ...]:
    if pattern is _ENGLISH:
        day = match[1] or match[3]
        found = [Day(int(match[4]), _MONTHS[match[2][:3].lower()], int(day or 0))]
    elif pattern is _HAN_YMD:
        found = [Day(number(match[1]), number(match[2]), number(match[3]))]
    elif pattern is _LOCAL:
        found = [Day(int(match[3]), number(match[1]), int(match[2]))]
    elif pattern is _DMY:
        found = day_month_year(int(match[1]), int(match[3]), int(match[4]), day_first)
    else:
        year = int(match[1]) + (1911 if pattern is _ROC else 0)
        found = [Day(year, int(match[2]), int(match[3]))]
    return tuple(day for day in found if is_news_day(day))


def day_month_year(first: int, second: int, year: int, day_first: bool) -> list[Day]:
    """Return the possible readings of 12/08/2018."""
    readings = [Day(year, second, first)]
    if not day_first and first != second and first <= 12:
        readings.append(Day(year, first, second))
    return [day for day in readings if day.is_possible() and day.month and day.day]


def is_news_day(day: Day) -> bool:
    """Tell whether the calendar has the day and a news agency could have written of it."""
    return 1900 <= day.year <= 2100 and day.is_possible()


def read_code(code: str) -> Day | None:
    """Return the day of a code behind a credit: `1140710` is 10 July of year 114 of the Republic of China, 2025."""
    if len(code) == 8:
        day = Day(int(code[:4]), int(code[4:6]), int(code[6:]))
    elif len(code) == 7:
        day = Day(int(code[:3]) + 1911, int(code[3:5]), int(code[5:]))
    else:
        day = Day(int(code[:2]) + 1911, int(code[2:4]), int(code[4:]))
    return day if day.month and day.day and is_news_day(day) else None
