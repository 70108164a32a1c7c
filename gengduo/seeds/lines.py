"""The lines of a dump, trimmed and sorted by what they look like on their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gengduo.seeds import rules
from gengduo.seeds.interface import begins_label, begins_words, has_interface_label, is_interface, is_list_head

SENTENCE_ENDS = frozenset("。！？!?…")
_CLOSERS = "”’」』】》）)\"'〉] \u3000\xa0"


# Marks that change the order of letters or cannot be seen; a title with them deceives its reader.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\u00ad\u180e\ufeff]")
WORD = re.compile(r"\w")


class Line(NamedTuple):
    """A line, or the part of one that stands for a line of its own; never empty."""

    number: int
    text: str
    gap: bool = False
    """An empty line stands before it."""


def read_lines(rows: Sequence[str]) -> list[Line]:
    """Return the rows of a text that hold something, trimmed."""
    lines: list[Line] = []
    gap = False
    for number, raw in enumerate(rows, 1):
        trimmed = raw.strip()
        if trimmed:
            lines.append(Line(number, trimmed, gap))
            gap = False
        else:
            gap = True
    return lines


def ends_sentence(text: str) -> bool:
    """Tell whether the text ends with a full stop, a question or an exclamation, in quotes or not."""
    last = text[-1:]
    if last in SENTENCE_ENDS:
        return True
    return last in _CLOSERS and text.rstrip(_CLOSERS)[-1:] in SENTENCE_ENDS


_NOISE_STARTS = rules.Starts(*rules.NOISE_STARTS)
_FOOTER_STARTS = rules.Starts(*rules.FOOTER_STARTS)
_PHOTO_OR_CRUMB = frozenset("图圖照您当當所首")


@lru_cache(maxsize=16_384)
def opens_story(pair: str) -> bool:
    """Tell whether a line that begins with these two letters begins with none of the words of a page around its story.

    Then it is no delimiter, no foot, no noise but such as `noise_within` finds, no name of a section, and does not say
    whose a photo is. Most lines of a story are told by this one look; where it is False nothing is known.
    """
    if len(pair) < 2 or not all("\u3400" <= letter <= "\u9fff" for letter in pair) or pair[0] in _PHOTO_OR_CRUMB:
        return False
    return not (
        any(starts.may_begin_with(pair) for starts in (_NOISE_STARTS, _FOOTER_STARTS))
        or any(lines.may_begin_with(pair) for lines in (rules.DELIMITERS, rules.NOISE_LINES, rules.FOOTER_LINES))
        or rules.may_name_more(pair)
        or begins_words(pair)
        or begins_label(pair)
    )


def is_delimiter(text: str) -> bool:
    """Tell whether the whole line is the head of a block of teasers."""
    return rules.DELIMITERS.hold(text) or (len(text) <= 20 and rules.names_more(text))


_BUTTONS = re.compile(r"(?:點我|点我|按我)(?:訂閱|订阅|下載|下载|看|加入|追蹤)|^(?:评论|評論|留言)\s?[（(]\d+[)）]$")


def noise_reason(text: str) -> str:
    """Return why the line is none of the story's, or nothing."""
    if opens_story(text[:2]):
        return noise_within(text)
    if len(text) < 9 and not INVISIBLE.sub("", text).strip():
        return "invisible marks"
    if _NOISE_STARTS.begin(text):
        return "line of the page around the story"
    if text[-1] == "。":
        return ""
    if len(text) <= 60 and ("我" in text or text[0] in "评評留") and _BUTTONS.search(text):
        return "line of the page around the story"
    if len(text) > 120:
        return "script" if text[0] in "({[$<!" and _is_script(text) else ""
    if rules.NOISE_LINES.hold(text):
        return "line of the page around the story"
    han = "\u3400" <= text[0] <= "\u9fff"
    if not han and rules.NOISE_PATTERN.fullmatch("".join(text.split())):
        return "line of the page around the story"
    if _is_navigation(text):
        return "navigation"
    if (is_interface(text) or has_interface_label(text)) and not is_footer(text):
        return "line of the page around the story"
    if (not han or text[-1].isdecimal()) and len(text) <= 40 and _CLOCK.fullmatch(text):
        return "a time alone"
    return "script" if not han and _is_script(text) else ""


