"""The catalogue: each page of `content/` becomes a card and its words in every edition.

What comes out depends on the files of the page, the photos that are held for it, `CatalogueSettings` and the program,
on nothing else in the archive: so it can be made anywhere, and kept under the digest of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import product
from pathlib import Path

import msgspec

from gengduo.cache import Sealed, TextPlace, digest_bytes, write_pack
from gengduo.catalogue.beside import completed, words_beside_body
from gengduo.catalogue.desk import OVERRIDE, SCRIPTS, Desk, load_desk
from gengduo.catalogue.drift import HandMade, words_digest
from gengduo.content import parse_page
from gengduo.dates import is_edtf
from gengduo.editions import Conversion
from gengduo.errors import ContentError, Problem, StorageError, problem
from gengduo.markdown import Body, Surroundings, parse_body, photo_address, plain_text, render_body
from gengduo.model import (
    Article,
    ArticleText,
    Card,
    Correction,
    EditionSpec,
    Head,
    Script,
    TeaserCard,
    TeaserText,
    Value,
    Version,
)
from gengduo.slugs import simplified
from gengduo.typography import fold_key
from gengduo.urls import article_path

SUMMARY_LENGTH = 120
"""Characters of the body that stand for a lede where a page has none."""


class PageSource(Value, frozen=True, kw_only=True):
    """The files that make one page."""

    path: str
    """Of the original, under the site's folder."""
    by_hand: tuple[tuple[str, str], ...] = ()
    """(edition, path) of the hand-made editions beside it."""
    photos: tuple[str, ...] = ()
    """File names under `static/photos/<slug>/`."""


class CataloguedPage(Value, frozen=True, kw_only=True):
    """A page, or what is wrong with it."""

    source: PageSource
    digests: tuple[str, ...]
    """Of the bytes of its files, in the order of `source`."""
    slug: str = ""
    """Empty where something is wrong."""
    seed: str = ""
    """The dump that it was imported from, under `seeds/`."""
    card: Sealed | None = None
    """The encoded `Card`: few builds need more of most than whether they are the same; None as `slug` is empty."""
    heads: dict[str, Sealed] = msgspec.field(default_factory=dict)
    """The encoded `Head`, by edition."""
    texts: dict[str, TextPlace] = msgspec.field(default_factory=dict)
    """Where the words lie, by edition."""
    warnings: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    hand_made: tuple[HandMade, ...] = ()

    def load_card(self) -> Card | None:
        """Return the card; None where something is wrong with the page."""
        return _cards.decode(self.card.data) if self.card else None


_cards = msgspec.msgpack.Decoder(Card)
_shards = msgspec.msgpack.Decoder(list[CataloguedPage])
read_shard = _shards.decode
"""Returns what `catalogue_shard` made."""


def catalogue_shard(root: str, cache: str, settings: bytes, sources: Sequence[PageSource]) -> bytes:
    """Return these pages, for `read_shard`; their words are written to the cache as one pack.

    `settings` is an encoded `CatalogueSettings`: bytes travel fast, and one process reads them once.
    """
    desk = load_desk(settings)
    opened = [_open(Path(root), desk, source) for source in sources]
    _convert_ahead(desk, [page for page in opened if isinstance(page, _Cataloguer)])
    made = [page.catalogued() if isinstance(page, _Cataloguer) else (page, {}) for page in opened]
    texts = [text for _, texts in made for text in texts.values()]
    places = iter(write_pack(Path(cache), texts)) if texts else iter(())
    return msgspec.msgpack.encode(
        [msgspec.structs.replace(page, texts={edition: next(places) for edition in texts}) for page, texts in made]
    )


def catalogue_page(root: Path, desk: Desk, source: PageSource) -> tuple[CataloguedPage, dict[str, bytes]]:
    """Return a page's card, and its encoded `ArticleText` by edition."""
    page = _open(root, desk, source)
    return page.catalogued() if isinstance(page, _Cataloguer) else (page, {})


def _open(root: Path, desk: Desk, source: PageSource) -> _Cataloguer | CataloguedPage:
    """Read the files of a page; where something is wrong with them, it is catalogued with that alone."""
    digests: list[str] = []
    try:
        data = _read(root, source.path)
        digests.append(digest_bytes(data))
        original, warnings = _article(data, source.path, None)
        articles = {}
        for edition, path in source.by_hand:
            data = _read(root, path)
            digests.append(digest_bytes(data))
            articles[edition], more = _article(data, path, original)
            warnings += more
        return _Cataloguer(desk, source, tuple(digests), warnings, original, articles)
    except ContentError as error:
        return _refused(source, digests, error)


