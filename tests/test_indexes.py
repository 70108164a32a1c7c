"""Indexes: which stories stand in which list, in which order, on which page, and at which address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trials import CONFIG, TAGS, lay_site, page

from gengduo.dates import parse_edtf
from gengduo.indexes.lists import Story, dated_folders, iso_date, slices
from gengduo.indexes.strokes import by_strokes
from gengduo.job import Job
from gengduo.model import AnyPage, ArticlePage, BriefPage, FeedPage, FrontPage, Head, ListPage
from gengduo.pipeline import build
from gengduo.press import NewBook, Words
from gengduo.press.words import with_words
from gengduo.workers import SerialExecutor


def stories(count: int) -> list[Story]:
    return [Story(f"s-{number:03}", None, ()) for number in range(1, count + 1)]


def numbers(found: Iterable[Story]) -> list[int]:
    return [int(story.slug[2:]) for story in found]


class TestPages:
    """Of 70 stories by 30, page 1 holds 1–30 and the index 31–70; with the 90th, page 2 appears with 31–60."""

    @pytest.mark.parametrize(
        ("count", "expected"),
        [
            (0, {0: []}),
            (1, {0: [1]}),
            (30, {0: [30, 1]}),
            (59, {0: [59, 1]}),
            (60, {0: [60, 31], 1: [30, 1]}),
            (70, {0: [70, 31], 1: [30, 1]}),
            (89, {0: [89, 31], 1: [30, 1]}),
            (90, {0: [90, 61], 1: [30, 1], 2: [60, 31]}),
        ],
    )
    def test_first_and_last_story_of_each(self, count: int, expected: dict[int, list[int]]) -> None:
        found = {part.number: numbers(part.articles) for part in slices(stories(count), (), 30)}
        assert {number: [*shown[:1], *shown[1:][-1:]] for number, shown in found.items()} == expected

    @given(st.integers(0, 130), st.integers(0, 130), st.integers(1, 12))
    def test_every_story_stands_once_newest_first_and_full_pages_never_change(
        self, articles: int, briefs: int, size: int
    ) -> None:
        parts = list(slices(stories(articles), stories(briefs), size))
        assert [part.number for part in parts] == [0, *range(len(parts) - 1, 0, -1)]
        assert {part.total for part in parts} == {len(parts) - 1}
        for kind, count in (("articles", articles), ("briefs", briefs)):
            shown = [number for part in parts for number in numbers(getattr(part, kind))]
            assert shown == list(range(count, 0, -1))
        later = {part.number: part for part in slices(stories(articles + 1), stories(briefs + size), size)}
        for part in parts:
            if part.number:
                assert set(part.articles) <= set(later[part.number].articles)
                if len(part.articles) == size:
                    assert part.articles == later[part.number].articles


@pytest.mark.parametrize(
    ("edtf", "folders", "day"),
    [
        ("2018-08-12", ("2018/", "2018/08/", "2018/08/12/"), "2018-08-12"),
        ("2018-08-12?", ("2018/", "2018/08/", "2018/08/12/"), "2018-08-12"),
        ("2018-08", ("2018/", "2018/08/"), ""),
        ("2018", ("2018/",), ""),
        ("XXXX-08-17", ("dates/year-unknown/",), ""),
        ("[2017-09-02,2018-09-02]", ("dates/one-of/",), ""),
        ("", ("dates/undated/",), ""),
    ],
)
def test_the_date_indexes_that_hold_a_story(edtf: str, folders: tuple[str, ...], day: str) -> None:
    assert dated_folders(parse_edtf(edtf) if edtf else None) == folders
    assert iso_date(edtf) == day


# ------------------------------------------------------------------------------------------- whole sites, as views


def test_names_in_traditional_stand_by_strokes() -> None:
    names = ["國會", "龍", "外交", "外事", "花", "ASEAN", "一帶一路", "\U0002a6d6"]
    assert sorted(names, key=by_strokes) == ["ASEAN", "一帶一路", "外交", "外事", "花", "國會", "龍", "\U0002a6d6"]


class Captured(Exception):  # noqa: N818 # no error: the build has gone far enough
    """The views that a build would print."""


def views_of(site: Path) -> list[AnyPage]:
    """Return the views of a site with their words, as templates read them."""

    def capture(*arguments: Any) -> None:
        (book,) = (each for each in arguments if isinstance(each, NewBook))
        (words,) = (each for each in arguments if isinstance(each, Words))
        heads = {
            edition: {slug: msgspec.msgpack.decode(head.data, type=Head) for slug, head in found.items()}
            for edition, found in words.heads.items()
        }
        views = [msgspec.msgpack.decode(book.encoded(sheet), type=AnyPage) for sheet in book.sheets()]
        raise Captured([with_words(view, heads[view.edition], "https://example.org") for view in views])

    with patch("gengduo.pipeline.print_site", capture), pytest.raises(Captured) as caught:
        build(Job(root=site, output=site / "public"), SerialExecutor(), lambda *_: None)
    return list(caught.value.args[0])


ORDER = ("2020-01-02", "2020-01-01", "2019-12-31?", "2019", "2018-03", "XXXX-03-05", "[2017-01-01,2018-01-01]", "")
HAND_MADE = """\
---
title: "Tin tiếng Việt"
---

