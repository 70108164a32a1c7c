"""The words of a page beside its body: what they are, and which a hand-made edition takes from its original."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from gengduo.catalogue.desk import SCRIPTS, Desk
from gengduo.errors import ContentError, problem
from gengduo.model import Article, Correction, EditionSpec

_UNSTATED: dict[str, Any] = {
    **dict.fromkeys(("lede", "dateline", "byline", "credit", "section", "withdrawn"), ""),
    "date_basis": (),
    "corrections": (),
}
"""The words of a page beside title and body, where it has none."""


def words_beside_body(article: Article) -> Iterator[str]:
    """Yield the words of a page, outside body and 更多, that a reader sees."""
    yield from (article.title, article.lede, article.dateline, article.byline, article.credit, article.section)
    yield from article.date_basis
    yield article.withdrawn
    for correction in article.corrections:
        yield correction.text


def completed(desk: Desk, edition: EditionSpec, page: Article, original: Article) -> Article:
    """Return a hand-made page in which the words that it does not state are the original's, converted.

    In another language they are left out, since nobody translated them. Raises ContentError for a missing title.
    """
    source = SCRIPTS[original.lang[:7]]
    if edition.script == source:
        return page
    if edition.script is None:
        if page.title == original.title:
            message = "“title” is missing; add it to the front matter, in the language of the edition"
            raise ContentError(problem(page.source_path, message, 1))
        return msgspec.structs.replace(page, **_UNSTATED | _stated(page, original))
    words = desk.converter(edition).article([*words_beside_body(original)], source=source, terms=original.glossary)
    return msgspec.structs.replace(page, **_converted(original, words.text) | _stated(page, original))


def _stated(page: Article, original: Article) -> dict[str, Any]:
    """Return the words beside the body that a hand-made page has as its own."""
    keys = ("title", *_UNSTATED)
    return {key: getattr(page, key) for key in keys if getattr(page, key) != getattr(original, key)}


def _converted(original: Article, convert: Callable[[str], str]) -> dict[str, Any]:
    """Return the words beside the body of a page, converted."""
    texts = [key for key, empty in _UNSTATED.items() if empty == ""]
    return {
        **{key: convert(getattr(original, key)) for key in ("title", *texts)},
        "date_basis": tuple(map(convert, original.date_basis)),
        "corrections": tuple(Correction(date=item.date, text=convert(item.text)) for item in original.corrections),
    }
