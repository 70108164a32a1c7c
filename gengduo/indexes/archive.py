"""The lists of one edition: by tag and by date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gengduo.indexes.frame import EditionFrame
from gengduo.indexes.lists import OTHER_DATES, Story, first_day, grouped, iso_date, slices
from gengduo.indexes.strokes import by_strokes
from gengduo.model import (
    AnyPage,
    DatesPage,
    FeedEntry,
    FeedPage,
    Link,
    ListPage,
    MonthCell,
    TagGroup,
    TagsPage,
    YearRow,
)

TAG_FEED_LENGTH = 15
KINDS = ("topic", "person", "place", "organisation")


class ArchivePages(EditionFrame):
    """Makes the lists of an edition: by tag and by date, and the feeds that follow them."""

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
        """Return the page of all tags, by kind; in Traditional by strokes, elsewhere by pinyin."""
        groups = []
        for kind in KINDS:
            keys = sorted((key for key in found if self.tags[key].kind == kind), key=lambda key: self.tags[key].slug)
            if self.edition.script == "Hant":
                keys.sort(key=lambda key: by_strokes(self.tags[key].name))
            links = self.tag_links(keys)
            counted = tuple(
                Link(title=link.title, href=link.href, count=len(found[key][0]) + len(found[key][1]))
                for key, link in zip(keys, links, strict=True)
            )
            if counted:
                groups.append(TagGroup(name=kind, tags=counted))
        return TagsPage(**self.frame("tags/", self.site.words["tags"]), groups=tuple(groups))

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
                self.date_name(folder),
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
        return Link(title=self.date_name(folder, short), href=self.href(folder), count=count)

    def date_crumbs(self, folder: str) -> tuple[Link, ...]:
        """Return the way to a date index, itself included."""
        parts = folder.rstrip("/").split("/")
        folders = ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]
        calendar = Link(title=self.site.words["dates"], href=self.href("dates/"))
        steps = [Link(title=self.date_name(step, short=True), href=self.href(step)) for step in folders]
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

    def feed(self, list_path: str, path: str, stories: Sequence[Story], length: int, title: str) -> FeedPage:
        """Return the feed of the newest dated stories of a list, which is given oldest first."""
        entries = []
        for story in reversed(stories):
            holding = self.holdings[story.slug]
            from_day = first_day(holding.date)
            if not from_day or holding.withdrawn:
                continue
            entries.append(
                FeedEntry(
                    text=story.slug,
                    href=self.story_href(story.slug),
                    published=iso_date(holding.date),
                    updated=max(iso_date(holding.updated), from_day),
                    tags=tuple(self.tags[key].name for key in holding.tags),
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
