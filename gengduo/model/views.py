"""Views: everything a template may read."""

from __future__ import annotations

from typing import Literal

import msgspec

from gengduo.model.base import Kind, Script, Value


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
