"""What a review finds of names that the rules saw in some story, and not everywhere; done in shards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from gengduo.catalogue.page import words_beside_body
from gengduo.content import parse_page
from gengduo.dates import is_edtf
from gengduo.editions import Conversion
from gengduo.editions.matching import Matcher
from gengduo.markdown import parse_body
from gengduo.model import Article
from gengduo.review.desk import load_review_desk
from gengduo.review.findings import Finding, Place, finding, merged
from gengduo.review.sentences import place_of, sentence_at


class _Page(NamedTuple):
    """A page that holds names which were not seen in it."""

    article: Article
    lines: Sequence[str]
    texts: Sequence[str]
    missed: Sequence[tuple[str, int, int]]
    """(text, start, end) of these names."""


def find_names_shard(
    root: str, settings: bytes, names: Mapping[str, str], sources: Sequence[tuple[str, Sequence[str]]]
) -> list[Finding]:
    """Return the places where a name that the rules saw in other stories comes out in another form.

    `names` are all that the archive suggests, with their forms; `sources` are (path, names seen in this page).
    """
    desk = load_review_desk(settings)
    edition = next((spec for spec in desk.settings.editions if spec.script == "Hant"), None)
    if edition is None:
        return []
    matcher = Matcher(names)
    pages = [page for path, own in sources if (page := _with_missed(Path(root), path, frozenset(own), matcher))]
    converter = desk.converter(edition)
    made = iter(converter.articles([page.texts for page in pages if not page.article.glossary], source="Hans"))
    found: list[Finding] = []
    for page in pages:
        terms = page.article.glossary
        conversion = converter.article(page.texts, source="Hans", terms=terms) if terms else next(made)
        found += _missed_names(page, conversion, names)
    return merged(found)


def _with_missed(root: Path, path: str, own: frozenset[str], matcher: Matcher) -> _Page | None:
    """Return a page where it holds names that were not seen in it."""
    data = (root / path).read_bytes()
    whole = data.decode("utf-8-sig")
    if all(whole[start:end] in own for start, end, _ in matcher.spans(whole)):
        return None
    article = parse_page(data, path, is_edtf)[0]
    body = parse_body(article.body, article.source_path, article.body_line)
    texts = [*words_beside_body(article), *("".join(block) for block in body.blocks)]
    missed = [
        (text, start, end) for text in texts for start, end, _ in matcher.spans(text) if text[start:end] not in own
    ]
    return _Page(article, whole.splitlines(), texts, missed) if missed else None


def _missed_names(page: _Page, conversion: Conversion, names: Mapping[str, str]) -> Iterator[Finding]:
    for text, start, end in page.missed:
        name = text[start:end]
        form = conversion.block((text[:start], name, text[end:]))[1]
        if form != names[name]:
            what = f"“{name}” becomes {form} here; elsewhere it is read as a name, {names[name]}"
            place = Place(path=page.article.source_path, line=place_of(page.lines, text, start))
            sentence = slice(*sentence_at(text, start))
            yield name_finding("missed-name", place, what, name, names[name], text[sentence], alternatives=(form,))


def name_finding(
    kind: str, place: Place, what: str, name: str, form: str, quote: str, alternatives: tuple[str, ...] = ()
) -> Finding:
    """Return the finding of a name; one ID whether it was missed somewhere or not."""
    made = finding("name", place, what, name, form, words=name, choice=form, quote=quote, takes="name")
    return msgspec.structs.replace(made, kind=kind, alternatives=alternatives)
