"""Names of persons and places that no glossary lists.

A name is believed where its surroundings show it: an office before it and a title, a verb of speech or a stop after
it; a family name to which the tagger gives `nr`; a run of characters that only transliterations have. Only names with
a character that OpenCC may take for another word are looked for, and only sentences that hold one are read closely.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate, islice, pairwise, product
from typing import Any

from gengduo.editions.glyphs import single_characters, single_characters_back
from gengduo.editions.matching import MASK, Matcher, Span, find_words, mask, merged
from gengduo.editions.script import only_in

_STOPS = "。！？；\n"
_SENTENCE_END = re.compile(rf"[{_STOPS}]").search
MOST_SPELLINGS = 100
"""Of one name in Traditional; 里 alone has three."""
_PERSON_TAGS = ("nr", "nrt", "nrfg")


@cache
def _tagger() -> Callable[[str], list[tuple[str, str]]]:
    """Return rjieba's tagger; its dictionary takes a tenth of a second to load, which only a close look should pay."""
    import rjieba

    tag: Callable[[str], list[tuple[str, str]]] = rjieba.tag
    return tag


class NameReader:
    """Finds names whose characters would come out wrong."""

    def __init__(self, single: Mapping[str, str], words: Matcher) -> None:
        """Take what each character becomes by itself, and the words that are no names."""
        rules = _rules()
        self._table = str.maketrans({**single, **rules["forms"]})
        self._words = words
        self._no_names = frozenset(rules["not"]["words"].split())
        surnames = "".join(rules["surnames"].split())
        self._surnames = frozenset(surnames)
        risky = "".join(rules["forms"])
        self._holds_risky = re.compile(f"[{risky}]").search
        self._foreign = frozenset(rules["foreign"]["transliteration"])
        self._not_before_li = frozenset(rules["places"]["inside"])
        self._numbers = frozenset("0123456789" + rules["places"]["numbers"])
        self._before_short = frozenset(rules["worth_reading"]["before_family"] + rules["worth_reading"]["before_yu"])
        self._worth_reading = _where_to_read(rules["worth_reading"], surnames, "".join(self._foreign)).search
        titles = _alternatives(rules["titles"]["after_yu"].split())
        self._yu_with_title = re.compile(rf"于[一-鿿]{{0,2}}?(?:{titles})").finditer
        self._before_yu = frozenset(rules["titles"]["before_yu"])
        before, after, verbs = (_alternatives(rules["context"][key].split()) for key in ("before", "after", "verbs"))
        name = rf"(?:{_alternatives(rules['double_surnames'])}|[{surnames}])[一-鿿]{{1,2}}?"
        follows = rf"(?=[、，。；：（）《》“”\s,;:()]|{after}|{verbs}|$)"
        # Where the glossary took 国防部 out, 长 is what is left of the office.
        self._after_office = re.compile(rf"(?:{before}|{MASK}长)({name}){follows}")
        foreign = "".join(self._foreign)
        self._ends_in_li = re.compile(rf"(?:(?:{before})[{foreign}]{{1,4}}|·[一-鿿]{{0,4}})\Z").search

    def spans(self, seen: str, starts: Sequence[int] = (0,)) -> list[Span]:
        """Return the names in a text of one or more articles, which start there; what is masked is decided already.

        A name that is seen in one sentence of an article counts in all of them.
        """
        places = [(offset, offset + 1, "里") for offset in self._unchanged_li(seen)] if "里" in seen else []
        places = merged(places, list(self._yu(seen))) if "于" in seen else places
        articles = list(pairwise((*starts, len(seen))))
        found = [(names, *bounds) for bounds in articles if (names := self._persons(seen, *bounds))]
        if not found:
            return places
        hidden = mask(seen, places)
        persons = [
            span
            for names, start, stop in found
            for span in find_words(hidden, names, start, stop)
            if hidden[span[0]] != "里" or hidden[span[0] - 1 : span[0]] not in self._not_before_li  # 里特, 这里特别
        ]
        return merged(places, persons)

    def form(self, name: str) -> str:
        """Return a person's name in Traditional."""
        return name.translate(self._table)

    def known_forms(self, persons: Sequence[str]) -> dict[str, str]:
        """Return the names of known persons in Traditional, but for those in which nothing could come out wrong."""
        known: dict[str, str] = _rules()["forms_of_known"]
        return {
            name: "".join(known.get(character) or self.form(character) for character in name)
            for name in persons
            if self._holds_risky(name) or not known.keys().isdisjoint(name)
        }

    def _unchanged_li(self, seen: str) -> Iterator[int]:
        """Yield the offsets of each 里 that is a mile, a ward or a foreign syllable, and means no inside."""
        offset = seen.find("里")
        while offset >= 0:
            before, after = seen[max(0, offset - 10) : offset], seen[offset + 1 : offset + 3]
            far = after[:1] == "外" and before[-1:] in self._numbers  # 十几里外
            if far or (after[:1] not in ("面", "头", "边", "外", "程") and self._is_no_inside(before, after)):
                yield offset
            offset = seen.find("里", offset + 1)

    def _yu(self, seen: str) -> Iterator[Span]:
        """Yield each 于 that its title shows to be a family name."""
        for found in self._yu_with_title(seen):
            offset = found.start()
            before = seen[offset - 1 : offset]
            if not before.isalpha() or before in self._before_yu:
                yield offset, offset + 1, "于"

    def _is_no_inside(self, before: str, after: str) -> bool:
        foreign = self._foreign
        last, then = before[-1:], after[:1]
        if last.isdigit() or "·" in after:
            return True  # 10里, 里克·桑切斯
        if (last in foreign or "·" in before) and last not in self._not_before_li and self._ends_in_li(before):
            return True  # 朱利亚尼·里根, 总裁舍里
        if then in ("乡", "区", "村", "镇") and after[1:] not in ("别", "域") and last not in self._not_before_li:
            return last.isalpha()  # 湾里区, but not 家里区别
        # 塔里克拉马丹
        return last in foreign and then in foreign and (after[1:] in foreign or before[-2:-1] in foreign)

    def _persons(self, seen: str, start: int, stop: int) -> dict[str, str]:
        """Return the names that one article shows, with their forms."""
        names: dict[str, str] = {}
        after = start
        while candidate := self._worth_reading(seen, after, stop):
            offset = candidate.start()
            after = offset + 1
            if not any(name in seen[max(0, after - len(name)) : offset + len(name)] for name in names):
                start = max(seen.rfind(mark, start, offset) for mark in _STOPS) + 1 or start
                end = _SENTENCE_END(seen, offset, stop)
                after = end.start() if end else stop
                sentence = seen[start:after]
                found = (*self._by_office(sentence), *self._by_tagger(sentence))
                names.update((name, self.form(name)) for name in found)
        return names

    def _by_office(self, sentence: str) -> Iterator[str]:
        for name in self._after_office.findall(sentence):
            if name[0] == "于":
                continue  # 记者于日前表示: an office says nothing here, the tagger must
            if self._holds_risky(name) and name not in self._no_names and not self._is_word(name):
                yield name

    def _by_tagger(self, sentence: str) -> Iterator[str]:
        family = before = ""
        for word, tag in _tagger()(sentence):
            name, stands_after = family + word, before[-1:]
            family = "于" if word == "于" else ""  # 大使|于|武真: read apart, its given name shows what it is
            before = before if family else word
            if tag not in _PERSON_TAGS or MASK in name or name in self._no_names:
                continue
            if "里" in word and self._foreign.issuperset(word):
                yield word
            elif name[0] == "于" and (len(name) == 3 or (len(name) == 2 and stands_after in self._before_short)):
                yield name
            elif (
                3 <= len(word) <= 4
                and word[0] in self._surnames
                and self._holds_risky(word)
                and not self._begins_with_word(word)
            ):
                yield word

    def _begins_with_word(self, name: str) -> bool:
        return any(start == 0 and end > 1 for start, end, _ in self._words.spans(name))

    def _is_word(self, name: str) -> bool:
        return any(end - start == len(name) for start, end, _ in self._words.spans(name))


