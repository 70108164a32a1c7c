"""Feeds and sitemaps are what an XML library would write, whatever stands in the texts."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from trials import site_view

from gengduo.feeds import ATOM, SITEMAP, XHTML, render_feed, render_sitemap
from gengduo.model import ArticleText, FeedEntry, FeedPage, Head, SitemapEntry, SitemapPage

WORDS = st.text(
    st.one_of(st.sampled_from("&<>\"'\t\n 更"), st.characters(exclude_categories=("Cc", "Cs", "Cn"))), max_size=8
)


def written_again(text: str, *prefixes: tuple[str, str]) -> str:
    for prefix, address in prefixes:
        ET.register_namespace(prefix, address)
    return ET.tostring(ET.fromstring(text.encode("utf-8")), encoding="unicode")


@given(title=WORDS, byline=WORDS, summary=WORDS, tag=WORDS, lede=WORDS, published=st.sampled_from(["", "2018-08-12"]))
def test_a_feed_says_what_its_stories_say(
    title: str, byline: str, summary: str, tag: str, lede: str, published: str
) -> None:
    entry = FeedEntry(text="a", href="/a&b/c/", published=published, updated="2018-08-13", tags=(tag, "b"))
    page = FeedPage(
        edition="zh-hans",
        output_path="zh-hans/feed.xml",
        permalink="zh-hans/feed.xml",
        title=title,
        entries=(entry, entry),
        updated="2018-08-13",
        list_href="/a&b/zh-hans/",
    )
    body = '<p>一 &amp; <a href="/a&amp;b/x/">二</a></p>\n'
    words = ArticleText(title=title, byline=byline, lede=lede, body_html=body)
    feed = render_feed(site_view(title, "/a&b/"), page, {"a": words}, {"a": Head(title=title, summary=summary)})
    declaration, _, rest = feed.partition("\n")
    assert declaration == "<?xml version='1.0' encoding='utf-8'?>"
    assert written_again(rest, ("", ATOM)) + "\n" == rest
    found = ET.fromstring(rest.encode("utf-8")).find(f"{{{ATOM}}}entry")
    assert found is not None
    assert [each.get("term") for each in found.iter(f"{{{ATOM}}}category")] == [tag, "b"]
    assert (found.findtext(f"{{{ATOM}}}title") or "") == title
    assert (found.findtext(f"{{{ATOM}}}summary") or "") == summary
    content = found.findtext(f"{{{ATOM}}}content") or ""
    assert content.endswith(body.replace('href="/', 'href="https://example.org/'))


@given(st.lists(WORDS.map("/a{}/".format), max_size=3))
def test_a_sitemap_names_all_counterparts_of_a_page(permalinks: list[str]) -> None:
    entry = SitemapEntry(
        permalinks=tuple((f"zh-{n}", each) for n, each in enumerate(permalinks)), modified="2018-08-12"
    )
    page = SitemapPage(
        edition="zh-hans", output_path="sitemap.xml", permalink="sitemap.xml", title="", entries=(entry, entry)
    )
    root = ET.fromstring(render_sitemap(site_view("", "/a&b/"), page).encode("utf-8"))
    expected = [f"https://example.org/a&b/{permalink}" for permalink in permalinks]
    assert [each.text for each in root.iter(f"{{{SITEMAP}}}loc")] == expected * 2
    for url in root:
        links = url.findall(f"{{{XHTML}}}link")
        assert [link.get("hreflang") for link in links] == [f"zh-{n}" for n in range(len(permalinks))]
        assert [(link.get("href") or "").split() for link in links] == [each.split() for each in expected]
