"""Dates as EDTF (ISO 8601-2) writes them: what the archive needs of it, to read, to sort and to show.

Known forms: `2018-08-12`, `2018-08`, `2018`, each with `?`, `~` or `%`; unknown digits as `X` (`XXXX-08-17`,
`2018-08-XX`, `201X`); one of a set `[2017-09-02,2018-09-02]` or `[2016-08-21..2020-08-21]`; an interval
`2018-08-12/2018-08-17`. Everything else is no date.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Note = Literal["", "inferred", "year_unknown", "one_of", "approximate"]

_DAY = re.compile(r"(\d{4}|\d{3}X|\d{2}XX|XXXX)(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?([?~%])?", re.ASCII)
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LONGEST_SET = 40
"""Members; a longer range says nothing."""


class Day(NamedTuple):
    """A date as far as it is known; 0 stands for what is not."""

    year: int = 0
    month: int = 0
    day: int = 0

    def edtf(self) -> str:
        """Return the date in EDTF, the year as `XXXX` where it is not known."""
        year = f"{self.year:04d}" if self.year else "XXXX"
        if not self.month:
            return year
        return f"{year}-{self.month:02d}-{self.day:02d}" if self.day else f"{year}-{self.month:02d}"

    def is_possible(self) -> bool:
        """Tell whether the calendar has such a day."""
        if not self.month:
            return not self.day
        if not 1 <= self.month <= 12 or not 0 <= self.day <= _MONTH_LENGTHS[self.month - 1]:
            return False
        return self.month != 2 or self.day < 29 or not self.year or is_leap(self.year)


class Edtf(NamedTuple):
    """A date of the archive."""

    text: str
    days: tuple[Day, ...]
    """One; more for a set or an interval, in order."""
    note: Note
    """Why it is not certain; the key of a word shown behind it."""
    interval: bool = False

    @property
    def first(self) -> Day:
        """The day, or the earliest that is possible."""
        return self.days[0]

    @property
    def machine(self) -> str:
        """Form for `time[datetime]`; empty where HTML has none for it."""
        if len(self.days) != 1:
            return ""
        year, month, day = self.first
        if not year:
            return f"{month:02d}-{day:02d}" if month and day else ""
        return self.first.edtf()

    @property
    def display(self) -> str:
        """Words for a reader: 2018年8月12日, 8月17日, 2017年9月2日或2018年9月2日."""
        words = [_words(day) for day in self.days]
        if self.interval or len(words) > 4:
            return f"{words[0]}至{words[-1]}"
        return "或".join(words)

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Ascending by time; a date without a year comes before all others."""
        return (self.first.year, self.first.month, self.first.day)


def is_leap(year: int) -> bool:
    """Tell whether February of this year has 29 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@lru_cache(maxsize=4096)
def parse_edtf(text: str) -> Edtf | None:
    """Return the date, or None where this is none that the archive knows or that the calendar has."""
    if text.startswith("[") and text.endswith("]"):
        return _parse_set(text)
    start, slash, end = text.partition("/")
    first = _parse_day(start)
    if first is None:
        return None
    if slash:
        last = _parse_day(end)
        if last is None or not first[0].year or last[0] < first[0]:
            return None
        return Edtf(text, (first[0], last[0]), first[1] or last[1], interval=True)
    return Edtf(text, (first[0],), first[1])


def is_edtf(text: str) -> bool:
    """Tell whether this is a date that the archive knows."""
    return parse_edtf(text) is not None


def _parse_day(text: str) -> tuple[Day, Note] | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year_text, month_text, day_text, sign = match.groups()
    unknown_digits = "X" in year_text
    day = Day(
        0 if unknown_digits else int(year_text),
        int(month_text) if month_text and month_text != "XX" else 0,
        int(day_text) if day_text and day_text != "XX" else 0,
    )
    if (month_text == "00") or (day_text == "00") or not day.is_possible():
        return None
    if year_text == "0000":
        return None
    if unknown_digits and year_text != "XXXX":
        day = Day(int(year_text.replace("X", "0")))
        return (day, "approximate") if not month_text else None
    if unknown_digits and not day.month:
        return None
    note: Note = "inferred" if sign == "?" else "approximate" if sign else "year_unknown" if unknown_digits else ""
    if not sign and ("XX" in (month_text, day_text)):
        note = "approximate"
    return day, note


def _parse_set(text: str) -> Edtf | None:
    days: list[Day] = []
    for part in text[1:-1].split(","):
        start, dots, end = part.strip().partition("..")
        first = _parse_day(start)
        if first is None:
            return None
        days.append(first[0])
        if dots:
            last = _parse_day(end)
            if last is None or not first[0] < last[0] or last[0].year - first[0].year > LONGEST_SET:
                return None
            days.append(last[0])
    if len(days) < 2 or len(days) > LONGEST_SET or any(not day.year for day in days):
        return None
    return Edtf(text, tuple(sorted(days)), "one_of", interval=".." in text and len(days) == 2)


def _words(day: Day) -> str:
    return (
        (f"{day.year}年" if day.year else "")
        + (f"{day.month}月" if day.month else "")
        + (f"{day.day}日" if day.day else "")
    )
