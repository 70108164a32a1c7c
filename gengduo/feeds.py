"""XML for machines: Atom feeds (RFC 4287) and sitemaps (sitemaps.org 0.9, with hreflang as xhtml:link)."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from gengduo.model import ArticleText, FeedPage, Head, SitemapIndexPage, SitemapPage, SiteView

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"


def render_feed(site: SiteView, page: FeedPage, texts: Mapping[str, ArticleText], heads: Mapping[str, Head]) -> str:
    """Return an Atom feed with the full text of its stories; their words are given by slug.

    An entry's id is its address: permalinks do not move. Days without an hour are written as midnight UTC.
    """
    origin = site.base_url[: -len(site.base_path)]
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": site.lang})
    _child(feed, "id", origin + page.list_href)
    _child(feed, "title", page.title)
    _child(feed, "updated", f"{page.updated}T00:00:00Z")
    ET.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": site.base_url + page.permalink})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": origin + page.list_href})
    author = ET.SubElement(feed, "author")
    _child(author, "name", site.title)
    _child(feed, "generator", "Gengduo")
    for entry in page.entries:
        text = texts[entry.text]
        node = ET.SubElement(feed, "entry")
        _child(node, "id", origin + entry.href)
        _child(node, "title", text.title)
        if entry.published:
            _child(node, "published", f"{entry.published}T00:00:00Z")
        _child(node, "updated", f"{entry.updated}T00:00:00Z")
        ET.SubElement(node, "link", {"rel": "alternate", "type": "text/html", "href": origin + entry.href})
        if text.byline:
            _child(ET.SubElement(node, "author"), "name", text.byline)
        for tag in entry.tags:
            ET.SubElement(node, "category", {"term": tag})
        if summary := heads[entry.text].summary:
            _child(node, "summary", summary)
        content = ET.SubElement(node, "content", {"type": "html", "xml:base": origin + entry.href})
        content.text = feed_html(text, origin)
    ET.indent(feed, space="")
    return DECLARATION + ET.tostring(feed, encoding="unicode") + "\n"


def feed_html(text: ArticleText, origin: str) -> str:
    """Return the lede and body of a story as HTML whose addresses are absolute: feed readers know no base path."""
    lede = f"<p>{_escape(text.lede)}</p>\n" if text.lede else ""
    body = text.body_html.replace(' href="/', f' href="{origin}/').replace(' src="/', f' src="{origin}/')
    return lede + body


def render_sitemap(site: SiteView, page: SitemapPage) -> str:
    """Return a sitemap in which each page names its counterparts in all editions, itself included."""
    lines = [DECLARATION, f'<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">\n']
    for entry in page.entries:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{_escape(lang)}" href="{_escape(site.base_url + permalink)}"/>'
            for lang, permalink in entry.permalinks
        )
        modified = f"<lastmod>{entry.modified}</lastmod>" if entry.modified else ""
        lines += [
            f"<url><loc>{_escape(site.base_url + permalink)}</loc>{modified}{links}</url>\n"
            for _, permalink in entry.permalinks
        ]
    lines.append("</urlset>\n")
    return "".join(lines)


def render_sitemap_index(site: SiteView, page: SitemapIndexPage) -> str:
    """Return the index of the parts of a sitemap."""
    parts = "".join(f"<sitemap><loc>{_escape(site.base_url + part)}</loc></sitemap>\n" for part in page.parts)
    return f'{DECLARATION}<sitemapindex xmlns="{SITEMAP}">\n{parts}</sitemapindex>\n'


def _child(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _escape(text: str) -> str:
    return text.translate(ESCAPES)
