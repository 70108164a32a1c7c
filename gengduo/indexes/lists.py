"""Lists: which stories stand in which list, in which order, and on which of its pages.

Pages of a list are numbered from the oldest, so that full pages never change and a new story touches only the newest
page of each list it stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeVar

from gengduo.dates import Edtf, parse_edtf
from gengduo.model import Value
from gengduo.references import Library

OTHER_DATES: Mapping[str, Literal["undated", "year_unknown", "one_of"]] = {
    "undated": "undated",
    "year-unknown": "year_unknown",
    "one-of": "one_of",
}
"""Folders under `dates/` for what no calendar page can hold, and the keys of their words."""

T = TypeVar("T")


class TagEntry(Value, frozen=True, kw_only=True):
    """A tag that some story carries."""

    key: str
    """Its canonical name."""
    name: str
    """As this edition writes it."""
    slug: str
    kind: str


class Story(NamedTuple):
    """An article or brief as lists see it."""

    slug: str
    date: Edtf | None
    tags: tuple[str, ...]

    @property
    def order(self) -> tuple[tuple[int, int, int], str]:
        """Ascending by time, the undated before all others."""
        return (self.date.sort_key if self.date else (0, 0, 0), self.slug)


class Slice(NamedTuple):
    """One page of a list, both kinds of stories newest first."""

    number: int
    total: int
    articles: Sequence[Story]
    briefs: Sequence[Story]


def slices(articles: Sequence[Story], briefs: Sequence[Story], size: int) -> Iterator[Slice]:
    """Yield the pages of a list, the index first; the stories are given oldest first.

    Of 70 stories by 30, page 1 holds 1–30 and the index 31–70: a page is split off only when it and the index are full.
    """
    full = [max(0, len(stories) // size - 1) for stories in (articles, briefs)]
    total = max(full)
    yield Slice(0, total, articles[full[0] * size :][::-1], briefs[full[1] * size :][::-1])
    for number in range(total, 0, -1):
        parts = [
            stories[(number - 1) * size : number * size][::-1] if number <= count else ()
            for stories, count in zip((articles, briefs), full, strict=True)
        ]
        yield Slice(number, total, *parts)


def stories_of(library: Library) -> tuple[list[Story], list[Story]]:
    """Return the articles and the briefs of a library as lists see them, oldest first."""
    articles = [Story(holding.slug, parse_edtf(holding.date), holding.tags) for holding in library.articles]
    briefs = [Story(brief.slug, parse_edtf(brief.date), brief.tags) for brief in library.briefs]
    return sorted(articles, key=lambda story: story.order), sorted(briefs, key=lambda story: story.order)


def dated_folders(date: Edtf | None) -> tuple[str, ...]:
    """Return the date indexes that hold a story, widest first: `2018/`, `2018/08/`, …; or one folder of `dates/`."""
    if date is None:
        return ("dates/undated/",)
    if not date.first.year:
        return ("dates/year-unknown/",)
    if date.note == "one_of" or "X" in date.text[:4]:
        return ("dates/one-of/",)
    year, month, day = date.first
    folders = [f"{year:04d}/"]
    if month:
        folders.append(f"{year:04d}/{month:02d}/")
    if day:
        folders.append(f"{year:04d}/{month:02d}/{day:02d}/")
    return tuple(folders)


@lru_cache(maxsize=50_000)
def iso_date(edtf: str) -> str:
    """Return `2018-08-12` where a date is known to the day, inferred or not; else an empty text."""
    date = parse_edtf(edtf) if edtf else None
    if date is None or not all(date.first) or date.note == "one_of":
        return ""
    return date.first.edtf()


def first_day(edtf: str) -> str:
    """Return the first day that a date of a known year can mean: `2018-08-01` for `2018-08`; else an empty text."""
    date = parse_edtf(edtf) if edtf else None
    if date is None or not date.first.year or date.note == "one_of":
        return ""
    year, month, day = date.first
    return f"{year:04d}-{month or 1:02d}-{day or 1:02d}"


def grouped(
    articles: Sequence[Story], briefs: Sequence[Story], keys: Callable[[Story], Iterable[T]]
) -> dict[T, tuple[list[Story], list[Story]]]:
    """Return the stories by each of their keys, in the order they were given."""
    found: dict[T, tuple[list[Story], list[Story]]] = {}
    for kind, stories in enumerate((articles, briefs)):
        for story in stories:
            for key in keys(story):
                found.setdefault(key, ([], []))[kind].append(story)
    return found


@lru_cache(maxsize=65_536)
def date_name(folder: str, short: bool = False) -> str:
    """Return 2018年, 2018年8月 or 2018年8月12日 for a date index; 8月, 12日 where the rest is said around it."""
    numbers = [int(part) for part in folder.rstrip("/").split("/")]
    words = [f"{number}{mark}" for number, mark in zip(numbers, "年月日", strict=False)]
    return words[-1] if short else "".join(words)


def numeric_date(date: Edtf) -> str:
    """Return 2018-08-12, 08-17, 2017-09-02 / 2018-09-02: for editions in a language without words for dates."""
    days = [day.edtf().removeprefix("XXXX-") for day in date.days]
    return "–".join((days[0], days[-1])) if date.interval and len(days) > 1 else " / ".join(days)
