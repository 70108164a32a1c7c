"""The words of a page around its story: which lines consist of nothing else."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gengduo.seeds.rules import AGENCY_NAMES

_TABLES: dict[str, Any] = tomllib.loads(files("gengduo.seeds").joinpath("interface.toml").read_text(encoding="utf-8"))
_MARKS = re.compile(r"[\W_]+")
_NUMBERS = re.compile(r"\d+")
_LONGEST_LINE = 60
"""Characters; a longer line is no row of buttons, or says something besides."""
_TRADITIONAL: dict[int, int] = {ord(pair[0]): ord(pair[1]) for pair in _TABLES["script"]["traditional"].split()}

_GLUE, _SECTION, _HARD, _LIST = 1, 2, 4, 8


def _read_words() -> dict[str, int]:
    words = dict.fromkeys(_TABLES["soft"]["glue"].split(), _GLUE)
    words.update(dict.fromkeys(_TABLES["soft"]["places"].split(), _SECTION))
    words.update(dict.fromkeys(_TABLES["soft"]["sections"].split(), _SECTION))
    for kind, listed in _TABLES["hard"].items():
        words.update(dict.fromkeys(listed.split(), _LIST if kind == "lists" else _HARD))
    return {_MARKS.sub("", word) or word: weight for word, weight in words.items()}


_WORDS = {
    **dict.fromkeys((_MARKS.sub("", name).translate(_TRADITIONAL).casefold() for name in AGENCY_NAMES), _GLUE),
    **_read_words(),
}
_LENGTHS = {
    first: tuple(sorted({len(word) for word in _WORDS if word[0] == first}, reverse=True))
    for first in {word[0] for word in _WORDS}
}
_FIRST = frozenset(_LENGTHS) | {chr(old) for old, new in _TRADITIONAL.items() if chr(new) in _LENGTHS}
_LAST = frozenset(word[-1] for word in _WORDS)
_LABELS = frozenset(_TABLES["hard"]["tags"].split()) | frozenset(
    word for word in (*_TABLES["hard"]["sharing"].split(), *_TABLES["hard"]["tools"].split()) if len(word) > 1
)
_LABEL_PAIRS = frozenset(label[:2] for label in _LABELS)
_WORD = 6
_PAIRS = frozenset(word[:2] for word in _WORDS)
# Lines without any of these are no calls, and not mostly buttons.
_CALL_HINT = re.compile("[您你请請扫掃订訂登享藏粉踪蹤邮郵|｜击擊载載阅閱pPEL鍵键留]|[点點按]我")
_LEGAL_HINT = re.compile("[移责責侵转轉授著违違仅僅终終拥擁]|不代")
_OF_THE_PAGE = re.compile("使用者|用[户戶]|本[网網站社报報台]|[转轉][载載]|版[权權]|著作[权權]|刊[载載登]")
_READER = re.compile("您|(?:^|[，,！!；; ])[请請](?!求|愿|願|辞|辭)|^我[们們]|[点點][击擊]|本[站网網](?!站?[讯訊])")
_PLACES = frozenset(_TABLES["soft"]["places"].split())
_BARS = re.compile(r"\S\s?[|｜]\s?(?=\S)")
_MANY_BARS = 3
_SIGNIFICANT = 3
_URL = re.compile(r"(?:https?://|www\.)[!-~]+")
_LONGEST_CALL = 160
_CALL = re.compile(
    r"[扫掃]一[扫掃]|二[维維]码|二維碼|粉[丝絲]|[应應]用程[序式]|[Aa][Pp][Pp]|客[户戶]端|[电電]子[邮郵]箱|[电電]子[报報]|[Yy]ou[Tt]ube|LINE|Telegram|Facebook|Instagram"
    r"|[订訂][阅閱]|下[载載]|[关關]注|追[踪蹤]|按[赞讚]|公[众眾][号號]|[频頻]道|留言|[头頭]条"
)
_ADDRESS = re.compile(
    r"您|你|[请請]|我[们們]|立即|[点點按]我|一手|[赶趕]快|[马馬]上|添加|加入|一[键鍵]|[免]费|免費|跟[踪蹤]|不[错錯]过|每[日天]|[获獲]取|[扫掃]一[扫掃]"
)
_LEGAL = re.compile(
    r"不代表.{0,12}(?:立[场場]|[观觀][点點]|看法|意[见見])|[仅僅]代表.{0,8}(?:本人|作者|[个個]人)|文[责責]自[负負]|概不[负負][责責]|侵[权權].{0,12}([删刪]除|[联聯]|必究)"
    r"|不得(?:[转轉][载載]|[擅]自|以任何)|[转轉][载載](?:[请請]|[时時])?.{0,6}[注註]明|未[经經].{0,10}(?:授[权權]|[许許]可|允[许許]|同意)|著作[权權](?:所有|法)|[违違]者必究|最[终終]解[释釋][权權]|[保拥擁]有.{0,12}[删刪]?[修移]改?.{0,8}[权權][利力]"
)
_LONGEST_HEAD = 16
_SEPARATED = re.compile(r"\S[\s|｜/／>›»·•,，]+\S")
_LABEL = re.compile(r"[\[【〔(（]?\s*([^\s:：﹕，。]{2,8})\s?[:：﹕]")


def is_interface(text: str) -> bool:
    """Tell whether the line consists of words of the page's interface, numbers and marks, and of nothing else."""
    if len(text) > _LONGEST_LINE:
        return False
    if "://" in text:
        text = _URL.sub("", text).strip()
        if not text:
            return True
    return _may_be_words(text) and _weigh(text) >= _HARD


