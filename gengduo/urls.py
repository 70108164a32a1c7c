"""Addresses: what may stand in a page, and where things are.

Every address that a page contains is root-relative with the base path, so that a site works under `/repo/` and `/`.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


def quote_path(path: str) -> str:
    """Return a path of Unicode text as it stands in an href."""
    return quote(path, safe="/-._~!$'()*+,;=:@")


def article_path(edition: str, slug: str) -> str:
    """Return the permalink of an article or brief under the base URL."""
    return f"{edition}/articles/{slug}/"


def output_path(permalink: str) -> str:
    """Return the file that answers at a permalink."""
    return f"{permalink}index.html" if not permalink or permalink.endswith("/") else permalink


def link_danger(href: str) -> str:
    """Return why an address must not stand in a page, or an empty text.

    Browsers drop tabs, line breaks and leading controls before they read the scheme (WHATWG URL, section 4.4), so the
    test does the same.
    """
    plain = "".join(
        character for character in href if not character.isspace() and unicodedata.category(character) != "Cc"
    )
    if plain.replace("\\", "/").startswith("//"):
        return "an address that begins with // leads to another host"
    scheme = SCHEME.match(plain)
    if scheme and scheme[1].lower() not in SAFE_SCHEMES:
        return f"the scheme “{scheme[1].lower()}:” is not allowed"
    return ""
