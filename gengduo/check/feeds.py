"""The audit of what machines read: sitemaps, feeds, robots.txt."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree as ET

from gengduo.check.addresses import Target, resolve
from gengduo.check.pages import REBUILD, foreign_words, leak
from gengduo.check.report import Finding
from gengduo.model import SiteConfig

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
URLS_IN_SITEMAP = 50_000
"""sitemaps.org, “Using Sitemap index files”."""
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""RFC 3339, which RFC 4287 asks for."""


class Listed(NamedTuple):
    """What sitemaps say."""

    pages: dict[str, tuple[tuple[str, str], ...]]
    """URL → (language, URL) of its counterparts."""
    findings: list[Finding]


def parse_xml(path: str, data: bytes) -> ET.Element | Finding:
    """Return the root of a document, or what is wrong with it."""
    try:
        return ET.fromstring(data)  # noqa: S314 # a file of our own; expat stops entities that grow
    except ET.ParseError as error:
        line, column = error.position
        message = str(error).partition(":")[0]
        return Finding(path=path, line=line, column=column + 1, what=f"not well-formed XML: {message}", remedy=REBUILD)


def read_sitemaps(documents: Mapping[str, ET.Element], config: SiteConfig) -> Listed:
    """Return the pages that `sitemap.xml`, or the parts that it names, list."""
    pages: dict[str, tuple[tuple[str, str], ...]] = {}
    findings: list[Finding] = []
    root = documents.get("sitemap.xml")
    parts = ["sitemap.xml"]
    if root is not None and root.tag == f"{SITEMAP}sitemapindex":
        urls = [(loc.text or "").strip() for loc in root.iter(f"{SITEMAP}loc")]
        parts = [url.removeprefix(config.base_url) for url in urls]
    for part in parts:
        document = documents.get(part)
        if document is None:
            findings.append(Finding(path="sitemap.xml", what=f"there is no sitemap “{part}”", remedy=REBUILD))
            continue
        if len(document) > URLS_IN_SITEMAP:
            what = f"there are {len(document)} addresses, more than the {URLS_IN_SITEMAP} of the protocol"
            findings.append(Finding(path=part, what=what, remedy=REBUILD))
        for entry in document.iterfind(f"{SITEMAP}url"):
            url = (entry.findtext(f"{SITEMAP}loc") or "").strip()
            if url in pages:
                findings.append(Finding(path=part, what=f"“{url}” stands twice", remedy=REBUILD))
            links = entry.iterfind(f"{XHTML}link")
            pages[url] = tuple((link.get("hreflang", ""), link.get("href", "")) for link in links)
    return Listed(pages, findings)


def audit_sitemap(listed: Listed, indexable: Mapping[str, tuple[tuple[str, str], ...]], home: str) -> Iterator[Finding]:
    """Yield what sitemaps list too much, too little or wrongly; the page that offers the editions may be left out."""
    yield from listed.findings
    for url in indexable.keys() - listed.pages.keys() - {home}:
        yield Finding(path="sitemap.xml", what=f"“{url}” is missing", remedy=REBUILD)
    for url, links in listed.pages.items():
        if url not in indexable:
            what = f"“{url}” is no page that may be indexed"
            yield Finding(path="sitemap.xml", what=what, remedy=REBUILD)
        elif tuple(pair for pair in links if pair[0] != "x-default") != indexable[url]:
            what = f"the counterparts of “{url}” are not those that the page names"
            yield Finding(path="sitemap.xml", what=what, remedy=REBUILD)


def audit_robots(data: bytes | None, config: SiteConfig) -> Iterator[Finding]:
    """Yield what is wrong with robots.txt."""
    if data is None:
        yield Finding(path="robots.txt", what="the file is missing", remedy=REBUILD)
    elif f"Sitemap: {config.base_url}sitemap.xml" not in data.decode("utf-8", "replace").splitlines():
        yield Finding(path="robots.txt", what="it does not name the sitemap of this site", remedy=REBUILD)


def audit_feed(path: str, feed: ET.Element, files: Collection[str], config: SiteConfig) -> tuple[int, list[Finding]]:
    """Return the number of links in an Atom feed, and what is wrong with it."""
    findings: list[Finding] = []

    def complain(what: str, remedy: str = REBUILD, *, warning: bool = False) -> None:
        findings.append(Finding(path=path, what=what, remedy=remedy, warning=warning))

    if feed.tag != f"{ATOM}feed":
        complain("this is no Atom feed")
        return 0, findings
    edition = next((spec for spec in config.editions if spec.path == path.partition("/")[0]), None)
    entries = feed.findall(f"{ATOM}entry")
    for node in (feed, *entries):
        for name in ("id", "title", "updated"):
            if not (node.findtext(f"{ATOM}{name}") or "").strip():
                complain(f"{'the feed' if node is feed else 'an entry'} has no {name}")
        for time in (node.findtext(f"{ATOM}{name}") for name in ("updated", "published")):
            if time and not TIME.fullmatch(time):
                complain(f"“{time}” is no time of RFC 3339")
    identities = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    if len(set(identities)) != len(identities):
        complain("two entries have the same id")
    own = [link.get("href") for link in feed.iterfind(f"{ATOM}link") if link.get("rel") == "self"]
    if own != [config.base_url + path]:
        complain(f"it names {own[0] if own else 'nothing'} as its own address")
    links = [link.get("href", "") for link in feed.iter(f"{ATOM}link")]
    for url in links:
        target = resolve(config, path, url)
        complaint = _link_complaint(url, target, files, edition.path if edition else "")
        if complaint:
            complain(complaint)
    if edition and edition.script:
        for node in (feed, *entries):
            for name in ("title", "subtitle", "summary", "content"):
                text = node.findtext(f"{ATOM}{name}") or ""
                for offset, sentence in foreign_words(text, edition.script):
                    complain(*leak(text[offset], edition.script, sentence), warning=True)
    return len(links), findings


def audit_json_feed(path: str, data: bytes, files: Collection[str], config: SiteConfig) -> tuple[int, list[Finding]]:
    """Return the number of links in a JSON feed, and what is wrong with it."""
    edition = path.partition("/")[0]
    try:
        feed = json.loads(data)
        items = feed["items"]
        links = [feed["feed_url"], feed["home_page_url"], *(item["url"] for item in items)]
        identities = [item["id"] for item in items]
    except (ValueError, RecursionError, KeyError, TypeError, UnicodeDecodeError) as error:
        what = f"this is no JSON Feed ({type(error).__name__}: {error})"
        return 0, [Finding(path=path, what=what, remedy=REBUILD)]
    findings = []
    if len({str(identity) for identity in identities}) != len(identities):
        findings.append(Finding(path=path, what="two items have the same id", remedy=REBUILD))
    if feed["feed_url"] != config.base_url + path:
        findings.append(Finding(path=path, what=f"it names {feed['feed_url']} as its own address", remedy=REBUILD))
    for url in links:
        complaint = _link_complaint(str(url), resolve(config, path, str(url)), files, edition)
        if complaint:
            findings.append(Finding(path=path, what=complaint, remedy=REBUILD))
    return len(links), findings


def _link_complaint(url: str, target: Target, files: Collection[str], edition: str) -> str:
    if target.trouble:
        return f"“{url}” must not be linked: {target.trouble}"
    if not target.path or target.path not in files:
        return f"“{url}” leads to no page of the site"
    if edition and not target.path.startswith(f"{edition}/"):
        return f"“{url}” leads out of its edition"
    return ""
