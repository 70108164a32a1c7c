"""XML for machines: Atom feeds (RFC 4287) and sitemaps (sitemaps.org 0.9, with hreflang as xhtml:link)."""

from __future__ import annotations

from collections.abc import Mapping

from gengduo.model import ArticleText, FeedPage, Head, SitemapIndexPage, SitemapPage, SiteView

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"


def render_feed(site: SiteView, page: FeedPage, texts: Mapping[str, ArticleText], heads: Mapping[str, Head]) -> str:
    """Return an Atom feed with the full text of its stories; their words are given by slug.

    An entry's id is its address: permalinks do not move. Days without an hour are written as midnight UTC.
    """
    origin = site.base_url[: -len(site.base_path)]
    lines = [
        f'{DECLARATION}<feed xmlns="{ATOM}" xml:lang="{_attribute(site.lang)}">\n',
        _element("id", origin + page.list_href),
        _element("title", page.title),
        _element("updated", f"{page.updated}T00:00:00Z"),
        f'<link rel="self" type="application/atom+xml" href="{_attribute(site.base_url + page.permalink)}" />\n',
        f'<link rel="alternate" type="text/html" href="{_attribute(origin + page.list_href)}" />\n',
        f"<author>\n{_element('name', site.title)}</author>\n",
        _element("generator", "Gengduo"),
    ]
    for entry in page.entries:
        text = texts[entry.text]
        summary = heads[entry.text].summary
        href = _attribute(origin + entry.href)
        lines += [
            "<entry>\n",
            _element("id", origin + entry.href),
            _element("title", text.title),
            _element("published", f"{entry.published}T00:00:00Z") if entry.published else "",
            _element("updated", f"{entry.updated}T00:00:00Z"),
            f'<link rel="alternate" type="text/html" href="{href}" />\n',
            f"<author>\n{_element('name', text.byline)}</author>\n" if text.byline else "",
            *(f'<category term="{_attribute(tag)}" />\n' for tag in entry.tags),
            _element("summary", summary) if summary else "",
            _element("content", feed_html(text, origin), f' type="html" xml:base="{href}"'),
            "</entry>\n",
        ]
    return "".join([*lines, "</feed>\n"])


def feed_html(text: ArticleText, origin: str) -> str:
    """Return the lede and body of a story as HTML whose addresses are absolute: feed readers know no base path."""
    lede = f"<p>{_escape(text.lede)}</p>\n" if text.lede else ""
    body = text.body_html.replace(' href="/', f' href="{origin}/').replace(' src="/', f' src="{origin}/')
    return lede + body


def render_sitemap(site: SiteView, page: SitemapPage) -> str:
    """Return a sitemap in which each page names its counterparts in all editions, itself included."""
    lines = [DECLARATION, f'<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">\n']
    origin = _escape(site.base_url)
    for entry in page.entries:
        addresses = [(_escape(lang), origin + _escape(permalink)) for lang, permalink in entry.permalinks]
        links = "".join(
            [f'<xhtml:link rel="alternate" hreflang="{lang}" href="{address}"/>' for lang, address in addresses]
        )
        modified = f"<lastmod>{entry.modified}</lastmod>" if entry.modified else ""
        lines += [f"<url><loc>{address}</loc>{modified}{links}</url>\n" for _, address in addresses]
    lines.append("</urlset>\n")
    return "".join(lines)


def render_sitemap_index(site: SiteView, page: SitemapIndexPage) -> str:
    """Return the index of the parts of a sitemap."""
    parts = "".join(f"<sitemap><loc>{_escape(site.base_url + part)}</loc></sitemap>\n" for part in page.parts)
    return f'{DECLARATION}<sitemapindex xmlns="{SITEMAP}">\n{parts}</sitemapindex>\n'


def _element(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{_escape(text, '')}</{name}>\n" if text else f"<{name}{attributes} />\n"


def _attribute(text: str) -> str:
    return _escape(text).replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#09;")


def _escape(text: str, quote: str = '"') -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace(quote, "&quot;") if quote else text
