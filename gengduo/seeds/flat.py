"""Pages flattened to one line: where the words of the page around a story end and its own begin."""

from __future__ import annotations

import re
from typing import NamedTuple

from gengduo.dates import read_stamp
from gengduo.seeds import rules
from gengduo.seeds.datelines import starts_with_dateline
from gengduo.seeds.interface import has_interface_label, is_interface, is_place, is_sections, is_word
from gengduo.seeds.lines import is_delimiter, noise_reason

_TOKEN = re.compile(r"\S+")
_WORDS = 400
"""Words of one piece that are looked at; no menu is longer."""
_LONGEST_STAMP = 9
_TEMPORAL = re.compile(
    r"(?:[\s\d:：/.\-年月日时時分秒•·|()（）,，—–]|上午|下午|晚上|凌晨|[AaPp][Mm]|星期[一二三四五六日天]|[周週][一二三四五六日天]|GMT|UTC|CST|HKT|ICT|[+＋]"
    r"|(?:首次|最初|最后|最後|最新)?(?:发布|發佈|發布|发表|發表|更新|更改|修改|播出|刊登)(?:时间|時間|日期|于|於)?|时间|時間|日期|Posted|Updated|Published)+"
)
_YEAR = re.compile(r"\d{4}")
_BEFORE_NAME = frozenset(("作者", "记者", "記者", "编辑", "編輯", "文", "撰文", "责任编辑", "責任編輯"))
_NAME = re.compile(r"[\u3400-\u9fff·]{2,6}")
_WHOSE = ("图像来源", "圖像來源", "影像來源")
_SOURCES = ("来源：", "来源:", "來源：", "來源:", "稿源：", "稿源:")
_NOISE_STARTS = rules.Starts(*rules.NOISE_STARTS)
_SITE = re.compile(rules.AGENCY)
# 阮芳（BBC越南语记者）
_SIGNED = re.compile(r"[\u3400-\u9fff]{2,4}[（(][^（()）]{0,16}(?:记者|記者|特派员)[)）]")
_AUTHOR = re.compile(r"[\u3400-\u9fff]{2,3}")
_COLONS = (":", "：")


class _Token(NamedTuple):
    text: str
    start: int
    end: int


def is_temporal(text: str) -> bool:
    """Tell whether the text begins with a time or its label."""
    match = _TEMPORAL.match(text)
    return match is not None and match.end() > 3


def is_chrome_word(text: str) -> bool:
    """Tell whether words between two cuts are the page's own: menu, button, date, name of the site."""
    return (
        is_interface(text)
        or is_sections(text)
        or _is_site(text)
        or is_delimiter(text)
        or bool(noise_reason(text))
        or read_stamp(text) is not None
    )


def _is_site(text: str) -> bool:
    bare = text.strip("()（）-–|,，")
    return bare in rules.AGENCY_NAMES or (
        bare[:1] in rules.AGENCY_FIRST and _SITE.match(bare) is not None and is_word(bare)
    )


def cut_chrome(text: str, start: int, end: int) -> set[int]:
    """Return the places around the page's own words and its times, up to the first sentence of this piece."""
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(text, start, end):
        word = match[0]
        if "。" in word or len(tokens) >= _WORDS or (word[0] not in "#＃" and starts_with_dateline(word)):
            break
        tokens.append(_Token(word, match.start(), match.end()))
    after = text[tokens[-1].end : end].lstrip()[:1] if tokens else ""
    weights = [_weigh(token.text) for token in tokens]
    cuts: set[int] = set()
    at = 0
    while at < len(tokens):
        size = _stamp_at(tokens, at) or _row_at(tokens, weights, at, start > 0)
        last = at + size == len(tokens)
        if size and not (last and after and tokens[at].text[0] in "(（[【〔" and _is_site(tokens[at].text)):
            cuts.update((tokens[at].start, tokens[at + size - 1].end))
        at += size or 1
    return cuts


def _weigh(word: str) -> int:
    """Return 2 for a word that is none of a story's, 1 for one that may be the name of a section or of a site."""
    if is_interface(word) or has_interface_label(word) or is_delimiter(word) or not any(map(str.isalnum, word)):
        return 2
    if word.startswith(_SOURCES):
        return 2
    if word[0] in "#＃" and len(word) > 1:
        return 2
    if ">" in word and is_sections(word):
        return 2
    if _is_site(word) or is_sections(word):
        return 1
    return 2 if noise_reason(word) else 0


def _row_at(tokens: list[_Token], weights: list[int], at: int, at_foot: bool) -> int:
    """Return how many tokens from this one on are one row of the page, 0 where none is."""
    word = tokens[at].text
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    bare = word.rstrip(":：")
    if following and bare in _BEFORE_NAME and _NAME.fullmatch(following):
        return 2
    if following and word.endswith(_COLONS) and word in _SOURCES:
        return 2
    if (
        at > 1
        and _is_author(word)
        and not weights[at - 1]
        and len(tokens[at - 1].text) > 4
        and following
        and (_is_site(following) or _stamp_at(tokens, at + 1))
    ):
        return 1
    if following and _is_site(word) and (size := _stamp_at(tokens, at + 1)):
        joined = " ".join(token.text for token in tokens[at : at + size + 1])
        return 1 + size if read_stamp(joined) is not None else 1
    if _SIGNED.fullmatch(word):
        return 1
    if word.startswith(_WHOSE):
        # 图像来源，Getty Images 新加坡…: the credit goes on to the next Han.
        size = 1
        while at + size < len(tokens) and size < _LONGEST_STAMP and tokens[at + size].text.isascii():
            size += 1
        return size
    if weights[at] == 2:
        if word.isdecimal() and at and tokens[at - 1].text.casefold().endswith("nh"):
            return 0  # ảnh 1
        size = 1
        slogan = at_foot and _NOISE_STARTS.begin(word) and not is_interface(word)
        while at + size < len(tokens) and (
            not any(map(str.isalnum, tokens[at + size].text)) or (slogan and not weights[at + size])
        ):
            size += 1
        return size
    if weights[at] == 1:
        # A headline may begin with the name of a country; menus have more than one word.
        alone = not (weights[at - 1] if at else 0) and not (weights[at + 1] if at + 1 < len(tokens) else 0)
        return 0 if alone and is_place(word) else 1
    return 0


def _is_author(word: str) -> bool:
    return _AUTHOR.fullmatch(word) is not None and word[0] in rules.SURNAMES


def _stamp_at(tokens: list[_Token], at: int) -> int:
    """Return how many tokens from this one on are a time of publication, 0 where it is none."""
    found = 0
    words = ""
    for size, token in enumerate(tokens[at : at + _LONGEST_STAMP], 1):
        if _TEMPORAL.fullmatch(token.text) is None:
            break
        words = f"{words} {token.text}".strip()
        if _YEAR.search(words) and read_stamp(words) is not None:
            found = size
    return found