def _may_be_words(text: str) -> bool:
    """Tell at little cost whether the line could begin with a word of the interface; most lines of a story do not."""
    first = text[0]
    if not first.isalpha():
        return True
    if first not in _FIRST and first.casefold() not in _FIRST:
        return False
    pair = text[:2]
    return pair.isascii() or not pair[-1].isalpha() or begins_words(pair)


@lru_cache(maxsize=4096)
def begins_words(pair: str) -> bool:
    """Tell whether a word of the interface begins with these two letters, or is the first of them."""
    pair = pair.translate(_TRADITIONAL).casefold()
    return pair[0] in _WORDS or pair in _PAIRS


def is_sections(text: str) -> bool:
    """Tell whether the line is names of a page's sections, 国际, 时政 | 经济; a headline may be one too."""
    if len(text) > _LONGEST_LINE or not _may_be_words(text) or text.isascii():
        return False
    weight = _weigh(text)
    return weight >= _HARD or (weight >= _SECTION and (len(text) <= _WORD or _SEPARATED.search(text) is not None))


def is_place(text: str) -> bool:
    """Tell whether the words are a country or region after which a page may name a section, and a headline begin."""
    return text.translate(_TRADITIONAL) in _PLACES


@lru_cache(maxsize=1024)
def is_mostly_interface(text: str) -> bool:
    """Tell whether more of the line is words of the page's interface than other words, or it is a row of links."""
    if len(text) > _LONGEST_CALL:
        return False
    if len(_BARS.findall(text)) >= _MANY_BARS and not text.endswith("。"):
        return True
    key = _MARKS.sub("", text).translate(_TRADITIONAL).casefold()
    length_of_key = len(key)
    at = known = 0
    # Until the rest, were all of it words of the page, would not make them half of the line any more.
    while at < length_of_key <= 2 * (known + length_of_key - at):
        for length in _LENGTHS.get(key[at], ()):
            weight = _WORDS.get(key[at : at + length], 0)
            if length > 1 and weight >= _HARD:
                known += length
                at += length
                break
            if weight and length > 1:
                at += length
                break
        else:
            at += 1
    return known > _SIGNIFICANT and 2 * known >= length_of_key


def calls_reader(text: str) -> bool:
    """Tell whether the line asks the reader to subscribe, follow, scan or load something, or tells what is forbidden.

    A story may quote such words: only at the foot of a page do they say that the line is none of it.
    """
    if len(text) > _LONGEST_CALL:
        return False
    if _LEGAL_HINT.search(text) is not None and _LEGAL.search(text) is not None:
        # 未经越南允许的活动均属非法。 is a sentence of a story.
        return not _stops(text) or _OF_THE_PAGE.search(text) is not None
    if _stops(text) or _CALL_HINT.search(text) is None:
        return False
    return is_mostly_interface(text) or (_CALL.search(text) is not None and _ADDRESS.search(text) is not None)


def _stops(text: str) -> bool:
    """Tell whether the line ends with a full stop, in quotes or not, as few lines of a page but its story's do."""
    return text[-1] == "。" or (text[-1] in "”’」』" and text.rstrip("”’」』")[-1:] == "。")


def addresses_reader(text: str) -> bool:
    """Tell whether a line that is no sentence of a story speaks to its reader, outside quotes."""
    return len(text) <= _LONGEST_CALL and not _stops(text) and _READER.search(text) is not None and "“" not in text


def is_list_head(text: str) -> bool:
    """Tell whether the line is the head of a list that every page of the site has: 热门新闻, 24小时排行."""
    return len(text) <= _LONGEST_HEAD and bool(_weigh(text) & _LIST)


def is_word(text: str) -> bool:
    """Tell whether the words are in the interface's lists, whatever they weigh."""
    return len(text) <= _LONGEST_LINE and _weigh(text) > 0


@lru_cache(maxsize=1024)  # a page's menu stands in each of its dumps
def _weigh(text: str) -> int:
    """Return the greatest weight among the words that the line is made of, 0 where another word is among them."""
    key = _MARKS.sub("", text).translate(_TRADITIONAL).casefold()
    if (key[:1] not in _LENGTHS and not key[:1].isdecimal()) or (key[-1:] not in _LAST and not key[-1:].isdecimal()):
        return 0
    # What the words up to each place weigh; places that no row of words reaches are missing.
    reached = {0: 0}
    for at in range(len(key)):
        weight = reached.pop(at, -1)
        if weight < 0:
            if not reached:
                return 0
            continue
        if key[at].isdecimal():
            number = _NUMBERS.match(key, at)
            if number:
                reached[number.end()] = max(reached.get(number.end(), 0), weight)
        for length in _LENGTHS.get(key[at], ()):
            found = _WORDS.get(key[at : at + length])
            if found:
                reached[at + length] = max(reached.get(at + length, 0), weight | found)
    return reached.get(len(key), 0)


def begins_label(pair: str) -> bool:
    """Tell whether the name of a row of the page begins with these two letters."""
    return pair.translate(_TRADITIONAL).casefold() in _LABEL_PAIRS


def has_interface_label(text: str) -> bool:
    """Tell whether the line begins with the name of a row of the page: 关键词：…, 分享到：…."""
    match = _LABEL.match(text)
    return match is not None and match[1].translate(_TRADITIONAL).casefold() in _LABELS
