"""Addresses: what may stand in a page, and where things are.

Every address that a page contains is root-relative with the base path, so that a site works under `/repo/` and `/`.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
WEB_SCHEMES = frozenset({"http", "https"})
ADDRESS = re.compile(r"https?://([^\s/?#@\\]+)(?:[/?#][^\s\x00-\x1f\x7f\\\"<>^`{|}]*)?")
HOST_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
LONGEST_HOST = 253
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
    plain = href
    if not href.isprintable() or " " in href:
        plain = "".join(sign for sign in href if not sign.isspace() and unicodedata.category(sign) != "Cc")
    if plain.replace("\\", "/").startswith("//"):
        return "an address that begins with // leads to another host"
    scheme = SCHEME.match(plain)
    if scheme and scheme[1].lower() not in SAFE_SCHEMES:
        return f"the scheme “{scheme[1].lower()}:” is not allowed"
    if scheme and scheme[1].lower() in WEB_SCHEMES and not re.match(r"//[^/?#\\]", plain[scheme.end() :]):
        return f"the address “{plain}” has no // and host after its scheme"
    return ""


def address_fault(address: str) -> str:
    """Return why a text is no whole address of the web (RFC 3986, http or https), or an empty text.

    Names and passwords before the host are refused: they lead elsewhere than they seem to.
    """
    found = ADDRESS.fullmatch(address)
    if not found:
        return f"“{address}” is no address of the web"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return f"host or port of “{address}” cannot be"
    host = found[1].rpartition(":")[0] if found[1].endswith(":") or port is not None else found[1]
    if port == 0 or found[1].endswith(":") or not _is_host(host):
        return f"host or port of “{address}” cannot be"
    return ""


def _is_host(host: str) -> bool:
    """Tell whether a text is the name or the number of a host; names may be written in any script."""
    if host.startswith("[") or re.fullmatch(r"[0-9.]+", host):
        from ipaddress import ip_address

        try:
            ip_address(host.removeprefix("[").removesuffix("]"))
        except ValueError:
            return False
        return host.startswith("[") == (":" in host)
    labels = host.removesuffix(".").split(".")
    return len(host) <= LONGEST_HOST and all(HOST_LABEL.fullmatch(label) for label in labels)
