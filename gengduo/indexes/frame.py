"""What all pages of one edition share."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from gengduo.dates import parse_edtf
from gengduo.indexes.lists import Slice, Story, TagEntry, date_name, dated_folders, grouped, numeric_date
from gengduo.model import Alternate, DateView, EditionSpec, Item, Link, Pager, SiteConfig, SiteView, Version
from gengduo.references import Brief, Library
from gengduo.urls import output_path

JUMPS = 3
"""Numbered pages on either side of the current one that a pager offers."""


class EditionFrame:
    """What the pages of one edition are made with: its stories, their addresses, and the fields of every view."""

    def __init__(
        self,
        config: SiteConfig,
        edition: EditionSpec,
        site: SiteView,
        library: Library,
        tags: Mapping[str, TagEntry],
        stories: tuple[list[Story], list[Story]],
        partial: Mapping[str, Container[str]] | None = None,
    ) -> None:
        """Take what is the same for all; `partial` names, of the editions that lack pages, the paths that they hold."""
        self.config = config
        self.edition = edition
        self.site = site
        self.library = library
        self.tags = tags
        self.root = f"{edition.path}/"
        self.address = f"{config.base_path}{edition.path}/"
        self.origin = config.base_url[: -len(config.base_path)]
        self.home = Link(title=site.words["home"], href=site.home)
        self.holdings = {holding.slug: holding for holding in library.articles if edition.path in holding.versions}
        self.briefs = {brief.slug: brief for brief in library.briefs if self._tells_of(brief)}
        self.partial = partial or {}
        self.articles_in_order = [story for story in stories[0] if story.slug in self.holdings]
        self.briefs_in_order = [story for story in stories[1] if story.slug in self.briefs]
        self._dates: dict[str, DateView] = {}

    def _tells_of(self, brief: Brief) -> bool:
        """Tell whether this edition has the words of a brief: a hand-made page may have left them out."""
        return brief.source in self.holdings and brief.index < len(self.version(brief.source).teasers)

    def href(self, path: str) -> str:
        """Return the address of a path of this edition."""
        return self.address + path

    def story_href(self, slug: str) -> str:
        """Return the address of an article or brief."""
        return f"{self.address}articles/{slug}/"

    def words(self, key: str, number: int) -> str:
        """Return a word with its `{n}` filled in."""
        return self.site.words[key].replace("{n}", str(number))

    def version(self, slug: str) -> Version:
        """Return an article's version in this edition."""
        return self.holdings[slug].versions[self.edition.path]

    def brief_title(self, brief: Brief) -> str:
        """Return the title of a brief: that of the teaser which tells of it."""
        return self.version(brief.source).teasers[brief.index]

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
                text=date.display if self.edition.script else numeric_date(date),
                note=date.note,
                href=self.href(dated_folders(date)[-1]),
            )
        return view

    @cached_property
    def items(self) -> dict[str, Item]:
        """Each article and brief as lists show it, by slug."""
        items = {
            slug: Item(text=slug, href=self.story_href(slug), kind="article", date=self.date(holding.date))
            for slug, holding in self.holdings.items()
        }
        return items | {
            slug: Item(
                href=self.story_href(slug), kind="brief", date=self.date(brief.date), title=self.brief_title(brief)
            )
            for slug, brief in self.briefs.items()
        }

    def tag_links(self, keys: Iterable[str]) -> tuple[Link, ...]:
        """Return tags with the addresses of their lists."""
        return tuple(map(self._tag_link, keys))

    @cached_property
    def _tag_link(self) -> Callable[[str], Link]:
        links = {key: Link(title=tag.name, href=self.href(f"tags/{tag.slug}/")) for key, tag in self.tags.items()}
        return links.__getitem__

    def frame(self, path: str, title: str = "", crumbs: Sequence[Link] = ()) -> dict[str, Any]:
        """Return the fields that every view has; its alternates are the editions that hold it."""
        held = self._everywhere
        if self.partial:
            held = [entry for entry in held if entry[0] not in self.partial or path in self.partial[entry[0]]]
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

    def date_name(self, folder: str, short: bool = False) -> str:
        """Return the name of a date index; only Chinese editions have words for it."""
        if self.edition.script:
            return date_name(folder, short)
        return folder.rstrip("/").rpartition("/")[2] if short else folder.rstrip("/").replace("/", "-")

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

    @cached_property
    def by_date(self) -> dict[str, tuple[list[Story], list[Story]]]:
        """The stories of each date index, by its path, oldest first."""
        return grouped(self.articles_in_order, self.briefs_in_order, lambda story: dated_folders(story.date))
