"""Tags that the vocabulary may lack: words that a story keeps coming back to. For an editor's eyes, not for the page.

Words come from segmentation with parts of speech (rjieba), their weight from how often the story and how seldom other
stories use them (TF-IDF over the fixed table `common_words.toml`).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
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


class _Word(NamedTuple):
    """A word with its part of speech."""

    text: str
    speech: str


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
    words = _segment(plain)
    names = _names(words, plain)
    if names:
        # Longest first, so that no name is torn by one that it holds; the comma keeps the neighbours apart.
        whole = re.compile("|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))))
        words = _segment(whole.sub("，", plain))
    known = matcher.words_in(plain) if matcher else frozenset()
    candidates = [
        *(_candidate(name, "nr", plain.count(name), _rarity(name)) for name in names),
        *_single_words(words),
        # A compound around a word of the vocabulary says what the tag says already.
        *(found for found in _compounds(words) if not any(word in found.name for word in known)),
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


def _segment(text: str) -> list[_Word]:
    """Return the words of a text with their parts of speech."""
    tag = _tagger()
    return [_Word(word, speech) for word, speech in tag(text)]


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
    for index, word in enumerate(words):
        if word.speech.startswith("nr") and index + 2 < len(words) and words[index + 1].text == "·":
            found.add(_foreign_name(words, index))
        elif word.text[0] in SURNAMES and (word.speech.startswith("nr") or word.speech in {"ns", "nz", "n", "zg"}):
            name, end = _name_from(words, index)
            titled = (index > 0 and words[index - 1].text in titles) or (end < len(words) and words[end].text in titles)
            if 2 <= len(name) <= 4 and end > index + 1 and (titled or text.count(name) > 1):
                found.add(name)
    return found


def _name_from(words: Sequence[_Word], index: int) -> tuple[str, int]:
    """Return the name that begins with a surname at a word, and the index of the word behind it.

    Vietnamese names have three syllables, those of women often four with 氏; Chinese ones two or three.
    """
    name = words[index].text
    end = index + 1
    length = 4 if "氏" in name else 3
    while end < len(words) and len(name) < length:
        word = words[end]
        fits = len(name) + len(word.text) <= length and _HAN.fullmatch(word.text)
        if not fits or word.speech in NEVER_IN_NAMES or word.text in _table().titles:
            break
        name += word.text
        end += 1
    return name, end


def _foreign_name(words: Sequence[_Word], index: int) -> str:
    """Return a name whose parts stand between dots: 安东尼·布林肯."""
    name = words[index].text
    while index + 2 < len(words) and words[index + 1].text == "·" and _HAN.fullmatch(words[index + 2].text):
        name += f"·{words[index + 2].text}"
        index += 2
        # 布|林肯: segmentation tears names that it does not know.
        if index + 1 < len(words) and words[index + 1].speech.startswith("nr") and len(words[index].text) == 1:
            name += words[index + 1].text
            index += 1
    return name


def _single_words(words: Iterable[_Word]) -> list[Suggestion]:
    """Return every word that can be a tag by itself."""
    counts = Counter(word for word in words if _can_stand(word))
    return [_candidate(word.text, word.speech, count, _rarity(word.text)) for word, count in counts.items()]


def _compounds(words: Sequence[_Word]) -> list[Suggestion]:
    """Return two or three neighbours that come together again and again: 边境|管理."""
    counts: Counter[tuple[_Word, ...]] = Counter()
    good = [bool(_can_stand(word) and _HAN.fullmatch(word.text)) for word in words]
    for size in (2, 3):
        for start in range(len(words) - size + 1):
            if all(good[start : start + size]):
                counts[tuple(words[start : start + size])] += 1
    found = []
    for group, count in counts.items():
        if count >= FEWEST_MENTIONS:
            rarity = COMPOUND_WEIGHT * sum(_rarity(word.text) for word in group)
            found.append(_candidate("".join(word.text for word in group), group[-1].speech, count, rarity))
    return found


def _can_stand(word: _Word) -> bool:
    """Return whether a word is a name or a noun of two characters or more, without digits at its front."""
    if word.speech not in KIND_OF_SPEECH:
        return False
    if word.speech == "eng":
        return bool(_ACRONYM.fullmatch(word.text)) and word.text[:2].isupper()
    return len(word.text) > 1 and bool(_HAN.fullmatch(word.text)) and word.text not in _table().titles


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
