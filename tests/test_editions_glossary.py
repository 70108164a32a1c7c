"""`content/glossary.toml`: what is read, what is refused, and the starter set against CLDR."""

from __future__ import annotations

from pathlib import Path

import pytest

from gengduo.editions import Glossary, load_glossary
from gengduo.editions.glossary import parse_glossary
from gengduo.errors import ContentError

PROJECT = Path(__file__).resolve().parent.parent
GOOD = """\
[[name]]
text = "范明政"
test = "老师范明政出席。"

[[term]]
text = "老挝"
tw = "寮國"
hk = "老撾"
test = "访问老挝。"

[glyphs.hk]
"説" = "說"
"""


def problems(source: str) -> list[str]:
    with pytest.raises(ContentError) as refused:
        parse_glossary(source, "g.toml")
    return [str(problem) for problem in refused.value.problems]


def name(text: str, test: str | None = None, more: str = "") -> str:
    return f'[[name]]\ntext = "{text}"\ntest = "{test or text}"\n{more}'


def test_good_rows_are_read() -> None:
    glossary = parse_glossary(GOOD, "g.toml")
    assert [(entry.text, entry.line) for entry in glossary.entries] == [("范明政", 1), ("老挝", 5)]
    assert [entry.form("tw") for entry in glossary.entries] == ["范明政", "寮國"]
    assert glossary.entries[1].form("neutral") is None
    assert glossary.glyphs == (("hk", "説", "說"),)


def test_a_missing_file_is_an_empty_glossary(tmp_path: Path) -> None:
    assert load_glossary(tmp_path / "glossary.toml") == Glossary()


def test_digest_names_what_changes_a_text() -> None:
    first = parse_glossary(GOOD, "g.toml")
    assert parse_glossary(GOOD.replace("访问老挝。", "他到老挝。"), "other.toml").digest == first.digest
    assert parse_glossary("\n" + GOOD, "g.toml").digest == first.digest
    assert parse_glossary(GOOD.replace("寮國", "寮"), "g.toml").digest != first.digest
    assert parse_glossary(GOOD.replace('"說"', '"説"'), "g.toml").digest != first.digest
    assert Glossary().digest != first.digest


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("[[name]]\n", ["g.toml:1: the row has no “text”", "g.toml:1: the row has no “test”"]),
        (name("范"), ["g.toml:1: “范” is too short"]),
        (name("范明政", "出席。"), ["g.toml:1: the test sentence does not hold “范明政”"]),
        (name("苏林"), ["g.toml:1: “苏林” holds “苏”, which is Simplified; add to = “…”"]),
        (name("蘇林"), ["g.toml:1: “蘇林” holds “蘇”, which is Traditional"]),
        (name("苏林", more='to = "苏林"'), ["g.toml:1: “苏林” holds “苏”, which is Simplified"]),
        (name("范明政", more='too = "范明政"'), ["g.toml:1: unknown key “too”; did you mean “to”?"]),
        (name("范明政", more="to = 1"), ["g.toml:1: “to” has no such value; write a text in quotes"]),
        (name("范明政") + "\n" + name("范明政"), ["g.toml:5: “范明政” is in line 1 already"]),
        ('[[term]]\ntext = "老挝"\ntest = "老挝"\n', ["g.toml:1: “老挝” has no form"]),
        ('[[term]]\ntext = "马里"\ntw = "馬利"\ntest = "马里人"\n', ["g.toml:1: “马里” is also in “马里兰”"]),
        ('[glyphs.cn]\n"a" = "b"\n', ["unknown region “cn”"]),
        ('[glyphs.hk]\n"説" = "說話"\n', ["[glyphs.hk] “説”: a glyph is one character for one"]),
        ("[[nam]]\n", ["unknown table “nam”; did you mean “name”?"]),
        ("name = 3\n", ["“name” must be a list of tables"]),
        ("[[name]\n", ["g.toml:1:"]),
    ],
)
def test_errors_say_where_and_what_to_do(source: str, wanted: list[str]) -> None:
    got = problems(source)
    assert all(any(part in line for line in got) for part in wanted), got
    assert all(";" in line for line in got)


def test_all_errors_come_together_in_the_order_of_the_file() -> None:
    got = problems(name("范") + "\n" + name("苏林") + "\n[[term]]\n")
    assert [line.split(":")[1] for line in got] == ["1", "5", "9", "9"]


def test_a_longer_row_makes_room_for_a_short_one() -> None:
    rows = '[[term]]\ntext = "汤加"\ntw = "東加"\ntest = "汤加王国"\n'
    assert len(problems(rows)) == 1
    longer = "".join(name(text, more=f'to = "{to}"\n') for text, to in (("汤加盐", "湯加鹽"), ("汤加水", "湯加水")))
    assert len(parse_glossary(rows + longer, "g.toml").entries) == 3


# Where the glossary departs from CLDR 47, and why. Signed: the editors of this project.
EXCEPTIONS = {
    "AE": "Taiwan's papers write 阿聯 in running text",
    "BA": "shortened, as the papers do",
    "CI": "Taiwan's papers write 象牙海岸",
    "ST": "without 和 or 及, as the ministry of foreign affairs in Taipei writes it",
    "KN": "the ministry's form in Taipei",
    "TT": "the wire's spelling in Taiwan too",
    "SO": "the wire's spelling in Taiwan too",
    "KI": "the wire's spelling in Taiwan too",
    "ML": "the wire's spelling in Taiwan too",
    "LR": "the wire's spelling in Taiwan too",
    "MR": "the wire's spelling in Taiwan too",
    "MU": "the wire's spelling in Taiwan too",
    "ER": "the wire's spelling in Taiwan too",
    "SR": "the wire's spelling in Taiwan too",
    "AZ": "Hong Kong's government and papers write 阿塞拜疆",
    "NZ": "Hong Kong's papers write 新西蘭",
    "PW": "Hong Kong's papers write 帕勞 in news of the wires",
    "SA": "Hong Kong's papers write 沙特阿拉伯",
}


def test_countries_agree_with_cldr_but_for_signed_exceptions() -> None:
    babel = pytest.importorskip("babel")
    simplified = babel.Locale.parse("zh_Hans").territories
    regions = {"tw": babel.Locale.parse("zh_Hant_TW").territories, "hk": babel.Locale.parse("zh_Hant_HK").territories}
    entries = {entry.text: entry for entry in load_glossary(PROJECT / "content/glossary.toml").entries}
    differing = {
        code: (text, region, form, territories.get(code))
        for code, text in simplified.items()
        if len(code) == 2 and text in entries and code not in EXCEPTIONS
        for region, territories in regions.items()
        if (form := entries[text].form(region)) and form not in territories.get(code, "")
    }
    assert differing == {}


def test_a_file_that_is_no_utf8_or_ends_too_early_is_told_at_its_place(tmp_path: Path) -> None:
    file = tmp_path / "glossary.toml"
    for data, told in (
        ("[[name]]\ntext = 外".encode("gb18030"), "content/glossary.toml:2:8: byte 16 is not UTF-8; "),
        (b'[[name]]\ntext = """\n', "content/glossary.toml:2:11: not valid TOML: "),
        (b"a = " + b"9" * 5000, "content/glossary.toml:1:5: not valid TOML: a number has too many digits; "),
    ):
        file.write_bytes(data)
        with pytest.raises(ContentError) as caught:
            load_glossary(file)
        assert str(caught.value).startswith(told)
    file.write_bytes('\ufeff[[name]]\r\ntext = "范明政"\r\ntest = "老师范明政出席。"\r\n'.encode())
    assert [entry.text for entry in load_glossary(file).entries] == ["范明政"]
