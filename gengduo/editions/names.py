"""Names of persons and places that no glossary lists.

A name is believed where its surroundings show it: an office before it, a title or a verb of speech after it, a family
name with the tagger's `nr`, a run of characters that only transliterations have. Only names with a character that
OpenCC may take for another word are looked for, and only sentences that hold one are read by the tagger.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import rjieba

from gengduo.editions.matching import MASK, Matcher, Span, mask, merged

_SENTENCE = re.compile(r"[^。！？；\n]+")
_TAGS = ("nr", "nrt", "nrfg")
_TRANSLITERATION = (
    "阿埃艾安奥巴鲍贝本比彼别宾波伯布查达戴丹道德登迪蒂丁杜多厄恩尔法菲费芬弗福戈格根哈海汉赫亨胡霍基吉加贾杰金卡凯坎康科克肯库拉莱兰朗劳勒雷里利丽林"
    "琳龙卢鲁伦罗洛马玛迈麦曼梅门蒙米密明摩莫姆穆纳娜内尼宁纽努诺欧帕潘佩彭皮平珀普奇恰乔切琼萨塞森沙莎珊尚舍什圣施史舒斯松苏索塔泰坦汤唐特腾提廷图托瓦万威韦"
    "维魏温文沃乌西希锡夏香肖谢辛休许雅亚耶伊因英尤泽扎詹珍兹佐"
)


class NameReader:
    """Finds names whose characters would come out wrong."""

    def __init__(self, single: Callable[[str], str], words: Matcher) -> None:
        """Take what converts one character by itself, and the words that begin no name."""
        rules = _rules()
        self._forms: dict[str, str] = rules["forms"]
        self._single = single
        self._words = words
        self._not = frozenset(rules["not"]["words"].split())
        surnames = "".join(rules["surnames"].split())
        self._surnames = frozenset(surnames)
        risky = "".join(self._forms)
        before, after, verbs = (rules["context"][key].split() for key in ("before", "after", "verbs"))
        double = rules["double_surnames"]
        name = rf"(?:{'|'.join(double)}|[{surnames}])[一-鿿]{{1,2}}?"
        follows = rf"(?=[、，。；：（）《》“”\s,;:()]|{'|'.join(sorted(verbs + after, key=len, reverse=True))}|$)"
        self._after_office = re.compile(rf"(?:{'|'.join(sorted(before, key=len, reverse=True))})({name}){follows}")
        self._risky = re.compile(f"[{surnames}][一-鿿]?[{risky}]")
        self._holds_risky = re.compile(f"[{risky}]").search
        others = "".join(sorted(set(_TRANSLITERATION) - {"里"}))
        self._unit = re.compile(
            rf"(?<=[{others}])里(?![面头边外程])(?=[{others}]{{2}})|(?<=[{others}]{{2}})里(?![面头边外程])(?=[{others}·])"
            rf"|(?<=·)里(?=[{others}])|里(?=[{others}]{{1,3}}·)"  # 塔里克拉马丹, 加利里·, ·里根, 里克·桑切斯
            rf"|(?<=[0-9０-９])里|(?<=[^这那哪家心手城屋眼嘴店院校车船夜山河海田林园室房班队团\W])里(?=[乡区村镇](?![别域]))"  # 10里, 湾里区
        )

    def spans(self, text: str, seen: str) -> list[Span]:
        """Return the names of an article in a text of which some parts are decided, and so masked, already."""
        found = list(self._unchanged_li(seen))
        names = set(self._by_context(seen)) | set(self._by_tagger(seen))
        if names:
            persons = Matcher({name: self.form(name) for name in names}).spans(mask(seen, found))
            found = merged(found, persons) if found else persons
        return found

    def form(self, name: str) -> str:
        """Return a person's name in Traditional."""
        return "".join(self._forms.get(character) or self._single(character) for character in name)

    def _unchanged_li(self, seen: str) -> Iterator[Span]:
        if "里" in seen:
            for found in self._unit.finditer(seen):
                yield found.start(), found.end(), "里"

    def _by_context(self, seen: str) -> Iterator[str]:
        for found in self._after_office.finditer(seen):
            name = found.group(1)
            if self._holds_risky(name) and name not in self._not and not self._is_word(name):
                yield name

    def _by_tagger(self, seen: str) -> Iterator[str]:
        for sentence in _SENTENCE.findall(seen):
            if not self._risky.search(sentence):
                continue
            for word, tag in rjieba.tag(sentence):
                if (
                    tag in _TAGS
                    and 3 <= len(word) <= 4
                    and word[0] in self._surnames
                    and MASK not in word
                    and word not in self._not
                    and self._holds_risky(word)
                    and not self._begins_word(word)
                ):
                    yield word

    def _begins_word(self, name: str) -> bool:
        """Tell whether the first two characters or more are a known word."""
        return any(start == 0 and end > 1 for start, end, _ in self._words.spans(name))

    def _is_word(self, name: str) -> bool:
        return any(end - start == len(name) for start, end, _ in self._words.spans(name))


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data", "names.toml").read_text(encoding="utf-8"))
