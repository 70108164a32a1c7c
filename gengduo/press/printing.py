"""The press: shards of views become files on the stage.

What is written depends on the views, the texts they name, and `PressSettings`, on nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from gengduo.cache import digest_bytes, read_packs
from gengduo.errors import ContentError, Position, Problem
from gengduo.feeds import render_feed, render_sitemap, render_sitemap_index
from gengduo.model import (
    AnyPage,
    ArticlePage,
    ArticleText,
    BriefPage,
    FeedPage,
    Head,
    PlainPage,
    SitemapIndexPage,
    SitemapPage,
    SiteView,
    Value,
)
from gengduo.output import is_bare, stage_file
from gengduo.press.words import ShownWords, with_words
from gengduo.render import CompiledTemplates, Renderer

FILE_MODE_MASK = 0o022
"""Files are 644 and folders 755 whatever the user's umask: the same site everywhere."""

WITH_TEXT = (ArticlePage, BriefPage)
"""Views whose template is given an article's words."""
WITHOUT_TEMPLATE = (PlainPage, FeedPage, SitemapPage, SitemapIndexPage)

_views = msgspec.msgpack.Decoder(AnyPage)
_texts = msgspec.msgpack.Decoder(ArticleText)
_words = msgspec.msgpack.Decoder(ShownWords)


class PressSettings(Value, frozen=True, kw_only=True):
    """Everything beside a view and its texts that decides a file."""

    templates: dict[str, bytes]
    """What lies in `templates/`, by name: read once, so that all pages are made of the same."""
    sites: dict[str, SiteView]
    """By path of the edition."""
    program: str
    """Digest of this program."""
    compiled: str
    """Folder of compiled templates."""


class PressedFile(Value, frozen=True, kw_only=True):
    """A file that a shard made."""

    path: str
    digest: str
    written: bool
    """It differs from what the output holds, and lies on the stage."""


def press_shard(cache: str, output: str, settings: bytes, views: Sequence[bytes], words: bytes) -> list[PressedFile]:
    """Print encoded views onto the stage; `words` are those that they show, encoded as `ShownWords`.

    Raises ContentError where a template fails, DamagedCacheError where a text is not what it should be.
    """
    os.umask(FILE_MODE_MASK)
    press = _press(settings)
    places, heads = _words.decode(words)
    texts = {
        edition: {slug: _texts.decode(data) for slug, data in read_packs(Path(cache), of_edition).items()}
        for edition, of_edition in places.items()
    }
    folder = Path(output)
    onto_bare = is_bare(folder)
    pressed = []
    problems: dict[Position, Problem] = {}
    for encoded in views:
        view = _views.decode(encoded)
        try:
            data = press.print(view, texts[view.edition], heads[view.edition])
        except ContentError as error:
            for found in error.problems:
                problems.setdefault(found.position, found)  # one line of a template fails on many pages
            continue
        written = stage_file(folder, view.output_path, data, onto_bare)
        pressed.append(PressedFile(path=view.output_path, digest=digest_bytes(data), written=written))
    if problems:
        raise ContentError(problems.values())
    return pressed


class Press:
    """One process's templates, and what they make of views."""

    def __init__(self, settings: PressSettings) -> None:
        self.sites = settings.sites
        self.renderers = {
            path: Renderer(settings.templates, site, CompiledTemplates(Path(settings.compiled), settings.program, site))
            for path, site in settings.sites.items()
        }

    def print(self, view: AnyPage, texts: Mapping[str, ArticleText], heads: Mapping[str, Head]) -> bytes:
        """Return a view's file; the words of its edition are given by slug."""
        if isinstance(view, WITHOUT_TEMPLATE):
            return self.plain(view, texts, heads).encode("utf-8", "surrogatepass")
        site = self.sites[view.edition]
        text = texts[view.text] if isinstance(view, WITH_TEXT) else None
        origin = site.base_url[: -len(site.base_path)]
        return self.renderers[view.edition].render(with_words(view, heads, origin), text)

    def plain(
        self,
        view: PlainPage | FeedPage | SitemapPage | SitemapIndexPage,
        texts: Mapping[str, ArticleText],
        heads: Mapping[str, Head],
    ) -> str:
        """Return the text of a file that no template makes."""
        site = self.sites[view.edition]
        match view:
            case PlainPage():
                return view.content
            case FeedPage():
                return render_feed(site, view, texts, heads)
            case SitemapPage():
                return render_sitemap(site, view)
            case SitemapIndexPage():
                return render_sitemap_index(site, view)


@lru_cache(maxsize=1)
def _press(settings: bytes) -> Press:
    return Press(msgspec.msgpack.decode(settings, type=PressSettings))
