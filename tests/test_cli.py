"""The command line as users and scripts meet it: exit codes, lines, reports, help, and never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from trials import GLOSSARY, PROJECT, SEED, TAGS, lay_site, page, tree_of, write

from gengduo.cli import COMMANDS, main

REPORT = {
    "articles": int,
    "briefs": int,
    "editions": list,
    "pages": int,
    "written": int,
    "unchanged": int,
    "removed": int,
    "seconds": float,
    "warnings": list,
    "errors": list,
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {"seeds/a.txt": SEED, "content/tags.toml": TAGS, "content/glossary.toml": GLOSSARY}
    return lay_site(tmp_path / "site", files)


@pytest.fixture
def run(site: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """`run(*arguments)`: exit code, stdout and stderr of a command in this process."""

    def do(*arguments: str) -> tuple[int, str, str]:
        mask = os.umask(0o022)
        try:
            code = main([*arguments, "--site", str(site), "--jobs", "1"])
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            os.umask(mask)
        said = capsys.readouterr()
        return code, said.out, said.err

    return do


Run = Callable[..., tuple[int, str, str]]


class TestExitCodes:
    def test_0_done(self, run: Run) -> None:
        code, out, err = run()
        assert (code, err) == (0, "")
        assert out.startswith(
            "Imported content/he-nei-ju-xing-di-fang-wai-shi-hui-yi.md\nBuilt 1 articles and 1 briefs"
        )
        assert run("build")[0] == 0

    def test_1_an_error_in_content(self, run: Run, site: Path) -> None:
        write(site / "content/b.md", "---\ntitle: a: b\n---\n")
        code, out, err = run()
        assert (code, out) == (1, "")
        assert err.splitlines() == [
            "content/b.md:2:9: the front matter cannot be read: mapping values are not allowed in this context; "
            "put the text in double quotes"
        ]

    def test_1_a_page_that_waits(self, run: Run, site: Path) -> None:
        assert run()[0] == 0
        (path,) = (site / "content").glob("*.md")
        write(path, path.read_text("utf-8") + "\n编者加的一段。\n")
        write(site / "seeds/a.txt", SEED.replace("明年", "后年"))
        for command in ("build", "import", "import", "build"):
            code, _, err = run(command)
            assert code == 1
            assert err.startswith(f"content/{path.name}.new: a new import waits")
        path.with_name(f"{path.name}.new").unlink()
        assert run("import")[0] == 0
        assert run()[0] == 0
        assert "编者加的一段" in path.read_text("utf-8")

    def test_1_a_seed_while_the_rest_is_published(self, run: Run, site: Path) -> None:
        write(site / "seeds/empty.txt", "")
        code, out, err = run()
        assert code == 1
        assert err.startswith("seeds/empty.txt:1:1: ")
        assert "Built 1 articles" in out
        assert (site / "public/index.html").exists()

    @pytest.mark.parametrize(
        "arguments",
        [["--nonsense"], ["nonsense"], ["--jobs", "0"], ["convert"], ["--base-url", "ftp://x"], ["import", "none.txt"]],
    )
    def test_2_usage(self, run: Run, site: Path, arguments: list[str]) -> None:
        code, _, err = run(*arguments)
        assert code == 2
        assert err
        assert not (site / "public").exists()

    def test_2_configuration(self, run: Run, site: Path) -> None:
        write(site / "site.toml", 'titel = "小报"\n')
        code, _, err = run()
        assert code == 2
        assert err.splitlines()[0] == "site.toml:1:1: unknown key “titel”; did you mean “title”?"

    def test_2_a_folder_without_a_site(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--site", str(tmp_path / "none")]) == 2
        assert "no such file; run the command in the folder of a site" in capsys.readouterr().err

    def test_2_an_output_folder_that_is_not_ours(self, run: Run, site: Path) -> None:
        write(site / "public/letter.txt", "mine")
        code, _, err = run()
        assert code == 2
        assert err.startswith(f"{site}/public: the output folder is not empty")
        assert tree_of(site / "public").keys() == {"letter.txt"}

    def test_4_storage(self, run: Run, site: Path) -> None:
        write(site / ".cache", "a file")
        code, _, err = run()
        assert code == 4
        assert err.endswith("check the disk and the rights to use it\n")

    def test_2_a_cache_that_is_a_link_is_never_emptied(self, run: Run, site: Path) -> None:
        (site / ".cache").symlink_to("content")
        before = tree_of(site / "content")
        code, _, err = run("--clean")
        assert code == 2
        assert err.startswith(".cache: this is a symbolic link")
        assert tree_of(site / "content") == before

    def test_1_a_link_to_a_folder_is_not_passed_over(self, run: Run, site: Path) -> None:
        (site / "seeds").mkdir(exist_ok=True)
        (site / "seeds/more").symlink_to("/tmp")
        code, _, err = run()
        assert (code, err) == (1, "seeds/more: this is no ordinary file; put the text itself here\n")

    def test_4_a_file_of_somebody_else_is_not_overwritten(self, run: Run, site: Path) -> None:
        assert run()[0] == 0
        write(site / "public/static/mine.txt", "mine")
        write(site / "static/mine.txt", "theirs")
        code, _, err = run()
        assert code == 4
        assert "a file that is not ours stands where a generated one must go" in err
        assert (site / "public/static/mine.txt").read_text() == "mine"

    def test_1_a_merge_conflict_in_a_body(self, run: Run, site: Path) -> None:
        write(site / "content/b.md", page("二", "er", "一\n\n<<<<<<< HEAD\n二\n"))
        code, _, err = run()
        assert code == 1
        assert err.startswith("content/b.md:")
        assert "a merge conflict was left here" in err

    def test_strict_counts_warnings(self, run: Run, site: Path) -> None:
        write(site / "content/b.md", page("二", "er", extra='colour: "red"\n'))
        code, _, err = run()
        assert (code, err) == (0, "content/b.md:5:9: warning: unknown key “colour”; it is ignored\n")
        assert run("--strict")[0] == 1


class TestPlaces:
    @pytest.mark.parametrize(
        ("files", "line"),
        [
            ({"content/b.md": page("二", "er", "见[三](san.md)。")}, "content/b.md:7:6: unknown article “san”; "),
            (
                {"content/b.md": page("二", "er", "一。\n见[三](data:x)。")},
                "content/b.md:8:6: the scheme “data:” is not",
            ),
            (
                {
                    "content/b.md": page("二", "er", extra='aliases: ["/old/x/"]\n'),
                    "content/c.md": page("三", "san", extra='aliases: ["/old/x/"]\n'),
                },
                "content/c.md:5:13: the old address “old/x” is already that of another page; remove it",
            ),
            ({"templates/missing.html": "<p>\n{{ page.nope }}\n"}, "templates/missing.html:2:9: "),
        ],
    )
    def test_every_error_has_its_line_and_column(self, run: Run, site: Path, files: dict[str, str], line: str) -> None:
        for path, text in files.items():
            write(site / path, text)
        code, out, err = run()
        assert (code, out) == (1, "")
        assert [found for found in err.splitlines() if found.startswith(line)], err
        report = json.loads(run("--json")[1])
        assert all(found["line"] and found["column"] for found in report["errors"])


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "line"),
        [
            (["biuld"], "build.py: there is no command “biuld”; did you mean “build”?"),
            (["42"], "build.py: there is no command “42”; use one of build, import, serve, "),
            (["--clena"], "build.py: “--clena” has no meaning here; did you mean “--clean”?"),
            (["--x"], "build.py: “--x” has no meaning here; see build.py build --help"),
            (["--clean", "import"], "build.py: “import” has no meaning here; write the command first, and its options"),
            (["--jobs", "0"], "--jobs: “0” is no whole number from 1 to 512; see build.py build --help"),
            (["--jobs", "x"], "--jobs: “x” is no whole number from 1 to 512; "),
            (["--jobs", "9" * 5000], "--jobs: “999"),
            (["--jobs", "100000"], "--jobs: “100000” is no whole number from 1 to 512; "),
            (["serve", "--port", "-1"], "--port: "),
            (
                ["serve", "--port", "65536"],
                "--port: “65536” is no whole number from 0 to 65535; see build.py serve --help",
            ),
            (["serve", "--json"], "--json: a preview makes no report; leave this option out"),
            (
                ["convert"],
                "build.py convert: the following arguments are required: --edition; see build.py convert --help",
            ),
            (["convert", "--edition", "zh-hant", "--region", "cn"], "--region: invalid choice: “cn” (choose from "),
            (["new"], "build.py new: the following arguments are required: TITLE; see build.py new --help"),
        ],
    )
    def test_it_is_told_in_one_line_with_advice(self, run: Run, arguments: list[str], line: str) -> None:
        code, out, err = run(*arguments)
        assert (code, bool(out)) == (2, "--json" in arguments)
        assert err.startswith(line)
        assert err.count("\n") == 1

    def test_scripts_get_a_report(self, run: Run) -> None:
        code, out, _ = run("--json", "--jobs", "0")
        assert code == 2
        assert json.loads(out)["errors"][0]["path"] == "--jobs"


class TestJson:
    def check(self, out: str) -> dict[str, object]:
        assert out.count("\n") == 1
        report = json.loads(out)
        assert {key: type(value) for key, value in report.items()} == REPORT
        for found in (*report["warnings"], *report["errors"]):
            assert {key: type(value) for key, value in found.items()} == {
                "path": str,
                "line": int,
                "column": int,
                "message": str,
            }
        return report

    def test_of_a_build(self, run: Run) -> None:
        report = self.check(run("--json")[1])
        assert (report["articles"], report["briefs"], report["editions"]) == (1, 1, ["zh-hans", "zh-hant"])
        again = self.check(run("--json")[1])
        assert (again["written"], again["unchanged"]) == (0, report["written"])

    def test_of_a_build_that_failed(self, run: Run, site: Path) -> None:
        write(site / "content/b.md", "---\ntitle: a: b\n---\n")
        report = self.check(run("--json")[1])
        (error,) = report["errors"]  # type: ignore[misc]
        assert (error["path"], error["line"], error["column"]) == ("content/b.md", 2, 9)

    def test_of_a_disk_that_failed(self, run: Run, site: Path) -> None:
        write(site / ".cache", "a file")
        code, out, _ = run("--json")
        (error,) = self.check(out)["errors"]  # type: ignore[misc]
        assert code == 4
        assert (error["path"], error["message"].partition("; ")[2]) == (
            f"{site}/.cache",
            "check the disk and the rights to use it",
        )

    def test_of_a_conversion(self, run: Run, site: Path) -> None:
        write(site / "text", "访问\n\n老挝。\n")
        report = json.loads(run("convert", "--edition", "zh-hant", "--json", str(site / "text"))[1])
        assert report == {"lines": ["訪問", "", "老撾。", ""], "warnings": [], "errors": []}

    def test_with_warnings(self, run: Run, site: Path) -> None:
        write(site / "content/b.md", page("二", "er", extra='colour: "red"\n'))
        report = self.check(run("--json")[1])
        assert [found["line"] for found in report["warnings"]] == [5]  # type: ignore[attr-defined]

    def test_of_an_import(self, run: Run) -> None:
        report = json.loads(run("import", "--json")[1])
        assert report["created"] == ["content/he-nei-ju-xing-di-fang-wai-shi-hui-yi.md"]


class TestOptions:
    def test_quiet_says_nothing_where_nothing_is_wrong(self, run: Run) -> None:
        assert run("--quiet") == (0, "", "")

    def test_output_and_base_url(self, run: Run, site: Path, tmp_path: Path) -> None:
        assert run("--output", str(tmp_path / "out"), "--base-url", "https://paper.example/")[0] == 0
        assert not (site / "public").exists()
        assert "https://paper.example/sitemap.xml" in (tmp_path / "out/robots.txt").read_text("utf-8")

    def test_no_import_leaves_seeds_alone(self, run: Run, site: Path) -> None:
        assert run("--no-import")[0] == 0
        assert not list((site / "content").glob("*.md"))

    def test_drafts_are_published_when_asked_for(self, run: Run, site: Path) -> None:
        write(site / "content/b.md", page("二", "er", extra="draft: true\n"))
        run()
        assert not (site / "public/zh-hans/articles/er").exists()
        run("--drafts")
        assert (site / "public/zh-hans/articles/er/index.html").exists()
        run()
        assert not (site / "public/zh-hans/articles/er").exists()

    def test_one_seed_can_be_imported_by_any_path(self, run: Run, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(site / "seeds/旧/b.txt", SEED.replace("河内", "岘港"))
        monkeypatch.chdir(site)
        code, out, _ = run("import", "seeds/旧/b.txt")
        assert code == 0
        assert out.splitlines() == ["Imported content/xian-gang-ju-xing-di-fang-wai-shi-hui-yi.md"]

    def test_convert_tells_where_a_text_is_not_utf8(self, run: Run, site: Path) -> None:
        (site / "text").write_bytes("访问\n老".encode() + b"\xff")
        code, out, err = run("convert", "--edition", "zh-hant", str(site / "text"))
        assert (code, out) == (2, "")
        assert err == f"{site}/text:2:2: byte 10 is not UTF-8; convert the text to UTF-8 first\n"

    @pytest.mark.parametrize("text", ["访问老挝。\n", "一\n\n二", "", "a <b> &amp;\r\n发\r\n"])
    def test_convert_gives_as_many_lines_as_it_gets(self, text: str, site: Path) -> None:
        done = subprocess.run(
            [sys.executable, str(PROJECT / "build.py"), "convert", "--edition", "zh-hant", "--site", str(site)],
            input=text.encode(),
            capture_output=True,
            timeout=60,
            check=True,
        )
        assert done.stdout.decode().count("\n") == text.count("\n")
        assert "老撾" in done.stdout.decode() or "老挝" not in text


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_screen_and_has_an_example(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as end:
        main([command, "--help"] if command else ["--help"])
    assert end.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert not command or any(
        (line.startswith("Example: ") and f"build.py {command}"[:-1] in line) or "build.py -" in line for line in lines
    )


@pytest.mark.parametrize(
    ("command", "heeded", "unheeded"),
    [
        ("build", ["--scheduler", "--json", "--drafts"], ["--port"]),
        ("serve", ["--drafts", "--clean"], ["--scheduler", "--json", "--strict"]),
        ("check", ["--jobs", "--output", "--json"], ["--drafts", "--clean", "--scheduler"]),
        ("convert", ["--site", "--json"], ["--output", "--jobs", "--strict"]),
        ("init", ["--json"], ["--base-url"]),
    ],
)
def test_help_names_the_options_that_the_command_heeds(
    command: str, heeded: list[str], unheeded: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    told = capsys.readouterr().out
    assert [option for option in heeded if option not in told] == []
    assert [option for option in unheeded if option in told] == []


class TestWithoutDependencies:
    @pytest.mark.parametrize("command", ["build", "import", "check", "serve"])
    def test_one_line_says_what_to_run(self, command: str, site: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-S", "-E", str(PROJECT / "build.py"), command, "--site", str(site)],
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == 2
        assert done.stdout == ""
        (line,) = done.stderr.splitlines()
        assert line.startswith("gengduo: the library “")
        assert "make site" in line
        assert "uv run build.py" in line

    def test_help_needs_none(self) -> None:
        command = [sys.executable, "-S", "-E", str(PROJECT / "build.py"), "--help"]
        assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_stream_that_cannot_hold_han_gets_escapes(encoding: str, site: Path) -> None:
    target = site.with_name("报纸")
    site.rename(target)
    write(target / "content/栏/坏.md", "---\n标题: 一\n---\n")
    for options in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, str(PROJECT / "build.py"), "--site", str(target), *options],
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        if options:
            assert json.loads(done.stdout)["errors"][0]["path"] == "content/栏/坏.md"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_disk_without_room_for_what_is_told(options: list[str], site: Path) -> None:
    command = [sys.executable, str(PROJECT / "build.py"), "--site", str(site), *options]
    for _ in range(2):  # with work to do, and without
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        assert done.returncode == 4
        assert "Traceback" not in done.stderr


def test_a_reader_that_has_gone_is_no_error(site: Path) -> None:
    command = [sys.executable, str(PROJECT / "build.py"), "--site", str(site), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 0
    assert "Traceback" not in told
