"""What lies in `seeds/`: no file is passed over unseen."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from trials import GLOSSARY, SECOND_SEED, SEED, lay_site, write

from gengduo.cli import main
from gengduo.errors import ConfigError
from gengduo.ingest import find_dumps
from gengduo.job import SETTLING, Job
from gengduo.model import BuildReport, ImportReport
from gengduo.pipeline import build, ingest
from gengduo.review import ReviewReport, accept, review
from gengduo.workers import SerialExecutor

PAGE = "he-nei-ju-xing-di-fang-wai-shi-hui-yi.md"
NOT_READ = "not read, since its name does not end in .txt; save its text as UTF-8 under a name that does, or "


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return lay_site(tmp_path / "site", {"seeds/a.txt": SEED, "content/glossary.toml": GLOSSARY})


def job_of(site: Path, *seeds: str) -> Job:
    return Job(root=site, output=site / "public", seeds=seeds)


def imported(site: Path, *seeds: str) -> ImportReport:
    return ingest(job_of(site, *seeds), SerialExecutor(), lambda *_: None)


def built(site: Path) -> BuildReport:
    return build(job_of(site), SerialExecutor(), lambda *_: None)[0]


def looked(site: Path) -> ReviewReport:
    return review(job_of(site), SerialExecutor(), lambda *_: None)


def told(site: Path) -> list[str]:
    return list(map(str, find_dumps(site).not_read()))


# ----------------------------------------------------------------------------------------------------- which are dumps


@pytest.mark.parametrize("name", ["NEWS01.TXT", "old/News.Txt", "旧闻.TXT"])
def test_a_dump_may_be_named_as_old_systems_did(name: str, site: Path) -> None:
    (site / "seeds/a.txt").unlink()
    write(site / "seeds" / name, SEED)
    write(site / "seeds" / f"{name[:-4]}.toml", 'date = "2019-03-06"\n')
    assert imported(site, name).created == (f"content/{PAGE}",)
    assert imported(site).unchanged == 1
    page = (site / "content" / PAGE).read_text("utf-8")
    assert 'date: "2019-03-06"' in page
    assert f'seed: "{name}"' in page
    (entry,) = json.loads((site / "content/import.lock").read_text("utf-8"))["pages"]
    assert entry["seed"] == name
    assert (built(site).warnings, looked(site).findings) == ((), ())


def test_one_that_is_given_a_small_suffix_keeps_its_page(site: Path) -> None:
    (site / "seeds/a.txt").rename(site / "seeds/A.TXT")
    imported(site)
    (site / "seeds/A.TXT").rename(site / "seeds/A.txt")
    report = imported(site)
    assert (report.created, report.updated, report.warnings, report.errors) == ((), (f"content/{PAGE}",), (), ())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take the names for one")
@pytest.mark.parametrize(
    "names",
    [
        ("a.txt", "A.TXT"),
        ("a.txt", "a.TXT"),
        ("x/b.txt", "X/b.txt"),
        tuple(unicodedata.normalize(form, "é.txt") for form in ("NFC", "NFD")),
    ],
)
def test_of_names_that_are_one_on_other_systems_none_is_read(names: tuple[str, str], site: Path) -> None:
    for name in names:
        write(site / "seeds" / name, SEED)
    write(site / "seeds/c.txt", SECOND_SEED)
    message = "another seed has this name but for case or composition; rename one"
    expected = {f"seeds/{name}: {message}" for name in names}
    report = built(site)
    assert set(map(str, report.errors)) == expected
    assert report.articles == 1 + ("a.txt" not in names)
    found = [each for each in looked(site).findings if each.kind == "seed"]
    assert {f"{each.places[0]}: {each.what}" for each in found} == expected
    (site / "seeds" / names[1]).rename(site / "seeds/d.txt")
    assert built(site).errors == ()


# --------------------------------------------------------------------------------------------------- which are not read


@pytest.mark.parametrize(
    ("name", "what"),
    [
        *((name, NOT_READ) for name in ("a.text", "b/c.html", "d.docx", "NEWS", "e.txt.gz", "f.txt~", "g.zip")),
        ("b.json", "no dump has its name; name it like its dump"),
        ("b/a.toml", "no dump has its name; name it like its dump"),
        ("A.toml", "no dump has its name; name it like its dump"),
    ],
)
def test_a_file_that_is_no_dump_is_named_with_what_to_do(name: str, what: str, site: Path) -> None:
    write(site / "seeds" / name, SEED)
    (found,) = told(site)
    assert found.startswith(f"seeds/{name}: ")
    assert what in found
    assert found.endswith("or take it out of seeds/")


def test_a_second_sidecar_is_named(site: Path) -> None:
    write(site / "seeds/a.toml", 'date = "2019-03-06"\n')
    write(site / "seeds/a.json", '{"date": "2019-03-07"}')
    assert told(site) == ["seeds/a.json: this sidecar was not read, since its dump has another; keep one of them"]
    assert 'date: "2019-03-06"' in (imported(site), (site / "content" / PAGE).read_text("utf-8"))[1]


def test_what_nobody_takes_for_a_story_is_passed_over(site: Path) -> None:
    names = (
        "README",
        "readme.md",
        "b/README.zh.html",
        ".DS_Store",
        ".git/x.html",
        "b/Thumbs.db",
        "a.txt~",
        "README.toml",
    )
    for name in names:
        write(site / "seeds" / name, "x")
    assert told(site) == []
    assert list(find_dumps(site).dumps) == ["a.txt"]


def test_many_are_told_in_few_lines_and_the_rare_ones_by_name(site: Path) -> None:
    for number in range(1_200):
        write(site / f"seeds/photos/{number}.JPG", "x")
    for number in range(20):
        write(site / f"seeds/kind.{number}{'x' * 9}", "x")
        write(site / f"seeds/z{number}.k{number}", "x")
    write(site / "seeds/one.docx", "x")
    lines = told(site)
    assert len(lines) == 11
    assert any(line.startswith("seeds/one.docx: ") for line in lines)
    assert lines[-1].startswith("seeds: more files that were not read: 1,200 .jpg, 20 without a suffix, 1 .k")
    assert lines[-1].endswith(
        "of other kinds; save their texts as UTF-8 under names that end in .txt, or take them out of seeds/"
    )


def test_names_that_are_no_text_can_be_told(site: Path) -> None:
    write(site / "seeds" / "\udcd0\udcc2.h\udcff", "x")
    write(site / "seeds" / "a\nb.html", "x")
    assert [line.encode() for line in told(site)]


def test_the_warning_is_there_until_the_file_is_gone(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    write(site / "seeds/b.docx", "x")
    expected = ["seeds/b.docx: this file was " + NOT_READ + "take it out of seeds/"]
    for _ in range(2):
        assert list(map(str, built(site).warnings)) == expected
        assert list(map(str, imported(site).warnings)) == expected
        time.sleep(SETTLING)
    assert list(map(str, built(site).warnings)) == expected
    with monkeypatch.context() as patched:  # the quick answer looks at no dump
        patched.setattr("gengduo.pipeline._build", None)
        assert list(map(str, built(site).warnings)) == expected
    assert imported(site, "a.txt").warnings == ()
    (site / "seeds/b.docx").unlink()
    assert built(site).warnings == ()


def test_it_fails_where_warnings_do(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site / "seeds/b.docx", "x")
    arguments = ["--site", str(site), "--jobs", "1"]
    for command in ("build", "import"):
        assert main([command, *arguments]) == 0
        assert capsys.readouterr().err.startswith("seeds/b.docx: warning: this file was not read")
        assert main([command, "--strict", *arguments]) == 1
        capsys.readouterr()
    assert "b.docx" not in (site / "content/import.lock").read_text("utf-8")


def test_one_that_is_asked_for_says_why_it_is_not_read(site: Path) -> None:
    write(site / "seeds/b.docx", "x")
    with pytest.raises(ConfigError, match=r"^seeds/b\.docx: this file was not read, since its name"):
        imported(site, "b.docx")


def test_a_review_lists_it_until_it_is_taken(site: Path) -> None:
    write(site / "seeds/b.docx", "x")
    (found,) = [each for each in looked(site).findings if each.kind == "not-read"]
    assert str(found.places[0]) == "seeds/b.docx"
    accept(job_of(site), looked(site), [found.id])
    assert not [each for each in looked(site).findings if each.kind == "not-read"]


@pytest.mark.parametrize("link", ["more", "more.txt", "b.toml"])
def test_a_link_to_a_folder_is_refused(link: str, site: Path) -> None:
    (site / "seeds" / link).symlink_to("/tmp")
    assert list(map(str, imported(site).errors)) == [
        f"seeds/{link}: this is no ordinary file; put the text itself here"
    ]


def make_pipe(place: Path) -> None:
    import os

    os.mkfifo(place)


def make_link(place: Path) -> None:
    place.symlink_to("none")


@pytest.mark.skipif(sys.platform != "linux", reason="needs pipes")
@pytest.mark.parametrize("make", [make_pipe, make_link])
def test_what_is_no_file_at_all_is_not_opened(make: Callable[[Path], None], site: Path) -> None:
    make(site / "seeds/b.docx")
    make(site / "seeds/a.toml")
    report = imported(site)
    assert [str(found).partition(":")[0] for found in report.warnings] == ["seeds/b.docx"]
    assert [str(found).partition(":")[0] for found in report.errors] == ["seeds/a.toml"]
