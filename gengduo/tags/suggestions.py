"""Tags that the vocabulary may lack: words that a story keeps coming back to. For an editor's eyes, not for the page.

Words come from segmentation with parts of speech (rjieba), their weight from how often the story and how seldom other
stories use them (TF-IDF over the fixed table `common_words.toml`).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from gengduo.model import Value
from gengduo.slugs import simplified
from gengduo.tags.matcher import MOST_TAGS, SURNAMES, TagMatcher
from gengduo.tags.vocabulary import TagKind

FEWEST_MENTIONS = 2

KIND_OF_SPEECH: dict[str, tuple[TagKind, float]] = {
    "nr": ("person", 1.5),
    "nrt": ("person", 1.5),
    "nrfg": ("person", 1.5),
    "ns": ("place", 1.2),
    "nt": ("organisation", 1.4),
    "nz": ("organisation", 1.2),
    "eng": ("organisation", 1.0),
    "n": ("topic", 1.0),
    "vn": ("topic", 0.8),
}
"""Part of speech → kind and weight; words of other kinds are no tags."""

COMPOUND_WEIGHT = 0.6
"""A compound weighs as much as its words together, times this: two common words side by side are still common."""

LEAST_SCORE = 6.0
"""Two mentions of a word that one story in twenty holds; below this a word tells nothing of a story."""

# Parts of speech that no part of a name has behind its surname.
NEVER_IN_NAMES = frozenset({"p", "c", "d", "v", "r", "x", "uj", "ul", "uz", "f", "eng", "nt", "ad"})

_HAN = re.compile(r"[\u3400-\u9fff]+")
_ACRONYM = re.compile(r"[A-Za-z][A-Za-z0-9&-]*[A-Za-z0-9]")


class Suggestion(Value, frozen=True, kw_only=True):
    """A word that a story keeps coming back to and that the vocabulary does not hold."""

    name: str
    """In Simplified characters."""
    kind: TagKind
    """What the word seems to be."""
    mentions: int
    score: float
    """TF-IDF; higher is better. Comparable within one story."""


_Word = tuple[str, str]
"""A word and its part of speech."""


class _Table(NamedTuple):
    """`common_words.toml`."""

    rarities: dict[str, float]
    """Word → inverse document frequency."""
    unlisted: float
    """That of a word which is not listed."""
    titles: frozenset[str]


def suggest(text: str, matcher: TagMatcher | None = None, limit: int = MOST_TAGS) -> tuple[Suggestion, ...]:
    """Return the best tags that a story's headline and body suggest and the vocabulary does not know, best first.

    The text must not hold the teasers of other stories: they would suggest theirs.
    """
    plain = simplified(text)
    words = _tagger()(plain)
    names = _names(words, plain)
    if names:
        # Longest first, so that no name is torn by one that it holds; the comma keeps the neighbours apart.
        whole = re.compile("|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))))
        words = _tagger()(whole.sub("，", plain))
    counts = Counter(words)
    known = matcher.words_in(plain) if matcher else frozenset()
    candidates = [
        *(_candidate(name, "nr", plain.count(name), _rarity(name)) for name in names),
        *_single_words(counts),
        # A compound around a word of the vocabulary says what the tag says already.
        *(found for found in _compounds(words, counts) if not any(word in found.name for word in known)),
    ]
    good = [
        found
        for found in candidates
        if found.mentions >= FEWEST_MENTIONS
        and found.score >= LEAST_SCORE
        and not any(found.name.lower() in word for word in known)
    ]
    good.sort(key=lambda found: (-found.score, plain.find(found.name), found.name))
    return tuple(_without_parts(good))[:limit]


@cache
def _tagger() -> Callable[[str], list[tuple[str, str]]]:
    """Return rjieba's tagger; it takes a tenth of a second to load, which only a review should pay."""
    import rjieba

    tag: Callable[[str], list[tuple[str, str]]] = rjieba.tag
    return tag


def _names(words: Sequence[_Word], text: str) -> set[str]:
    """Return the names of persons that segmentation tears apart, or that foreign names consist of, whole.

    A surname and what follows is a name where a title stands beside it, or where the text repeats it.
    """
    titles = _table().titles
    found: set[str] = set()
    for index in [number for number, word in enumerate(words) if _can_begin_name(word)]:
        text_of_word, speech = words[index]
        if speech.startswith("nr") and index + 2 < len(words) and words[index + 1][0] == "·":
            found.add(_foreign_name(words, index))
        elif text_of_word[0] in SURNAMES:
            name, end = _name_from(words, index)
            titled = (index > 0 and words[index - 1][0] in titles) or (end < len(words) and words[end][0] in titles)
            if 2 <= len(name) <= 4 and end > index + 1 and (titled or text.count(name) > 1):
                found.add(name)
    return found


