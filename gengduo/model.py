"""The values that flow through the program, each frozen and complete at birth.

    Seed → Page → Article → Card → Library → PageView → OutputFile → BuildReport

They are msgspec structs: immutable, compared by value, and encoded to the same bytes everywhere, so that the digest of
a value can name what is made of it. Nothing here reads a file, a clock or a setting.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from gengduo.errors import Problem

Script = Literal["Hans", "Hant"]
Kind = Literal["article", "brief"]


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """The base of everything below; encoded as arrays, which are small and quick to make a digest of."""


# --------------------------------------------------------------------------------------------------- configuration


class EditionSpec(Value, frozen=True, kw_only=True):
    """One `[[editions]]` table of `site.toml`."""

    path: str
    """First part of every URL of this edition, `zh-hant`."""
    lang: str
    """BCP 47 tag, `zh-Hant`."""
    label: str
    """What the edition switch shows, 繁體."""
    region: Literal["neutral", "tw", "hk"] = "neutral"
    """Whose glyphs and words a Traditional edition uses."""

    @property
    def script(self) -> Script | None:
        """The Chinese script that pages are converted to; None: this edition holds hand-made pages only."""
        return {"zh-Hans": "Hans", "zh-Hant": "Hant"}.get(self.lang[:7])  # type: ignore[return-value]


class EditionWords(Value, frozen=True, kw_only=True):
    """What an edition says of the site in its own words, where `site.toml` states them; empty: as the site says it."""

    edition: str
    """Its path."""
    title: str = ""
    description: str = ""
    footer: str = ""


class SiteConfig(Value, frozen=True, kw_only=True):
    """`site.toml`, validated."""

    title: str
    description: str = ""
    base_url: str
    """Absolute, with a slash at its end."""
    page_size: int = 30
    footer: str = ""
    editions: tuple[EditionSpec, ...]
    edition_words: tuple[EditionWords, ...] = ()
    seed_encodings: tuple[tuple[str, str], ...] = ()
    """(path prefix under `seeds/`, Python codec), the longest prefix first."""

    @property
    def base_path(self) -> str:
        """Path part of the base URL, with a slash at both ends: `/repo/`, `/`."""
        return "/" + self.base_url.split("://", 1)[1].partition("/")[2]


# ------------------------------------------------------------------------------------------------------- seeds


class SeedParagraph(Value, frozen=True, kw_only=True):
    """A paragraph of a dump's body, punctuation as in the dump, dateline and credit cut off."""

    text: str
    line: int


class SeedFigure(Value, frozen=True, kw_only=True):
    """A photo that the dump tells of; it stands in `blocks` where its line stood."""

    caption: str
    """What is seen, without the credit."""
    credit: str = ""
    """图自越通社, as it stands, without brackets or end stop."""
    line: int


class SeedTeaser(Value, frozen=True, kw_only=True):
    """A story that the dump only announces, in its 更多 block or in brackets inside its body."""

    title: str
    caption: str = ""
    """Empty where it says no more than the title."""
    lede: str = ""
    incomplete: bool = False
    """The crawler cut it off."""
    date: str = ""
    """EDTF, inferred from the teaser's own text; empty where nothing is known."""
    line: int


class LeftOut(Value, frozen=True, kw_only=True):
    """A line, or a part of one, that does not reach the page."""

    line: int
    text: str
    reason: str
    mark: bool = False
    """A bracket, a dash, a repeated line: the page shows its sense in another way, nobody needs to look at it."""


class Sidecar(Value, frozen=True, kw_only=True):
    """What an editor states about a dump in the file beside it; it wins over what is read in the dump."""

    url: str = ""
    """Address of the story where it was first published."""
    date: str = ""
    """EDTF."""
    title: str = ""
    source: str = ""
    """Who published it."""


HeadlineFrom = Literal["line", "caption", "body", "sidecar"]


