"""Structured data: what machines read in a page (schema.org)."""

from __future__ import annotations

from typing import Any

import msgspec

from gengduo.model import ArticlePage, ArticleText, SiteView

UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def json_ld(site: SiteView, page: ArticlePage, text: ArticleText) -> str:
    """Return schema.org's NewsArticle as JSON that is inert inside a script element."""
    url = site.base_url + page.permalink
    value: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": text.title,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": site.lang,
        "description": page.description or None,
        "datePublished": page.published or None,
        "dateModified": page.modified or None,
        "image": page.photo or None,
        "author": {"@type": "Organization", "name": text.byline} if text.byline else None,
        "publisher": {"@type": "Organization", "name": site.title, "url": site.base_url},
        "keywords": [tag.title for tag in page.tags] or None,
        "isBasedOn": page.source_url or None,
        "translationOfWork": {"@id": _absolute(site, page.original.href)} if page.original else None,
        "citation": [_absolute(site, link.href) for link in page.more if link.href] or None,
        "correction": [
            {"@type": "CorrectionComment", "text": item.text, "datePublished": item.date or None}
            for item in text.corrections
        ]
        or None,
    }
    return script_json({key: entry for key, entry in value.items() if entry is not None})


def script_json(value: object) -> str:
    """Return JSON that can stand in a script element: no `<`, `>`, `&`, and no line separators."""
    text = msgspec.json.encode(value).decode()
    for character, escaped in UNSAFE.items():
        if character in text:
            text = text.replace(character, escaped)
    return text


def _absolute(site: SiteView, href: str) -> str:
    return site.base_url[: -len(site.base_path)] + href
