"""The words of stories in views: named there by the slug of an article, and filled in when a page is printed.

So a view stays the same whatever an editor writes, and its digest with it; the words have digests of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from gengduo.cache import Sealed, TextPlace
from gengduo.model import AliasPage, AnyPage, ArticlePage, BriefPage, FeedPage, FrontPage, Head, Item, ListPage


class Words(NamedTuple):
    """The words of articles, by edition and slug."""

    texts: Mapping[str, Mapping[str, TextPlace]]
    heads: Mapping[str, Mapping[str, Sealed]]
    """Encoded."""


def shown_texts(view: AnyPage) -> list[str]:
    """Return the slugs of the articles that a view shows whole."""
    if isinstance(view, ArticlePage | BriefPage):
        return [view.text]
    return [entry.text for entry in view.entries] if isinstance(view, FeedPage) else []


def shown_heads(view: AnyPage) -> list[str]:
    """Return the slugs of the articles whose heads a view shows."""
    if isinstance(view, FeedPage):
        return [entry.text for entry in view.entries]
    own = [view.text] if isinstance(view, ArticlePage | BriefPage | AliasPage) else []
    return own + [item.text for item in _items(view)]


def _items(view: AnyPage) -> Iterator[Item]:
    if isinstance(view, ArticlePage):
        yield from view.backlinks
        yield from (item for item in (view.newer, view.older) if item)
    elif isinstance(view, BriefPage):
        yield from view.backlinks
    elif isinstance(view, ListPage | FrontPage):
        yield from view.items
        yield from view.briefs
        if isinstance(view, FrontPage) and view.lead:
            yield view.lead


def with_words(view: AnyPage, heads: Mapping[str, Head], origin: str) -> AnyPage:
    """Return a view with the words that it names; `heads` are those of its edition, by slug."""

    def titled(item: Item) -> Item:
        head = heads[item.text]
        title = head.title if item.index < 0 else head.teasers[item.index]
        return Item(text=item.text, index=item.index, href=item.href, kind=item.kind, date=item.date, title=title)

    def told(item: Item) -> Item:
        if item.index >= 0:
            return titled(item)
        head = heads[item.text]
        return Item(
            text=item.text,
            href=item.href,
            kind=item.kind,
            date=item.date,
            title=head.title,
            summary=head.summary,
            section=head.section,
            photo=head.photo,
        )

    if isinstance(view, ArticlePage):
        head = heads[view.text]
        return replace(
            view,
            title=head.title,
            description=head.summary,
            photo=origin + head.photo if head.photo else "",
            backlinks=tuple(map(titled, view.backlinks)),
            newer=titled(view.newer) if view.newer else None,
            older=titled(view.older) if view.older else None,
        )
    if isinstance(view, BriefPage):
        title = heads[view.text].teasers[view.index]
        return replace(view, title=title, backlinks=tuple(map(titled, view.backlinks)))
    if isinstance(view, ListPage):
        return replace(view, items=tuple(map(told, view.items)), briefs=tuple(map(titled, view.briefs)))
    if isinstance(view, FrontPage):
        lead = told(view.lead) if view.lead else None
        return replace(view, lead=lead, items=tuple(map(told, view.items)), briefs=tuple(map(titled, view.briefs)))
    return replace(view, title=heads[view.text].title) if isinstance(view, AliasPage) else view
