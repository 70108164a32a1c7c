"""The pages of one edition: from the library to the view of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from gengduo.dates import parse_edtf
from gengduo.indexes.lists import (
    OTHER_DATES,
    Slice,
    Story,
    TagEntry,
    date_name,
    dated_folders,
    grouped,
    iso_date,
    slices,
)
from gengduo.model import (
    Alternate,
    AnyPage,
    ArticlePage,
    BriefPage,
    Card,
    DatesPage,
    DateView,
    EditionSpec,
    FeedEntry,
    FeedPage,
    FrontPage,
    Head,
    Item,
    Link,
    ListPage,
    MissingPage,
    MonthCell,
    MoreLink,
    Pager,
    SiteConfig,
    SiteView,
    TagGroup,
    TagsPage,
    YearRow,
)
from gengduo.references import Brief, Library
from gengduo.urls import article_path, output_path

FEED_LENGTH = 30
TAG_FEED_LENGTH = 15
FRONT_BRIEFS = 8
FRONT_TAGS = 16
JUMPS = 3
"""Numbered pages on either side of the current one that a pager offers."""

KINDS = ("topic", "person", "place", "organisation")


class EditionPages:
    """Makes the views of one edition."""

    def __init__(
        self,
        config: SiteConfig,
        edition: EditionSpec,
        site: SiteView,
        library: Library,
        tags: Mapping[str, TagEntry],
        stories: tuple[list[Story], list[Story]],
    ) -> None:
        self.config = config
        self.edition = edition
        self.site = site
        self.library = library
        self.tags = tags
        self.root = f"{edition.path}/"
        self.address = f"{config.base_path}{edition.path}/"
        self.origin = config.base_url[: -len(config.base_path)]
        self.home = Link(title=site.words["home"], href=site.home)
        self.cards = {card.slug: card for card in library.articles if edition.path in card.heads}
        self.briefs = {brief.slug: brief for brief in library.briefs if brief.source in self.cards}
        self.articles_in_order = [story for story in stories[0] if story.slug in self.cards]
        self.briefs_in_order = [story for story in stories[1] if story.slug in self.briefs]
        self._dates: dict[str, DateView] = {}

    def pages(self) -> Iterator[AnyPage]:
        """Yield every page of the edition; `feed.xml` and `404.html` included."""
        yield from self.front_pages()
        yield from self.article_pages()
        yield from self.brief_pages()
        yield from self.tag_pages()
        yield from self.date_pages()
        yield self.feed(self.root, "feed.xml", self.articles_in_order, FEED_LENGTH, self.site.title)
        yield MissingPage(**self.frame("404.html", self.site.words["missing"]), indexable=False)

    # ------------------------------------------------------------------------------------------------ small parts

    def href(self, path: str) -> str:
        """Return the address of a path of this edition."""
        return self.address + path

    def story_href(self, slug: str) -> str:
        """Return the address of an article or brief."""
        return f"{self.address}articles/{slug}/"

    def words(self, key: str, number: int) -> str:
        """Return a word with its `{n}` filled in."""
        return self.site.words[key].replace("{n}", str(number))

    def head(self, slug: str) -> Head:
        """Return what lists show of an article in this edition."""
        return self.cards[slug].heads[self.edition.path]

    def date(self, edtf: str) -> DateView | None:
        """Return a date as a reader sees it; None where nothing is known."""
        if not edtf:
            return None
        view = self._dates.get(edtf)
        if view is None:
            date = parse_edtf(edtf)
            assert date is not None  # pages are checked when they are read
            view = self._dates[edtf] = DateView(
                edtf=edtf,
                machine=date.machine,
                text=date.display,
                note=date.note,
                href=self.href(dated_folders(date)[-1]),
            )
        return view

    @cached_property
    def items(self) -> dict[str, Item]:
        """Each article and brief as lists show it, by slug."""
        items = {slug: self._article_item(slug) for slug in self.cards}
        return items | {slug: self._brief_item(brief) for slug, brief in self.briefs.items()}

    @cached_property
    def shorts(self) -> dict[str, Item]:
        """The same for lists of mere titles."""
        return {
            slug: Item(title=item.title, href=item.href, kind=item.kind, date=item.date)
            for slug, item in self.items.items()
        }

    def _article_item(self, slug: str) -> Item:
        card, head = self.cards[slug], self.head(slug)
        return Item(
            title=head.title,
            href=self.story_href(slug),
            kind="article",
            summary="" if card.withdrawn else head.summary,
            date=self.date(card.date),
            photo=head.figures[0] if head.figures else "",
        )

    def _brief_item(self, brief: Brief) -> Item:
        return Item(
            title=self.head(brief.source).teasers[brief.index],
            href=self.story_href(brief.slug),
            kind="brief",
            date=self.date(brief.date),
        )

    def link(self, slug: str) -> Link:
        """Return a story as its title with its address."""
        item = self.items[slug]
        return Link(title=item.title, href=item.href)

    def tag_links(self, keys: Iterable[str]) -> tuple[Link, ...]:
        """Return tags with the addresses of their lists."""
        return tuple(map(self._tag_link, keys))

    @cached_property
    def _tag_link(self) -> Callable[[str], Link]:
        links = {key: Link(title=tag.name, href=self.href(f"tags/{tag.slug}/")) for key, tag in self.tags.items()}
        return links.__getitem__

    def frame(
        self, path: str, title: str, crumbs: Sequence[Link] = (), alternates: Iterable[str] | None = None
    ) -> dict[str, Any]:
        """Return the fields that every view has; `alternates` are the editions that hold it (all Chinese ones)."""
        held = self._switch if alternates is None else [entry for entry in self._everywhere if entry[0] in alternates]
        return {
            "edition": self.edition.path,
            "output_path": output_path(self.root + path),
            "permalink": self.root + path,
            "title": title,
            "alternates": tuple(
                [
                    Alternate(edition=edition, lang=lang, label=label, href=address + path, current=current)
                    for edition, lang, label, address, current in held
                ]
            ),
            "default_href": held[0][3] + path if path else self.config.base_path,
            "crumbs": (self.home, *crumbs) if crumbs else (),
        }

    @cached_property
    def _everywhere(self) -> list[tuple[str, str, str, str, bool]]:
        """What the switch says of each edition: (path, language, label, address, whether it is this one)."""
        base, here = self.config.base_path, self.edition.path
        return [
            (spec.path, spec.lang, spec.label, f"{base}{spec.path}/", spec.path == here)
            for spec in self.config.editions
        ]

    @cached_property
    def _switch(self) -> list[tuple[str, str, str, str, bool]]:
        """The same of the Chinese editions, which hold every page."""
        chinese = {spec.path for spec in self.config.editions if spec.script}
        return [entry for entry in self._everywhere if entry[0] in chinese]

    def pager(self, path: str, part: Slice) -> Pager:
        """Return the way between the pages of the list at this path."""

        def address(number: int) -> str:
            return self.href(f"{path}page/{number}/" if number else path)

        shown = {0, 1, *range(max(1, part.number - JUMPS), min(part.total, part.number + JUMPS) + 1)}
        if part.number == 0:
            shown |= set(range(max(1, part.total - 2 * JUMPS + 1), part.total + 1))
        in_order = [0, *(number for number in range(part.total, 0, -1) if number in shown)]
        newer = 0 if part.number == part.total else part.number + 1
        older = part.total if part.number == 0 else part.number - 1
        return Pager(
            number=part.number,
            total=part.total,
            newer=address(newer) if part.number else "",
            older=address(older) if older else "",
            numbered=tuple(
                Link(
                    title=str(number) if number else self.site.words["pager_index"],
                    href="" if number == part.number else address(number),
                )
                for number in in_order
            )
            if part.total
            else (),
        )

    # ------------------------------------------------------------------------------------------------ front page

    def front_pages(self) -> Iterator[FrontPage]:
        """Yield the front page and the older parts of the river."""
        lead = next((story for story in reversed(self.articles_in_order) if self.cards[story.slug].lead), None)
        lead = lead or (self.articles_in_order[-1] if self.articles_in_order else None)
        for part in slices(self.articles_in_order, (), self.config.page_size):
            path = f"page/{part.number}/" if part.number else ""
            title = self.words("page_number", part.number) if part.number else ""
            extra: dict[str, Any] = {}
            if not part.number:
                newest = self.articles_in_order[-1].date if self.articles_in_order else None
                extra = {
                    "newest": self.date(newest.text) if newest else None,
                    "lead": self.items[lead.slug] if lead else None,
                    "briefs": tuple(
                        self.shorts[story.slug] for story in self.briefs_in_order[-FRONT_BRIEFS:][::-1]
                    ),
                    "years": self.year_links,
                    "top_tags": self.top_tags(),
                }
            yield FrontPage(
                **self.frame(path, title),
                description="" if part.number else self.site.description,
                items=tuple([self.items[story.slug] for story in part.articles if part.number or story is not lead]),
                pager=self.pager("", part),
                total_articles=len(self.articles_in_order),
                total_briefs=len(self.briefs_in_order),
                **({"newest": None, "lead": None} | extra),
            )

    @cached_property
    def year_links(self) -> tuple[Link, ...]:
        """The years that hold stories, newest first."""
        return tuple(
            Link(title=self.words("year", int(folder[:4])), href=self.href(folder), count=len(found[0]) + len(found[1]))
            for folder, found in sorted(self.by_date.items(), reverse=True)
            if len(folder) == 5
        )

    def top_tags(self) -> tuple[Link, ...]:
        """Return the tags that most articles carry."""
        counts = Counter(key for story in self.articles_in_order for key in story.tags)
        ranked = sorted(counts.items(), key=lambda entry: (-entry[1], self.tags[entry[0]].slug))[:FRONT_TAGS]
        return tuple(
            Link(title=link.title, href=link.href, count=count)
            for (key, count), link in zip(ranked, self.tag_links(key for key, _ in ranked), strict=True)
        )

    # ------------------------------------------------------------------------------------------------ stories

    def article_pages(self) -> Iterator[ArticlePage]:
        """Yield the page of each article, oldest first."""
        in_order = self.articles_in_order
        for index, story in enumerate(in_order):
            newer = self.link(in_order[index + 1].slug) if index + 1 < len(in_order) else None
            older = self.link(in_order[index - 1].slug) if index else None
            yield self.article_page(self.cards[story.slug], newer, older)

    def article_page(self, card: Card, newer: Link | None, older: Link | None) -> ArticlePage:
        """Return the page of an article between its neighbours in time."""
        head = self.head(card.slug)
        more = tuple(self.more_links(card))
        referrers = [slug for slug in self.library.backlinks.get(card.slug, ()) if slug in self.cards]
        origin = self.origin
        return ArticlePage(
            **self.frame(f"articles/{card.slug}/", head.title, alternates=card.heads),
            description=head.summary if not card.withdrawn else "",
            indexable=not card.withdrawn,
            slug=card.slug,
            text=head.text,
            date=self.date(card.date),
            updated=self.date(card.updated),
            tags=self.tag_links(card.tags),
            more=more,
            backlinks=tuple([self.shorts[slug] for slug in referrers]),
            newer=newer,
            older=older,
            original=self.original(card),
            by_hand=head.by_hand,
            source_url=card.source_url,
            correction_dates=tuple(map(self.date, card.correction_dates)),
            photo=origin + head.figures[0] if head.figures else "",
            published=iso_date(card.date),
            modified=iso_date(card.updated) or iso_date(card.date),
            withdrawn=card.withdrawn,
            citations=tuple(origin + link.href for link in more if link.href),
            tag_names=tuple(self.tags[key].name for key in card.tags),
        )

    def original(self, card: Card) -> Link | None:
        """Return the original of a converted page."""
        if self.head(card.slug).by_hand or self.edition.lang == card.lang or self.edition.script is None:
            return None
        for spec in self.config.editions:
            if spec.lang == card.lang and spec.path in card.heads:
                href = f"{self.config.base_path}{article_path(spec.path, card.slug)}"
                return Link(title=spec.label, href=href)
        return None

    def more_links(self, card: Card) -> Iterator[MoreLink]:
        """Yield where the teasers of an article lead."""
        for teaser, target in zip(card.teasers, self.library.targets[card.slug], strict=True):
            if target is None or (target.slug not in self.cards and target.slug not in self.briefs):
                yield MoreLink(date=self.date(teaser.date), incomplete=teaser.incomplete)
                continue
            edtf = self.briefs[target.slug].date if target.brief else self.cards[target.slug].date
            yield MoreLink(
                href=self.story_href(target.slug),
                kind="brief" if target.brief else "article",
                date=self.date(edtf),
                incomplete=teaser.incomplete,
            )

    def brief_pages(self) -> Iterator[BriefPage]:
        """Yield the page of each story that is known only from teasers."""
        for brief in self.briefs.values():
            source = self.cards[brief.source]
            title = self.head(brief.source).teasers[brief.index]
            referrers = [slug for slug in brief.referrers if slug in self.cards]
            original = self.original(source)
            if original:
                path = article_path(original.href.removeprefix(self.config.base_path).partition("/")[0], brief.slug)
                original = Link(title=original.title, href=self.config.base_path + path)
            yield BriefPage(
                **self.frame(f"articles/{brief.slug}/", title, alternates=source.heads),
                indexable=False,
                slug=brief.slug,
                text=self.head(brief.source).text,
                index=brief.index,
                date=self.date(brief.date),
                tags=self.tag_links(brief.tags),
                backlinks=tuple([self.shorts[slug] for slug in referrers]),
                original=original,
                incomplete=brief.incomplete,
            )

    # ------------------------------------------------------------------------------------------------ lists

    def list_pages(
        self,
        path: str,
        heading: str,
        stories: tuple[Sequence[Story], Sequence[Story]],
        crumbs: Sequence[Link],
        **fields: Any,
    ) -> Iterator[ListPage]:
        """Yield the pages of one list, whose stories are given oldest first."""
        items = self.items
        for part in slices(*stories, self.config.page_size):
            place = f"{path}page/{part.number}/" if part.number else path
            title = f"{heading} · {self.words('page_number', part.number)}" if part.number else heading
            own_crumbs = (*crumbs, Link(title=heading, href=self.href(path))) if part.number else crumbs
            yield ListPage(
                **self.frame(place, title, own_crumbs),
                heading=heading,
                total_articles=len(stories[0]),
                total_briefs=len(stories[1]),
                items=tuple([items[story.slug] for story in part.articles]),
                briefs=tuple([items[story.slug] for story in part.briefs]),
                pager=self.pager(path, part) if part.total else None,
                **fields,
            )

    def tag_pages(self) -> Iterator[AnyPage]:
        """Yield the lists and feeds of all tags, and the page that names them."""
        found = grouped(self.articles_in_order, self.briefs_in_order, lambda story: story.tags)
        crumbs = (Link(title=self.site.words["tags"], href=self.href("tags/")),)
        for key in sorted(found, key=lambda key: self.tags[key].slug):
            tag = self.tags[key]
            path = f"tags/{tag.slug}/"
            fields: dict[str, Any] = {"kicker": self.site.words[f"kind_{tag.kind}"]}
            if found[key][0]:
                title = f"{tag.name} · {self.site.title}"
                yield self.feed(f"{self.root}{path}", f"{path}feed.xml", found[key][0], TAG_FEED_LENGTH, title)
                fields["feed"] = self.href(f"{path}feed.xml")
            yield from self.list_pages(path, tag.name, found[key], crumbs, **fields)
        yield self.tags_page(found)

    def tags_page(self, found: Mapping[str, tuple[Sequence[Story], Sequence[Story]]]) -> TagsPage:
        """Return the page of all tags, by kind."""
        groups = []
        for kind in KINDS:
            keys = sorted((key for key in found if self.tags[key].kind == kind), key=lambda key: self.tags[key].slug)
            links = self.tag_links(keys)
            counted = tuple(
                Link(title=link.title, href=link.href, count=len(found[key][0]) + len(found[key][1]))
                for key, link in zip(keys, links, strict=True)
            )
            if counted:
                groups.append(TagGroup(name=kind, tags=counted))
        return TagsPage(**self.frame("tags/", self.site.words["tags"]), groups=tuple(groups))

    @cached_property
    def by_date(self) -> dict[str, tuple[list[Story], list[Story]]]:
        """The stories of each date index, by its path, oldest first."""
        return grouped(self.articles_in_order, self.briefs_in_order, lambda story: dated_folders(story.date))

    def date_pages(self) -> Iterator[AnyPage]:
        """Yield the lists of years, months and days, of what has no such date, and the calendar."""
        calendar = sorted(folder for folder in self.by_date if not folder.startswith("dates/"))
        by_depth = {depth: [folder for folder in calendar if folder.count("/") == depth] for depth in (1, 2, 3)}
        place = {folder: (folders, index) for folders in by_depth.values() for index, folder in enumerate(folders)}
        children: dict[str, list[str]] = {}
        for folder in calendar:
            children.setdefault(folder[: folder.rstrip("/").rfind("/") + 1], []).append(folder)
        for folder in calendar:
            folders, index = place[folder]
            yield from self.list_pages(
                folder,
                date_name(folder),
                self.by_date[folder],
                self.date_crumbs(folder)[:-1],
                kicker=self.site.words["archive_by_date"],
                children=tuple(self.date_link(child, short=True) for child in children.get(folder, ())),
                newer=self.date_link(folders[index + 1]) if index + 1 < len(folders) else None,
                older=self.date_link(folders[index - 1]) if index else None,
            )
        dates = (Link(title=self.site.words["dates"], href=self.href("dates/")),)
        for name, key in OTHER_DATES.items():
            folder = f"dates/{name}/"
            if folder in self.by_date:
                heading, note = self.site.words[f"list_{key}"], self.site.words[f"list_{key}_note"]
                yield from self.list_pages(folder, heading, self.by_date[folder], dates, note=note)
        yield self.calendar(by_depth[1])

    def date_link(self, folder: str, short: bool = False) -> Link:
        """Return a date index with the number of its stories."""
        count = sum(map(len, self.by_date[folder]))
        return Link(title=date_name(folder, short), href=self.href(folder), count=count)

    def date_crumbs(self, folder: str) -> tuple[Link, ...]:
        """Return the way to a date index, itself included."""
        parts = folder.rstrip("/").split("/")
        folders = ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]
        calendar = Link(title=self.site.words["dates"], href=self.href("dates/"))
        steps = [Link(title=date_name(step, short=True), href=self.href(step)) for step in folders]
        return (calendar, *steps)

    def calendar(self, years: Sequence[str]) -> DatesPage:
        """Return the page of all years and months; `years` are their folders, oldest first."""
        rows = []
        for folder in reversed(years):
            months = []
            for number in range(1, 13):
                path = f"{folder}{number:02d}/"
                count = sum(map(len, self.by_date.get(path, ())))
                months.append(MonthCell(number=number, href=self.href(path) if count else "", count=count))
            count = sum(map(len, self.by_date[folder]))
            rows.append(YearRow(year=int(folder[:4]), href=self.href(folder), count=count, months=tuple(months)))
        others = [
            Link(
                title=self.site.words[f"list_{key}"],
                href=self.href(f"dates/{name}/"),
                count=sum(map(len, self.by_date[f"dates/{name}/"])),
            )
            for name, key in OTHER_DATES.items()
            if f"dates/{name}/" in self.by_date
        ]
        return DatesPage(**self.frame("dates/", self.site.words["dates"]), years=tuple(rows), others=tuple(others))

    # ------------------------------------------------------------------------------------------------ feeds

    def feed(self, list_path: str, path: str, stories: Sequence[Story], length: int, title: str) -> FeedPage:
        """Return the feed of the newest dated stories of a list, which is given oldest first."""
        entries = []
        for story in reversed(stories):
            card, head = self.cards[story.slug], self.head(story.slug)
            published = iso_date(card.date)
            if not published or card.withdrawn:
                continue
            entries.append(
                FeedEntry(
                    text=head.text,
                    href=self.story_href(story.slug),
                    published=published,
                    updated=max(iso_date(card.updated), published),
                    summary=head.summary,
                    tags=tuple(self.tags[key].name for key in card.tags),
                )
            )
            if len(entries) == length:
                break
        return FeedPage(
            **self.frame(path, title),
            indexable=False,
            entries=tuple(entries),
            updated=max((entry.updated for entry in entries), default="1970-01-01"),
            list_href=f"{self.config.base_path}{list_path}",
        )