class KnownPersons:
    """Finds the names of persons whom an archive knows, where they could come out wrong."""

    AROUND = 6
    """Characters before and after a short name that show whether it stands by itself."""

    def __init__(
        self, forms: Mapping[str, str], no_persons: Iterable[str], simplified: Mapping[str, str] | None = None
    ) -> None:
        """Take the names with their forms, and longer words that hold one and mean something else.

        `simplified` is how Traditional characters are read where it must be seen which words stand around a name.
        """
        forms = {name: form for name, form in forms.items() if len(name) > 1}
        self._matcher = Matcher({**forms, **dict.fromkeys(no_persons, "")} if forms else {})
        self._simplified = str.maketrans(dict(simplified or {}))

    def spans(self, seen: str) -> list[Span]:
        """Return the names in a text; one of two characters only where words end on both of its sides."""
        return [
            (start, end, form)
            for start, end, form in self._matcher.spans(seen)
            if form and (end - start > 2 or self._is_apart(seen, start, end))
        ]

    def _is_apart(self, seen: str, start: int, end: int) -> bool:
        import rjieba

        begin = max(0, start - self.AROUND)
        around = seen[begin : end + self.AROUND].translate(self._simplified)
        ends = {begin, *accumulate(map(len, rjieba.cut(around)), initial=begin)}
        return start in ends and end in ends


