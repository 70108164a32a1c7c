"""The day a story belongs to, from its own words, with the evidence.

Certain is only what the text states in full; an inferred year is marked; several years that remain are a set; a day
whose year nothing tells is `XXXX-MM-DD`; and where nothing is known nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from gengduo.dates import cues
from gengduo.dates.bounds import find_bounds, is_background, latest_year
from gengduo.dates.edtf import Day
from gengduo.dates.evidence import collect_votes
from gengduo.dates.mentions import Mention, find_mentions
from gengduo.dates.numerals import number
from gengduo.dates.passages import Passage, PassageKind, Scanned, Story, clause_end
from gengduo.dates.stamps import read_code, read_stamp

HANDFUL = 5
"""Years; a longer set says no more than an unknown year."""
OLDEST_TOLD = 1998
"""The same for a date in running text: the agencies have been on the web since then."""
OLDEST = 1946
"""Full dates before this year are history; the agencies that are archived are younger."""
_LONGEST_BASIS = 4
_LONGEST_EVENT = 45
"""Days; a longer range is a period, 1月1日至12月31日."""
_OPENING = 3
"""Passages that tell whether a story looks back."""
_DAY_ONLY = re.compile(r"(?<![\d月])([12]\d|3[01]|[1-9])\s?日(?:[电電综綜]|$)")


class DateReading(NamedTuple):
    """A date and the words that it was read from."""

    edtf: str = ""
    basis: tuple[str, ...] = ()


class _Chosen(NamedTuple):
    """Month and day of the story, and the year where it stands with them."""

    day: Day
    quote: str
    kind: str = ""
    """Of the passage that names it."""
    doubtful: bool = False
    """The words around it speak of time that has passed since, or of another day instead."""
    published: bool = False
    """It is the day of publication, not of an event."""
    lone: bool = False
    """Only its day stands in the dateline, the month was looked for in the text."""


def infer_date(passages: Sequence[Passage], day_first: bool = False) -> DateReading:
    """Return the day a story belongs to; `day_first`: its agency writes 12/08/2018 for the 12th of August."""
    stated = _stated(passages, day_first)
    story = _scan(passages, day_first)
    if not stated and not any(mention.first.day for scanned in story.dated for mention in scanned.mentions):
        return DateReading()
    chosen = _choose(story)
    if stated:
        return _reconcile(stated, chosen)
    if chosen is None:
        return _anniversary_day(story)
    if chosen.day.year:
        return _with_year(chosen, story)
    return _infer_year(chosen, story)


def _scan(passages: Sequence[Passage], day_first: bool) -> Story:
    """Return the passages that tell the story, with the dates that they name."""
    scanned = [
        Scanned(passage, tuple(find_mentions(passage.text, day_first)))
        for passage in passages
        if passage.kind not in ("stamp", "code")
    ]
    dated = [each for each in scanned if each.mentions]
    return Story(scanned, dated, "\n".join([each.passage.text for each in scanned]) if dated else "")


def _stated(passages: Sequence[Passage], day_first: bool) -> list[tuple[Day, str]]:
    """Return the readings of the day of publication that a timestamp or a date code states."""
    changed: list[tuple[Day, str]] = []
    for passage in passages:
        if passage.kind == "stamp":
            stamp = read_stamp(passage.text, day_first)
            if stamp is None:
                continue
            readings = [(day, f"“{stamp.quote}” (line {passage.line})") for day in stamp.days]
            if not stamp.updated:
                return readings
            changed = changed or readings
        elif passage.kind == "code":
            day = read_code(passage.text)
            if day:
                return [(day, f"“{passage.text}” (line {passage.line})")]
    return changed


def _reconcile(stated: list[tuple[Day, str]], chosen: _Chosen | None) -> DateReading:
    """Return the stated day, unless a dateline of another season speaks against it."""
    basis = tuple(dict.fromkeys(quote for _, quote in stated))
    if len(stated) > 1:
        if chosen:
            near = [(day, quote) for day, quote in stated if _is_near(chosen.day, day)]
            stated = near if len(near) == 1 else stated
        if len(stated) > 1:
            return DateReading(_set(day for day, _ in stated), basis)
    day, quote = stated[0]
    agrees = chosen is not None and chosen.lone and chosen.day.day == day.day
    if not chosen or not chosen.published or not day.day or agrees or _is_near(chosen.day, day):
        return DateReading(day.edtf(), (quote,))
    other = chosen.day if chosen.day.year else _last_before(chosen.day, day)
    if other is None:
        return DateReading(day.edtf() + "?", (quote,))
    return DateReading(_set((other, day)), (chosen.quote, quote))


def _is_near(dateline: Day, stamp: Day) -> bool:
    """Tell whether a dateline's day is the stamp's or lies at most a week before, or a day behind it (time zones)."""
    for year in (stamp.year, stamp.year - 1, stamp.year + 1):
        try:
            gap = (date(*stamp) - date(year, dateline.month, dateline.day)).days
        except ValueError:
            continue
        if -1 <= gap <= 7:
            return True
    return False


def _last_before(dateline: Day, stamp: Day) -> Day | None:
    """Return the last such day that is not behind the stamp."""
    for year in (stamp.year, stamp.year - 1):
        day = dateline._replace(year=year)
        if day.is_possible() and day <= stamp:
            return day
    return None


def _choose(story: Story) -> _Chosen | None:
    """Return month and day of the story: the dateline's, or the first in the lede that tells of what happened."""
    datelines = [scanned for scanned in story.passages if scanned.passage.kind == "dateline"]
    for scanned in datelines:
        for mention in scanned.mentions:
            if mention.first.day:
                return _Chosen(mention.first, _quote(scanned, mention), "dateline", published=True)
    lone = _dateline_day(datelines, story)
    if lone:
        return lone
    for scanned in _asked(story):
        for mention in scanned.mentions:
            if mention.first.day and not mention.readings[1:] and _is_event(scanned, mention, story):
                return _Chosen(
                    _end_or_start(scanned, mention),
                    _quote(scanned, mention),
                    scanned.passage.kind,
                    doubtful=mention.first.year > 0 and _is_doubtful(scanned, mention, story),
                )
    return _as_of(story)


