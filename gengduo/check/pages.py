"""The audit of one page after the other, in shards; what needs to know other pages is handed on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from gengduo.cache import digest_bytes
from gengduo.check.addresses import Target, permalink_of, resolve
from gengduo.check.markup import Address, Markup, read_markup, sentences
from gengduo.check.report import Finding, line_and_column, merged
from gengduo.editions.script import only_in
from gengduo.model import EditionSpec, Script, SiteConfig, Value

REBUILD = "build again with --clean"
TEMPLATE = "correct the template"
CHANGED = "this file is not as it was built"


class Seen(Value, frozen=True, kw_only=True):
    """An address that leads into the site, where it stands first in a shard, and how often it stands there."""

    path: str
    line: int
    column: int
    address: str
    times: int


class PageFacts(Value, frozen=True, kw_only=True):
    """What other pages, and the sitemap, have to agree with."""

    path: str
    indexable: bool
    moved: bool
    """An old address that leads on."""
    usual: bool
    """It names the same page in every Chinese edition, and nothing else."""
    alternates: tuple[tuple[str, str], ...]
    """(language, URL) of other pages that it names as its counterparts, x-default left out; empty where usual."""
    default: str
    """URL of the x-default."""


class ShardAudit(Value, frozen=True, kw_only=True):
    """What the audit of a shard came to."""

    facts: tuple[PageFacts, ...]
    seen: dict[str, Seen]
    """By file and fragment, as in a URL."""
    links: int
    findings: tuple[Finding, ...]


def audit_pages(folder: str, config: SiteConfig, pages: Sequence[tuple[str, str]]) -> ShardAudit:
    """Return what there is to say of pages, given as (path, digest in the manifest or nothing)."""
    audit = _Audit(config)
    for path, digest in pages:
        data = Path(folder, path).read_bytes()
        if digest and digest_bytes(data) != digest:
            audit.findings.append(Finding(path=path, what=CHANGED, remedy=REBUILD, alone=True))
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            audit.complain(path, f"byte {error.start} is not UTF-8", REBUILD)
            continue
        audit.page(path, text)
    return ShardAudit(
        facts=tuple(audit.facts), seen=audit.seen, links=audit.links, findings=tuple(merged(audit.findings))
    )


class _Audit:
    def __init__(self, config: SiteConfig) -> None:
        self.config = config
        self.editions = {edition.path: edition for edition in config.editions}
        self.chinese = [edition for edition in config.editions if edition.script]
        self.facts: list[PageFacts] = []
        self.seen: dict[str, Seen] = {}
        self.targets: dict[str, Target] = {}
        self.links = 0
        self.findings: list[Finding] = []

    def complain(
        self, path: str, what: str, remedy: str, place: tuple[int, int] = (0, 0), *, warning: bool = False
    ) -> None:
        line, column = place
        self.findings.append(Finding(path=path, line=line, column=column, what=what, remedy=remedy, warning=warning))

    def page(self, path: str, text: str) -> None:
        edition = self.editions.get(path.partition("/")[0])
        script = edition.script if edition else _script_of(text)
        markup = read_markup(text, script)
        permalink = permalink_of(path)
        moved = any(address.tag == "meta" for address in markup.addresses)
        robots = [meta.get("content", "") for meta in markup.metas if meta.get("name", "").lower() == "robots"]
        indexable = not any("noindex" in content for content in robots)
        self._frame(path, markup, edition)
        self._addresses(path, permalink, markup, edition)
        self._relations(path, permalink, markup, indexable, moved)
        if script:
            self._purity(path, markup, script)

    def _frame(self, path: str, markup: Markup, edition: EditionSpec | None) -> None:
        if edition and markup.lang != edition.lang:
            self.complain(path, f"html has lang “{markup.lang}”, the edition is in “{edition.lang}”", TEMPLATE, (1, 1))
        elif not markup.lang:
            self.complain(path, "html has no lang", TEMPLATE, (1, 1))
        if len(markup.headings) != 1:
            place = line_and_column(markup.text, markup.headings[1]) if markup.headings else (0, 0)
            count = len(markup.headings)
            self.complain(
                path, f"there are {count} h1 headings, not one" if count else "there is no h1 heading", TEMPLATE, place
            )
        if markup.titles == 0:
            self.complain(path, "there is no title", TEMPLATE)
        for identity, offset in markup.repeated_ids:
            place = line_and_column(markup.text, offset)
            self.complain(path, f"the id “{identity}” stands twice on the page", TEMPLATE, place)
        for offset in markup.without_alt:
            place = line_and_column(markup.text, offset)
            self.complain(
                path, "a picture has no alt", "say in it what is seen, or leave it empty for decoration", place
            )
        for text, offset in markup.structured:
            try:
                json.loads(text)
            except (ValueError, RecursionError):
                self.complain(path, "the JSON-LD is not valid JSON", TEMPLATE, line_and_column(markup.text, offset))

    def _addresses(self, path: str, permalink: str, markup: Markup, edition: EditionSpec | None) -> None:
        for address in markup.addresses:
            self.links += 1
            target = self._resolve(permalink, address.value)
            if target.trouble:
                place = line_and_column(markup.text, address.offset)
                self.complain(
                    path, f"“{address.value}” must not be linked: {target.trouble}", "correct the address", place
                )
            elif target.path == path:
                if target.fragment and target.fragment not in markup.ids and target.fragment != "top":
                    place = line_and_column(markup.text, address.offset)
                    what = f"“{address.value}” names nothing on this page"
                    self.complain(path, what, "give the element this id, or correct the address", place)
            elif target.path:
                self._note(path, markup, address, target)
                if edition:
                    self._crossing(path, markup, address, target, edition)

    def _resolve(self, permalink: str, address: str) -> Target:
        """Return what an address names; most stand on many pages, and name the same wherever they stand."""
        if not address.startswith(("/", "http")):
            return resolve(self.config, permalink, address)
        target = self.targets.get(address)
        if target is None:
            target = self.targets[address] = resolve(self.config, permalink, address)
        return target

    def _note(self, path: str, markup: Markup, address: Address, target: Target) -> None:
        key = f"{target.path}#{target.fragment}" if target.fragment else target.path
        known = self.seen.get(key)
        if known is None:
            line, column = line_and_column(markup.text, address.offset)
            self.seen[key] = Seen(path=path, line=line, column=column, address=address.value, times=1)
        else:
            self.seen[key] = Seen(
                path=known.path, line=known.line, column=known.column, address=known.address, times=known.times + 1
            )

    def _crossing(self, path: str, markup: Markup, address: Address, target: Target, edition: EditionSpec) -> None:
        """Hold a link from one edition to another to the two that there may be."""
        other = self.editions.get(target.path.partition("/")[0])
        if other is None or other is edition:
            return
        is_switch = "hreflang" in address.attributes
        if is_switch or "data-original" in address.attributes or address.attributes.get("rel") == "canonical":
            same = f"{other.path}/{path.partition('/')[2]}" == target.path
            if is_switch and address.tag == "a" and not same and other.script:
                place = line_and_column(markup.text, address.offset)
                what = f"the way to the edition {other.path} leads to “{address.value}”, not to this page"
                self.complain(path, what, TEMPLATE, place)
            return
        place = line_and_column(markup.text, address.offset)
        what = f"“{address.value}” leads into the edition {other.path}"
        self.complain(path, what, f"link to the page in {edition.path}", place)

    def _relations(self, path: str, permalink: str, markup: Markup, indexable: bool, moved: bool) -> None:
        """Check what a page says of its own address; keep what it says of its counterparts."""
        links = [address for address in markup.addresses if address.tag == "link"]
        canonical = [link for link in links if link.attributes.get("rel") == "canonical"]
        if len(canonical) > 1 or (indexable and not canonical):
            what = f"there are {len(canonical)} canonical addresses, not one"
            self.complain(path, what, TEMPLATE)
        elif canonical and not moved and canonical[0].value != self.config.base_url + permalink:
            place = line_and_column(markup.text, canonical[0].offset)
            what = f"the canonical address is “{canonical[0].value}”, not that of the page"
            self.complain(path, what, TEMPLATE, place)
        if moved and indexable:
            self.complain(
                path, "an old address that leads on may be indexed", "add meta robots noindex to the template"
            )
        pairs = [
            (link.attributes["hreflang"], link.value)
            for link in links
            if link.attributes.get("rel") == "alternate" and "hreflang" in link.attributes
        ]
        defaults = [url for lang, url in pairs if lang == "x-default"]
        others = tuple(pair for pair in pairs if pair[0] != "x-default")
        usual = others == alternates_of(self.config, self.chinese, path)
        self.facts.append(
            PageFacts(
                path=path,
                indexable=indexable,
                moved=moved,
                usual=usual,
                alternates=() if usual else others,
                default=defaults[0] if len(defaults) == 1 else "",
            )
        )

    def _purity(self, path: str, markup: Markup, script: Script) -> None:
        offsets = [found.start() for found in _foreign(script).finditer(markup.text)]
        for offset, sentence in sentences(markup, offsets):
            what, remedy = leak(markup.text[offset], script, sentence)
            self.complain(path, what, remedy, line_and_column(markup.text, offset), warning=True)


def alternates_of(config: SiteConfig, editions: Sequence[EditionSpec], path: str) -> tuple[tuple[str, str], ...]:
    """Return (language, URL) of a page in editions; those of a page outside all editions are their front pages."""
    first, _, local = permalink_of(path).partition("/")
    if first not in {edition.path for edition in config.editions}:
        local = ""
    return tuple((edition.lang, f"{config.base_url}{edition.path}/{local}") for edition in editions)


def leak(character: str, script: Script, sentence: str) -> tuple[str, str]:
    """Return what is wrong, and what to do, about a character of the other script."""
    other = "Simplified" if script == "Hant" else "Traditional"
    what = f"“{character}” is {other} only, in “{sentence}”"
    return what, 'add the word to content/glossary.toml, or mark it with lang or translate="no"'


def foreign_words(text: str, script: Script) -> Iterator[tuple[int, str]]:
    """Yield (offset, words around it) of all that only the other script has, in an HTML text."""
    offsets = [found.start() for found in _foreign(script).finditer(text)]
    if offsets:
        yield from sentences(read_markup(text, script), offsets)


@cache
def _foreign(script: Script) -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(only_in('Hans' if script == 'Hant' else 'Hant')))}]")


def _script_of(text: str) -> Script | None:
    """Return the script that a page outside all editions names as its language."""
    lang = re.search(r"<html[^>]*\slang=[\"']?zh-(Hans|Hant)", text[:2000], re.IGNORECASE)
    return ("Hans" if lang[1].lower() == "hans" else "Hant") if lang else None
