"""Which tags of the vocabulary a story is about.

All words of the vocabulary are looked for in one pass, leftmost and longest first, so 越南外交部 is the ministry and
not the country, and a name inside a longer one is not seen. A tag needs more than a mention: it stands in the
headline, or in the lede and again, or the body keeps coming back to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from gengduo.cache import digest_of
from gengduo.slugs import simplified, slug_of, slug_with_digest
from gengduo.tags.vocabulary import Tag, Vocabulary, folded

MOST_TAGS = 8

BODY_MENTIONS = {"person": 3, "organisation": 3, "topic": 4, "place": 4}
"""Mentions after which a body is about a tag that neither headline nor lede names; topics and places come up easily."""

CHARACTERS_A_MENTION = 700
"""In a long body it takes a mention for each so many characters."""

LEDE_REPEATS = {"person": 0, "topic": 1, "organisation": 1, "place": 1}
"""How often a tag of the lede must come again: whom a lede names, the story is about."""

SHORT_BODY = 300
"""Characters of a body in which nothing has room to come again."""

# 在河内举行, 越通社河内: where something happened is rarely what a story is about.
BEFORE_A_VENUE = frozenset("在于自从至到社")

# 副外长裴青山: a surname behind a title begins a name, so 青山 is part of it and no place.
SURNAMES = frozenset("阮陈黎范黄潘武邓裴杜胡吴杨李丁苏张段郑梁林王刘赵周朱高何郭马罗宋谢韩唐冯于董萧程曹袁许傅沈曾彭吕")
TITLE_ENDINGS = frozenset("长席理记员使授士生女志将校相官表人")

DOTS = "·‧・•"
"""The signs that part the names of a foreigner; agencies differ."""


TITLE, LEDE, BODY, FIRST = range(4)
"""Places in the counts of a tag: mentions in each part of the story, and where the first one is."""


class _Pattern(NamedTuple):
    """What a word of the automaton speaks for."""

    tags: tuple[int, ...]
    """Indexes in the vocabulary; none: the word only hides shorter ones."""
    place: bool
    """They are places."""
    guarded: bool
    """The word can be part of a longer one: it has a Latin letter or digit at an end, or may be half a name."""


class TagMatcher:
    """Finds the tags of a vocabulary; made once a process."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._tags = vocabulary.tags
        self._by_name = {folded(name): tag for tag in reversed(vocabulary.tags) for name in (*tag.aliases, tag.name)}
        self._slugs = {tag.slug: tag.name for tag in vocabulary.tags}
        words = _words(vocabulary)
        self._patterns = [_pattern(word, owners, vocabulary) for word, owners in words.items()]
        self._automaton = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest, store_patterns=False)

    def find(self, title: str, lede: str, body: str) -> tuple[str, ...]:
        """Return the names of the tags that a story is about, at most eight, best first.

        Headline before lede before body, then the most often and the earliest named. Without a lede, the first
        paragraph of the body stands for it. Teasers must not be in the body.
        """
        if not self._patterns:
            return ()
        lede, body = _apart(lede, body)
        text = simplified(f"{_line(title)}\n{_line(lede)}\n{body}").lower()
        lede_start = text.index("\n")
        body_start = text.index("\n", lede_start + 1)
        found = self._mentions(text, lede_start, body_start)
        length = len(text) - body_start
        about = [
            (not counts[TITLE], not counts[LEDE], -sum(counts[:FIRST]), counts[FIRST], tag)
            for tag, counts in found.items()
            if self._matters(tag, counts, length)
        ]
        return tuple(self._tags[row[-1]].name for row in sorted(about)[:MOST_TAGS])

    def canonical(self, name: str) -> str:
        """Return the tag that a name in either script means; a name that the vocabulary does not hold as it stands."""
        tag = self._by_name.get(folded(name))
        return tag.name if tag else name

    def tag(self, name: str) -> Tag:
        """Return the tag of a name; one that the vocabulary does not hold is a topic."""
        key = folded(name)
        known = self._by_name.get(key)
        if known:
            return known
        slug = slug_of(name)
        return Tag(name=name, slug=slug_with_digest(slug, digest_of(key)) if slug in self._slugs else slug)

    def tags(self, names: Iterable[str]) -> dict[str, Tag]:
        """Return the tag of each name, names of one tag in two scripts sharing it, and no two tags sharing a slug.

        Unknown names that differ only in script take the Simplified one as their name; of unknown tags that sound
        alike, each gets a digest behind its slug.
        """
        spellings: dict[str, set[str]] = {}
        for name in names:
            spellings.setdefault(folded(name), set()).add(name)
        by_key = {
            key: self._by_name.get(key) or self.tag(min(written) if len(written) == 1 else simplified(min(written)))
            for key, written in sorted(spellings.items())
        }
        homophones: dict[str, list[str]] = {}
        for key, tag in by_key.items():
            homophones.setdefault(tag.slug, []).append(key)
        for slug, keys in homophones.items():
            if len(keys) > 1 and slug not in self._slugs:
                for key in keys:
                    by_key[key] = Tag(name=by_key[key].name, slug=slug_with_digest(slug, digest_of(key)))
        return {name: by_key[key] for key, written in spellings.items() for name in sorted(written)}

    def words_in(self, text: str) -> frozenset[str]:
        """Return the words of the vocabulary that a text in Simplified holds, folded."""
        plain = text.lower()
        return frozenset(plain[start:end] for _, start, end in self._automaton.find_matches_as_indexes(plain))

    def _mentions(self, text: str, lede_start: int, body_start: int) -> dict[int, list[int]]:
        """Return the counts of each tag that a text mentions, by its index.

        Where something happened counts as if it stood in the body, also in the headline: 在河内举行.
        """
        found: dict[int, list[int]] = {}
        patterns = self._patterns
        for number, start, end in self._automaton.find_matches_as_indexes(text):
            owners, place, guarded = patterns[number]
            if guarded and _is_part(text, start, end):
                continue
            if start > body_start or (place and start and text[start - 1] in BEFORE_A_VENUE):
                part = BODY
            else:
                part = LEDE if start > lede_start else TITLE
            for tag in owners:
                counts = found.get(tag)
                if counts is None:
                    counts = found[tag] = [0, 0, 0, start]
                counts[part] += 1
        return found

    def _matters(self, tag: int, counts: list[int], body_length: int) -> bool:
        """Return whether a story is about a tag that it names so often."""
        if counts[TITLE]:
            return True
        kind = self._tags[tag].kind
        if counts[LEDE]:
            return counts[LEDE] + counts[BODY] > (LEDE_REPEATS[kind] if body_length > SHORT_BODY else 0)
        return counts[BODY] >= max(BODY_MENTIONS[kind], body_length // CHARACTERS_A_MENTION)


def _words(vocabulary: Vocabulary) -> dict[str, tuple[int, ...]]:
    """Return every folded word that is looked for, with the indexes of its tags."""
    words: dict[str, tuple[int, ...]] = {}
    for index, tag in enumerate(vocabulary.tags):
        for word in (form for name in (tag.name, *tag.aliases, *tag.patterns) for form in _forms(name)):
            # One Han alone means too many things.
            if len(word) > 1 and index not in words.get(word, ()):
                words[word] = (*words.get(word, ()), index)
    for tag in vocabulary.tags:
        for word in (form for name in tag.not_in for form in _forms(name)):
            words.setdefault(word, ())
    return words


def _forms(name: str) -> list[str]:
    """Return the folded forms of a name: half and full width, each sign that agencies write between foreign names."""
    word = folded(name)
    parted = [word.replace(dot, other) for dot in DOTS if dot in word for other in DOTS]
    return list(dict.fromkeys([word, word.translate(_WIDE), *parted]))


_WIDE = {code: code + 0xFEE0 for code in (*range(0x30, 0x3A), *range(0x61, 0x7B))}


def _pattern(word: str, owners: tuple[int, ...], vocabulary: Vocabulary) -> _Pattern:
    """Return what is to be known where a word is found."""
    kinds = {vocabulary.tags[owner].kind for owner in owners}
    return _Pattern(
        tags=owners,
        place=kinds == {"place"},
        guarded=_is_latin(word[0]) or _is_latin(word[-1]) or (len(word) == 2 and kinds <= {"person", "place"}),
    )


def _is_part(text: str, start: int, end: int) -> bool:
    """Return whether a word that was found is part of a longer run of Latin letters and digits, or half a name."""
    if start and _is_latin(text[start]) and _is_latin(text[start - 1]):
        return True
    if end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]):
        return True
    return end - start == 2 and start > 1 and text[start - 1] in SURNAMES and text[start - 2] in TITLE_ENDINGS


def _is_latin(sign: str) -> bool:
    """Return whether a sign is a letter or digit of a script that parts its words."""
    return sign.isalnum() and (sign < "\u2e80" or "\uff00" <= sign <= "\uff5a")


def _apart(lede: str, body: str) -> tuple[str, str]:
    """Return the lede and the body without it: agencies repeat it as the first paragraph, and it counts once."""
    lede, body = lede.strip(), body.strip()
    if lede:
        return lede, body.replace(lede, "", 1).strip()
    first, _, rest = body.partition("\n")
    return first, rest.strip()


def _line(text: str) -> str:
    """Return the text in one line."""
    return text.replace("\n", " ")