_ASKED: tuple[tuple[PassageKind, int | None], ...] = (("lede", None), ("headline", None), ("body", 2), ("caption", 2))
"""Passages that are asked for the day of the story, and how many of a kind: one deep in the body tells of another."""


def _asked(story: Story) -> Iterator[Scanned]:
    """Yield the passages that may name the day of the story, the likeliest first."""
    for kind, most in _ASKED:
        for scanned in islice((each for each in story.passages if each.passage.kind == kind), most):
            if scanned.mentions:
                yield scanned


def _as_of(story: Story) -> _Chosen | None:
    """Return the day up to which the lede counts: 截至8月12日."""
    for scanned in story.dated:
        if scanned.passage.kind == "lede":
            for mention in scanned.mentions:
                if mention.first.day and not mention.first.year and cues.AS_OF.search(scanned.before(mention)):
                    return _Chosen(mention.first, _quote(scanned, mention), "lede")
    return None


def _dateline_day(datelines: Sequence[Scanned], story: Story) -> _Chosen | None:
    """Return the day of （中央社台北26日電）, with the month that the text gives for the same day."""
    for scanned in datelines:
        match = _DAY_ONLY.search(scanned.passage.text)
        if match is None:
            continue
        day = int(match[1])
        for other in story.dated:
            for mention in other.mentions:
                if (
                    mention.first.month
                    and mention.first.day == day
                    and not is_background(other, mention)
                    and _is_event(other, mention, story)
                ):
                    return _Chosen(
                        mention.first,
                        f"“{scanned.passage.text}” (line {scanned.passage.line})",
                        "dateline",
                        published=True,
                        lone=True,
                    )
        return None
    return None


def _is_event(scanned: Scanned, mention: Mention, story: Story) -> bool:
    """Tell whether the date is that of what the story tells, not announced and not background."""
    before, after = scanned.before(mention), scanned.after(mention)
    if _days_between(mention) > _LONGEST_EVENT:
        return False
    if cues.FUTURE_BEFORE.search(before) or cues.AWAITED_BEFORE.search(before):
        return False
    if cues.FUTURE_AFTER.match(after) or cues.POSTPONED_AFTER.match(after):
        return False
    if mention.first != mention.last and before.endswith(("从", "從", "自", "于", "於")):
        return not cues.PAST_BEFORE.search(before)
    if mention.first.year:
        if cues.TOLD_BEFORE.search(scanned.before(mention, 24)):
            return False
        kind = scanned.passage.kind
        oldest = OLDEST if kind in ("dateline", "headline") else OLDEST_TOLD
        if mention.first.year < oldest or mention.last.year - mention.first.year > 1:
            return False
        # The story tells of a later year as over.
        later = any(other.last.year > mention.first.year for each in story.dated for other in each.mentions)
        if later and mention.first.year < find_bounds(story.dated, Day(month=12, day=31)).low:
            return False
    return not is_background(scanned, mention)


def _days_between(mention: Mention) -> int:
    """Return how many days a range has, about; 0 where its years are not known."""
    first, last = mention.first, mention.last
    return 365 * (last.year - first.year) + 30 * (last.month - first.month) + last.day - first.day


def _is_doubtful(scanned: Scanned, mention: Mention, story: Story) -> bool:
    """Tell whether a full date may be another than the story's: it looks back, or what was planned was put off."""
    text = scanned.passage.text
    if cues.ELAPSED.search(text) or (scanned.passage.kind != "headline" and cues.NOWADAYS.search(text)):
        return True
    if any(cues.NOW.search(each.passage.text) for each in story.passages[:_OPENING]):
        return True
    before, after = scanned.before(mention), scanned.after(mention, 48)
    # 8月12日的选举 only says which one is meant, over or to come; 在8月12日的会上 tells when.
    if cues.TOLD_AFTER.match(after) or (not before.endswith(("在", "于", "於")) and cues.ATTRIBUTE_AFTER.match(after)):
        return True
    return not cues.ANNOUNCED_AFTER.match(after) and cues.POSTPONED.search(story.words) is not None