@lru_cache(maxsize=50_000)
def _can_begin_name(word: _Word) -> bool:
    text, speech = word
    return speech.startswith("nr") or (text[0] in SURNAMES and speech in {"ns", "nz", "n", "zg"})


def _name_from(words: Sequence[_Word], index: int) -> tuple[str, int]:
    """Return the name that begins with a surname at a word, and the index of the word behind it.

    Vietnamese names have three syllables, those of women often four with 氏; Chinese ones two or three.
    """
    name = words[index][0]
    end = index + 1
    length = 4 if "氏" in name else 3
    while end < len(words) and len(name) < length:
        text, speech = words[end]
        fits = len(name) + len(text) <= length and _HAN.fullmatch(text)
        if not fits or speech in NEVER_IN_NAMES or text in _table().titles:
            break
        name += text
        end += 1
    return name, end


def _foreign_name(words: Sequence[_Word], index: int) -> str:
    """Return a name whose parts stand between dots: 安东尼·布林肯."""
    name = words[index][0]
    while index + 2 < len(words) and words[index + 1][0] == "·" and _HAN.fullmatch(words[index + 2][0]):
        name += f"·{words[index + 2][0]}"
        index += 2
        # 布|林肯: segmentation tears names that it does not know.
        if index + 1 < len(words) and words[index + 1][1].startswith("nr") and len(words[index][0]) == 1:
            name += words[index + 1][0]
            index += 1
    return name


def _single_words(counts: Mapping[_Word, int]) -> list[Suggestion]:
    """Return every word that can be a tag by itself, and that comes again."""
    return [
        _candidate(text, speech, count, _rarity(text))
        for (text, speech), count in counts.items()
        if count >= FEWEST_MENTIONS and _can_stand(text, speech)
    ]


def _compounds(words: Sequence[_Word], counts: Mapping[_Word, int]) -> list[Suggestion]:
    """Return two or three neighbours that come together again and again: 边境|管理."""
    parts = {
        word
        for word, count in counts.items()
        if count >= FEWEST_MENTIONS and _can_stand(*word) and _HAN.fullmatch(word[0])
    }
    good = [word in parts for word in words]
    pairs = [start for start, both in enumerate(pairwise(good)) if both == (True, True)]
    triples = [start for start in pairs if good[start + 2 : start + 3] == [True]]
    groups = Counter(tuple(words[start : start + 2]) for start in pairs)
    groups.update(tuple(words[start : start + 3]) for start in triples)
    found = []
    for group, count in groups.items():
        if count >= FEWEST_MENTIONS:
            rarity = COMPOUND_WEIGHT * sum(_rarity(text) for text, _ in group)
            found.append(_candidate("".join(text for text, _ in group), group[-1][1], count, rarity))
    return found


@lru_cache(maxsize=50_000)
def _can_stand(text: str, speech: str) -> bool:
    """Return whether a word is a name or a noun of two characters or more, without digits at its front."""
    if speech not in KIND_OF_SPEECH:
        return False
    if speech == "eng":
        return bool(_ACRONYM.fullmatch(text)) and text[:2].isupper()
    return len(text) > 1 and bool(_HAN.fullmatch(text)) and text not in _table().titles


def _candidate(name: str, speech: str, mentions: int, rarity: float) -> Suggestion:
    """Return a suggestion with its score."""
    kind, weight = KIND_OF_SPEECH[speech]
    return Suggestion(name=name, kind=kind, mentions=mentions, score=round(mentions * rarity * weight, 3))


def _without_parts(ranked: Iterable[Suggestion]) -> list[Suggestion]:
    """Return the suggestions without those that a better one holds, or that hold a better one and say little more."""
    kept: list[Suggestion] = []
    for found in ranked:
        if not any(found.name in better.name or better.name in found.name for better in kept):
            kept.append(found)
    return kept


def _rarity(word: str) -> float:
    """Return the inverse document frequency of a word."""
    table = _table()
    return table.rarities.get(word, table.unlisted)


@cache
def _table() -> _Table:
    """Return the fixed table."""
    table = tomllib.loads(Path(__file__).with_name("common_words.toml").read_text("utf-8"))
    rarities = {word: math.log(100 / int(share)) for share, words in table["stories"].items() for word in words.split()}
    return _Table(rarities, math.log(100 / table["unlisted"]), frozenset(table["titles"].split()))
