"""Editions that people make: a page of one's own beside the original, and editions in other languages."""

from __future__ import annotations

import re

import pytest
from small_site import SMALL_CONFIG

from gengduo.check import check_site
from gengduo.config import load_config
from gengduo.errors import ContentError
from gengduo.job import Job
from gengduo.pipeline import build
from gengduo.review import accept, review
from gengduo.workers import SerialExecutor

VIETNAMESE = '\n[[editions]]\npath = "vi"\nlang = "vi"\nlabel = "Tiếng Việt"\n'
ORIGINAL = """\
---
title: "镇里开会讨论修路"
slug: "road"
lang: "zh-Hans"
date: "2020-03-04"
lede: "镇里的干部开会讨论修路。"
dateline: "本报老街"
credit: "越通社"
tags: ["道路"]
more:
  - title: "桥也要修"
    slug: "bridge"
    lede: "镇里的桥也要修。"
---

镇里的干部开会讨论修路。

会后，大家去看了旧路。
"""
OTHER = """\
---
title: "镇里办市集"
slug: "market"
lang: "zh-Hans"
date: "2020-03-05"
tags: ["市集"]
---

市集很热闹。
"""


def job_of(site) -> Job:
    return Job(root=site, output=site / "public")


def press(site) -> list[str]:
    """The warnings of a build."""
    report, _ = build(job_of(site), SerialExecutor(), lambda *_: None)
    assert not report.errors
    return [str(found) for found in report.warnings]


def errors_of_check(site) -> list[str]:
    return [str(found) for found in check_site(site / "public", load_config(site / "site.toml"), 1).errors]


def look(site):
    return review(job_of(site), SerialExecutor(), lambda *_: None)


def read(site, path: str) -> str:
    return (site / "public" / path).read_text("utf-8")


def test_a_hand_made_page_replaces_the_conversion_and_keeps_the_rest(make_site):
    mine = '---\ntitle: "鎮上開會，談的是修路"\n---\n\n編輯自己寫的一段。\n'
    site = make_site(pages={"road.md": ORIGINAL, "road.zh-hant.md": mine})
    press(site)
    page = read(site, "zh-hant/articles/road/index.html")
    assert "編輯自己寫的一段" in page
    assert "鎮上開會" in re.sub("<[^>]+>", "", page)
    assert "鎮裡的幹部開會討論修路" in page, "what the hand-made page does not state is the original's, converted"
    assert not re.search("镇里|讨论|干部", re.sub(r'<a [^>]*hreflang="zh-Hans"[^>]*>.*?</a>', "", page))
    assert "橋也要修" in page


def test_drift_is_told_once_the_original_changes_and_until_somebody_looks(make_site):
    mine = '---\ntitle: "鎮上開會"\n---\n\n編輯自己寫的一段。\n'
    site = make_site(pages={"road.md": ORIGINAL, "road.zh-hant.md": mine})
    assert press(site) == []
    retagged = ORIGINAL.replace('["道路"]', '["道路", "市集"]')
    (site / "content/road.md").write_text(retagged, "utf-8")
    assert press(site) == [], "a tag makes no translation old"
    (site / "content/road.md").write_text(retagged.replace("旧路", "新路"), "utf-8")
    for _ in range(2):
        assert [told.partition(";")[0] for told in press(site)] == [
            "content/road.zh-hant.md: the original changed after this hand-made edition"
        ]
    report = look(site)
    drift = [found for found in report.findings if found.kind == "drift"]
    assert [str(found.places[0]) for found in drift] == ["content/road.zh-hant.md:1"]
    accept(job_of(site), report, [drift[0].id])
    assert press(site) == []
    assert "drift" not in [found.kind for found in look(site).findings]
    (site / "content/road.md").write_text(retagged.replace("旧路", "老路"), "utf-8")
    (site / "content/road.zh-hant.md").write_text(mine.replace("一段", "兩段"), "utf-8")
    assert press(site) == [], "who worked on the page has seen the original"


def test_an_edition_in_another_language_holds_what_people_wrote(make_site):
    page = '---\ntitle: "Họp bàn sửa đường"\n---\n\nCán bộ thị trấn họp bàn sửa đường.\n'
    site = make_site(
        pages={"road.md": ORIGINAL, "market.md": OTHER, "road.vi.md": page}, config=SMALL_CONFIG + VIETNAMESE
    )
    press(site)
    public = site / "public"
    stories = sorted(path.parent.name for path in (public / "vi/articles").glob("*/index.html"))
    assert stories == ["road"]
    front = read(site, "vi/index.html")
    assert '<html lang="vi">' in front
    assert "2020-03-04" in front
    assert "2020年3月4日" not in front
    assert "market" not in front
    story = read(site, "vi/articles/road/index.html")
    assert "Cán bộ thị trấn" in story
    assert "镇里的干部" not in story, "nobody translated the lede"
    assert "桥也要修" not in story
    assert "Họp bàn sửa đường" in read(site, "vi/feed.xml")
    assert not (public / "vi/2020/03/05").exists()


