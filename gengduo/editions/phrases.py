"""The program's own corrections of OpenCC: words in Traditional, one list for each direction and region.

`data/*.txt` holds words in Traditional, separated by blanks, and after a tab a sentence for the test; a line that
begins with # gives the reason. What they read in Simplified follows from the words themselves; where it does not,
the word is written `简体=繁體`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files

YIELDING = "髮麵錶曆幹准"
"""A word that ends in one of these gives way to a word that begins there: 总理|发表, not 总|理发|表."""


def phrase_table(names: tuple[str, ...], back: Callable[[str], str]) -> dict[str, str]:
    """Return source → target of these lists, later lists first; `back` reads Traditional as Simplified."""
    words = [word for name in names for word in phrase_words(name)]
    sources = back("\n".join(word.partition("=")[0] for word in words)).split("\n")
    targets = [word.partition("=")[2] or word for word in words]
    table = dict(zip(sources, targets, strict=True))
    for source, target in _where_words_meet(table):
        table.setdefault(source, target)
    return table


def phrase_words(name: str) -> Iterator[str]:
    """Yield the words of one of the lists."""
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


def _where_words_meet(table: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what a yielding word and the word after it make together."""
    followers = defaultdict(list)
    for source, target in table.items():
        if len(source) == 2 and target[0] not in YIELDING:
            followers[source[0]].append((source, target))
    for source, target in list(table.items()):
        if target[-1] in YIELDING and len(source) > 1:
            for next_source, next_target in followers[source[-1]]:
                yield source[:-1] + next_source, target[:-1] + next_target


def _lines(name: str) -> Iterator[str]:
    text = files(__package__).joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