def _convert_ahead(desk: Desk, pages: Sequence[_Cataloguer]) -> None:
    """Convert what these pages need, all but those that have a glossary of their own."""
    desk.forget_ahead()
    for edition, source in product(desk.settings.editions, SCRIPTS.values()):
        own = [page for page in pages if page.script == source]
        chosen = [page for page in own if page.is_converted(edition) and not page.original.glossary]
        teasers = [(item.title, item.caption, item.lede) for page in own for item in page.original.more]
        desk.convert_ahead(edition, source, {page.source.path: page.strings for page in chosen}, teasers)


def _refused(source: PageSource, digests: Sequence[str], error: ContentError) -> CataloguedPage:
    return CataloguedPage(source=source, digests=tuple(digests), problems=tuple(error.problems))


def _read(root: Path, path: str) -> bytes:
    try:
        return (root / path).read_bytes()
    except OSError as error:
        raise StorageError(problem(path, f"cannot be read ({error.strerror}); check the file and its rights")) from None


def _article(data: bytes, path: str, original: Article | None) -> tuple[Article, tuple[Problem, ...]]:
    article, warnings = parse_page(data, path, is_edtf, original)
    if original is None and article.lang[:7] not in SCRIPTS:
        message = f"“{article.lang}” cannot be the language of an original; write zh-Hans or zh-Hant"
        raise ContentError(problem(path, message, 1))
    return article, warnings


