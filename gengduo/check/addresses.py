"""Where an address leads: to a file of the site, to a place on the page itself, out of it, or nowhere."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from gengduo.model import SiteConfig
from gengduo.urls import link_danger, output_path

PLAIN = re.compile(r"((?:https?:/)?(?:/[A-Za-z0-9_~-][A-Za-z0-9._~:-]*)*/?)(?:#([A-Za-z0-9_-]+))?")
"""Addresses that need no second look: nearly all."""


class Target(NamedTuple):
    """What an address names."""

    path: str = ""
    """A file under the output folder; empty: none of ours."""
    fragment: str = ""
    trouble: str = ""
    """Why the address must not stand there; empty: it may."""


def resolve(config: SiteConfig, permalink: str, address: str) -> Target:
    """Return what an address on the page at a permalink names."""
    plain = PLAIN.fullmatch(address)
    if plain:
        for start in (config.base_url, config.base_path):
            if address.startswith(start):
                return Target(output_path(plain[1][len(start) :]), plain[2] or "")
    address = address.strip()
    trouble = link_danger(address)
    if trouble:
        return Target(trouble=trouble)
    try:
        url = urljoin(config.base_url + permalink, address)
        parts = urlsplit(url)
        home = urlsplit(config.base_url)
    except ValueError:
        return Target(trouble="it is no address")
    if (parts.scheme, parts.netloc) != (home.scheme, home.netloc):
        return Target()
    if not parts.path.startswith(config.base_path):
        if address.startswith(("http:", "https:")):
            return Target()  # another site on the same host
        return Target(trouble=f"it leads out of the site, which lies under {config.base_path}")
    path = unquote(parts.path.removeprefix(config.base_path))
    return Target(output_path(path), unquote(parts.fragment))


def permalink_of(path: str) -> str:
    """Return the permalink of a file: folders are known by their index."""
    if path == "index.html" or path.endswith("/index.html"):
        return path.removesuffix("index.html")
    return path
