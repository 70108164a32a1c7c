"""The words of stories in views: named there by the slug of an article, and filled in when a page is printed.

So a view stays the same whatever an editor writes, and its digest with it; the words have digests of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from msgspec import msgpack
from msgspec.structs import replace

from gengduo.cache import Sealed, TextPlace
from gengduo.model import AliasPage, AnyPage, ArticlePage, BriefPage, FeedPage, FrontPage, Head, Item, ListPage


class Words(NamedTuple):
    """The words of articles, by edition and slug."""

    texts: Mapping[str, Mapping[str, TextPlace]]
    heads: Mapping[str, Mapping[str, Sealed]]

    def few(self, shown: Mapping[str, tuple[Set[str], Set[str]]]) -> bytes:
        """Return some of the words, encoded as `ShownWords`: by edition, the slugs of the texts and of the heads."""
        texts = {edition: {slug: self.texts[edition][slug] for slug in slugs} for edition, (slugs, _) in shown.items()}
        heads = {
            edition: {slug: self.heads[edition][slug].data for slug in slugs} for edition, (_, slugs) in shown.items()
        }
        return msgpack.encode((texts, heads))


ShownWords = tuple[dict[str, dict[str, TextPlace]], dict[str, dict[str, Head]]]
"""The words that the views of a shard show, by edition and slug."""


def shown_texts(view: AnyPage) -> list[str]:
    """Return the slugs of the articles that a view shows whole."""
    if isinstance(view, ArticlePage | BriefPage):
        return [view.text]
    return [entry.text for entry in view.entries] if isinstance(view, FeedPage) else []


def shown_heads(view: AnyPage) -> list[str]:
    """Return the slugs of the articles whose heads a view shows."""
    if isinstance(view, FeedPage):
        return [entry.text for entry in view.entries]
    if isinstance(view, ArticlePage):
        items = (*view.backlinks, view.newer, view.older)
        return [view.text, *[item.text for item in items if item]]
    if isinstance(view, BriefPage):
        return [item.text for item in view.backlinks]
    if isinstance(view, ListPage):
        return [item.text for item in view.items]
    if isinstance(view, FrontPage):
        return [item.text for item in (view.lead, *view.items) if item]
    return [view.text] if isinstance(view, AliasPage) else []


def with_words(view: AnyPage, heads: Mapping[str, Head], origin: str) -> AnyPage:
    """Return a view with the words that it names; `heads` are those of its edition, by slug."""

    def titled(item: Item) -> Item:
        return Item(text=item.text, href=item.href, kind=item.kind, date=item.date, title=heads[item.text].title)

    def told(item: Item) -> Item:
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
        return replace(view, backlinks=tuple(map(titled, view.backlinks)))
    if isinstance(view, ListPage):
        return replace(view, items=tuple(map(told, view.items)))
    if isinstance(view, FrontPage):
        return replace(view, lead=told(view.lead) if view.lead else None, items=tuple(map(told, view.items)))
    return replace(view, title=heads[view.text].title) if isinstance(view, AliasPage) else view