def known_in_traditional(persons: Sequence[str], no_persons: Sequence[str], phrases: Mapping[str, str]) -> KnownPersons:
    """Return what finds the persons whose names would lose a 乾 or 著 on their way from Traditional to Simplified.

    Names and words are in Simplified; of `phrases`, which go before OpenCC, single characters count. A name in
    Traditional says nothing of Simplified, nor does one that conversion would make that of another person: both are
    written alike.
    """
    kept = frozenset(_rules()["back"]["kept"])
    named = [name for name in (*persons, *no_persons) if not kept.isdisjoint(name) and only_in("Hant").isdisjoint(name)]
    if not named:
        return KnownPersons({}, ())
    single = single_characters()
    back = {**single_characters_back(), **{old: new for old, new in phrases.items() if len(old) == 1}}
    spellings = _spellings(single, back)
    plain = {name: "".join(back.get(each, each) for each in (single.get(one, one) for one in name)) for name in named}
    forms = {spelled: name for name in named if plain[name] not in persons for spelled in spellings(name)}
    words = (spelled for word in no_persons for spelled in spellings(word) if any(name in spelled for name in forms))
    no_names = [word for word in words if word not in forms]
    return KnownPersons(forms, no_names, {old: new for old, new in back.items() if old not in kept})


def _spellings(single: Mapping[str, str], back: Mapping[str, str]) -> Callable[[str], Iterator[str]]:
    """Return what yields the ways to write a Simplified word in Traditional, given what each character becomes."""
    only_hans = only_in("Hans")
    sources: dict[str, list[str]] = {}
    for traditional, simplified in back.items():
        sources.setdefault(simplified, []).append(traditional)

    def ways(character: str) -> list[str]:
        found = (single.get(character, character), character, *sources.get(character, ()))
        return [each for each in dict.fromkeys(found) if each not in only_hans]

    return lambda word: map("".join, islice(product(*map(ways, word)), MOST_SPELLINGS))


class TraditionalNames:
    """Finds what in a Traditional name stays as it is in Simplified: 黎氏乾, although 乾 is 干 elsewhere."""

    def __init__(self) -> None:
        rules = _rules()["back"]
        follows = rf"(?=[、，。；：（）《》「」『』\s,;:()]|{_alternatives(rules['after'].split())}|$)"
        self._names = re.compile(rf"[{rules['family']}][{rules['middle']}]?乾{follows}").findall

    def spans(self, seen: str, starts: Sequence[int] = (0,)) -> list[Span]:
        """Return the names of one or more articles, which start there, wherever they stand in their own."""
        if "乾" not in seen:
            return []
        spans: list[Span] = []
        for start, stop in pairwise((*starts, len(seen))):
            names = dict.fromkeys(self._names(seen[start:stop]), "乾")
            found = find_words(seen, names, start, stop)
            spans += [(end - 1, end, kept) for _, end, kept in found]
        return spans


def _where_to_read(worth: Mapping[str, Any], surnames: str, foreign: str) -> re.Pattern[str]:
    """Return what finds a character that may be part of a name that would come out wrong."""
    given, own, families = worth["given"], worth["own"], worth["family"]
    family = "|".join(f"(?<={name})" + (f"(?=[{after}])" if after else "") for name, after in families.items())
    return re.compile(
        rf"[{given}{own}{''.join(families)}于发里](?:"
        rf"(?<=[{own}])|(?<=[{given}])(?:(?<=[{surnames}].)|(?<=[{surnames}]..))"
        rf"|(?<=[{worth['before_family']}].)(?:(?<=于)|{family})|(?<=[{worth['before_yu']}]于)"
        rf"|(?:(?<=[{surnames}].发)|(?<=\A[{surnames}]发)|(?<=\n[{surnames}]发))(?=[{worth['after_hair']}])"
        rf"|(?<=里)(?=[{foreign}]))",
        re.DOTALL,
    )


def _alternatives(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data", "names.toml").read_text(encoding="utf-8"))