def noise_within(text: str) -> str:
    """Return why a line that opens like a story's is none of it, or nothing."""
    if text[-1] == "。" or len(text) > 120:
        return ""
    if "我" in text and len(text) <= 60 and _BUTTONS.search(text):
        return "line of the page around the story"
    if _is_navigation(text):
        return "navigation"
    return "a time alone" if text[-1].isdecimal() and len(text) <= 40 and _CLOCK.fullmatch(text) else ""


def is_footer(text: str) -> bool:
    """Tell whether the page's foot begins here."""
    if opens_story(text[:2]):
        return False
    return _FOOTER_STARTS.begin(text) or rules.FOOTER_LINES.hold(text) or is_list_head(text)


_CLOCK = re.compile(
    r"(?:[\u3400-\u9fff]{0,4}(?:时间|時間)\s?[:：]?\s?)?(?:\d{1,2}:\d{2}(?::\d{2})?\s?(?:[AaPp][Mm])?[\s/|-]*)+"
)
_CRUMB = re.compile(
    r"^(?:您(?:的|当前|當前|現在|现在)?(?:所在)?位置|(?:当前|當前|所在)(?:所在)?位置|首页|首頁)\s*(?:[:：>›»→／/|]|[-—]+>)"
)
_CRUMBS = re.compile(r"\S{1,12}(?:\s?(?:>>|->|→|»|›)\s?\S{1,12})+|[^\s，。]{2,8}(?: / [^\s，。]{2,8}){2,5}")
_MENU_MARK = re.compile(r"[\s|｜/／·•,，、>›»]")
_MENU_SPLIT = re.compile(rf"{_MENU_MARK.pattern}+")
_MENU_WORD = rf"[^{_MENU_MARK.pattern[1:-1]}]{{1,5}}"
_SHORT_WORDS = re.compile(
    rf"{_MENU_MARK.pattern}*{_MENU_WORD}(?:{_MENU_MARK.pattern}+{_MENU_WORD}){{3,}}{_MENU_MARK.pattern}*"
)
_HAN = re.compile("[\u3400-\u9fff]")
_CRUMB_STARTS = frozenset("您当當所首")
_CODE = re.compile(r"(?:function|return|var|let|const)\b.*[;{}=]|[{};]\s*$|^\s*[.#@]?[\w-]+\s*\{|</?\w+[^>]*>$")


def _is_navigation(text: str) -> bool:
    """Tell whether the line is a path through the site, a menu (several short words and nothing else) or tags."""
    split = _MENU_MARK.search(text)
    if text[0] in "#＃":
        words = text.split()
        return len(text) < 80 and all(word[0] in "#＃" and len(word) > 1 for word in words)
    if split is None:
        return False
    if text[0] in _CRUMB_STARTS and _CRUMB.match(text):
        return True
    if (">>" in text or "->" in text or "→" in text or " / " in text) and len(text) <= 60 and _CRUMBS.fullmatch(text):
        return True
    if text.count(" > ") >= 2 or text.count("»") >= 2 or text.count("›") >= 2:
        return True
    first = text[: split.start()]
    of_short_words = _SHORT_WORDS.fullmatch(text) is not None and not ends_sentence(text)
    if first and not of_short_words and not rules.NOISE_LINES.hold(first):
        return False
    words = [word for word in _MENU_SPLIT.split(text) if word]
    if of_short_words:
        return all(not word.isascii() or word.isalpha() for word in words)
    return len(words) >= 2 and all(map(rules.NOISE_LINES.hold, words))


def _is_script(text: str) -> bool:
    """Tell whether the line is program text that the crawler took along."""
    return not _HAN.search(text) and _CODE.search(text) is not None
