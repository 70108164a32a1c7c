"""What a story's words say about its year, given its month and day.

Each rule yields years with the words that speak for them; `inference` weighs them against the bounds that past and
future years set.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from gengduo.dates import cues
from gengduo.dates.edtf import Day
from gengduo.dates.mentions import Mention
from gengduo.dates.numerals import number
from gengduo.dates.passages import Scanned, Story, Vote, clause_end, lone_years
from gengduo.dates.seasons import feast_votes, names_years, school_votes, sexagenary_votes

_AHEAD = 5
"""Months; what is announced with year and month is rarely further off."""
_FEW = 8
"""Anniversaries, spans and beginnings that are looked at; a story names one or two."""


def collect_votes(story: Story, chosen: Day) -> list[Vote]:
    """Return every year that the story's words speak for, given the month and day of the story."""
    votes: list[Vote] = []
    named = names_years(story.words)
    for scanned in story.passages if named else story.dated:
        if scanned.mentions and _names_day(scanned, chosen):
            votes.extend(_numbered_votes(scanned))
        if named:
            votes.extend(sexagenary_votes(scanned, chosen))
    dated = [scanned for scanned in story.dated if any(mention.first.year for mention in scanned.mentions)]
    if not dated:
        return votes
    labels: list[Vote] = []
    for scanned in dated:
        votes.extend(_review_votes(scanned, chosen))
        votes.extend(_plan_votes(scanned, chosen))
        votes.extend(_period_votes(scanned, chosen))
        votes.extend(_equation_votes(scanned))
        labels.extend(_label_votes(scanned, chosen))
        votes.extend(_near_votes(scanned, chosen))
        votes.extend(_announced_votes(scanned, chosen))
        votes.extend(school_votes(scanned, chosen))
        votes.extend(feast_votes(scanned, chosen))
        votes.extend(_chair_votes(scanned))
    # 2018年…决赛 beside 2016年冠军: the latest is the story's.
    latest = max((label.year for label in labels), default=0)
    votes.extend(label for label in labels if label.year == latest)
    if cues.has_anniversary(story.words):
        votes.extend(_anniversary_votes(story, chosen))
    votes.extend(_duration_votes(story, chosen))
    if "每" in story.words:
        votes.extend(_periodic_votes(story))
    return votes


def _review_votes(scanned: Scanned, chosen: Day) -> Iterator[Vote]:
    """Y年工作总结暨Y+1年任务部署; the report on a year in the first months of the next."""
    years = list(lone_years(scanned))
    for at, mention in enumerate(years):
        year = mention.first.year
        follower = years[at + 1] if at + 1 < len(years) else None
        between = scanned.passage.text[mention.end : follower.start] if follower else ""
        looks_back = cues.REVIEW.match(between) or cues.REVIEW_BEFORE.search(scanned.before(mention))
        pair = follower and follower.first.year == year + 1 and len(between) < 28 and looks_back
        if follower and pair and cues.OUTLOOK.match(scanned.after(follower)) and _turns(chosen):
            quote = scanned.quote(mention.start, clause_end(scanned.passage.text, follower.end))
            yield Vote(year + 1 if chosen.month <= 3 else year, quote)
            continue
        if scanned.passage.kind not in ("headline", "lede") and "总结" not in scanned.after(mention, 12):
            continue
        if cues.REVIEW.match(scanned.after(mention)) and (chosen.month <= 2 or chosen.month == 12):
            quote = scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end))
            yield Vote(year + 1 if chosen.month <= 2 else year, quote, strong=False)


def _plan_votes(scanned: Scanned, chosen: Day) -> Iterator[Vote]:
    """通过2018-2021年…计划: a plan that is just adopted begins in the year of the story, or in the next."""
    for mention in scanned.mentions:
        if mention.first.month or not mention.last.year > mention.first.year:
            continue
        sentence, start = scanned.sentence(mention)
        before = sentence[: mention.start - start]
        if not cues.PLAN_AFTER.match(scanned.after(mention, 40)) or cues.STATISTIC_BEFORE.search(before):
            continue
        if not cues.ADOPTED.search(before[-40:]) or cues.ALREADY.search(before):
            continue
        quote = scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end, 2))
        yield Vote(mention.first.year, quote)
        if chosen.month >= 10:
            yield Vote(mention.first.year - 1, quote)


