"""Paragraphs that a crawler broke into rows of one width, joined again."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from gengduo.seeds.datelines import starts_with_dateline
from gengduo.seeds.lines import ends_sentence, is_delimiter

_NARROWEST, _WIDEST = 18, 48
"""Columns of a Han each, between which pages are set."""
_SLACK = 2
"""Columns that a full row may lack: no mark begins a row."""
_WORD_SLACK = 8
"""The same where the next row begins with a word or number that would not have fitted."""
_FEWEST = 4
"""Rows that are full and end in the middle of a sentence; fewer are chance."""
_NARROW = re.compile("[\x00-\x7f]")
_PAUSES = "，、；：。,;:"


class _Row(NamedTuple):
    """A row of the page."""

    text: str
    width: float
    indented: bool


def unwrap(raw: list[str]) -> list[str]:
    """Return the rows of a text with broken paragraphs in one row each; the rows that went up are left empty.

    Only where most rows are as wide as the page was set, and sentences run on from row to row.
    """
    longest = max(map(len, raw))
    if longest > 2 * _WIDEST or longest < _NARROWEST or len(raw) < 2 * _FEWEST:
        return raw
    rows = [_Row(words := row.strip(), _width(words), _is_indented(row)) for row in raw]
    page = _page_width(rows)
    if not _NARROWEST <= page <= _WIDEST or not _is_wrapped(rows, page):
        return raw
    # Where the first row of a paragraph is set in, or an empty one stands before it, no other row begins one.
    marked = any(row.indented for row in rows) or any(
        not row.text and ends_sentence(before.text) for before, row in pairwise(rows)
    )
    joined = list(raw)
    start = 0
    for at in range(1, len(rows)):
        if _goes_on(rows[at - 1], rows[at], page, marked):
            joined[start] = _join(joined[start].rstrip(), rows[at].text)
            joined[at] = ""
        else:
            start = at
    return joined


def _width(words: str) -> float:
    """Return the width in columns of a Han; a Latin letter takes half a column."""
    return len(words) - len(_NARROW.findall(words)) / 2


def _is_indented(row: str) -> bool:
    return row.startswith(("\u3000", "  ", "\t", "\xa0\xa0"))


def _page_width(rows: list[_Row]) -> float:
    """Return the width that most of the wider rows have."""
    widest = max(row.width for row in rows)
    counted = Counter(row.width for row in rows if row.width > 0.7 * widest)
    return max(counted, key=lambda width: (counted[width], width))


def _is_wrapped(rows: list[_Row], page: float) -> bool:
    """Tell whether the rows are those of a page of this width: most are full, and sentences go on behind them."""
    filled = [row for row in rows if row.text]
    full = [row for row in filled if row.width >= page - _SLACK]
    running = [row for row in full if not ends_sentence(row.text)]
    return (
        len(running) >= _FEWEST
        and 3 * len(full) >= len(filled)
        and 3 * len(running) >= 2 * len(full)
        and 2 * sum(any(mark in row.text for mark in _PAUSES) for row in running) >= len(running)
        and 20 * sum(row.width > page + _SLACK for row in filled) <= len(filled)
    )


def _goes_on(before: _Row, row: _Row, page: float, marked: bool) -> bool:
    """Tell whether a row goes on with the paragraph of the row before."""
    if not before.text or not row.text or row.indented or is_delimiter(row.text) or starts_with_dateline(row.text):
        return False
    ended = ends_sentence(before.text)
    if ended and not marked:
        return before.width >= page
    word = row.text[0].isascii() and row.text[0].isalnum()
    return before.width >= page - (_WORD_SLACK if word and not ended else _SLACK)


def _join(before: str, words: str) -> str:
    """Return two rows as one; between Latin words stood a space."""
    apart = before[-1].isascii() and before[-1].isalpha() and words[0].isascii() and words[0].isalpha()
    return f"{before} {words}" if apart else before + words