Một đoạn.
"""


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> list[AnyPage]:
    files: dict[str, str] = {"content/tags.toml": TAGS}
    for number, date in enumerate(ORDER):
        more = (("只在预告里的报道", "yu-gao"),) if number in (0, 1, 7) else ()
        tags = ("外事工作",) if number != 4 else ("航线", "外事工作")
        extra = 'section: "国际新闻"\n' if number == 0 else ""
        files[f"content/s{number}.md"] = page(
            f"第{number}篇", f"s-{number}", date=date, tags=tags, more=more, extra=extra
        )
    files["content/s8.md"] = page(
        "旧文",
        "s-8",
        date="2021-01-01",
        more=(("只在预告里的报道", "yu-gao"),),
        extra='withdrawn: "有误"\naliases: ["/old/8.html"]\n',
    )
    files["content/s9.md"] = page("草稿", "s-9", date="2022-01-01", extra="draft: true\n")
    files["content/s1.vi.md"] = HAND_MADE
    config = CONFIG + '[[editions]]\npath = "vi"\nlang = "vi"\nlabel = "Tiếng Việt"\n'
    return views_of(lay_site(tmp_path_factory.mktemp("views") / "site", files, config))


def at(views: list[AnyPage], path: str) -> Any:
    (found,) = (view for view in views if view.permalink == path)
    return found


def titles(found: Iterable[Any]) -> list[str]:
    return [item.title for item in found]


class TestASite:
    def test_permalinks_and_files_are_unique(self, views: list[AnyPage]) -> None:
        for name in ("permalink", "output_path"):
            counts = Counter(getattr(view, name) for view in views)
            assert [value for value, count in counts.items() if count > 1] == []

    def test_editions_share_slugs_tags_and_addresses(self, views: list[AnyPage]) -> None:
        chinese = {
            edition: {view.permalink.partition("/")[2] for view in views if view.permalink.startswith(f"{edition}/")}
            for edition in ("zh-hans", "zh-hant")
        }
        assert chinese["zh-hans"] == chinese["zh-hant"]
        pages = {view.permalink: view for view in views}
        for path in chinese["zh-hans"]:
            hans, hant = pages[f"zh-hans/{path}"], pages[f"zh-hant/{path}"]
            if isinstance(hans, ListPage | FrontPage):
                for name in ("items", "briefs"):
                    hrefs = [[item.href for item in getattr(view, name)] for view in (hans, hant)]
                    assert [href.replace("zh-hans", "zh-hant") for href in hrefs[0]] == hrefs[1]

    def test_the_front_page_shows_the_newest_first_and_the_undated_last(self, views: list[AnyPage]) -> None:
        front = at(views, "zh-hans/")
        river = [front.lead.title, *titles(front.items)]
        older = [title for number in (2, 1) for title in titles(at(views, f"zh-hans/page/{number}/").items)]
        dated = ["旧文", "第0篇", "第1篇", "第2篇", "第3篇", "第4篇"]
        assert (river + older)[:6] == dated
        assert set(river + older) == {*dated, "第5篇", "第6篇", "第7篇"}
        assert (front.total_articles, front.total_briefs) == (9, 1)

    def test_date_indexes_hold_certain_and_inferred_dates_alike(self, views: list[AnyPage]) -> None:
        assert titles(at(views, "zh-hans/2020/").items) == ["第0篇", "第1篇"]
        assert titles(at(views, "zh-hans/2020/01/02/").items) == ["第0篇"]
        assert titles(at(views, "zh-hans/2019/").items) == ["第2篇", "第3篇"]
        assert titles(at(views, "zh-hans/2019/12/31/").items) == ["第2篇"]
        assert titles(at(views, "zh-hans/2018/03/").items) == ["第4篇"]
        (item,) = at(views, "zh-hans/2019/12/31/").items
        assert item.date.note == "inferred"

    def test_lists_show_the_section_of_an_article_in_the_script_of_the_edition(self, views: list[AnyPage]) -> None:
        for edition, section in (("zh-hans", "国际新闻"), ("zh-hant", "國際新聞")):
            assert [item.section for item in at(views, f"{edition}/2020/").items] == [section, ""]

    def test_what_no_calendar_holds_has_its_own_lists(self, views: list[AnyPage]) -> None:
        assert titles(at(views, "zh-hans/dates/year-unknown/").items) == ["第5篇"]
        assert titles(at(views, "zh-hans/dates/one-of/").items) == ["第6篇"]
        undated = at(views, "zh-hans/dates/undated/")
        assert titles(undated.items) == ["第7篇"]
        assert titles(undated.briefs) == ["只在预告里的报道"]

    def test_briefs_stand_after_the_articles(self, views: list[AnyPage]) -> None:
        brief = at(views, "zh-hans/articles/yu-gao/")
        assert isinstance(brief, BriefPage)
        assert titles(brief.backlinks) == ["旧文", "第0篇", "第1篇", "第7篇"]
        assert at(views, "zh-hans/").briefs[0].kind == "brief"

    def test_a_tag_holds_its_stories_newest_first(self, views: list[AnyPage]) -> None:
        base = "zh-hans/tags/wai-shi-gong-zuo/"
        parts = [at(views, base), at(views, f"{base}page/1/")]
        shown = [title for part in parts for title in titles(part.items)]
        assert shown[:5] == ["第0篇", "第1篇", "第2篇", "第3篇", "第4篇"]
        assert len(shown) == 8
        assert at(views, base).kicker

    def test_feeds_hold_what_has_a_known_year_and_is_not_withdrawn(self, views: list[AnyPage]) -> None:
        feed = at(views, "zh-hans/feed.xml")
        assert isinstance(feed, FeedPage)
        assert [(entry.href.split("/")[-2], entry.published) for entry in feed.entries] == [
            ("s-0", "2020-01-02"),
            ("s-1", "2020-01-01"),
            ("s-2", "2019-12-31"),
            ("s-3", ""),
            ("s-4", ""),
        ]
        assert [entry.updated for entry in feed.entries][-2:] == ["2019-01-01", "2018-03-01"]
        assert feed.updated == "2020-01-02"

    def test_a_withdrawn_page_stays_at_its_address_and_out_of_search_engines(self, views: list[AnyPage]) -> None:
        withdrawn = at(views, "zh-hans/articles/s-8/")
        assert withdrawn.withdrawn
        assert not withdrawn.indexable

    def test_a_draft_is_nowhere(self, views: list[AnyPage]) -> None:
        assert not any("s-9" in view.permalink for view in views)

    def test_an_old_address_leads_to_the_new_one(self, views: list[AnyPage]) -> None:
        alias = at(views, "old/8.html")
        assert (alias.output_path, alias.target) == ("old/8.html", "/repo/zh-hans/articles/s-8/")

    def test_neighbours_in_time_are_mutual(self, views: list[AnyPage]) -> None:
        found = {view.permalink: view for view in views if isinstance(view, ArticlePage) and view.edition == "zh-hans"}
        for permalink, view in found.items():
            if view.older:
                older = found[view.older.href.removeprefix("/repo/")]
                assert older.newer is not None
                assert older.newer.href == f"/repo/{permalink}"

    def test_every_page_names_itself_among_its_editions(self, views: list[AnyPage]) -> None:
        held = {view.permalink for view in views}
        for view in views:
            if view.indexable and view.permalink:
                (current,) = (each for each in view.alternates if each.current)
                assert current.href == f"/repo/{view.permalink}"
            for each in view.alternates:
                assert each.href.removeprefix("/repo/") in held, view.permalink

    def test_an_edition_in_another_language_holds_the_pages_that_were_made_by_hand(self, views: list[AnyPage]) -> None:
        stories = [view.permalink for view in views if view.edition == "vi" and isinstance(view, ArticlePage)]
        assert stories == ["vi/articles/s-1/"]
        langs = [each.lang for each in at(views, "zh-hans/articles/s-1/").alternates]
        assert langs == ["zh-Hans", "zh-Hant", "vi"]

    def test_the_sitemap_holds_what_may_be_indexed_and_nothing_else(self, views: list[AnyPage]) -> None:
        sitemap = at(views, "sitemap.xml")
        listed = {permalink for entry in sitemap.entries for _, permalink in entry.permalinks}
        indexable = {view.permalink for view in views if view.indexable and view.permalink}
        assert listed == indexable


def test_a_tag_has_one_list_however_editors_spell_it(tmp_path: Path) -> None:
    files = {
        "content/a.md": page("一", "a", tags=("航线", "AI")),
        "content/b.md": page("二", "b", tags=("ai", "新航綫")),
        "content/c.md": page("三", "c", tags=("航線", "hang xian")).replace("zh-Hans", "zh-Hant"),
    }
    found = views_of(lay_site(tmp_path / "site", files))
    lists = {
        view.heading: titles(view.items) for view in found if isinstance(view, ListPage) and "/tags/" in view.permalink
    }
    assert lists["AI"] == ["二", "一"]
    assert lists["航线"] == lists["航線"] == ["三", "一"]
    permalinks = [view.permalink for view in found]
    assert len(permalinks) == len(set(permalinks))