def _period_votes(scanned: Scanned, chosen: Day) -> Iterator[Vote]:
    """Y年上半年, Y年前N个月, Y年第三季度, told in the months just after."""
    for mention in scanned.mentions:
        year, month = mention.first.year, mention.first.month
        if not year or mention.first.day or mention.first != mention.last:
            continue
        last_month = month or _last_month(scanned.after(mention, 12))
        if not last_month or (month and not _is_report(scanned, mention)):
            continue
        months_later = (chosen.month - last_month) % 12
        if months_later in (1, 2) or (months_later == 0 and chosen.day >= 20):
            crossed = chosen.month < last_month
            end = clause_end(scanned.passage.text, mention.end)
            yield Vote(
                year + crossed, scanned.quote(mention.start, end), strong=scanned.passage.kind in ("headline", "lede")
            )


def _is_report(scanned: Scanned, mention: Mention) -> bool:
    """Tell whether a month with its year is one that statistics report on."""
    before, after = scanned.before(mention), scanned.after(mention)
    if cues.AS_OF.search(before):
        return True
    return scanned.passage.kind in ("headline", "lede") and not (
        cues.YEAR_PAST_BEFORE.search(before)
        or cues.YEAR_FUTURE_BEFORE.search(before)
        or cues.FOUNDING_AFTER.match(after)
    )


def _last_month(after: str) -> int:
    half = cues.HALF_YEAR.match(after)
    if half:
        return 6 if half[1] == "上" else 12
    months = cues.MONTHS_OF.match(after)
    if months:
        found = number(months[1] or months[2])
        return found if 1 < found <= 12 else 0
    quarter = cues.QUARTER.match(after)
    return 3 * number(quarter[1]) if quarter else 0


def _equation_votes(scanned: Scanned) -> Iterator[Vote]:
    """今年（2018年）, 去年（2017年）."""
    for mention in scanned.mentions:
        match = cues.THIS_YEAR.search(scanned.before(mention)) if mention.first.year and not mention.first.day else None
        if match and mention.first == mention.last:
            shift = {"去年": 1, "前年": 2, "明年": -1}.get(match["which"], 0)
            yield Vote(mention.first.year + shift, scanned.quote(mention.start - len(match[0]), mention.end))


def _label_votes(scanned: Scanned, chosen: Day) -> Iterator[Vote]:
    """2018年…展览, in headline or lede: the year is the name of what is going on."""
    if scanned.passage.kind not in ("headline", "lede", "caption") and not _names_day(scanned, chosen):
        return
    for mention in lone_years(scanned):
        before, after = scanned.before(mention), scanned.after(mention)
        if (
            cues.LABEL_BEFORE.search(before)
            or not cues.LABEL_AFTER.match(after)
            or cues.YEAR_FUTURE_AFTER.match(after[:8])
        ):
            continue
        if scanned.passage.kind == "body" and not _same_sentence(scanned, mention, chosen):
            continue
        year = mention.first.year
        quote = scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end))
        if cues.NEXT_YEAR_FEAST.match(after):
            year -= chosen.month >= 11
        elif _turns(chosen) and (cues.REVIEW.match(after) or cues.OUTLOOK.match(after)):
            continue  # _review_votes has said what there is to say
        yield Vote(year, quote, strong=False)


def _turns(chosen: Day) -> bool:
    """Tell whether the year turns about this day: then stories look back on one and forward to the next."""
    return chosen.month <= 3 or chosen.month >= 11


def _names_day(scanned: Scanned, chosen: Day) -> bool:
    return any((m.first.month, m.first.day) == (chosen.month, chosen.day) for m in scanned.mentions)


