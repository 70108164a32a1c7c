"""Builds of whole small sites with the project's own theme: what is written, what stays, what is refused."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from trials import (
    GLOSSARY,
    SECOND_SEED,
    SEED,
    TAGS,
    Tree,
    build_here,
    copy_without_state,
    difference,
    lay_site,
    page,
    tree_of,
    write,
)

from gengduo.job import SETTLING, Job, Survey, survey
from gengduo.pipeline import build
from gengduo.workers import open_executor

FILES = {
    "content/tags.toml": TAGS,
    "content/glossary.toml": GLOSSARY,
}
PAGES = {
    "a.md": page(
        "国会通过新法",
        "xin-fa",
        "国会通过新法。\n\n会议在老挝举行。\n",
        date="2019-03-05",
        tags=("外事工作",),
        more=(("发现古井里的干菜", "gan-cai"),),
    ),
    "b.md": page("老街省开通航线", "hang-xian", "新航线每周两班。\n", date="2020-01-07?", tags=("航线",)),
}


@pytest.fixture
def site(make_site: Callable[..., Path]) -> Path:
    return make_site(seeds={"a.txt": SEED, "b.txt": SECOND_SEED}, pages=PAGES, files=FILES)


def changed(before: Tree, after: Tree) -> set[str]:
    """The files that are not in both trees as they are in one."""
    files = [{path: entry for path, entry in tree.items() if entry[0] == "file"} for tree in (before, after)]
    return {path for path, _ in files[0].items() ^ files[1].items() if not path.startswith(".gengduo/")}


class TestASecondBuild:
    def test_writes_no_file_and_says_so(self, site: Path, run_build: Callable[..., object]) -> None:
        assert build_here(site).exit_code == 0
        times = {path: path.stat().st_mtime_ns for path in (site / "public").rglob("*") if path.is_file()}
        done = build_here(site)
        assert done.report is not None
        assert (done.report.written, done.report.removed) == (0, 0)
        assert done.report.unchanged == len(times) - 1  # the manifest is not counted
        said = run_build(site)
        assert said.returncode == 0
        assert "Nothing changed" in said.stdout
        assert {path: path.stat().st_mtime_ns for path in times} == times

    def test_a_touched_file_changes_nothing(self, site: Path) -> None:
        build_here(site)
        before = tree_of(site / "public")
        for path in site.rglob("*"):
            if path.is_file() and not {"public", ".cache"} & set(path.relative_to(site).parts):
                path.touch()
        done = build_here(site)
        assert done.report is not None
        assert (done.report.written, done.report.removed) == (0, 0)
        assert difference(before, tree_of(site / "public")) == []

    def test_without_a_cache_the_bytes_are_the_same(self, site: Path) -> None:
        build_here(site)
        before = tree_of(site / "public")
        for option in (True, False):
            if not option:
                shutil.rmtree(site / ".cache")
            done = build_here(site, clean=option)
            assert done.report is not None
            assert (done.report.written, done.report.removed) == (0, 0)
            assert difference(before, tree_of(site / "public")) == []


class TestAnEdit:
    def edit(self, site: Path, name: str, old: str, new: str) -> set[str]:
        """Which files of the output change with a word of a page."""
        build_here(site)
        before = tree_of(site / "public")
        path = site / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        done = build_here(site)
        assert done.report is not None
        after = tree_of(site / "public")
        found = changed(before, after)
        assert done.report.written == len(found & after.keys())
        assert done.report.removed == len(found - after.keys())
        return found

    def test_of_a_body_changes_the_pages_that_show_it_and_no_other(self, site: Path) -> None:
        found = self.edit(site, "content/b.md", "每周两班", "每周三班")
        shown = {
            path
            for path, (kind, _, data) in tree_of(site / "public").items()
            if (kind == "file" and "每周三班".encode() in data) or "每週三班".encode() in data
        }
        assert found == {path for path in shown if not path.startswith(".gengduo")}
        assert "zh-hans/articles/hang-xian/index.html" in found
        assert not any("xin-fa" in path for path in found)

    def test_of_a_second_paragraph_changes_its_pages_and_feeds_alone(self, site: Path) -> None:
        found = self.edit(site, "content/a.md", "在老挝举行", "在河内举行")
        assert found == {
            f"{edition}/{path}"
            for edition in ("zh-hans", "zh-hant")
            for path in ("articles/xin-fa/index.html", "feed.xml", "tags/wai-shi-gong-zuo/feed.xml")
        }

    def test_of_a_tag_moves_the_story(self, site: Path) -> None:
        found = self.edit(site, "content/b.md", '"航线"', '"海运"')
        assert {"zh-hans/tags/hang-xian/index.html", "zh-hans/tags/hai-yun/index.html"} <= found
        assert not (site / "public/zh-hans/tags/hang-xian").exists()
        assert not any("xin-fa" in path for path in found)

    def test_of_a_teaser_changes_its_brief(self, site: Path) -> None:
        found = self.edit(site, "content/a.md", "干菜", "干果")
        assert "zh-hant/articles/gan-cai/index.html" in found
        assert not any("hang-xian/index.html" in path and "articles" in path for path in found)

    def test_a_deleted_page_takes_its_files_along(self, site: Path) -> None:
        build_here(site)
        (site / "content/b.md").unlink()
        build_here(site)
        assert not (site / "public/zh-hans/articles/hang-xian").exists()
        assert not (site / "public/zh-hant/tags/hang-xian").exists()

    def test_a_file_changed_by_hand_is_restored_and_told(self, site: Path) -> None:
        build_here(site)
        before = tree_of(site / "public")
        (site / "public/zh-hans/index.html").write_text("by hand")
        done = build_here(site)
        assert done.report is not None
        assert [str(found) for found in done.report.warnings] == [
            "public/zh-hans/index.html: this generated file was changed by hand; it is made anew "
            "(edit content/, templates/ or static/)"
        ]
        assert difference(before, tree_of(site / "public")) == []
        again = build_here(site)
        assert again.report is not None
        assert again.report.warnings == ()

    def test_an_edit_with_the_same_size_and_time_is_seen(self, site: Path) -> None:
        for name, old, new in (("content/b.md", "每周两班", "每周四班"), ("static/css/gengduo.css", "color", "colOr")):
            path = site / name
            build_here(site)
            build_here(site)
            before = path.stat()
            path.write_bytes(path.read_bytes().replace(old.encode(), new.encode(), 1))
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            done = build_here(site)
            assert done.report is not None
            assert done.report.written > 0

    def test_of_the_configuration_while_the_sources_are_looked_at_is_not_lost(
        self, site: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        build_here(site)
        place = site / "site.toml"

        def slow(job: Job) -> Survey:
            place.write_text(re.sub(r'title = ".*?"', 'title = "另一报"', place.read_text("utf-8"), count=1), "utf-8")
            time.sleep(SETTLING)
            return survey(job)

        monkeypatch.setattr("gengduo.pipeline.survey", slow)
        build_here(site)
        monkeypatch.undo()
        build_here(site)
        assert "另一报" in (site / "public/zh-hans/index.html").read_text("utf-8")


class TestBadInput:
    """Each gives its line and its exit code, and the old output stays byte for byte (a seed's stops nothing else)."""

    @pytest.mark.parametrize(
        ("name", "data", "code", "line"),
        [
            ("content/b.md", "---\ntitle: a: b\n---\n", 1, "content/b.md:2:9: "),
            ("content/b.md", b"---\n\xff", 1, "content/b.md:2:1: "),
            ("content/c.md", page("三", "xin-fa"), 1, "content/c.md: the slug “xin-fa” is also that of content/a.md"),
            (
                "content/b.md",
                page("二", "er", "[甲](xin-fb.md)\n"),
                1,
                "content/b.md:7: unknown article “xin-fb”; did you",
            ),
            ("content/b.md", page("二", "er", "[甲](javascript:1)\n"), 1, "content/b.md:7: "),
            ("content/A.md", page("二", "er"), 1, "but for case"),
            ("content/aux.md", page("二", "er"), 1, "content/aux.md: this file name"),
            ("content/x..md", page("二", "er"), 1, "content/x..md: this file name"),
            ("content/q.zh-hant.md", page("二", "er"), 1, "content/q.zh-hant.md: the original"),
            ("content/b.md", page("二", "er", extra='aliases: ["zh-hans/feed.xml"]\n'), 1, "old address"),
            ("content/b.md", page("二", "er", extra='aliases: ["sitemap.xml"]\n'), 1, "old address"),
            ("content/b.md", page("二", "er", extra='aliases: ["static/css"]\n'), 1, "old address"),
            ("content/b.md", page("二", "er", extra='aliases: ["zh-hans/articles"]\n'), 0, ""),
            ("content/import.lock", "{", 1, "content/import.lock: the lock cannot be read"),
            ("content/tags.toml", "[[tag]\n", 1, "content/tags.toml:1:"),
            ("content/tags.toml", "a = " + "[" * 5000, 1, "content/tags.toml"),
            ("content/glossary.toml", "[[term]]\n", 1, "glossary.toml:1"),
            ("templates/article.html", "一\n{{ page.titel }}\n", 1, "templates/article.html:2: "),
            ("templates/article.html", "一\n{% if %}\n", 1, "templates/article.html:2: "),
            (
                "templates/article.html",
                "{% include 'article.html' %}\n",
                1,
                "templates/article.html:1: the template includes",
            ),
            (
                "templates/article.html",
                "一\n{% include '../site.toml' %}",
                1,
                "templates/article.html:2: there is no template",
            ),
            (
                "templates/article.html",
                "{% include '/etc/passwd' %}",
                1,
                "templates/article.html:1: there is no template",
            ),
            ("templates/article.html", "{{ 1 / 0 }}", 1, "templates/article.html:1: division by zero"),
            ("templates/article.html", b"\xff", 1, "templates/article.html: "),
            ("templates/strings.toml", "[x\n", 1, "templates/strings.toml:1:"),
            ("templates/strings.toml", '["zh-Hans"]\nhome = "首页"\n', 1, "templates/strings.toml:1:1: the word “"),
            ("site.toml", 'titel = "小报"\n', 2, "site.toml:1:1: unknown key “titel”; did you mean “title”?"),
            ("site.toml", "= 1\n", 2, "site.toml:1:1: not valid TOML"),
            ("site.toml", "page_size = " + "9" * 5000, 2, "site.toml"),
            ("site.toml", b"\xff", 2, "site.toml:1:1: byte 0 is not UTF-8"),
        ],
    )
    def test_it_is_told_and_the_site_stays(
        self, name: str, data: str | bytes, code: int, line: str, site: Path
    ) -> None:
        build_here(site)
        before = tree_of(site / "public")
        write(site / name, data)
        done = build_here(site)
        assert done.exit_code == code, done.errors
        assert any(line in error for error in done.errors) or not line, done.errors
        assert code == 0 or difference(before, tree_of(site / "public")) == []

    @pytest.mark.parametrize(
        "data", [b"", b"\n\n", "标题\n".encode("gb18030") * 40, b"\xe5\xa5", "标题".encode("utf-16")]
    )
    def test_a_seed_that_cannot_be_read_stops_nothing_else(self, data: bytes, site: Path) -> None:
        write(site / "seeds/bad.txt", data)
        done = build_here(site)
        assert done.report is not None
        assert done.exit_code == 1
        assert [found.position.path for found in done.report.errors] == ["seeds/bad.txt"]
        assert (site / "public/zh-hans/articles/xin-fa/index.html").exists()
        assert done.report.articles == 4

    def test_all_errors_are_told_in_one_run(self, site: Path) -> None:
        write(site / "seeds/bad.txt", b"")
        write(site / "content/b.md", "---\ntitle: a: b\n---\n")
        write(site / "content/c.md", "---\nslug: A\n---\n")
        done = build_here(site)
        places = [error.split(": ")[0] for error in done.errors]
        assert [place.partition(":")[0] for place in places] == ["seeds/bad.txt", "content/b.md", *["content/c.md"] * 3]

    def test_two_broken_templates_are_told_together(self, site: Path) -> None:
        write(site / "templates/article.html", "{{ page.titel }}")
        write(site / "templates/list.html", "{{ page.haeding }}")
        done = build_here(site)
        assert sorted(error.split(": ")[0] for error in done.errors) == [
            "templates/article.html:1",
            "templates/list.html:1",
        ]

    def test_an_output_folder_that_is_not_ours_is_refused(self, site: Path) -> None:
        write(site / "public/letter.txt", "mine")
        done = build_here(site)
        assert done.exit_code == 2
        assert tree_of(site / "public").keys() == {"letter.txt"}


class TestSameInputSameBytes:
    def test_with_one_job_or_two(self, site: Path, tmp_path: Path) -> None:
        for index in range(130):
            write(site / f"content/s{index:03}.md", page(f"第{index}篇报道", f"s-{index}", date="2019-03-05"))
        trees = []
        for jobs in (1, 2):
            copy = copy_without_state(site, tmp_path / f"jobs {jobs}")
            with open_executor(jobs) as executor:
                report, _ = build(Job(root=copy, output=copy / "public"), executor, lambda *_: None)
            assert report.articles == 134
            trees.append(tree_of(copy / "public"))
        assert difference(*trees) == []

    def test_whatever_the_clock_says(self, site: Path, tmp_path: Path, run_build: Callable[..., object]) -> None:
        trees = []
        for name, epoch in (("now", ""), ("then", "86400"), ("later", "4102444800")):
            copy = copy_without_state(site, tmp_path / name)
            for path in copy.rglob("*"):
                os.utime(path, (int(epoch or 0), int(epoch or 0)))
            done = run_build(copy, env={"SOURCE_DATE_EPOCH": epoch} if epoch else {})
            assert done.returncode == 0, done.stderr
            trees.append(tree_of(copy / "public"))
        assert difference(trees[0], trees[1]) == []
        assert difference(trees[0], trees[2]) == []

    def test_in_another_place_with_files_laid_in_another_order(self, site: Path, tmp_path: Path) -> None:
        build_here(site)
        other = tmp_path / "elsewhere" / "Ω 另"
        files = {
            path.relative_to(site): path.read_bytes()
            for path in sorted(site.rglob("*"), reverse=True)
            if path.is_file()
        }
        for name, data in files.items():
            if name.parts[0] not in ("public", ".cache"):
                write(other / name, data)
        build_here(other)
        assert difference(tree_of(site / "public"), tree_of(other / "public")) == []

    def test_modes_do_not_follow_the_umask(self, site: Path, run_build: Callable[..., object]) -> None:
        mask = os.umask(0o077)
        try:
            assert run_build(site).returncode == 0
        finally:
            os.umask(mask)
        modes = {(kind, mode) for kind, mode, _ in tree_of(site / "public").values()}
        assert modes == {("file", 0o644), ("folder", 0o755)}


@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda data: data[:-1], lambda data: data[:9] + b"\x00" + data[10:], None]
)
def test_any_damage_to_the_cache_ends_in_the_same_bytes(damage: Callable[[bytes], bytes] | None, site: Path) -> None:
    build_here(site)
    before = tree_of(site / "public")
    for path in sorted((site / ".cache").rglob("*")):
        if path.is_file() and path.name != "lock":
            if damage is None:
                path.unlink()
            else:
                path.write_bytes(damage(path.read_bytes()))
            write(site / "content/b.md", PAGES["b.md"].replace("两班", "三班"))
            done = build_here(site)
            assert done.report is not None
            write(site / "content/b.md", PAGES["b.md"])
            done = build_here(site)
            assert done.report is not None
            assert difference(before, tree_of(site / "public")) == []


def test_an_import_is_not_thought_idle_where_a_dump_may_change_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = lay_site(tmp_path / "site", {"seeds/a.txt": SEED, "content/tags.toml": TAGS})
    assert build_here(site).report is not None
    kept = site / ".cache" / "import.bin"
    kept.unlink(missing_ok=True)
    write(site / "seeds" / "b.txt", SECOND_SEED)
    monkeypatch.setattr("gengduo.job.is_settled", lambda *_: False)
    for _ in range(2):
        assert build_here(site).report is not None
        assert not kept.exists()
    monkeypatch.setattr("gengduo.job.is_settled", lambda *_: True)
    assert build_here(site).report is not None
    assert kept.exists()
