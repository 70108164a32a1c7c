"""The pages of one edition: from the library to the view of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from gengduo.indexes.archive import ArchivePages
from gengduo.indexes.lists import iso_date, slices
from gengduo.model import (
    Alternate,
    AnyPage,
    ArticlePage,
    BriefPage,
    FrontPage,
    Holding,
    Item,
    Link,
    MissingPage,
    MoreLink,
)
from gengduo.references import Brief
from gengduo.urls import article_path

FEED_LENGTH = 30
FRONT_BRIEFS = 8
FRONT_TAGS = 16


class EditionPages(ArchivePages):
    """Makes every page of an edition."""

    def pages(self) -> Iterator[AnyPage]:
        """Yield every page of the edition; `feed.xml` and `404.html` included."""
        yield from self.story_pages()  # the quickest to make: workers wait for the first
        yield from self.front_pages()
        yield from self.tag_pages()
        yield from self.date_pages()
        yield self.feed(self.root, "feed.xml", self.articles_in_order, FEED_LENGTH, self.site.title)
        yield MissingPage(**self.frame("404.html", self.site.words["missing"]), indexable=False)

    def front_pages(self) -> Iterator[FrontPage]:
        """Yield the front page and the older parts of the river."""
        lead = next((story for story in reversed(self.articles_in_order) if self.holdings[story.slug].lead), None)
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
                    "briefs": tuple(self.items[story.slug] for story in self.briefs_in_order[-FRONT_BRIEFS:][::-1]),
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

    def story_pages(self) -> Iterator[ArticlePage | BriefPage]:
        """Yield the page of each article, oldest first, with those of the briefs whose words it holds.

        So they come to the same worker, which reads these words once.
        """
        in_order = self.articles_in_order
        briefs: dict[str, list[Brief]] = {}
        for brief in self.briefs.values():
            briefs.setdefault(brief.source, []).append(brief)
        for index, story in enumerate(in_order):
            newer = self.items[in_order[index + 1].slug] if index + 1 < len(in_order) else None
            older = self.items[in_order[index - 1].slug] if index else None
            yield self.article_page(self.holdings[story.slug], newer, older)
            yield from map(self.brief_page, briefs.get(story.slug, ()))

    def article_page(self, holding: Holding, newer: Item | None, older: Item | None) -> ArticlePage:
        """Return the page of an article between its neighbours in time."""
        return ArticlePage(
            **self.frame(f"articles/{holding.slug}/"),
            indexable=not holding.withdrawn,
            slug=holding.slug,
            text=holding.slug,
            date=self.date(holding.date),
            updated=self.date(holding.updated),
            tags=self.tag_links(holding.tags),
            more=tuple(self.more_links(holding)),
            backlinks=self.backlinks(self.library.backlinks.get(holding.slug, ())),
            newer=newer,
            older=older,
            original=self.original(holding, holding.slug),
            by_hand=self.version(holding.slug).by_hand,
            source_url=holding.source_url,
            correction_dates=tuple(map(self.date, holding.correction_dates)),
            published=iso_date(holding.date),
            modified=iso_date(holding.updated) or iso_date(holding.date),
            withdrawn=holding.withdrawn,
        )

    @cached_property
    def newest_first(self) -> dict[str, int]:
        """The place of each article where the newest comes first, and those without a date last."""
        return {story.slug: place for place, story in enumerate(reversed(self.articles_in_order))}

    def backlinks(self, referrers: Iterable[str]) -> tuple[Item, ...]:
        """Return the articles that lead to a story, newest first."""
        slugs = [slug for slug in referrers if slug in self.holdings]
        return tuple([self.items[slug] for slug in sorted(slugs, key=self.newest_first.__getitem__)])

    def original(self, holding: Holding, slug: str) -> Alternate | None:
        """Return the original of a converted page; `slug` is that of the page itself."""
        if self.version(holding.slug).by_hand or self.edition.lang == holding.lang or self.edition.script is None:
            return None
        for spec in self.config.editions:
            if spec.lang == holding.lang and spec.path in holding.versions:
                href = f"{self.config.base_path}{article_path(spec.path, slug)}"
                return Alternate(edition=spec.path, lang=spec.lang, label=spec.label, href=href)
        return None

    def more_links(self, holding: Holding) -> Iterator[MoreLink]:
        """Yield where the teasers of an article lead; nothing where a hand-made page leaves them out."""
        if not self.version(holding.slug).teasers:
            return
        for (date, incomplete), target in zip(holding.teasers, self.library.targets[holding.slug], strict=True):
            shown = self.items.get(target.slug) if target else None
            if shown is None:
                yield MoreLink(date=self.date(date), incomplete=incomplete)
            else:
                yield MoreLink(href=shown.href, kind=shown.kind, date=shown.date, incomplete=incomplete)

    def brief_page(self, brief: Brief) -> BriefPage:
        """Return the page of a story that is known only from teasers."""
        return BriefPage(
            **self.frame(f"articles/{brief.slug}/", self.brief_title(brief)),
            indexable=False,
            slug=brief.slug,
            text=brief.source,
            index=brief.index,
            date=self.date(brief.date),
            tags=self.tag_links(brief.tags),
            backlinks=self.backlinks(brief.referrers),
            original=self.original(self.holdings[brief.source], brief.slug),
            incomplete=brief.incomplete,
        )
