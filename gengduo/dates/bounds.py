"""Years between which a story lies: what it tells of as over, and what it tells of as still to come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gengduo.dates import cues
from gengduo.dates.edtf import Day
from gengduo.dates.mentions import Mention
from gengduo.dates.passages import Scanned, clause_end


class Bounds(NamedTuple):
    """Years between which the story lies; 0: open."""

    low: int = 0
    low_quote: str = ""
    high: int = 0
    high_quote: str = ""

    def allow(self, year: int) -> bool:
        """Tell whether the year lies within."""
        return self.low <= year and (not self.high or year <= self.high)


def is_background(scanned: Scanned, mention: Mention) -> bool:
    """Tell whether a date is told as background: a founding, another year, every year."""
    before, after = scanned.before(mention), scanned.after(mention)
    return (
        cues.PAST_BEFORE.search(before) is not None
        or (mention.first.year > 0 and cues.FOUNDING_AFTER.match(after) is not None)
        or cues.SINCE_BEFORE.search(before) is not None
        or cues.SINCE_AFTER.match(after) is not None
    )


def find_bounds(story: Sequence[Scanned], chosen: Day) -> Bounds:
    """Return the years between which the story lies, by the past and future dates that it names."""
    low, high = 0, 0
    low_at: tuple[Scanned, Mention] | None = None
    high_at: tuple[Scanned, Mention] | None = None
    for scanned in story:
        for mention in scanned.mentions:
            if not mention.first.year or len(mention.readings) > 1:
                continue
            past, future = _tense(scanned, mention)
            if past:
                year = past.year + (bool(past.month) and (past.month, past.day) > (chosen.month, chosen.day))
                if year > low:
                    low, low_at = year, (scanned, mention)
            if future:
                year = future.year - (bool(future.month) and future.month < chosen.month)
                if not high or year < high:
                    high, high_at = year, (scanned, mention)
    return Bounds(low, _quote(low_at), high, _quote(high_at))


def _quote(place: tuple[Scanned, Mention] | None) -> str:
    if place is None:
        return ""
    scanned, mention = place
    return scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end))


def latest_year(story: Sequence[Scanned], year: int) -> str:
    """Return the words that name a later year and do not say that it is to come, or nothing."""
    for scanned in story:
        for mention in scanned.mentions:
            if mention.first.year > year and mention.first == mention.last and not _tense(scanned, mention)[1]:
                return _quote((scanned, mention))
    return ""


def _tense(scanned: Scanned, mention: Mention) -> tuple[Day | None, Day | None]:
    """Return the date as one that is over, as one that is to come, or neither."""
    before, after = scanned.before(mention), scanned.after(mention)
    first, last = mention.first, mention.last
    if not first.month and last.year > first.year:
        if cues.PLAN_AFTER.match(scanned.after(mention, 40)) and not cues.ADOPTED.search(scanned.before(mention, 30)):
            # A plan that is running, if nothing says that it is over or yet to come.
            if _is_compared(before):
                return last, None
            return first, last
        return (last, None) if _is_compared(before) else (None, None)
    if (
        cues.FUTURE_BEFORE.search(before)
        or cues.YEAR_FUTURE_BEFORE.search(before)
        or cues.YEAR_FUTURE_AFTER.match(after)
    ):
        return None, last
    if cues.YEAR_PAST_BEFORE.search(before) or cues.YEAR_PAST_AFTER.match(after) or cues.FOUNDING_AFTER.match(after):
        return first, None
    return None, None


def _is_compared(before: str) -> bool:
    """Tell whether a span of years is one to compare with: 较2014-2016年阶段."""
    return before.rstrip().endswith(("较", "較", "比", "与", "與", "同比"))
