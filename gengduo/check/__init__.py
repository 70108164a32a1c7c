"""The audit of a built site: what a reader, a search engine or the host would stumble over.

It reads the output alone, not the sources: what it says holds for what will be published.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import msgspec

from gengduo.cache import digest_bytes, is_plain_file
from gengduo.check.addresses import permalink_of, resolve
from gengduo.check.feeds import audit_feed, audit_json_feed, audit_robots, audit_sitemap, parse_xml, read_sitemaps
from gengduo.check.markup import read_markup
from gengduo.check.pages import CHANGED, REBUILD, TEMPLATE, PageFacts, Seen, ShardAudit, alternates_of, audit_pages
from gengduo.check.report import CheckReport, Finding, line_and_column, merged, problems
from gengduo.check.tree import LARGEST_FILE, audit_counterparts, audit_hosting, audit_manifest, list_files
from gengduo.errors import ConfigError, problem
from gengduo.model import SiteConfig
from gengduo.output import load_manifest
from gengduo.workers import open_executor, run_shards, shards_of

__all__ = ["CheckReport", "check_site"]

SHARD = 200
LINK_REMEDY = "correct the address, or make the page"
STYLE_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)">')


class Built(NamedTuple):
    """A built site, as the parts of the audit need it."""

    output: Path
    config: SiteConfig
    """With the base URL that the site was built for."""
    files: dict[str, os.stat_result]
    digests: dict[str, str]
    """By path, of the manifest."""

    def readable(self, path: str) -> bool:
        """Tell whether a file is there that can be read: no link, no pipe, none that is refused for its size."""
        status = self.files.get(path)
        return status is not None and is_plain_file(status) and status.st_size <= LARGEST_FILE


def check_site(output: Path, config: SiteConfig, jobs: int = 1) -> CheckReport:
    """Return what is wrong with the site in a folder. Raises ConfigError where there is none."""
    if not (output / "index.html").is_file():
        raise ConfigError(problem(output, "there is no built site here; run build first, or name it with --output"))
    findings: list[Finding] = []
    config = _as_built(output, config, findings)
    manifest = load_manifest(output)
    site = Built(output, config, list_files(output), manifest or {})
    findings += audit_manifest(site.files, manifest)
    findings += audit_hosting(site.files)
    shards = list(_audit(site, jobs))
    facts = {fact.path: fact for shard in shards for fact in shard.facts}
    for shard in shards:
        findings += shard.findings
    findings += _dead_links(site, shards)
    findings += audit_counterparts(site.files, {path for path, fact in facts.items() if fact.moved}, config)
    findings += _hreflang(site, facts)
    links, found = _machine_files(site, facts)
    together = list(merged([*findings, *found]))
    return CheckReport(
        files=len(site.files),
        links=links + sum(shard.links for shard in shards),
        warnings=tuple(problems(output.name, (found for found in together if found.warning))),
        errors=tuple(problems(output.name, (found for found in together if not found.warning))),
    )


def _as_built(output: Path, config: SiteConfig, findings: list[Finding]) -> SiteConfig:
    """Return the configuration with the base URL that the site was built for: one error then, not one for each page."""
    named = CANONICAL.search((output / "index.html").read_text("utf-8", "replace"))
    if named is None or named[1] == config.base_url or not named[1].endswith("/") or "://" not in named[1]:
        return config
    what = f"the site was built for {named[1]}, and is to be at {config.base_url}"
    findings.append(
        Finding(path="index.html", what=what, remedy="build again, or give both commands the same --base-url")
    )
    return msgspec.structs.replace(config, base_url=named[1])


def _audit(site: Built, jobs: int) -> Iterator[ShardAudit]:
    pages = [
        (path, site.digests.get(path, "")) for path in site.files if path.endswith(".html") and site.readable(path)
    ]
    shards = ((os.fspath(site.output), site.config, shard) for shard in shards_of(pages, SHARD))
    with open_executor(jobs) as executor:
        yield from run_shards(executor, audit_pages, shards)


# ------------------------------------------------------------------------------------------------------ links


def _dead_links(site: Built, shards: list[ShardAudit]) -> Iterator[Finding]:
    """Yield addresses that lead to no file, and fragments that name nothing in it."""
    fragments: dict[str, dict[str, list[Seen]]] = {}
    for shard in shards:
        for key, seen in shard.seen.items():
            path, _, fragment = key.partition("#")
            if path not in site.files:
                yield _dead(seen, path, site)
            elif fragment and path.endswith(".html") and site.readable(path):
                fragments.setdefault(path, {}).setdefault(fragment, []).append(seen)
    for path, wanted in fragments.items():
        ids = read_markup((site.output / path).read_text("utf-8", "replace")).ids
        for fragment in wanted.keys() - ids.keys() - {"top"}:
            for seen in wanted[fragment]:
                what = f"“{seen.address}” names nothing on the page {site.config.base_path}{permalink_of(path)}"
                yield _at(seen, what, "give the element this id, or correct the address")


def _dead(seen: Seen, path: str, site: Built) -> Finding:
    if f"{path}/index.html" in site.files:
        return _at(seen, f"“{seen.address}” leads on to “{seen.address}/”", "add the slash", warning=True)
    return _at(seen, f"“{seen.address}” leads nowhere", LINK_REMEDY)


def _at(seen: Seen, what: str, remedy: str, *, warning: bool = False) -> Finding:
    return Finding(
        path=seen.path,
        line=seen.line,
        column=seen.column,
        what=what,
        remedy=remedy,
        warning=warning,
        pages=seen.times,
    )


# ------------------------------------------------------------------------------------------------------ counterparts


def _hreflang(site: Built, facts: Mapping[str, PageFacts]) -> Iterator[Finding]:
    """Yield pages that do not name just those editions in which they are there, or another x-default than these do."""
    defaults: dict[str, str] = {}
    for fact in facts.values():
        edition, _, local = fact.path.partition("/")
        inside = any(edition == spec.path for spec in site.config.editions)
        if fact.moved or not (fact.indexable or fact.usual or fact.alternates):
            continue
        if set(_named(fact, site.config)) != set(_wanted(fact.path, site)):
            what = "the hreflang links are not those of the editions in which this page is there"
            yield Finding(path=fact.path, what=what, remedy=TEMPLATE)
        if not fact.indexable:
            continue
        if not fact.default:
            yield Finding(path=fact.path, what="there is not one hreflang x-default", remedy=TEMPLATE)
        elif inside and defaults.setdefault(local, fact.default) != fact.default:
            what = f"the x-default is “{fact.default}”, in another edition “{defaults[local]}”"
            yield Finding(path=fact.path, what=what, remedy=TEMPLATE)


def _named(fact: PageFacts, config: SiteConfig) -> tuple[tuple[str, str], ...]:
    """Return the counterparts that a page names."""
    chinese = [edition for edition in config.editions if edition.script]
    return alternates_of(config, chinese, fact.path) if fact.usual else fact.alternates


def _wanted(path: str, site: Built) -> tuple[tuple[str, str], ...]:
    """Return the counterparts that a page should name: those that are there."""
    pairs = alternates_of(site.config, site.config.editions, path)
    return tuple(pair for pair in pairs if resolve(site.config, "", pair[1]).path in site.files)


# ------------------------------------------------------------------------------------------------------ other files


def _machine_files(site: Built, facts: Mapping[str, PageFacts]) -> tuple[int, list[Finding]]:
    """Return the number of links in everything but pages, and what is wrong with it."""
    findings: list[Finding] = []
    documents: dict[str, ET.Element] = {}
    robots = None
    links = 0
    for path in site.files:
        if path.endswith(".html") or not site.readable(path):
            continue
        data = (site.output / path).read_bytes()
        if path in site.digests and digest_bytes(data) != site.digests[path]:
            findings.append(Finding(path=path, what=CHANGED, remedy=REBUILD, alone=True))
        if path == "robots.txt":
            robots = data
        count, found = _machine_file(path, data, site, documents)
        links += count
        findings += found
    findings += audit_robots(robots, site.config)
    indexable = {
        site.config.base_url + permalink_of(path): _named(fact, site.config)
        for path, fact in facts.items()
        if fact.indexable
    }
    findings += audit_sitemap(read_sitemaps(documents, site.config), indexable, site.config.base_url)
    return links, findings


def _machine_file(path: str, data: bytes, site: Built, documents: dict[str, ET.Element]) -> tuple[int, list[Finding]]:
    """Return the number of links in a file, and what is wrong with it; XML that is no feed goes to `documents`."""
    if path.endswith(".xml"):
        document = parse_xml(path, data)
        if isinstance(document, Finding):
            return 0, [document]
        if path.endswith("feed.xml"):
            return audit_feed(path, document, site.files, site.config)
        documents[path] = document
    elif path.endswith("feed.json"):
        return audit_json_feed(path, data, site.files, site.config)
    elif path.endswith(".css"):
        return _style(path, data, site)
    return 0, []


def _style(path: str, data: bytes, site: Built) -> tuple[int, list[Finding]]:
    """Return the number of files that a style sheet asks for, and those that are not there."""
    text = data.decode("utf-8", "replace")
    findings = []
    found = list(STYLE_URL.finditer(text))
    for match in found:
        address = match[1] or match[2]
        if address.startswith(("data:", "#")):
            continue
        target = resolve(site.config, path, address)
        if target.trouble or (target.path and target.path not in site.files):
            line, column = line_and_column(text, match.start())
            what = f"“{address}” leads nowhere"
            findings.append(Finding(path=path, line=line, column=column, what=what, remedy=LINK_REMEDY))
    return len(found), findings