def test_counterparts_are_named_only_where_they_are(make_site):
    page = '---\ntitle: "Họp bàn sửa đường"\n---\n\nCán bộ thị trấn họp.\n'
    site = make_site(
        pages={"road.md": ORIGINAL, "market.md": OTHER, "road.vi.md": page}, config=SMALL_CONFIG + VIETNAMESE
    )
    press(site)
    public = site / "public"
    for path in public.rglob("*.html"):
        html = path.read_text("utf-8")
        for href in re.findall(r'hreflang="[^"]+" href="(?:https://example\.org)?/repo/([^"]*)"', html):
            target = public / href
            assert (target / "index.html" if href.endswith("/") or not href else target).is_file(), (path, href)
    without = read(site, "zh-hans/articles/market/index.html")
    assert 'class="absent"' in without
    assert "本页无此版" in without
    assert 'hreflang="vi"' not in without
    assert 'hreflang="vi"' in read(site, "zh-hans/articles/road/index.html")
    assert 'hreflang="vi"' not in read(site, "zh-hans/2020/03/05/index.html")
    assert 'hreflang="vi"' in read(site, "zh-hans/2020/03/04/index.html")
    assert "Tiếng Việt" in read(site, "index.html")
    sitemap = read(site, "sitemap.xml")
    assert "vi/articles/road/" in sitemap
    assert "vi/articles/market/" not in sitemap
    assert errors_of_check(site) == []


def test_own_teasers_of_a_page_make_briefs_in_its_language(make_site):
    page = (
        '---\ntitle: "Họp bàn sửa đường"\nmore:\n  - title: "Cầu cũng cần sửa"\n    slug: "bridge"\n---\n\n'
        "Cán bộ thị trấn họp.\n"
    )
    site = make_site(pages={"road.md": ORIGINAL, "road.vi.md": page}, config=SMALL_CONFIG + VIETNAMESE)
    press(site)
    assert "Cầu cũng cần sửa" in re.sub("<[^>]+>", "", read(site, "vi/articles/bridge/index.html"))
    assert errors_of_check(site) == []


def test_links_and_titles_of_hand_made_pages_are_checked(make_site):
    linked = '---\ntitle: "Họp"\n---\n\nXem [chợ](market.md) và [đường](nowhere.md).\n'
    site = make_site(
        pages={"road.md": ORIGINAL, "market.md": OTHER, "road.vi.md": linked}, config=SMALL_CONFIG + VIETNAMESE
    )
    with pytest.raises(ContentError) as caught:
        press(site)
    assert [str(found) for found in caught.value.problems] == [
        "content/road.vi.md:5: “market” has no page in the edition vi; make one, or take the link out",
        "content/road.vi.md:5: unknown article “nowhere”; correct the link",
    ]
    (site / "content/road.vi.md").write_text("---\nlang: vi\n---\n\nHọp.\n", "utf-8")
    with pytest.raises(ContentError, match=r"content/road\.vi\.md:1: “title” is missing"):
        press(site)


def test_an_edition_calls_the_site_in_its_own_words(make_site):
    own = 'title = "Báo nhỏ"\nfooter = "Chân trang"\n'
    page = '---\ntitle: "Họp bàn sửa đường"\n---\n\nCán bộ thị trấn họp.\n'
    site = make_site(pages={"road.md": ORIGINAL, "road.vi.md": page}, config=SMALL_CONFIG + VIETNAMESE + own)
    press(site)
    front = read(site, "vi/index.html")
    assert "Báo nhỏ" in front
    assert "小报" not in front
    assert "Chân trang" in front
    assert "试版" in front, "what it does not say is said as the site says it"
    assert "Báo nhỏ" in read(site, "vi/feed.xml")
    assert "小报" in read(site, "zh-hans/index.html")
    assert "小報" in read(site, "zh-hant/index.html")
    assert errors_of_check(site) == []


def test_an_edition_without_any_page_still_builds(make_site):
    site = make_site(pages={"road.md": ORIGINAL}, config=SMALL_CONFIG + VIETNAMESE)
    press(site)
    assert (site / "public/vi/index.html").is_file()
    assert errors_of_check(site) == []
