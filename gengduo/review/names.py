"""What a review finds of names that the rules saw in some story, and not everywhere; done in shards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from gengduo.catalogue.beside import words_beside_body
from gengduo.content import parse_page
from gengduo.dates import is_edtf
from gengduo.editions import Conversion, Converter
from gengduo.editions.matching import Matcher
from gengduo.markdown import parse_body
from gengduo.model import Article, EditionSpec
from gengduo.review.desk import load_review_desk
from gengduo.review.findings import Finding, Place, finding
from gengduo.review.sentences import place_of, sentence_at


class _Page(NamedTuple):
    """A page that holds names which may have been missed in it."""

    article: Article
    lines: Sequence[str]
    texts: Sequence[str]
    missed: Sequence[tuple[str, int, int]]
    """(text, start, end) of these names."""


def first_hant(editions: Iterable[EditionSpec]) -> EditionSpec | None:
    """Return the edition whose names are compared."""
    return next((spec for spec in editions if spec.script == "Hant"), None)


def pairs_unlike_names(conversion: Conversion, converter: Converter, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the neighbours, two by two, of which one would become another character in a name.

    Only a name that holds such a pair can have come out in another form: few pages hold any.
    """
    found: set[str] = set()
    for text in texts:
        shown, named = conversion.text(text), converter.as_name(text)
        if shown == named:
            continue
        places: Iterable[int] = range(len(text))
        if len(shown) == len(named):
            places = [at for at, (one, other) in enumerate(zip(shown, named, strict=True)) if one != other]
        for at in places:
            found |= {text[max(0, at - 1) : at + 1], text[at : at + 2]}
    return tuple(sorted(found))


def pairs_of(name: str) -> set[str]:
    """Return the neighbours in a name, two by two."""
    return {name[at : at + 2] for at in range(len(name) - 1)}


class NamesSource(NamedTuple):
    """A page in which names may have been missed."""

    path: str
    own: frozenset[str]
    """The names that were seen in it."""
    unlike: frozenset[str] | None
    """Its `pairs_unlike_names`; None: they are not known."""

    def may_miss(self, name: str) -> bool:
        """Tell whether a name that stands in the page can have come out in another form."""
        return name not in self.own and (self.unlike is None or not self.unlike.isdisjoint(pairs_of(name)))


def find_names_shard(
    root: str, settings: bytes, names: Mapping[str, str], sources: Sequence[NamesSource]
) -> list[Finding]:
    """Return the places where a name that the rules saw in other stories comes out in another form.

    `names` are all that the archive suggests, with their forms.
    """
    desk = load_review_desk(settings)
    edition = first_hant(desk.settings.editions)
    if edition is None:
        return []
    matcher = Matcher(names)
    pages = [page for source in sources if (page := _with_missed(Path(root), source, matcher))]
    converter = desk.converter(edition)
    made = iter(converter.articles([page.texts for page in pages if not page.article.glossary], source="Hans"))
    found: list[Finding] = []
    for page in pages:
        terms = page.article.glossary
        conversion = converter.article(page.texts, source="Hans", terms=terms) if terms else next(made)
        found += _missed_names(page, conversion, names)
    return found


def _with_missed(root: Path, source: NamesSource, matcher: Matcher) -> _Page | None:
    """Return a page where it holds names that may have come out in another form."""
    data = (root / source.path).read_bytes()
    whole = data.decode("utf-8-sig")
    if not any(source.may_miss(whole[start:end]) for start, end, _ in matcher.spans(whole)):
        return None
    article = parse_page(data, source.path, is_edtf)[0]
    body = parse_body(article.body, article.source_path, article.body_line)
    texts = [*words_beside_body(article), *("".join(block) for block in body.blocks)]
    missed = [
        (text, start, end)
        for text in texts
        for start, end, _ in matcher.spans(text)
        if source.may_miss(text[start:end])
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
