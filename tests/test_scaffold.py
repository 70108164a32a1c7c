"""`new` and `init`: what a person begins with, and that neither ever writes over anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gengduo.config import parse_config
from gengduo.content import parse_page
from gengduo.dates import is_edtf
from gengduo.errors import ConfigError, ContentError, StorageError
from gengduo.scaffold import SITE, new_page, new_site, theme_folder


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ------------------------------------------------------------------------------------------------------ new


@pytest.fixture
def site(make_site) -> Path:
    return make_site()


@pytest.mark.parametrize(
    ("title", "slug", "lang"),
    [
        ("外事工作会议闭幕", "wai-shi-gong-zuo-hui-yi-bi-mu", "zh-Hans"),
        ("外事工作會議閉幕", "wai-shi-gong-zuo-hui-yi-bi-mu", "zh-Hant"),
        ("北京", "bei-jing", "zh-Hans"),  # the same in both: as the first edition
        ("APEC 2017", "apec-2017", "zh-Hans"),
        ('他说：“好 "吧" \\ {{ x }}”', "ta-shuo-hao-ba-x", "zh-Hans"),
        (" 两\t个\n标题 ", "liang-ge-biao-ti", "zh-Hans"),
        ("！？", "story", "zh-Hans"),
    ],
)
def test_new_page_has_title_slug_and_language(site, title, slug, lang):
    path = new_page(site, title)
    article, warnings = parse_page((site / path).read_bytes(), path, is_edtf)
    assert path == f"content/{slug}.md"
    assert (article.title, article.slug, article.lang) == (" ".join(title.split()), slug, lang)
    assert (article.date, article.body.strip(), article.draft, warnings) == ("", "", True, ())


def test_title_that_tells_no_script_follows_the_first_edition(make_site, site):
    config = (site / "site.toml").read_text("utf-8")
    first, hans, hant = config.split("[[editions]]")
    turned = make_site(name="turned", config="[[editions]]".join([first, hant, hans]))
    path = new_page(turned, "北京")
    assert 'lang: "zh-Hant"' in (turned / path).read_text("utf-8")


@pytest.mark.parametrize("date", ["2018-08-12", "2018-08-12?", "XXXX-08-17", "2018", ""])
def test_date_is_the_one_that_was_given(site, date):
    path = new_page(site, "外事工作会议", date)
    assert parse_page((site / path).read_bytes(), path, is_edtf)[0].date == date


@pytest.mark.parametrize(
    ("title", "date"), [("外事", "12/08/2018"), ("外事", "2018-02-30"), ("  ", ""), ("", ""), ("\u200b\u3164", "")]
)
def test_title_and_date_that_cannot_stand_are_refused(site, title, date):
    before = state(site)
    with pytest.raises(ConfigError):
        new_page(site, title, date)
    assert state(site) == before


def test_title_that_no_page_can_hold_is_refused(site):
    before = state(site)
    for title in ("外\0事", "外\ud800事", "外\x1b事"):
        with pytest.raises(ContentError):
            new_page(site, title)
    assert state(site) == before


def test_page_that_is_there_stays(site):
    path = new_page(site, "外事工作会议")
    (site / path).write_text("an editor's", "utf-8")
    with pytest.raises(ContentError, match="this page is there already"):
        new_page(site, "外事工作會議")
    assert (site / path).read_text("utf-8") == "an editor's"
    (site / "content" / "he-nei.md").symlink_to("nowhere")
    with pytest.raises(ContentError, match="this page is there already"):
        new_page(site, "河内")


def test_new_page_is_a_draft_until_its_author_says_otherwise(site, run_build):
    made = run_build(site, "new", "外事工作会议闭幕", "--date", "2018-08-12")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("Made content/wai-shi-gong-zuo-hui-yi-bi-mu.md, a draft: ")
    again = run_build(site, "new", "外事工作会议闭幕")
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    page = site / "public/zh-hant/articles/wai-shi-gong-zuo-hui-yi-bi-mu/index.html"
    built = run_build(site)
    assert (built.returncode, built.stderr) == (0, "")
    assert not page.exists()
    source = site / "content/wai-shi-gong-zuo-hui-yi-bi-mu.md"
    source.write_text(source.read_text("utf-8").replace("draft: true\n", ""), "utf-8")
    assert run_build(site).returncode == 0
    assert "外事工作會議閉幕" in page.read_text("utf-8")


def test_new_needs_a_site(tmp_path, run_build):
    done = run_build(tmp_path, "new", "外事")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------------ init


def test_new_site_has_the_theme_the_starters_and_nothing_of_ours(project, tmp_path):
    folder = tmp_path / "new" / "paper"
    files = new_site(folder)
    assert files == sorted(state(folder))
    assert {"site.toml", "content/glossary.toml", "content/tags.toml", "templates/base.html"} <= set(files)
    assert [name for name in files if name.startswith(("seeds/", "static/photos/")) or name.endswith(".md")] == []
    assert list((folder / "seeds").iterdir()) == []
    for name in ("content/tags.toml", "content/glossary.toml", "templates/strings.toml"):
        assert (folder / name).read_bytes() == (project / name).read_bytes()


def test_configuration_of_a_new_site_is_right():
    config = parse_config(SITE)
    assert [(edition.path, edition.lang, edition.region) for edition in config.editions] == [
        ("zh-hans", "zh-Hans", "neutral"),
        ("zh-hant", "zh-Hant", "neutral"),
    ]


def test_new_site_with_the_seeds_builds(project, tmp_path, run_build):
    folder = tmp_path / "paper"
    made = run_build(tmp_path, "init", str(folder))
    assert (made.returncode, made.stderr) == (0, "")
    assert f"serve --site {folder}" in made.stdout
    for seed in (project / "seeds").rglob("*.txt"):
        shutil.copy(seed, folder / "seeds")
    built = run_build(folder, "--json")
    assert built.returncode == 0, built.stderr
    assert '"articles": 2, "briefs": 10' in built.stdout


@pytest.mark.parametrize("held", [".hidden", "site.toml", "sub/file"])
def test_folder_that_holds_anything_is_refused(tmp_path, run_build, held):
    folder = tmp_path / "paper"
    (folder / held).parent.mkdir(parents=True)
    (folder / held).write_text("mine", "utf-8")
    done = run_build(tmp_path, "init", str(folder))
    assert done.returncode == 1
    assert done.stderr == f"{folder}: there is something here already; name a folder that is new or empty\n"
    assert state(folder) == {held: b"mine"}


def test_file_in_the_place_of_a_folder_is_refused(tmp_path):
    place = tmp_path / "paper"
    place.write_text("mine", "utf-8")
    for folder in (place, place / "below"):
        with pytest.raises(ContentError, match="there is something here already"):
            new_site(folder)


def test_empty_folder_will_do(tmp_path):
    assert "site.toml" in new_site(tmp_path)


def test_installed_program_brings_its_theme(project, tmp_path):
    """The wheel's files, laid out as pyproject.toml says; the checkout is out of reach."""
    packages = tmp_path / "site-packages"
    shutil.copytree(project / "gengduo", packages / "gengduo", ignore=shutil.ignore_patterns("__pycache__"))
    wheel = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    for source, target in wheel["force-include"].items():
        copy = shutil.copytree if (project / source).is_dir() else shutil.copy
        (packages / target).parent.mkdir(parents=True, exist_ok=True)
        copy(project / source, packages / target)
    done = subprocess.run(
        [sys.executable, "-c", "from gengduo.cli import main; raise SystemExit(main())", "init", "paper"],
        env={**os.environ, "PYTHONPATH": str(packages), "PYTHONUTF8": "1"},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "gengduo serve --site paper" in done.stdout
    assert sorted(state(tmp_path / "paper")) == new_site(tmp_path / "other")


def test_program_without_its_theme_says_so(tmp_path):
    with pytest.raises(StorageError, match="install the program again"):
        theme_folder(tmp_path / "gengduo")
