"""Articles: as their pages state them, as the library knows them, and their words in each edition."""

from __future__ import annotations

from typing import Literal

from gengduo.model.base import Value


class Teaser(Value, frozen=True, kw_only=True):
    """One entry of `more` in a page's front matter."""

    title: str
    slug: str
    caption: str = ""
    lede: str = ""
    date: str = ""
    ref: str | Literal[False] | None = None
    """The slug of the target named by hand; False forbids a link."""
    incomplete: bool = False
    line: int = 0
    """Where it stands in the page's file."""


class Correction(Value, frozen=True, kw_only=True):
    """One entry of `corrections`."""

    date: str
    text: str


class Article(Value, frozen=True, kw_only=True):
    """A page of `content/`, validated."""

    source_path: str
    """Under the site's folder: `content/<slug>.md`."""
    title: str
    slug: str
    lang: str
    date: str = ""
    date_basis: tuple[str, ...] = ()
    lede: str = ""
    dateline: str = ""
    byline: str = ""
    credit: str = ""
    tags: tuple[str, ...] = ()
    more: tuple[Teaser, ...] = ()
    seed: str = ""
    aliases: tuple[str, ...] = ()
    draft: bool = False
    section: str = ""
    lead: bool = False
    glossary: tuple[tuple[str, str], ...] = ()
    """(text, fixed form in the other script) that hold for this page alone."""
    corrections: tuple[Correction, ...] = ()
    withdrawn: str = ""
    updated: str = ""
    source_url: str = ""
    body: str
    """Markdown."""
    body_line: int
    """Line of the file on which the body begins."""


# ------------------------------------------------------------------------------------------------------- library


class TeaserText(Value, frozen=True, kw_only=True):
    """A teaser's words in one edition."""

    title: str
    caption: str = ""
    lede: str = ""


class ArticleText(Value, frozen=True, kw_only=True):
    """All words of an article in one edition, ready to be shown; views name it by the article's slug."""

    title: str
    lede: str = ""
    """Empty where the body begins with the same words: the page then shows them once, in `body_html`."""
    dateline: str = ""
    byline: str = ""
    credit: str = ""
    section: str = ""
    body_html: str
    date_basis: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    withdrawn: str = ""
    more: tuple[TeaserText, ...] = ()


class Head(Value, frozen=True, kw_only=True):
    """What other pages show of an article in one edition; views name it by the article's slug."""

    title: str
    summary: str
    """The lede, or the beginning of the body; plain text; empty where the article was withdrawn."""
    section: str = ""
    photo: str = ""
    """Address of the first photo that is held, under the base path."""


class Version(Value, frozen=True, kw_only=True):
    """An article in an edition, as far as the library knows it; its own words are elsewhere."""

    by_hand: bool
    """A hand-made edition, not a conversion."""
    teasers: tuple[str, ...]
    """Titles of `more`, in order: those of briefs."""


class TeaserCard(Value, frozen=True, kw_only=True):
    """What the library needs of a teaser to resolve it."""

    title_key: str
    """The title folded for comparing."""
    slug: str
    date: str = ""
    tags: tuple[str, ...] = ()
    """Found in the teaser's own words by the vocabulary."""
    ref: str | Literal[False] | None = None
    incomplete: bool = False
    line: int = 0


class Card(Value, frozen=True, kw_only=True):
    """The catalogue card of an article: all that the library needs; no words but the titles of its teasers."""

    source_path: str
    slug: str
    lang: str
    title_key: str
    date: str
    updated: str
    tags: tuple[str, ...]
    section: str
    lead: bool
    withdrawn: bool
    draft: bool
    aliases: tuple[str, ...]
    seed: str
    source_url: str
    correction_dates: tuple[str, ...]
    """EDTF, one for each correction; empty where none is stated."""
    teasers: tuple[TeaserCard, ...]
    links: tuple[tuple[str, int], ...]
    """Slugs that the body links to as `slug.md`, each with its line in the file."""
    links_by_hand: tuple[tuple[str, str, str, int], ...] = ()
    """The same of hand-made editions: (edition, path of the file, slug, line)."""
    versions: dict[str, Version]
    """By path of the edition."""


class Holding(Value, frozen=True, kw_only=True):
    """An article in the library: what views are made of; no words but the titles of its teasers."""

    source_path: str
    slug: str
    lang: str
    date: str
    updated: str
    tags: tuple[str, ...]
    lead: bool
    withdrawn: bool
    aliases: tuple[str, ...]
    source_url: str
    correction_dates: tuple[str, ...]
    teasers: tuple[tuple[str, bool], ...]
    """(date, whether it is incomplete) of each entry of `more`."""
    versions: dict[str, Version]