def _same_sentence(scanned: Scanned, mention: Mention, chosen: Day) -> bool:
    sentence, start = scanned.sentence(mention)
    return any(
        (other.first.month, other.first.day) == (chosen.month, chosen.day)
        and start <= other.start < start + len(sentence)
        for other in scanned.mentions
    )


def _near_votes(scanned: Scanned, chosen: Day) -> Iterator[Vote]:
    """2015年12月31日 in a story of 1月1日: a full date a few days before the story's day."""
    if scanned.passage.kind not in ("headline", "lede", "dateline", "body"):
        return
    for mention in scanned.mentions:
        day = mention.last
        if not (day.year and day.month and day.day) or mention.readings[1:]:
            continue
        before = scanned.before(mention)
        if cues.FUTURE_BEFORE.search(before) or cues.PAST_BEFORE.search(before):
            continue
        if cues.FOUNDING_AFTER.match(scanned.after(mention)):
            continue
        for year in (day.year, day.year + 1):
            distance = _distance(day, chosen._replace(year=year))
            if distance is not None and 0 < distance <= 14:
                quote = scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end))
                yield Vote(year, quote, strong=scanned.passage.kind != "body")


def _announced_votes(scanned: Scanned, chosen: Day) -> Iterator[Vote]:
    """将于2018年10月举行, told in August: what is announced with its month lies a few months ahead."""
    for mention in scanned.mentions:
        day = mention.first
        if not (day.year and day.month) or not cues.FUTURE_BEFORE.search(scanned.before(mention)):
            continue
        ahead = (day.month - chosen.month) % 12
        if ahead <= _AHEAD and (ahead or not day.day or day.day >= chosen.day):
            year = day.year - (day.month < chosen.month)
            yield Vote(year, scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end)), strong=False)


def _chair_votes(scanned: Scanned) -> Iterator[Vote]:
    """2014年越南担任…主席国: who is in the chair is told in that year."""
    for mention in lone_years(scanned):
        after = scanned.after(mention, 40)
        if cues.CHAIRS.match(after) and not cues.LABEL_BEFORE.search(scanned.before(mention)):
            quote = scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end))
            yield Vote(mention.first.year, quote, strong=False)


def _distance(start: Day, end: Day) -> int | None:
    try:
        return (date(*end) - date(*start)).days
    except ValueError:
        return None


def _numbered_votes(scanned: Scanned) -> Iterator[Vote]:
    """越共十四大 opened in 2026: the sentence that names the day says that it was held."""
    text = scanned.passage.text
    if "党" not in text and "黨" not in text and "共" not in text:
        return
    for event in cues.NUMBERED_EVENTS:
        for match in event.pattern.finditer(text):
            count = number(match["n"])
            stop = text.find("。", match.end())
            sentence = text[text.rfind("。", 0, match.start()) + 1 : stop if stop >= 0 else len(text)]
            if count >= event.number and cues.HELD.search(sentence):
                yield Vote(
                    event.year + (count - event.number) * event.every, scanned.quote(*match.span()), strong=False
                )


def _anniversary_votes(story: Story, chosen: Day) -> Iterator[Vote]:
    """N周年 and the year of the founding: (1946-2026) beside 80周年, or 1950年建交 beside 65周年."""
    named = (
        (scanned, match)
        for scanned in story.passages
        if cues.has_anniversary(scanned.passage.text)
        for match in cues.ANNIVERSARY.finditer(scanned.passage.text)
    )
    found = [(number(match["n"]), scanned, match) for scanned, match in islice(named, _FEW)]
    if not found:
        return
    for scanned in story.dated:
        for mention in scanned.mentions:
            first, last = mention.first, mention.last
            for years, where, match in found:
                quote = where.quote(*match.span())
                if first.year and last.year - first.year == years:
                    yield Vote(last.year, scanned.quote(mention.start, mention.end))
                elif first == last and first.year and _is_founding(scanned, mention, chosen, where is scanned):
                    yield Vote(
                        first.year + years,
                        f"{quote}, {scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end))}",
                    )


