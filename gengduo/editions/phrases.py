"""The program's own corrections of OpenCC: words in Traditional, one list for each direction.

`data/phrases.txt` holds words in Traditional, separated by blanks, and after a tab a sentence for the test; a line that
begins with # gives the reason. What they read in Simplified follows from the words themselves; where it does not,
the word is written `简体=繁體`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def phrase_words(name: str) -> Iterator[str]:
    """Yield the words of one of the lists: `phrases` or `phrases_back`."""
    for line in _lines(name):
        yield from line.partition("\t")[0].split()


def phrase_sentences(name: str) -> Iterator[str]:
    """Yield the sentences of one of the lists."""
    for line in _lines(name):
        sentence = line.partition("\t")[2]
        if sentence:
            yield sentence


@cache
def long_words() -> dict[str, str]:
    """Return Simplified → Traditional of words in which a shorter row of a glossary would do harm."""
    words = {}
    for word in phrase_words("long_words"):
        simplified, _, traditional = word.partition("=")
        words[simplified] = traditional or simplified
    return words


def _lines(name: str) -> Iterator[str]:
    text = files(__package__).joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