class Seed(Value, frozen=True, kw_only=True):
    """A dump, read: every character that is not white space is in one of these fields."""

    name: str
    """Path under `seeds/`."""
    headline: str
    headline_from: HeadlineFrom = "line"
    lede: str = ""
    dateline: str = ""
    """Without dash and brackets; stacked ones joined by ／."""
    byline: str = ""
    credit: str = ""
    """Without brackets."""
    blocks: tuple[SeedParagraph | SeedFigure, ...]
    teasers: tuple[SeedTeaser, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[Problem, ...] = ()
    date: str = ""
    """EDTF; empty where nothing is known."""
    date_basis: tuple[str, ...] = ()
    """The evidence: `“8月12日在河内召开” (line 3)`."""


# ------------------------------------------------------------------------------------------------------- content


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
    """The catalogue card of an article: all that the library needs, without its words."""

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
    """An article in the library: what views are made of, and no words."""

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


# ------------------------------------------------------------------------------------------- views: what templates read


class DateView(Value, frozen=True, kw_only=True):
    """A date as a reader sees it."""

    edtf: str
    machine: str = ""
    """For `time[datetime]`; empty where HTML has no form for it."""
    text: str
    """2018年8月12日"""
    note: Literal["", "inferred", "year_unknown", "one_of", "approximate"] = ""
    """Key of a word in `strings.toml` that is shown in brackets behind the date; empty: certain."""
    href: str = ""
    """The date index that holds it."""


class Link(Value, frozen=True, kw_only=True):
    """Words with an address. `href` is root-relative, base path included; empty: no link, the words stand alone."""

    title: str
    href: str = ""
    count: int = 0
    """Stories behind the link, where that is shown."""


class Item(Value, frozen=True, kw_only=True):
    """A story in a list. The words and the photo of an article are filled in when the page is printed."""

    text: str = ""
    """Slug of the article whose head holds them; empty: a brief, which has a title and no more."""
    href: str
    kind: Kind
    date: DateView | None = None
    title: str = ""
    summary: str = ""
    section: str = ""
    photo: str = ""
    """Address of a photo that is held."""


class MoreLink(Value, frozen=True, kw_only=True):
    """Where a teaser leads; its words are in `text.more` at the same index."""

    href: str = ""
    """Empty: no link."""
    kind: Kind = "brief"
    date: DateView | None = None
    incomplete: bool = False


class Pager(Value, frozen=True, kw_only=True):
    """Pages are numbered from the oldest; the newest has no number and is the index itself."""

    number: int
    """0 on the index."""
    total: int
    """Numbered pages, without the index."""
    newer: str = ""
    older: str = ""
    numbered: tuple[Link, ...] = ()
    """The index and some numbered pages for jumping, newest first; the current one has no href."""


class Alternate(Value, frozen=True, kw_only=True):
    """The same page in an edition."""

    edition: str
    lang: str
    label: str
    href: str
    """Root-relative, base path included."""
    current: bool = False


class SiteView(Value, frozen=True, kw_only=True):
    """What every page of one edition shows; templates read it as `site`."""

    title: str
    description: str
    lang: str
    label: str
    script: Script
    """Chooses the typefaces."""
    base_url: str
    """Absolute, with a slash at its end."""
    base_path: str
    """`/repo/` or `/`."""
    home: str
    """Address of the front page of this edition."""
    feed: str
    nav: tuple[Link, ...]
    """Sections of the masthead."""
    footer: str
    words: dict[str, str]
    """`templates/strings.toml`, this edition's table."""
    assets: dict[str, str]
    """File under `static/` → address."""
    editions: tuple[Alternate, ...] = ()
    """The front pages of all editions, in the order of `site.toml`."""


class PageView(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag_field="kind"):
    """Everything a template may read of one page, besides `site` and `text`; templates read it as `page`."""

    edition: str
    output_path: str
    """Under the output folder: `zh-hans/articles/<slug>/index.html`."""
    permalink: str
    """Under the base URL: `zh-hans/articles/<slug>/`."""
    title: str = ""
    """What the browser's tab shows before the site's title; empty on a front page. An article's is filled in when it is
    printed, as its description is."""
    description: str = ""
    alternates: tuple[Alternate, ...] = ()
    """All editions of this page, itself included, in the order of `site.toml`."""
    default_href: str = ""
    """The x-default of `hreflang`."""
    crumbs: tuple[Link, ...] = ()
    indexable: bool = True
    feed: str = ""
    """A feed of just this list (a tag's)."""


class ArticlePage(PageView, frozen=True, kw_only=True, tag="article"):
    """`article.html`; its words are in `text` (an `ArticleText`)."""

    slug: str
    text: str
    """Slug of the article whose words it shows."""
    date: DateView | None
    updated: DateView | None = None
    tags: tuple[Link, ...] = ()
    more: tuple[MoreLink, ...] = ()
    backlinks: tuple[Item, ...] = ()
    newer: Item | None = None
    older: Item | None = None
    original: Alternate | None = None
    """The original, where this page was converted from it."""
    by_hand: bool = False
    source_url: str = ""
    photo: str = ""
    """Absolute URL of the first photo that is held, for previews; filled in when it is printed."""
    published: str = ""
    """ISO 8601 date for machines; empty where the date is not known to the day."""
    modified: str = ""
    withdrawn: bool = False
    correction_dates: tuple[DateView | None, ...] = ()
    """One for each of the text's corrections, in their order."""


class BriefPage(PageView, frozen=True, kw_only=True, tag="brief"):
    """`brief.html`; its words are `text.more[index]`: a story known only from teasers."""

    slug: str
    text: str
    """Slug of the article whose teaser holds its words."""
    index: int
    date: DateView | None
    tags: tuple[Link, ...] = ()
    backlinks: tuple[Item, ...] = ()
    original: Alternate | None = None
    incomplete: bool = False


class ListPage(PageView, frozen=True, kw_only=True, tag="list"):
    """`list.html`: a tag, a year, a month, a day, the undated, the year-unknown, the one-of-a-set."""

    heading: str
    kicker: str = ""
    """What kind of list it is: 人物, 年份."""
    note: str = ""
    """A sentence that explains the list."""
    total_articles: int
    total_briefs: int
    items: tuple[Item, ...]
    briefs: tuple[Item, ...] = ()
    children: tuple[Link, ...] = ()
    """Months of a year, days of a month."""
    newer: Link | None = None
    """Neighbour in time: the next year, month or day that holds something."""
    older: Link | None = None
    pager: Pager | None = None


class FrontPage(PageView, frozen=True, kw_only=True, tag="front"):
    """`front.html`: the lead story and the river, or an older part of the river."""

    newest: DateView | None
    """The date under the masthead: that of the newest story."""
    lead: Item | None
    items: tuple[Item, ...]
    briefs: tuple[Item, ...] = ()
    """The newest stories that are known only from teasers."""
    pager: Pager
    years: tuple[Link, ...] = ()
    top_tags: tuple[Link, ...] = ()
    total_articles: int
    total_briefs: int


class TagGroup(Value, frozen=True, kw_only=True):
    """The tags of one kind, in the reading order of the edition."""

    name: str
    """person, place, organisation, topic: the key of its word, and its fragment."""
    tags: tuple[Link, ...]


class TagsPage(PageView, frozen=True, kw_only=True, tag="tags"):
    """`tags.html`."""

    groups: tuple[TagGroup, ...]


class MonthCell(Value, frozen=True, kw_only=True):
    """A month of the calendar."""

    number: int
    href: str = ""
    count: int = 0


class YearRow(Value, frozen=True, kw_only=True):
    """A year of the calendar, its twelve months in order."""

    year: int
    href: str
    count: int
    months: tuple[MonthCell, ...]


class DatesPage(PageView, frozen=True, kw_only=True, tag="dates"):
    """`dates.html`: the calendar of the archive; newest year first."""

    years: tuple[YearRow, ...]
    others: tuple[Link, ...]
    """Undated, year unknown, one of a set: those that hold something."""


class MissingPage(PageView, frozen=True, kw_only=True, tag="missing"):
    """`404.html` of an edition."""


class RootPage(PageView, frozen=True, kw_only=True, tag="root"):
    """`root.html`: offers the editions; also the `404.html` at the root. `site` is that of the first edition."""

    missing: bool = False
    labels: tuple[tuple[str, str, str], ...]
    """(language, title, description) of the site in each edition, as `alternates`."""
    words: tuple[dict[str, str], ...] = ()
    """`strings.toml` of each edition, as `alternates`; empty: those of `site` serve for all."""


class FeedEntry(Value, frozen=True, kw_only=True):
    """A story in a feed."""

    text: str
    """Slug of the article."""
    href: str
    published: str
    """Empty where the date is not known to the day."""
    updated: str
    """The first day that the date can mean, where nothing was updated: the format demands one."""
    tags: tuple[str, ...]


class FeedPage(PageView, frozen=True, kw_only=True, tag="feed"):
    """An Atom feed (RFC 4287)."""

    entries: tuple[FeedEntry, ...]
    updated: str
    list_href: str
    """The page that the feed follows."""


class SitemapEntry(Value, frozen=True, kw_only=True):
    """A page and its counterparts."""

    permalinks: tuple[tuple[str, str], ...]
    """(language, permalink) of all editions."""
    modified: str = ""


class SitemapPage(PageView, frozen=True, kw_only=True, tag="sitemap"):
    """`sitemap.xml`, or one part of it."""

    entries: tuple[SitemapEntry, ...]


class SitemapIndexPage(PageView, frozen=True, kw_only=True, tag="sitemap-index"):
    """`sitemap.xml` where the protocol's 50,000 URLs a file do not hold the site."""

    parts: tuple[str, ...]
    """Permalinks."""


class PlainPage(PageView, frozen=True, kw_only=True, tag="plain"):
    """A file whose bytes are known: `robots.txt`, `.nojekyll`."""

    content: str


class AliasPage(PageView, frozen=True, kw_only=True, tag="alias"):
    """`alias.html`: an old address that leads to the new one; its title is filled in when it is printed."""

    text: str
    """Slug of the article that it leads to."""
    target: str
    """Root-relative, base path included."""


AnyPage = (
    ArticlePage
    | BriefPage
    | ListPage
    | FrontPage
    | TagsPage
    | DatesPage
    | MissingPage
    | RootPage
    | FeedPage
    | SitemapPage
    | SitemapIndexPage
    | PlainPage
    | AliasPage
)


# ------------------------------------------------------------------------------------------------------- reports


class ImportReport(Value, frozen=True, kw_only=True):
    """What an import did."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    """`.new` files that an editor should look at."""
    unchanged: int = 0
    warnings: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()


class BuildReport(Value, frozen=True, kw_only=True):
    """What a build did."""

    articles: int
    briefs: int
    editions: tuple[str, ...]
    pages: int
    written: int
    unchanged: int
    removed: int
    seconds: float
    warnings: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()
