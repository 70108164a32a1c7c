"""Indexes: from the library to the view of every page."""

from gengduo.indexes.edition import EditionPages
from gengduo.indexes.lists import TagEntry, iso_date, stories_of
from gengduo.indexes.site import alias_pages, site_pages, sitemap_entry, sitemap_pages

__all__ = [
    "EditionPages",
    "TagEntry",
    "alias_pages",
    "iso_date",
    "site_pages",
    "sitemap_entry",
    "sitemap_pages",
    "stories_of",
]
