"""`site.toml`: what it may say, and where each mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trials import CONFIG

from gengduo.config import load_config, parse_config, seed_encoding
from gengduo.errors import ConfigError


def errors_in(text: str, base_url: str | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, base_url)
    assert caught.value.exit_code == 2
    return [str(found) for found in caught.value.problems]


def test_it_reads_what_is_written() -> None:
    config = parse_config(CONFIG + '[seeds]\nencoding = { "old/" = "gb18030", "old/hk/" = "big5" }\n')
    assert (config.title, config.page_size, config.base_path) == ("小报", 3, "/repo/")
    assert [(edition.path, edition.script, edition.region) for edition in config.editions] == [
        ("zh-hans", "Hans", "neutral"),
        ("zh-hant", "Hant", "neutral"),
    ]
    found = [seed_encoding(config, name) for name in ("a.txt", "old/a.txt", "old/hk/a.txt", "older/a.txt")]
    assert found == ["utf-8", "gb18030", "big5", "utf-8"]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example", "/"),
        ("https://a.example/", "/"),
        ("http://a.example:8000/r", "/r/"),
        ("https://a.example/r/s/", "/r/s/"),
    ],
)
def test_the_base_path_begins_and_ends_with_a_slash(url: str, path: str) -> None:
    assert parse_config(CONFIG, url).base_path == path
    assert parse_config(CONFIG, url).base_url.endswith("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org/",
        "ftp://example.org/",
        "javascript:1",
        "https://",
        "https://a.example/?q",
        "https://a.example/#f",
        "https://u@a.example/",
        "https://a.example/../b/",
        'https://a.example/"',
        "https://a.example/a//b",
    ],
)
def test_an_address_that_cannot_be_a_site(url: str) -> None:
    assert errors_in(CONFIG, url)[0].startswith("--base-url: ")
    assert errors_in(CONFIG.replace("https://example.org/repo/", url.replace('"', '\\"')))[0].startswith(
        "site.toml:3: "
    )


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title = ", "titel = ", "site.toml:1: unknown key “titel”; did you mean “title”?"),
        ("page_size = 3", 'page_size = "3"', "site.toml:4: “page_size” must be a whole number"),
        ("page_size = 3", "page_size = true", "site.toml:4: “page_size” must be a whole number"),
        ("page_size = 3", "page_size = 0", "site.toml:4: “page_size” must lie between 1 and 1000"),
        ('title = "小报"', "title = 1", "site.toml:1: “title” must be a text in quotes"),
        ('path = "zh-hant"', 'path = "zh-hans"', "site.toml:13: two editions have the path “zh-hans”"),
        ('path = "zh-hant"', 'path = "../x"', "site.toml:13: “../x” cannot be a folder here"),
        ('path = "zh-hant"', 'path = "static"', "site.toml:13: “static” cannot be a folder here"),
        ('lang = "zh-Hant"', 'lang = "繁體"', "site.toml:14: “繁體” is not a language tag"),
        ('label = "繁體"', "", "site.toml:12: this edition lacks “label”"),
        ('region = "neutral"', 'region = "cn"', "site.toml:16: unknown region “cn”"),
        ('region = "neutral"', 'regoin = "tw"', "site.toml:16: unknown key “regoin”; did you mean “region”?"),
        ('footer = "页脚"', 'footer = "页脚', "site.toml:5:"),
        ('footer = "页脚"', "[seeds]\nencoding = { a = 'klingon' }", "site.toml:6: unknown encoding “klingon”"),
        ('footer = "页脚"', "[seeds]\nencoding = { a = 'base64' }", "site.toml:6: unknown encoding “base64”"),
        ('footer = "页脚"', "[seeds]\nencodings = {}", "site.toml:6: unknown key “encodings”"),
    ],
)
def test_a_mistake_is_told_at_its_line(old: str, new: str, line: str) -> None:
    assert old in CONFIG
    head, _, tail = CONFIG.rpartition(old)
    assert any(error.startswith(line) for error in errors_in(head + new + tail)), errors_in(head + new + tail)


def test_all_mistakes_are_told_in_one_run() -> None:
    assert len(errors_in('titel = 1\npage_size = 0\n[[editions]]\npath = "a"\n')) >= 4


def test_a_site_without_an_edition() -> None:
    assert errors_in('title = "小报"\nbase_url = "https://a.example/"\n') == [
        "site.toml: “editions” is missing; add it"
    ]
    only_vietnamese = CONFIG.replace("zh-Hans", "vi").replace("zh-Hant", "en")
    assert "no edition is Chinese" in errors_in(only_vietnamese)[0]


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 10_000, "page_size = " + "9" * 10_000, "a = {" * 5_000, "=", "[[editions]", "a\x00b = 1", "\ud7ff"],
)
def test_text_that_is_no_toml_is_told(text: str) -> None:
    assert all(error.startswith("site.toml") for error in errors_in(text))


@given(st.text(max_size=80))
def test_no_text_is_answered_with_a_traceback(text: str) -> None:
    for whole in (text, f"{CONFIG}{text}", CONFIG.replace("小报", text)):
        try:
            parse_config(whole)
        except ConfigError as error:
            assert error.problems  # noqa: PT017


def test_a_file_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; run the command in the folder of a site"):
        load_config(tmp_path / "site.toml")
    (tmp_path / "site.toml").write_bytes(CONFIG.encode("utf-16"))
    with pytest.raises(ConfigError, match=r"^site\.toml: byte 0 is not UTF-8"):
        load_config(tmp_path / "site.toml")


def test_a_mark_at_the_beginning_and_other_line_ends_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(CONFIG.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_config(tmp_path / "site.toml") == parse_config(CONFIG)