class _Cataloguer:
    """Makes the card and the words of one page."""

    def __init__(
        self,
        desk: Desk,
        source: PageSource,
        digests: tuple[str, ...],
        warnings: tuple[Problem, ...],
        original: Article,
        by_hand: dict[str, Article],
    ) -> None:
        self.desk = desk
        self.settings = desk.settings
        self.source = source
        self.digests = digests
        self.warnings = warnings
        self.original = original
        self.by_hand = by_hand
        self.body = parse_body(original.body, original.source_path, original.body_line)

    def catalogued(self) -> tuple[CataloguedPage, dict[str, bytes]]:
        """Return the page's card, and its encoded `ArticleText` by edition."""
        try:
            card, heads, texts = self.card_and_words()
        except ContentError as error:
            return _refused(self.source, self.digests, error), {}
        words = words_digest(self.original) if self.by_hand else ""
        hand_made = tuple(
            HandMade(page=path.removeprefix("content/"), page_digest=digest, original_words=words)
            for (_, path), digest in zip(self.source.by_hand, self.digests[1:], strict=True)
        )
        page = CataloguedPage(
            source=self.source,
            digests=self.digests,
            slug=card.slug,
            seed=card.seed,
            card=_sealed(card),
            heads=heads,
            warnings=self.warnings,
            hand_made=hand_made,
        )
        return page, texts

    def card_and_words(self) -> tuple[Card, dict[str, Sealed], dict[str, bytes]]:
        article = self.original
        photo = next(iter(self.photos().values()), "")
        versions: dict[str, Version] = {}
        heads: dict[str, Sealed] = {}
        encoded: dict[str, bytes] = {}
        links: list[tuple[str, str, str, int]] = []
        for edition in self.settings.editions:
            version = self.by_hand.get(edition.path, article)
            if edition.script is None and version is article:
                continue  # an edition in another language exists where a hand-made page does
            body = self.body
            if version is not article:
                body = parse_body(version.body, version.source_path, version.body_line)
                links += [(edition.path, version.source_path, slug, line) for slug, line in body.links]
                version = completed(self.desk, edition, version, article)
            text, summary = self.text(edition, version, body)
            encoded[edition.path] = msgspec.msgpack.encode(text)
            head = Head(
                title=text.title,
                summary="" if article.withdrawn else summary,
                section=text.section,
                photo=photo,
            )
            heads[edition.path] = _sealed(head)
            versions[edition.path] = Version(
                by_hand=version is not article, teasers=tuple([teaser.title for teaser in text.more])
            )
        return self.card(versions, links), heads, encoded

    def is_converted(self, edition: EditionSpec) -> bool:
        """Tell whether the page is made for an edition from its original, and not left as it is written."""
        if edition.script is None or edition.path in self.by_hand:
            return False
        return self.script != edition.script or self.has_marks

    @cached_property
    def has_marks(self) -> bool:
        """Whether a mark of the editor overrules the conversion somewhere."""
        article = self.original
        return OVERRIDE in article.title + article.lede + article.body

    @cached_property
    def opening_lede(self) -> tuple[str, int | None]:
        """What `_lede_once` says of the original."""
        return _lede_once(self.original.lede, self.body)

    @property
    def script(self) -> Script:
        """The script of the original."""
        return SCRIPTS[self.original.lang[:7]]

    @cached_property
    def strings(self) -> list[str]:
        """Return the words of the original that are converted as a whole."""
        return [*words_beside_body(self.original), *("".join(block) for block in self.body.blocks)]

    def photos(self) -> dict[str, str]:
        return {name: photo_address(self.settings.base_path, self.original.slug, name) for name in self.source.photos}

    def card(self, versions: dict[str, Version], links: Sequence[tuple[str, str, str, int]]) -> Card:
        article, desk = self.original, self.desk
        return Card(
            source_path=article.source_path,
            slug=article.slug,
            lang=article.lang,
            title_key=desk.title_key(article.title),
            date=article.date,
            updated=article.updated,
            tags=tuple(dict.fromkeys(map(self.tag_name, article.tags))),
            section=article.section,
            lead=article.lead,
            withdrawn=bool(article.withdrawn),
            draft=article.draft,
            aliases=article.aliases,
            seed=article.seed,
            source_url=article.source_url,
            correction_dates=tuple(item.date for item in article.corrections),
            teasers=tuple(
                TeaserCard(
                    title_key=desk.title_key(teaser.title),
                    slug=teaser.slug,
                    date=teaser.date,
                    tags=desk.tags_of(teaser.title, teaser.lede, ""),
                    ref=teaser.ref,
                    incomplete=teaser.incomplete,
                    line=teaser.line,
                )
                for teaser in article.more
            ),
            links=self.body.links,
            links_by_hand=tuple(links),
            versions=versions,
        )

    def tag_name(self, name: str) -> str:
        """Return the name of a tag in Simplified, in which the words of the site are written."""
        known = self.desk.canonical_tag(name)
        return simplified(name) if known == name and SCRIPTS[self.original.lang[:7]] == "Hant" else known

    def text(self, edition: EditionSpec, article: Article, body: Body) -> tuple[ArticleText, str]:
        """Return the article's words in an edition, and the summary that lists show."""
        conversion: Conversion | _Unchanged = _Unchanged()
        if article is self.original and self.is_converted(edition):
            conversion = self.desk.conversion(edition, self.script, article, self.strings)
        lede, skip = self.opening_lede if article is self.original else _lede_once(article.lede, body)
        blocks = [conversion.block(block) for block in body.blocks]
        around = Surroundings(
            base_path=self.settings.base_path,
            articles=self.settings.base_path + article_path(edition.path, "")[:-1],
            photos=self.photos(),
            not_held=self.settings.not_held[edition.path],
        )
        convert = conversion.text
        text = ArticleText(
            title=convert(article.title),
            lede=convert(lede) if lede else "",
            dateline=convert(article.dateline),
            byline=convert(article.byline),
            credit=convert(article.credit),
            section=convert(article.section),
            body_html=render_body(body, blocks, around, skip),
            date_basis=tuple(map(convert, article.date_basis)),
            corrections=tuple(Correction(date=item.date, text=convert(item.text)) for item in article.corrections),
            withdrawn=convert(article.withdrawn),
            more=self.teasers(edition, article),
        )
        summary = convert(article.lede) if article.lede else _beginning(body, blocks)
        return text, summary

    def teasers(self, edition: EditionSpec, article: Article) -> tuple[TeaserText, ...]:
        """Return the words of 更多; those of a hand-made edition count where it tells of the same stories."""
        source = SCRIPTS[self.original.lang[:7]]
        by_hand = article is not self.original and article.more != self.original.more
        if by_hand and len(article.more) == len(self.original.more):
            return tuple(TeaserText(title=item.title, caption=item.caption, lede=item.lede) for item in article.more)
        if edition.script is None:
            return ()
        return tuple(
            self.desk.teaser(edition, source, (item.title, item.caption, item.lede)) for item in self.original.more
        )


def _sealed(value: Card | Head) -> Sealed:
    data = msgspec.msgpack.encode(value)
    return Sealed(digest_bytes(data), msgspec.Raw(data))


class _Unchanged:
    """Words that stay as they were written."""

    def text(self, text: str) -> str:
        return text

    def block(self, parts: Sequence[str]) -> list[str]:
        return list(parts)


def _lede_once(lede: str, body: Body) -> tuple[str, int | None]:
    """Return the lede to show above the body, and the block to leave out, so that the same words stand once."""
    if not lede or body.opening is None:
        return lede, None
    words = "".join(body.blocks[body.opening])
    if words == lede:
        return lede, body.opening
    opening, key = fold_key(words), fold_key(lede)
    if opening == key:
        return lede, body.opening
    return ("", None) if opening.startswith(key) else (lede, None)


def _beginning(body: Body, blocks: Sequence[Sequence[str]]) -> str:
    text = "".join(blocks[body.opening]) if body.opening is not None else plain_text(blocks).partition("\n")[0]
    return text if len(text) <= SUMMARY_LENGTH else text[: SUMMARY_LENGTH - 1] + "…"