def _end_or_start(scanned: Scanned, mention: Mention) -> Day:
    """Return the end of a range that is over, the start of one that runs."""
    if mention.first != mention.last:
        sentence = scanned.sentence(mention)[0]
        if cues.FINISHED.search(sentence) or cues.COUNTED.search(sentence):
            return mention.last
    return mention.first


def _quote(scanned: Scanned, mention: Mention) -> str:
    return scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end))


def _with_year(chosen: _Chosen, story: Story) -> DateReading:
    """Return the day that stands in full: certain in dateline, headline or lede, if no later year is told of.

    A full date deep in a story is mostly background.
    """
    later = latest_year(story.dated, chosen.day.year)
    sure = chosen.kind in ("dateline", "headline", "lede") and not later and not chosen.doubtful
    if not sure and chosen.kind == "body" and later:
        return DateReading()
    return DateReading(chosen.day.edtf() + ("" if sure else "?"), (chosen.quote, *([later] if later else [])))


def _infer_year(chosen: _Chosen, story: Story) -> DateReading:
    """Return the day with the year that the story's words leave."""
    day = chosen.day
    full = _stated_elsewhere(story, day)
    if full:
        return _with_year(full, story)
    bounds = find_bounds(story.dated, day)
    votes = [
        vote
        for vote in collect_votes(story, day)
        if bounds.allow(vote.year) and day._replace(year=vote.year).is_possible()
    ]
    strong = [vote for vote in votes if vote.strong] or votes
    years = sorted({vote.year for vote in strong})
    basis: Iterable[str] = (vote.quote for vote in strong)
    if not years and bounds.low and bounds.high:
        years = list(range(bounds.low, bounds.high + 1)) if bounds.high - bounds.low < HANDFUL else []
        basis = (bounds.low_quote, bounds.high_quote)
    years = [year for year in years if day._replace(year=year).is_possible()]
    years = _by_weekday(story, day, years)
    quotes = _distinct((chosen.quote, *basis))
    if len(years) == 1:
        return DateReading(day._replace(year=years[0]).edtf() + "?", quotes)
    if 1 < len(years) <= HANDFUL:
        return DateReading(_set(day._replace(year=year) for year in years), quotes)
    return DateReading(day.edtf(), (chosen.quote,))


def _stated_elsewhere(story: Story, day: Day) -> _Chosen | None:
    """Return the same month and day where it stands with a year, as such or as the end of a range."""
    found = [
        _Chosen(named, _quote(scanned, mention), "lede")
        for scanned in story.dated
        for mention in scanned.mentions
        for named in (mention.first, mention.last)
        if named.month == day.month
        and named.day == day.day
        and named.year >= OLDEST
        and not mention.readings[1:]
        and not is_background(scanned, mention)
    ]
    years = {chosen.day.year for chosen in found}
    return found[0] if len(years) == 1 else None


def _by_weekday(story: Story, day: Day, years: list[int]) -> list[int]:
    """Return the years in which the day falls on the weekday that the story gives, if it gives one that fits any."""
    if len(years) < 2:
        return years
    for scanned in story.dated:
        for mention in scanned.mentions:
            if (mention.first.month, mention.first.day) != (day.month, day.day):
                continue
            match = cues.WEEKDAY.match(scanned.passage.text, mention.end)
            if match:
                wanted = cues.WEEKDAYS[match[1]]
                return [year for year in years if date(year, day.month, day.day).weekday() == wanted] or years
    return years


def _anniversary_day(story: Story) -> DateReading:
    """Return the end of 66周年(1949.10.1~2015.10.1), where nothing else names a day."""
    for scanned in story.dated:
        match = cues.ANNIVERSARY.search(scanned.passage.text)
        if match is None or cues.TO_COME.search(scanned.passage.text[: match.start()]):
            continue
        for mention in scanned.mentions:
            if mention.last.day and mention.last.year - mention.first.year == number(match["n"]):
                return DateReading(mention.last.edtf() + "?", (scanned.quote(match.start(), mention.end),))
    return DateReading()


def _distinct(quotes: Iterable[str]) -> tuple[str, ...]:
    """Return the first few quotes, the same words once, from wherever they stand first."""
    seen: dict[str, str] = {}
    for quote in quotes:
        seen.setdefault(quote.partition(" (line")[0], quote)
    return tuple(seen.values())[:_LONGEST_BASIS]


def _set(days: Iterable[Day]) -> str:
    """Return one of these days in EDTF, or the day itself where it is one."""
    members = sorted({day.edtf() for day in days})
    return members[0] + "?" if len(members) == 1 else f"[{','.join(members)}]"
