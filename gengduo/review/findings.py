"""What a review finds: one frozen value for each thing that an editor should look at, worst first."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Literal, NamedTuple

import msgspec

from gengduo.errors import Problem
from gengduo.model import Value

Severity = Literal["error", "doubt", "hint"]
Takes = Literal["", "remember", "term", "term-back", "name", "tag", "original"]

REMEMBER = "take it as it is with --accept ID"


class Kind(NamedTuple):
    """A kind of finding."""

    severity: Severity
    heading: str
    advice: str
    """What an editor can do about each of them."""


KINDS: Mapping[str, Kind] = {
    "seed": Kind("error", "Seeds that cannot be imported", "mend the seed, or take it out of seeds/"),
    "page": Kind("error", "Pages with errors", "mend the page; nothing is published before that"),
    "waiting": Kind("error", "New imports that wait", "take over what you want, then delete the .new file"),
    "lost": Kind("error", "Words of a seed that did not reach its page", "add them to the page, and report the seed"),
    "drift": Kind(
        "doubt",
        "Hand-made editions whose original changed since",
        "bring the page up to date; where nothing is to be done, --accept ID",
    ),
    "not-read": Kind(
        "doubt",
        "Files in seeds/ that are not read",
        f"save the text as UTF-8 under a name that ends in .txt, or {REMEMBER}",
    ),
    "headline": Kind("doubt", "Headlines that the seed does not have", f"write a better title, or {REMEMBER}"),
    "date": Kind("doubt", "Dates that are not known", f"write “date” in the page where you know it, or {REMEMBER}"),
    "left-out": Kind("doubt", "Lines of seeds that are on no page", f"add what is missing, or {REMEMBER}"),
    "unlinked": Kind("doubt", "Teasers without a link", f"name the target with “ref” in the page, or {REMEMBER}"),
    "mixed": Kind("doubt", "Pages of mixed script", f"write the page in one script, or {REMEMBER}"),
    "quotes": Kind("doubt", "Quotation marks that do not pair", f"mend the marks in the page, or {REMEMBER}"),
    "missed-name": Kind(
        "doubt",
        "Names that are read as names in one story and not in another",
        "--accept ID puts the name into content/glossary.toml, --accept ID=TEXT with another form",
    ),
    "conversion": Kind(
        "doubt",
        "Doubtful conversions",
        "--accept ID puts the choice into content/glossary.toml, --accept ID=TEXT another; "
        "-{简|繁}- in the page decides one place",
    ),
    "inferred": Kind("hint", "Dates that were inferred", f"correct “date” in the page, or {REMEMBER}"),
    "cut-teaser": Kind("hint", "Teasers that the dump cuts off", f"complete them in the page, or {REMEMBER}"),
    "seed-note": Kind("hint", "Seeds that were read with a guess", f"look at the page, or {REMEMBER}"),
    "page-note": Kind("hint", "Pages with warnings", f"mend the page, or {REMEMBER}"),
    "name": Kind(
        "hint",
        "Names that rules found",
        "--accept ID puts the name into content/glossary.toml, --accept ID=TEXT with another form",
    ),
    "tag": Kind(
        "hint",
        "Tags that the vocabulary lacks",
        "--accept ID puts the tag into content/tags.toml, --accept ID=person (topic, place, organisation) with that "
        "kind, --accept ID=TEXT under another name",
    ),
}
"""Worst first."""

ORDER = {kind: place for place, kind in enumerate(KINDS)}


class Place(Value, frozen=True, kw_only=True, array_like=False):
    """Where a finding stands."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class Finding(Value, frozen=True, kw_only=True, array_like=False):
    """One thing to look at; what is the same in several places is one finding."""

    id: str
    """The same as long as the finding says the same."""
    kind: str
    what: str
    """In one line."""
    quote: str = ""
    """The sentence it stands in, as written."""
    words: str = ""
    """The words that it is about, as written."""
    choice: str = ""
    """What the program made of them."""
    alternatives: tuple[str, ...] = ()
    takes: Takes = "remember"
    """What `--accept` does; empty: only an edit helps."""
    rank: int = 0
    """Within its kind, 0 is the worst."""
    places: tuple[Place, ...]

    @property
    def severity(self) -> Severity:
        """How bad its kind is."""
        return KINDS[self.kind].severity

    @property
    def advice(self) -> str:
        """What to do."""
        return KINDS[self.kind].advice


class ReviewReport(Value, frozen=True, kw_only=True):
    """What a review found."""

    findings: tuple[Finding, ...]
    """Worst first, without those that an editor took already."""
    taken: int = 0
    """Findings that are not shown because an editor took them."""
    han: int = 0
    """Chinese characters that were converted: what the number of doubtful conversions is to be seen against."""


def finding(kind: str, place: Place, what: str, *key: str, **fields: object) -> Finding:
    """Return a finding; `key` are the words that make it this one, whatever its place, and name its ID."""
    return msgspec.convert(
        {"id": finding_id(kind, *key), "kind": kind, "what": what, "places": (place,), **fields}, Finding
    )


def finding_id(*key: str) -> str:
    """Return eight letters and digits that name a finding by its words."""
    digest = blake2b("\0".join(key).encode("utf-8", "surrogatepass"), digest_size=5).digest()
    return b32encode(digest).decode().lower()


def from_problem(kind: str, found: Problem, takes: Takes = "remember") -> Finding:
    """Return the finding that an error or warning is."""
    position, message = found
    place = Place(path=position.path, line=position.line)
    return Finding(id=finding_id(kind, position.path, message), kind=kind, what=message, takes=takes, places=(place,))


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, those with one ID as one with all its places, told as the worst of them tells it."""
    by_id: dict[str, list[Finding]] = {}
    for found in findings:
        by_id.setdefault(found.id, []).append(found)
    return [_together(group) if len(group) > 1 else group[0] for group in by_id.values()]


def _together(group: Sequence[Finding]) -> Finding:
    worst = min(group, key=lambda found: (ORDER[found.kind], found.rank))
    first = dict.fromkeys(worst.places)
    rest = dict.fromkeys(sorted(place_key for found in group for place_key in map(_key, found.places)))
    places = (*first, *(place for place in (Place(path=path, line=line) for path, line in rest) if place not in first))
    return msgspec.structs.replace(worst, places=places)


def _key(place: Place) -> tuple[str, int]:
    return (place.path, place.line)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in the order in which an editor should see them; of one kind the frequent ones first."""
    return tuple(
        sorted(
            findings,
            key=lambda found: (ORDER[found.kind], found.rank, -len(found.places), _key(found.places[0]), found.id),
        )
    )
