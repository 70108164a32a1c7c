"""`site.toml`: what it may say, and where each mistake is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trials import CONFIG

from gengduo.config import load_config, parse_config, seed_encoding
from gengduo.errors import ConfigError
from gengduo.model import EditionWords
from gengduo.places import TomlPlaces


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
        "https://a.example:0/",
        "https://a.example:65536/",
        "https://a.example:http/",
        "https://[a.example]/",
        "https://[::1/",
        "https://a..example/",
        "https://300.1.1.1/",
        "https://a.example/%zz/",
        "https://a\\b.example/",
    ],
)
def test_an_address_that_cannot_be_a_site(url: str) -> None:
    assert errors_in(CONFIG, url)[0].startswith("--base-url: ")
    written = url.replace("\\", "\\\\").replace('"', '\\"')
    assert errors_in(CONFIG.replace("https://example.org/repo/", written))[0].startswith("site.toml:3:1: ")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title = ", "titel = ", "site.toml:1:1: unknown key “titel”; did you mean “title”?"),
        ("page_size = 3", 'page_size = "3"', "site.toml:4:1: “page_size” must be a whole number"),
        ("page_size = 3", "page_size = true", "site.toml:4:1: “page_size” must be a whole number"),
        ("page_size = 3", "page_size = 0", "site.toml:4:1: “page_size” must lie between 1 and 1000"),
        ('title = "小报"', "title = 1", "site.toml:1:1: “title” must be a text in quotes"),
        ('path = "zh-hant"', 'path = "zh-hans"', "site.toml:13:1: two editions have the path “zh-hans”"),
        ('path = "zh-hant"', 'path = "../x"', "site.toml:13:1: “../x” cannot be a folder here"),
        ('path = "zh-hant"', 'path = "static"', "site.toml:13:1: “static” cannot be a folder here"),
        ('lang = "zh-Hant"', 'lang = "繁體"', "site.toml:14:1: “繁體” is not a language tag"),
        ('label = "繁體"', "", "site.toml:12:1: this edition lacks “label”"),
        ('region = "neutral"', 'region = "cn"', "site.toml:16:1: unknown region “cn”"),
        ('region = "neutral"', 'regoin = "tw"', "site.toml:16:1: unknown key “regoin”; did you mean “region”?"),
        ('footer = "页脚"', 'footer = "页脚', "site.toml:5:"),
        ('footer = "页脚"', "[seeds]\nencoding = { a = 'klingon' }", "site.toml:6:1: “klingon” is no encoding"),
        ('footer = "页脚"', "[seeds]\nencoding = { a = 'base64' }", "site.toml:6:1: “base64” is no encoding"),
        ('footer = "页脚"', "[seeds]\nencoding.a = 'idna'", "site.toml:6:1: “idna” is no encoding"),
        ('footer = "页脚"', "[seeds]\nencoding.a = 'latin-1'", "site.toml:6:1: “latin-1” is no encoding"),
        ('footer = "页脚"', "[seeds.encoding]\na = 5", "site.toml:5:1: “5” is no encoding"),
        ('path = "zh-hant"', 'path = "con"', "site.toml:13:1: “con” cannot be a folder here"),
        ('path = "zh-hant"', '  "path" = "com1"', "site.toml:13:3: “com1” cannot be a folder here"),
        ('title = "小报"', 'title = " \\u200b\\u2060 "', "site.toml:1:1: “title” shows nothing"),
        ('title = "小报"', 'title = "\\u3164"', "site.toml:1:1: “title” shows nothing"),
        ('label = "繁體"', 'label = "\\u00a0"', "site.toml:15:1: “label” shows nothing"),
        ('footer = "页脚"', "[seeds]\nencodings = {}", "site.toml:6:1: unknown key “encodings”"),
    ],
)
def test_a_mistake_is_told_at_its_line(old: str, new: str, line: str) -> None:
    assert old in CONFIG
    head, _, tail = CONFIG.rpartition(old)
    assert any(error.startswith(line) for error in errors_in(head + new + tail)), errors_in(head + new + tail)


def test_an_edition_may_call_the_site_in_its_own_words() -> None:
    config = parse_config(CONFIG.replace('label = "简体"', 'label = "简体"\ntitle = "Báo"\nfooter = "Chân"'))
    assert config.edition_words == (EditionWords(edition="zh-hans", title="Báo", footer="Chân"),)
    assert errors_in(CONFIG.replace('label = "简体"', 'label = "简体"\ntitle = 5')) == [
        "site.toml:11:1: “title” must be a text in quotes; correct it"
    ]


def test_all_mistakes_are_told_in_one_run() -> None:
    assert len(errors_in('titel = 1\npage_size = 0\n[[editions]]\npath = "a"\n')) >= 4


def test_a_site_without_an_edition() -> None:
    assert errors_in('title = "小报"\nbase_url = "https://a.example/"\n') == [
        "site.toml:1:1: “editions” is missing; add it"
    ]
    only_vietnamese = CONFIG.replace("zh-Hans", "vi").replace("zh-Hant", "en")
    assert "no edition is Chinese" in errors_in(only_vietnamese)[0]


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 10_000, "page_size = " + "9" * 10_000, "a = {" * 5_000, "=", "[[editions]", "a\x00b = 1", "\ud7ff"],
)
def test_text_that_is_no_toml_is_told(text: str) -> None:
    for error in errors_in(text):
        assert re.match(r"site\.toml:\d+:\d+: [^;]+; .+", error)
        assert "sys." not in error


def test_a_byte_that_is_no_utf8_is_told_at_its_column(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes('title = "小报"\nfooter = "页'.encode() + b'\xff"\n')
    with pytest.raises(ConfigError, match=r"^site\.toml:2:12: byte 30 is not UTF-8; save the file as UTF-8$"):
        load_config(tmp_path / "site.toml")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('title = """\n小报\n\n', "2:3"),
        ("title = [1,\n2\n", "2:2"),
        ("\npage_size = " + "9" * 5000, "2:13"),
        ("a = " + "[" * 10_000, "1:1"),
    ],
)
def test_errors_without_a_place_of_their_own_get_one(text: str, place: str) -> None:
    (error,) = errors_in(text)
    assert error.startswith(f"site.toml:{place}: not valid TOML: ")


def test_keys_are_found_wherever_toml_lets_them_stand() -> None:
    text = 'a = """\nb = 1\n"""\n[[e]]\nb = 1\n[[e]]\n \'b\' = 2\nc = {d = 1, f=2}\n[x.y]\nz = 1\nq . r = 2\n'
    places = TomlPlaces(text)
    found = [places.of("a"), places.of("b", "e"), places.of("b", "e", 1), places.of("f", "c"), places.of("z", "x.y")]
    assert found == [(1, 1), (5, 1), (7, 2), (8, 13), (10, 1)]
    assert [places.of("y", "x"), places.of("q.r", "x.y"), places.of("none", "e", 1), places.of("none")] == [
        (9, 1),
        (11, 1),
        (6, 1),
        (1, 1),
    ]


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
    with pytest.raises(ConfigError, match=r"^site\.toml:1:1: byte 0 is not UTF-8"):
        load_config(tmp_path / "site.toml")


def test_a_mark_at_the_beginning_and_other_line_ends_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(CONFIG.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_config(tmp_path / "site.toml") == parse_config(CONFIG)
