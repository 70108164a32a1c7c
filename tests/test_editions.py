"""Conversion between the scripts: whole sentences, articles, blocks, lines."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengduo.catalogue import load_names
from gengduo.editions import (
    Converter,
    Glossary,
    convert_lines,
    detect_script,
    escape_overrides,
    foreign_characters,
    glossary_problems,
    load_glossary,
    prevailing_script,
)
from gengduo.editions.glossary import Entry
from gengduo.editions.glyphs import glyph_table
from gengduo.editions.phrases import phrase_sentences, phrase_table
from gengduo.model import EditionSpec

PROJECT = Path(__file__).resolve().parent.parent
CASES: list[dict[str, Any]] = tomllib.loads((PROJECT / "tests/cases/editions.toml").read_text("utf-8"))["case"]
REGIONS = ("neutral", "tw", "hk")


@cache
def converter(region: str = "neutral", lang: str = "zh-Hant", with_glossary: bool = True) -> Converter:
    glossary = load_glossary(PROJECT / "content/glossary.toml") if with_glossary else Glossary()
    return Converter(EditionSpec(path="x", lang=lang, label="", region=region), glossary)  # type: ignore[arg-type]


def to_hant(text: str, region: str = "neutral") -> str:
    return converter(region).text(text, source="Hans")


def to_hans(text: str) -> str:
    return converter(lang="zh-Hans").text(text, source="Hant")


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_sentences(case: dict[str, Any], region: str) -> None:
    assert to_hant(case["hans"], region) == case.get(region, case.get("hant"))


@pytest.mark.parametrize("region", REGIONS)
def test_every_row_of_the_glossary_converts_its_own_sentence(region: str) -> None:
    path = PROJECT / "content/glossary.toml"
    edition = EditionSpec(path="x", lang="zh-Hant", label="", region=region)  # type: ignore[arg-type]
    assert glossary_problems(load_glossary(path), str(path), edition) == []


def test_every_sentence_of_the_phrases_comes_back_from_simplified() -> None:
    hant = converter(with_glossary=False)
    hans = converter(lang="zh-Hans", with_glossary=False)
    wrong = {
        sentence: got
        for sentence in phrase_sentences("phrases")
        if (got := hant.text(hans.text(sentence, source="Hant"), source="Hans")) != sentence
    }
    assert wrong == {}


@pytest.mark.parametrize("frame", ["{}", "，{}。"])
def test_every_phrase_holds_at_the_edge_of_a_clause(frame: str) -> None:
    import opencc

    hant = converter(with_glossary=False)
    table = phrase_table(("words", "phrases", "phrases_neutral"), opencc.OpenCC("t2s").convert)
    sources = list(table)
    texts = [frame.format(source) for source in sources]
    got = hant.text("\n".join(texts), source="Hans").split("\n")
    want = [frame.format(table[source]) for source in sources]
    glyphs = str.maketrans("着樑裏臺汙賬”", "著梁裡台污帳」")
    wrong = [(a, b) for a, b in zip(got, want, strict=True) if a.translate(glyphs) != b.translate(glyphs)]
    assert wrong == []


@pytest.mark.parametrize(
    ("hant", "hans"),
    [
        ("這個計畫的身分認證，著作與看著。", "这个计划的身份认证，著作与看着。"),
        ("乾隆年間衣服乾了，藉此慰藉他。", "乾隆年间衣服干了，借此慰藉他。"),
        ("他說：「書裡寫『前後』。」", "他说：“书里写‘前后’。”"),
        ("川普訪問寮國，范明政與蘇林在場。", "特朗普访问老挝，范明政与苏林在场。"),
        ("魏徵與錢鍾書瞭望颱風。", "魏徵与钱锺书瞭望台风。"),
        ("黎氏乾說，餅乾乾了，王乾表示贊成。黎氏乾哥哥", "黎氏乾说，饼干干了，王乾表示赞成。黎氏乾哥哥"),
        ("資訊科技局報導南韓的資訊安全，經濟復甦。", "资讯科技局报道韩国的信息安全，经济复苏。"),
    ],
)
def test_traditional_to_simplified(hant: str, hans: str) -> None:
    assert to_hans(hant) == hans


def test_same_script_comes_back_unchanged() -> None:
    text = "他说：“后来-{后|後}-面。” 「引」\0\ue000"
    assert converter(lang="zh-Hans").text(text, source="Hans") == text.replace("-{后|後}-", "后")


def test_block_is_converted_as_one_string_and_dealt_back() -> None:
    article = converter("tw").article(["理发，老挝“前后”"], source="Hans")
    assert article.block(["理", "发，老", "挝“前", "后”"]) == ["理", "髮，寮", "國「前", "後」"]
    assert article.block(["访问沙", "特后", "返回"]) == ["訪問沙烏地", "後", "返回"]  # longer: it stays where it began
    assert article.block([]) == []
    assert article.block(["头", "", "发"]) == ["頭", "", "髮"]


def test_a_name_of_the_article_counts_in_texts_that_come_later() -> None:
    article = converter().article(["居民黄钦发指出，雨很大。"], source="Hans")
    assert article.text("黄钦发指着山。") == "黃欽發指著山。"


def test_a_name_counts_in_its_own_article_only() -> None:
    texts = ["他与郑里干来了。"]
    first, second = converter().articles([["局长郑里干说，雨很大。", *texts], texts], source="Hans")
    assert first.text(texts[0]) == "他與鄭里干來了。"
    assert second.text(texts[0]) == to_hant(texts[0]) != "他與鄭里干來了。"


def test_terms_of_the_page_go_before_the_glossary() -> None:
    article = converter("tw").article(["老挝的后里"], source="Hans", terms=[("老挝", "老撾"), ("后里", "后里")])
    assert article.text("老挝的后里") == "老撾的后里"


def test_unpaired_quotation_marks_are_reported() -> None:
    article = converter().article(["他说：“好。", "“好。”"], source="Hans")
    assert len(article.notices()) == 1
    assert "他说" in article.notices()[0]


def test_nothing_is_lost_around_characters_that_opencc_cannot_bear() -> None:
    text = "前后\0里面\ue000发展\ud800关于\uf8ff"
    assert to_hant(text) == "前後\0裡面\ue000發展\ud800關於\uf8ff"


def test_doubts_name_the_place_and_the_other_forms() -> None:
    article = converter().article(["他把盒里的东西尽快送出。"], source="Hans")
    doubts = article.doubts()
    assert [doubt.rank for doubt in doubts] == sorted(doubt.rank for doubt in doubts)
    soon = next(doubt for doubt in doubts if doubt.source == "尽")
    assert (soon.chosen, soon.offset) == ("儘", 7)
    assert "盡" in soon.alternatives
    assert soon.sentence == "他把盒里的东西尽快送出"


def test_doubts_of_a_traditional_page_name_characters_and_words_of_a_region() -> None:
    texts = ["記者說，何乾哥來了。", "這部影片的品質不錯，他看著乾隆的畫。"]
    doubts = converter(lang="zh-Hans").article(texts, source="Hant").doubts()
    found = {doubt.source: doubt for doubt in doubts if doubt.rank > 1}
    assert sorted(found) == ["乾", "品質", "影片"]
    assert (found["乾"].text, found["乾"].offset, found["乾"].alternatives) == (texts[0], 5, ("乾",))
    assert (found["影片"].chosen, found["影片"].alternatives) == ("影片", ("视频", "影片"))


def test_what_the_page_decides_is_not_asked_again() -> None:
    article = converter().article(["尽快送出。"], source="Hans", terms=[("尽快", "盡快")])
    assert article.doubts() == []


def test_lines_keep_their_number_and_each_its_script() -> None:
    lines = ["范明政\n", "\n", "老师发言", "這裡是繁體", "https://example.org/后\r\n", ""]
    assert list(convert_lines(lines, converter())) == [
        "范明政",
        "",
        "老師發言",
        "這裡是繁體",
        "https://example.org/后",
        "",
    ]
    assert list(convert_lines([], converter())) == []


@pytest.mark.parametrize(
    ("text", "script", "mixed"),
    [
        ("这个国家发展很快", "Hans", False),
        ("這個國家發展很快", "Hant", False),
        ("", None, False),
        ("2018 ABC 山水", None, False),
        ("这个国家发展很快，這個國家發展很快", None, True),
        ("范秋姮说，越南外交部发言人回答了记者的问题", "Hans", False),
        ("这个国家发展很快，而且经济增长。但是這個國家發展", "Hans", True),
    ],
)
def test_script_is_told_by_the_characters_that_only_one_has(text: str, script: str | None, mixed: bool) -> None:
    reading = detect_script(text)
    assert (reading.script, reading.mixed) == (script, mixed)
    assert prevailing_script(text) == script


@given(st.text("发發国國会會的是", max_size=12), st.integers(0, 1200), st.text("发發国國会會的是", max_size=12))
def test_prevailing_script_is_the_one_detected(head: str, apart: int, tail: str) -> None:
    for text in (head + "的" * apart + tail, head * 50 + tail * apart):
        assert prevailing_script(text) == detect_script(text).script


def test_foreign_characters_have_their_offsets() -> None:
    assert foreign_characters("發展发", "Hant") == [(2, "发")]
    assert foreign_characters("发展發", "Hans") == [(2, "發")]


def test_escaped_marks_stay_text() -> None:
    assert to_hant(escape_overrides("写作-{后}-和-{")) == "寫作-{後}-和-{"


def test_a_mark_may_hold_what_stands_for_decided_words() -> None:
    assert to_hant("后\ue000面-{后\ue000}-后-{|\0}-\ue000") == "後\ue000面后\ue000後\0\ue000"


def test_an_edition_in_another_language_has_no_converter() -> None:
    with pytest.raises(ValueError, match="vi"):
        Converter(EditionSpec(path="vi", lang="vi", label=""), Glossary())


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("of_opencc", [True, False])
def test_no_glyph_is_replaced_twice(region: str, of_opencc: bool) -> None:
    glossary = load_glossary(PROJECT / "content/glossary.toml")
    table = glyph_table(region, glossary, of_opencc=of_opencc)  # type: ignore[arg-type]
    assert {chr(source) for source in table} & set(table.values()) == set()


@pytest.mark.parametrize(
    ("hans", "hant"),
    [
        ("范文勋", "范文勳"),
        ("会上，范文勋补充，范文要读。", "會上，范文勳補充，範文要讀。"),
        ("曲后成随后到了。", "曲后成隨後到了。"),
        ("于洋到了位于洋山的港口。", "于洋到了位於洋山的港口。"),
        ("曲后成住在曲后成路", "曲后成住在曲後成路"),
        ("和周里成见面", "和周裏成見面"),
    ],
)
def test_a_known_person_is_a_name_wherever_it_stands(hans: str, hant: str) -> None:
    glossary = Glossary(
        entries=(Entry(text="周里成", forms=(("neutral", "周裏成"),)),),
        persons=("范文勋", "曲后成", "于洋", "周里成"),
        no_persons=("曲后成路",),
    )
    made = Converter(EditionSpec(path="x", lang="zh-Hant", label="", region="neutral"), glossary)
    assert made.text(hans, source="Hans") == hant


@pytest.mark.parametrize(
    ("hant", "hans"),
    [
        ("記者張乾說，衣服乾了。", "记者张乾说，衣服干了。"),
        ("張乾，緊張乾乾的工作", "张乾，紧张干干的工作"),
        ("緊張乾脆的比賽在張乾路", "紧张干脆的比赛在张乾路"),
        ("王鍾霖與鍾先生看鐘", "王锺霖与钟先生看钟"),
        ("白楊著火，楊著先生沿著河走，看著著名作家。", "白杨着火，杨著先生沿着河走，看着著名作家。"),
        ("黃著裡和黃著里、黃著裏", "黄著里和黄著里、黄著里"),
        ("李昇基上升", "李昇基上升"),
        ("侯後成說，黎公鍾說", "侯后成说，黎公钟说"),
        ("今天王干說", "今天王干说"),
        ("陳鳳著和南韓", "陈凤着和韩国"),
    ],
)
def test_a_known_person_keeps_what_simplified_has_beside_its_own(hant: str, hans: str) -> None:
    glossary = Glossary(
        persons=("张乾", "王锺霖", "杨著", "黄著里", "李昇基", "侯后成", "黎公钟", "王干", "王乾", "陳鳳著"),
        no_persons=("张乾路", "紧张干脆"),
    )
    made = Converter(EditionSpec(path="x", lang="zh-Hans", label=""), glossary)
    assert made.text(hant, source="Hant") == hans


def test_two_persons_who_are_written_alike_in_traditional_are_left_to_the_rules() -> None:
    made = [
        Converter(EditionSpec(path="x", lang="zh-Hans", label=""), Glossary(persons=persons)).text(
            "乾旱使江乾生氣", source="Hant"
        )
        for persons in (("江乾生",), ("江乾生", "江干生"))
    ]
    assert made == ["干旱使江乾生气", "干旱使江干生气"]


def test_a_page_in_traditional_shows_the_persons_of_the_vocabulary(make_site: Any, run_build: Any) -> None:
    tags = '[[tag]]\nname = "江乾生"\nslug = "a"\nkind = "person"\n'
    page = '---\ntitle: "江乾生說餅乾"\nslug: "a"\nlang: "zh-Hant"\ndate: "2019-03-05"\n---\n\n記者江乾生說。\n'
    site = make_site(pages={"tags.toml": tags, "a.md": page})
    assert run_build(site).returncode == 0
    shown = (site / "public/zh-hans/articles/a/index.html").read_text("utf-8")
    assert "江乾生说饼干" in shown
    assert "记者江乾生说" in shown


def test_the_persons_of_the_vocabulary_are_known(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    content.joinpath("tags.toml").write_text(
        '[[tag]]\nname = "范文勋"\nslug = "a"\nkind = "person"\naliases = ["范里勋"]\nnot_in = ["范文勋路"]\n\n'
        '[[tag]]\nname = "范文"\nslug = "b"\nkind = "topic"\n',
        encoding="utf-8",
    )
    glossary, vocabulary = load_names(tmp_path)
    assert (glossary.persons, glossary.no_persons) == (("范文勋", "范里勋"), ("范文勋路",))
    assert [tag.name for tag in vocabulary.tags] == ["范文勋", "范文"]
