"""The project's own site, crawled under /repo/ as a reader's browser and a search engine find it."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree, html

BASE = "https://example.org"
ADDRESSES = "//@href | //@src | //@poster | //*[local-name()='object']/@data"
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@dataclass
class Answer:
    """What one address of the site gives."""

    status: int
    body: bytes
    kind: str
    links: list[str] = field(default_factory=list)
    """Absolute, fragment included; the built-in base URL is taken for the server's own."""
    anchors: set[str] = field(default_factory=set)
    document: object = None


class Crawl:
    """All that can be reached from the root page, the sitemaps and the feeds."""

    def __init__(self, url: str) -> None:
        self.root = url
        self.origin = url.removesuffix("/repo/")
        parts = urlsplit(url)
        self._connection = (parts.hostname, parts.port)
        self.answers: dict[str, Answer] = {}
        self.foreign: set[str] = set()
        waiting = [url, f"{url}sitemap.xml", f"{url}robots.txt"]
        while waiting:
            address = waiting.pop()
            if address in self.answers:
                continue
            answer = self.answers[address] = self._fetch(address)
            for link in answer.links:
                if link.startswith(self.origin + "/"):
                    waiting.append(link.partition("#")[0])
                else:
                    self.foreign.add(link)

    def _fetch(self, address: str) -> Answer:
        connection = HTTPConnection(*self._connection, timeout=30)
        connection.request("GET", urlsplit(address)._replace(scheme="", netloc="").geturl())
        response = connection.getresponse()
        kind = response.getheader("Content-Type", "").partition(";")[0]
        answer = Answer(response.status, response.read(), kind)
        connection.close()
        if kind == "text/html":
            self._read_html(answer, address)
        elif kind == "application/xml":
            self._read_xml(answer)
        return answer

    def _read_html(self, answer: Answer, address: str) -> None:
        document = answer.document = html.document_fromstring(answer.body.decode("utf-8"))
        answer.links = [self.own(urljoin(address, str(link))) for link in document.xpath(ADDRESSES)]
        answer.anchors = {str(name) for name in document.xpath("//@id | //a/@name")}

    def _read_xml(self, answer: Answer) -> None:
        document = answer.document = etree.fromstring(answer.body)
        places = "//*[local-name()='loc']/text() | //@href | //*[local-name()='id'][starts-with(., 'http')]/text()"
        answer.links = [self.own(str(link)) for link in document.xpath(places)]

    def own(self, address: str) -> str:
        """The address on this server of one under the base URL."""
        return self.origin + address.removeprefix(BASE) if address.startswith(BASE + "/") else address

    def pages(self) -> dict[str, Answer]:
        """The HTML pages by address."""
        return {address: answer for address, answer in self.answers.items() if answer.kind == "text/html"}


@pytest.fixture(scope="module")
def crawl(public: Path, serve_folder) -> Crawl:
    return Crawl(serve_folder(public))


def short(address: str) -> str:
    """The path below the site; the whole address where it is another site's."""
    return address.partition("/repo/")[2] if "/repo/" in address else address


def test_every_link_resolves(crawl):
    broken = {}
    for address, answer in crawl.answers.items():
        for link in answer.links:
            target = crawl.answers.get(link.partition("#")[0])
            if target is not None and target.status != 200:
                broken.setdefault(f"{target.status} {link}", short(address))
    assert broken == {}


def test_every_fragment_resolves(crawl):
    broken = []
    for address, answer in crawl.pages().items():
        for link in answer.links:
            page, _, fragment = link.partition("#")
            target = crawl.answers.get(page)
            # An empty fragment is the top of the page by the standard.
            if not fragment or target is None or target.kind != "text/html":
                continue
            if unquote(fragment) not in target.anchors:
                broken.append(f"{short(address)} -> {short(link)}")
    assert broken == []


def test_links_are_root_relative_with_the_base_path(crawl):
    odd = []
    for address, answer in crawl.pages().items():
        for element in answer.document.xpath("//*[@href or @src]"):
            link = element.get("href", element.get("src"))
            machine = element.tag == "link" and element.get("rel") in {"canonical", "alternate"} and BASE in link
            if not machine and not link.startswith(("/repo/", "#", "https://", "http://", "mailto:")):
                odd.append(f"{short(address)} -> {link}")
    assert odd == []


def test_every_page_that_was_built_is_reached(crawl, public):
    paths = {unquote(short(address)) for address in crawl.answers}
    reached = {f"{path}index.html" if path.endswith("/") or not path else path for path in paths}
    built = {path.relative_to(public).as_posix() for path in public.rglob("*.html")}
    unreached = {path for path in built - reached if not path.endswith("404.html")}
    assert unreached == set()


def test_hreflang_pairs_are_reciprocal(crawl):
    alternates = {
        address: {
            link.get("hreflang"): crawl.own(link.get("href"))
            for link in answer.document.xpath("//link[@rel='alternate'][@hreflang]")
        }
        for address, answer in crawl.pages().items()
    }
    marked = {address: langs for address, langs in alternates.items() if langs}
    assert len(marked) > 10
    for address, langs in marked.items():
        assert {"zh-Hans", "zh-Hant", "x-default"} <= set(langs), short(address)
        for lang, target in langs.items():
            assert alternates.get(target) == langs, f"{short(address)} names {short(target)} as {lang}, not the reverse"
    for address, langs in marked.items():
        lang = crawl.answers[address].document.get("lang")
        if address != crawl.root:
            assert langs[lang] == address


def test_canonical_address_of_a_page_is_its_own(crawl):
    for address, answer in crawl.pages().items():
        canonical = answer.document.xpath("//link[@rel='canonical']/@href")
        robots = answer.document.xpath("//meta[@name='robots']/@content")
        if canonical and "refresh" not in str(answer.document.xpath("//meta/@http-equiv")):
            assert [crawl.own(str(link)) for link in canonical] == [address]
        else:
            assert robots == ["noindex"], short(address)


def test_editions_hold_the_same_tree(public):
    trees = [
        {path.relative_to(public / edition).as_posix() for path in (public / edition).rglob("*") if path.is_file()}
        for edition in ("zh-hans", "zh-hant")
    ]
    assert trees[0] == trees[1]
    assert "index.html" in trees[0]


def test_sitemap_holds_every_page_that_may_be_indexed(crawl):
    listed = set()
    for address, answer in crawl.answers.items():
        if answer.kind == "application/xml" and "sitemap" in address:
            listed |= {crawl.own(str(loc)) for loc in answer.document.xpath("//s:url/s:loc/text()", namespaces=SITEMAP)}
    indexable = {
        address
        for address, answer in crawl.pages().items()
        if answer.status == 200 and not answer.document.xpath("//meta[@name='robots'][contains(@content, 'noindex')]")
    }
    assert listed | {crawl.root} == indexable  # the root page may be left out: it only offers the editions


def test_feeds_name_pages_of_their_own_edition(crawl):
    feeds = {
        address: answer.document
        for address, answer in crawl.answers.items()
        if answer.kind == "application/xml" and address.endswith("feed.xml")
    }
    assert feeds
    for address, feed in feeds.items():
        edition = short(address).partition("/")[0]
        entries = feed.xpath("//a:entry/a:link[@rel='alternate' or not(@rel)]/@href", namespaces=ATOM)
        assert entries, short(address)
        assert all(str(link).startswith(f"{BASE}/repo/{edition}/articles/") for link in entries), short(address)
