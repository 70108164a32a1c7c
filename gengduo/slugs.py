"""Slugs: the readable part of an address, made of a title's pinyin.

A slug is ASCII words joined by single hyphens. It is made once, when a page is imported, and then stands in the page's
front matter: nothing here is asked again for a page that has one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

GENERATED_LENGTH = 60
"""Characters at which a made slug is cut, between words."""

WRITTEN_LENGTH = 120
"""Characters that a slug written by an editor may have: it must stay a file name everywhere, `.zh-hant.md` included."""

DIGEST_LENGTH = 6
"""Hex digits that tell two stories of one title apart."""

NAMELESS = "story"
"""The slug of a title that holds no word."""

RESERVED = frozenset(
    {
        # A folder's own page and its numbered parts stand beside the slugs.
        "index",
        "page",
        # Names of devices, which no file can carry on Windows.
        *("con", "prn", "aux", "nul", "conin", "conout", "clock"),
        *(f"{device}{number}" for device in ("com", "lpt") for number in range(10)),
    }
)

_WORD = re.compile(r"[a-z0-9]+")
_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003347f"
_WORD_OR_HAN = re.compile(rf"[{_HAN}]+|[a-z0-9]+")

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "ng"}
)


def slug_of(text: str) -> str:
    """Return the slug of a title: pinyin by syllable, Latin and digits as words, at most 60 characters.

    Traditional text gives the slug of its Simplified form. A title without a word gives `story`, and a slug that may
    not stand as a file name gets `-1`.
    """
    slug = _join(_words(text)) or NAMELESS
    return f"{slug}-1" if slug in RESERVED else slug


def slug_with_digest(slug: str, digest_hex: str) -> str:
    """Return the slug for a story whose own slug is taken: `-` and the first six hex digits of its digest behind it."""
    return f"{_join(iter(slug.split('-')))}-{digest_hex[:DIGEST_LENGTH].lower()}"


def slug_fault(slug: str) -> str:
    """Return why a slug that an editor wrote cannot stand, with what to do; empty where it can."""
    if not slug:
        return "the slug is empty; write one or leave the key out"
    if len(slug) > WRITTEN_LENGTH:
        return f"the slug has {len(slug)} characters; shorten it to {WRITTEN_LENGTH}"
    if not _SHAPE.fullmatch(slug):
        return f"the slug “{slug}” may hold only a–z and 0–9, and single hyphens between them; {_proposal(slug)}"
    if slug in RESERVED:
        return f"the slug “{slug}” is reserved; {_proposal(slug)}"
    return ""


def _proposal(slug: str) -> str:
    """Return what to write in the place of a refused slug."""
    return f"write “{slug_of(slug[:WRITTEN_LENGTH])}”"


def _join(words: Iterator[str]) -> str:
    """Return the words joined by hyphens, as many as fit; a first word that is too long by itself is cut."""
    slug = next(words, "")[:GENERATED_LENGTH]
    for word in words:
        if len(slug) + 1 + len(word) > GENERATED_LENGTH:
            break
        slug = f"{slug}-{word}"
    return slug


def _words(text: str) -> Iterator[str]:
    """Yield the words of a title in ASCII, a syllable for each Han."""
    # Twice the length of a slug in Han is more than enough, and a title without end must not cost without end.
    folded = _fold(text[: GENERATED_LENGTH * 8])
    for run in _WORD_OR_HAN.findall(simplified(folded)):
        if run.isascii():
            yield run
        else:
            yield from _syllables(run)


def _fold(text: str) -> str:
    """Return the text in lower case, without marks, width or invisible characters."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).lower().translate(_LETTERS)
    if apart.isprintable() and not any(map(unicodedata.combining, apart)):
        return apart
    return "".join(sign for sign in apart if unicodedata.category(sign) not in {"Mn", "Me", "Cf", "Cs"})


def simplified(text: str) -> str:
    """Return the text in Simplified characters, for comparing: not with the care that a reader's text needs."""
    if text.isascii() or (len(text) > _LONG and not _may_change()(text)):
        return text
    # OpenCC loses text around NUL and refuses lone surrogates; t2s leaves two glyphs of Hong Kong alone.
    # (hk2s would not, at twice the time; tw2s makes 显着 of 显著.)
    clean = text.replace("\0", " ").replace("衞", "衛").replace("敍", "敘")
    try:
        converted: str = _to_simplified().convert(clean)
    except UnicodeEncodeError:
        converted = _to_simplified().convert(clean.encode("utf-8", "replace").decode("utf-8"))
    return converted


_LONG = 200
"""Characters; a shorter text is sooner converted than the characters are found that may change."""
_CHANGED_IN_WORDS = "哩坏沈甦瞭藉衹覆"
"""Characters that OpenCC leaves as they are but in some words: 坏 in 毛坏, 覆 in 答覆."""


@cache
def _may_change() -> Callable[[str], object]:
    """Return the search for a character by which the conversion of a text could differ from it."""
    han = "".join(map(chr, range(0x3400, 0xA000)))
    converted = _to_simplified().convert("\n".join(han)).split("\n")
    changed = "".join(one for one, other in zip(han, converted, strict=True) if one != other)
    # NUL, surrogates and rare planes are not looked into.
    return re.compile(f"[{changed}{_CHANGED_IN_WORDS}衞敍\0\ud800-\udfff\uf900-\ufaff\U00020000-\U0003ffff]").search


@cache
def _to_simplified() -> OpenCC:
    """Return the converter to Simplified; made once, as it takes milliseconds."""
    from opencc import OpenCC

    return OpenCC("t2s")


def _syllables(han: str) -> Iterator[str]:
    """Yield the toneless pinyin of a run of Han, by the longest phrase that the table holds at each place.

    The same readings as `pypinyin.lazy_pinyin`, at a tenth of its time: each phrase is read once a process.
    """
    phrases, longest = _phrases()
    start = 0
    while start < len(han):
        end = start + longest.get(han[start : start + 2], 1)
        while end > start + 1 and han[start:end] not in phrases:
            end -= 1
        yield from _reading(han[start:end])
        start = end


@cache
def _phrases() -> tuple[Mapping[str, object], Mapping[str, int]]:
    """Return the table of phrases, and the length of the longest one that begins with two characters."""
    from pypinyin.constants import PHRASES_DICT

    longest: dict[str, int] = {}
    for phrase in PHRASES_DICT:
        if len(phrase) > longest.get(phrase[:2], 1):
            longest[phrase[:2]] = len(phrase)
    return PHRASES_DICT, longest


@lru_cache(maxsize=65_536)
def _reading(phrase: str) -> tuple[str, ...]:
    """Return the syllables of one phrase or character; a character that has no reading gives none."""
    from pypinyin import lazy_pinyin

    # pypinyin writes ü as v.
    readings = lazy_pinyin(phrase, errors="ignore")
    return tuple(word for word in (reading.replace("v", "yu") for reading in readings) if _WORD.fullmatch(word))
