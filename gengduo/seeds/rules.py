"""The tables of `shapes.toml`, compiled once: what agencies write around a story."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from gengduo.slugs import simplified

_TABLES: dict[str, Any] = tomllib.loads(files("gengduo.seeds").joinpath("shapes.toml").read_text(encoding="utf-8"))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches one of the words, the longest that fits."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word))) + ")"


_ONE_SCRIPT = {
    ord(letter): simplified(letter)
    for table in ("delimiter", "noise", "footer")
    for letter in sorted(set("".join(_TABLES[table]["lines"]) + _TABLES["delimiter"]["letters"]))
}
_FRAME = "【】[]《》〈〉〔〕「」:：>›»＞▶►▼→+＋-—|｜…·•"


def whole_line_key(text: str) -> str:
    """Return what is compared of a line that may be a delimiter or noise.

    In Simplified characters, since a dump may mix the scripts (相關新闻), without spaces, outer brackets and end marks.
    """
    return "".join(text.split()).translate(_ONE_SCRIPT).strip(_FRAME).casefold()


class WholeLines:
    """Lines that mean something as a whole; a look at the first letter spares most others the comparison."""

    def __init__(self, lines: Sequence[str], longest: int = 0) -> None:
        self._keys = frozenset(map(whole_line_key, lines)) - {""}
        self._pairs = {key[:2] for key in self._keys}
        self._longest = longest or max(map(len, self._keys)) + 12
        self._first = set(_FRAME) | {line.strip(_FRAME + " ")[:1] for line in lines}
        self._first |= {form for key in self._keys for form in (key[0], key[0].upper())}

    def may_begin_with(self, pair: str) -> bool:
        """Tell whether one of the lines may begin with these two Han."""
        return pair.translate(_ONE_SCRIPT) in self._pairs

    def hold(self, text: str) -> bool:
        """Tell whether the line, which is not empty, is one of these."""
        return len(text) <= self._longest and text[0] in self._first and whole_line_key(text) in self._keys


class Starts:
    """Words with which a line may begin, by their first letter."""

    def __init__(self, *words: str) -> None:
        self._by_first: dict[str, tuple[str, ...]] = {}
        for word in words:
            self._by_first[word[0]] = (*self._by_first.get(word[0], ()), word)

    def may_begin(self, text: str) -> bool:
        """Tell whether the text begins with the first letter of one of the words."""
        return text[:1] in self._by_first

    def may_begin_with(self, pair: str) -> bool:
        """Tell whether one of the words is these two letters, begins with them, or is the first of them."""
        return any(word[:2] == pair[: len(word)] for word in self._by_first.get(pair[:1], ()))

    def begin(self, text: str) -> bool:
        """Tell whether the text begins with one of the words."""
        words = self._by_first.get(text[:1])
        return words is not None and text.startswith(words)


AGENCY_NAMES: frozenset[str] = frozenset(name for agency in _TABLES["agency"] for name in agency["names"])
_DAY_FIRST = re.compile(
    any_of(
        word
        for agency in _TABLES["agency"]
        if agency.get("slash_dates") == "dmy"
        for word in (*agency["names"], *agency.get("traits", ()))
    )
    + r"(?!\s?(?:\S{0,6}?(?:报道|報道|报导|報導|援引|引述|采访|採訪|专访|專訪|稱|称|说|說)))"
)
AGENCY = any_of(AGENCY_NAMES)
AGENCY_FIRST = frozenset(name[0] for name in AGENCY_NAMES)

DELIMITERS = WholeLines(_TABLES["delimiter"]["lines"], 24)
_DELIMITER_FIRST = frozenset("更其相同近延推拓扩擴深往您你看>＞猜为為【")
_DELIMITER = re.compile("|".join(f"(?:{pattern})" for pattern in _TABLES["delimiter"]["patterns"]))


def may_name_more(text: str) -> bool:
    """Tell, at little cost, whether `names_more` could hold."""
    return text[0] in _DELIMITER_FIRST


def names_more(text: str) -> bool:
    """Tell whether the line announces other stories by the words that such heads are made of."""
    return may_name_more(text) and _DELIMITER.fullmatch(whole_line_key(text)) is not None


NOISE_LINES = WholeLines(_TABLES["noise"]["lines"])
NOISE_STARTS: tuple[str, ...] = tuple(_TABLES["noise"]["starts"])
NOISE_PATTERN = re.compile("|".join(f"(?:{pattern})" for pattern in _TABLES["noise"]["patterns"]))
FOOTER_LINES = WholeLines(_TABLES["footer"]["lines"], 16)
FOOTER_STARTS: tuple[str, ...] = tuple(_TABLES["footer"]["starts"])
SURNAMES = frozenset("".join(_TABLES["byline"]["surnames"].split()))
BYLINE_STARTS: tuple[str, ...] = tuple(_TABLES["byline"]["starts"])

CREDIT_EXACT: frozenset[str] = frozenset(_TABLES["credit"]["exact"])
CREDIT_STARTS: tuple[str, ...] = tuple(_TABLES["credit"]["starts"])
# 作者：… alone on a line stands above a story as often as below it.
CREDIT_LINE_STARTS: tuple[str, ...] = tuple(
    word for word in CREDIT_STARTS if word not in BYLINE_STARTS and word not in ("来源", "來源", "稿源")
)
CREDIT_BARE: tuple[str, ...] = tuple(sorted(_TABLES["credit"]["bare"], key=len, reverse=True))
END_MARKS: str = _TABLES["credit"]["end_marks"]

PHOTO_MARKERS: tuple[str, ...] = tuple(_TABLES["photo"]["markers"])
PHOTO_STARTS: tuple[str, ...] = tuple(_TABLES["photo"]["credit_starts"])
PHOTO_BRACKETED_STARTS: tuple[str, ...] = PHOTO_STARTS + tuple(_TABLES["photo"]["bracketed_starts"])
PHOTO_ENDS: tuple[str, ...] = tuple(_TABLES["photo"]["credit_ends"])
CAPTION_STARTS: tuple[str, ...] = tuple(_TABLES["photo"]["caption_starts"])
CAPTION_CREDIT_LINES: tuple[str, ...] = tuple(_TABLES["photo"]["credit_lines"])
CAPTION_LEAD_INS: tuple[str, ...] = tuple(_TABLES["photo"]["lead_ins"])


def puts_day_first(text: str) -> bool:
    """Tell whether the page is of an agency that writes 12/08/2018 for the 12th of August.

    Its own name tells, not that of a source: 据BBC报道.
    """
    return any(text[match.start() - 1 : match.start()] not in tuple("据據引") for match in _DAY_FIRST.finditer(text))