def _is_founding(scanned: Scanned, mention: Mention, chosen: Day, beside: bool) -> bool:
    """Tell whether the date is that of a founding.

    The words around it say so, it is the day that the story keeps, or it stands in brackets beside 80周年.
    """
    before = scanned.before(mention)
    if cues.FOUNDING_AFTER.match(scanned.after(mention, 16)) or cues.FOUNDING_BEFORE.search(before):
        return True
    if (mention.first.month, mention.first.day) == (chosen.month, chosen.day):
        return True
    return beside and before.endswith(("(", "（")) and scanned.after(mention, 1) in (")", "）", "-", "—", "~")


def _duration_votes(story: Story, chosen: Day) -> Iterator[Vote]:
    """自Y年M月…以来 together with N年多来."""
    beginnings = (
        (mention, scanned)
        for scanned in story.dated
        for mention in scanned.mentions
        if mention.first.year and mention.first == mention.last and _is_beginning(scanned, mention)
    )
    starts = list(islice(beginnings, _FEW))
    if not starts:
        return
    spans = ((scanned, match) for scanned in story.passages for match in cues.DURATION.finditer(scanned.passage.text))
    for scanned, match in islice(spans, _FEW):
        years = 2 if match["n"] in "两兩" else number(match["n"])
        more = bool(match["more"] or match["more2"])
        for mention, where in starts:
            year = _year_after(mention.first, years, more, chosen)
            if year:
                quote = where.quote(mention.start, clause_end(where.passage.text, mention.end))
                yield Vote(year, f"{quote}, {scanned.quote(*match.span())}")


def _is_beginning(scanned: Scanned, mention: Mention) -> bool:
    """Tell whether the date is the one in 自Y年M月…以来."""
    if not cues.SINCE_END.match(scanned.after(mention)):
        return False
    sentence, start = scanned.sentence(mention)
    return cues.SINCE_EVENT.search(sentence[: mention.start - start]) is not None


def _year_after(start: Day, years: int, more: bool, chosen: Day) -> int:
    """Return the year in which so many years have passed since the start, 0 where it cannot be said."""
    if not years or years > 100:
        return 0
    if not start.month:
        return start.year + years
    begun = start.year + (start.month - 1) / 12
    for year in (start.year + years, start.year + years + 1, start.year + years - 1):
        passed = year + (chosen.month - 1) / 12 - begun
        if (years - 0.1 <= passed < years + 1) if more else (years - 0.35 <= passed <= years + 0.5):
            return year
    return 0


def _periodic_votes(story: Story) -> Iterator[Vote]:
    """每两年举办一次 and the year of the occurrence before."""
    period = next(((match, s) for s in story.passages if (match := cues.PERIOD.search(s.passage.text))), None)
    if period is None:
        return
    match, where = period
    every = {"": 1, "两": 2, "兩": 2}.get(match["n"] or "", 0) or number(match["n"])
    now = _occurrence(story)
    for scanned in story.dated:
        for mention in scanned.mentions:
            if not mention.first.year or mention.first != mention.last:
                continue
            sentence, start = scanned.sentence(mention)
            near = sentence[max(0, mention.start - start - 24) : mention.end - start + 24]
            previous = cues.PREVIOUS.search(near)
            if previous is None:
                continue
            before = number(previous["n"]) if previous["n"] else now - 1
            steps = now - before if previous["n"] else 1
            if 0 < steps < 60:
                yield Vote(
                    mention.first.year + steps * every,
                    f"{where.quote(*match.span())}, {scanned.quote(mention.start, mention.end)}",
                )


def _occurrence(story: Story) -> int:
    """Return the number of the event that headline or lede report on, 0 where it has none."""
    for scanned in story.passages:
        if scanned.passage.kind in ("headline", "lede"):
            match = cues.PREVIOUS.search(scanned.passage.text)
            if match and match["n"]:
                return number(match["n"])
    return 0
