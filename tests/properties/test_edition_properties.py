"""What holds of conversion for any text."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gengduo.editions import Converter, convert_lines, escape_overrides, load_glossary
from gengduo.model import EditionSpec, Script

PROJECT = Path(__file__).resolve().parent.parent.parent
WORDS = [
    "范明政",
    "老师",
    "示范",
    "皇后",
    "后来",
    "头发",
    "发展",
    "理发",
    "干部",
    "干杯",
    "里面",
    "公里",
    "老挝",
    "信息",
    "“",
    "”",
    "‘",
    "’",
    "’s",
    "「",
    "」",
    "，",
    "。",
    "https://a.b/后",
    "a@b.cn",
    "-{后|後}-",
    "-{",
    "}-",
    "沙特",
    "苏林",
    "黄钦发",
    "居民",
    "说",
    "2018",
    "x",
    "面",
    "只",
    "系统",
    "台",
    "于",
    "余",
    "钟",
    "这只是",
    "个中国",
    *"\n\0\ue000\ud800",
]
prose = st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=25).map("".join)
han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=8)


@cache
def converter(lang: str, region: str = "neutral") -> Converter:
    glossary = load_glossary(PROJECT / "content/glossary.toml")
    return Converter(EditionSpec(path="x", lang=lang, label="", region=region), glossary)  # type: ignore[arg-type]


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_survives(text: str) -> None:
    written = escape_overrides(text)
    assert converter("zh-Hant", "tw").text(written, source="Hans") == text
    assert converter("zh-Hans").text(written, source="Hant") == text


@given(prose, st.lists(st.integers(0, 60), max_size=6))
def test_parts_of_a_block_make_the_conversion_of_the_whole(text: str, cuts: list[int]) -> None:
    for lang, source in (("zh-Hant", "Hans"), ("zh-Hans", "Hant")):
        article = converter(lang, "tw").article([text], source=source)  # type: ignore[arg-type]
        places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
        parts = [text[start:end] for start, end in pairwise(places)]
        assert "".join(article.block(parts)) == article.text(text)


@given(prose, prose)
def test_texts_of_an_article_do_not_touch(first: str, second: str) -> None:
    article = converter("zh-Hant", "tw").article([first, second], source="Hans")
    assert article.text(first + "\n" + second) == article.text(first) + "\n" + article.text(second)


@given(st.lists(st.lists(prose, max_size=3), max_size=4))
def test_articles_converted_together_do_not_touch(several: list[list[str]]) -> None:
    sources: tuple[Script, ...] = ("Hans", "Hant")
    for source in sources:
        together = converter("zh-Hant").articles(several, source=source)
        for texts, conversion in zip(several, together, strict=True):
            alone = converter("zh-Hant").article(texts, source=source)
            assert list(map(conversion.text, texts)) == list(map(alone.text, texts))
            assert conversion.text("黄钦发在这里") == alone.text("黄钦发在这里")


@given(han, han, st.sampled_from(["范明政", "范秋姮", "裴青山", "余若薇"]))
def test_a_name_that_the_page_protects_survives_any_surroundings(before: str, after: str, name: str) -> None:
    for region in ("neutral", "tw", "hk"):
        text = f"{before}{name}{after}"
        article = converter("zh-Hant", region).article([text], source="Hans", terms=[(name, name)])
        assert name in article.text(text)


@given(
    st.sampled_from(["师", "模", "示", "老师", "皇", "多", "三十", "警", "规"]),
    st.sampled_from(["围", "说", "热", "里", ""]),
)
def test_a_name_of_the_glossary_survives_what_would_make_another_word(before: str, after: str) -> None:
    assert f"{'范明政'}" in converter("zh-Hant").text(f"{before}范明政{after}", source="Hans")


@given(st.text())
def test_nothing_is_lost_or_added(text: str) -> None:
    for lang, source in (("zh-Hant", "Hans"), ("zh-Hans", "Hant")):
        written = escape_overrides(text)
        got = converter(lang).text(written, source=source)  # type: ignore[arg-type]
        assert len(got) == len(text) or any(entry in text for entry in ("沙特", "旧金山"))
        strange = [character for character in text if character in "\0\ue000" or "\ud800" <= character <= "\udfff"]
        assert [character for character in got if character in strange] == strange


@given(st.lists(prose.map(lambda text: text.replace("\n", " ").replace("\r", " ")), max_size=8))
def test_as_many_lines_come_out_as_went_in(lines: list[str]) -> None:
    assert len(list(convert_lines((line + "\n" for line in lines), converter("zh-Hant")))) == len(lines)


@given(prose)
def test_conversion_is_a_function_of_the_text(text: str) -> None:
    fresh = converter("zh-Hant", "hk").text(text, source="Hans")
    converter("zh-Hant", "hk").text("居民黄钦发指出" + text, source="Hans")
    assert converter("zh-Hant", "hk").text(text, source="Hans") == fresh
