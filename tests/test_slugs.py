from __future__ import annotations

import pytest

from gengduo.slugs import GENERATED_LENGTH, RESERVED, slug_fault, slug_of, slug_with_digest


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        (
            "第19届全国外事工作会议：密切协作提升外交工作效率",
            "di-19-jie-quan-guo-wai-shi-gong-zuo-hui-yi-mi-qie-xie-zuo-ti",
        ),
        (
            "越共十四大：彰显国家新的信心、意志、决心和发展愿景",
            "yue-gong-shi-si-da-zhang-xian-guo-jia-xin-de-xin-xin-yi-zhi",
        ),
        ("女性旅游策略", "nyu-xing-lyu-you-ce-lyue"),
        ("重庆市长访问长江沿岸银行", "chong-qing-shi-zhang-fang-wen-chang-jiang-yan-an-yin-hang"),
        ("Hà Nội đón 20 triệu lượt khách", "ha-noi-don-20-trieu-luot-khach"),
        ("APEC 2017：ＧＭＳ－6", "apec-2017-gms-6"),
        ("Łódź, Ærø, Straße", "lodz-aero-strasse"),
        ("5G网络 COVID-19", "5g-wang-luo-covid-19"),
        ("增长20.3%", "zeng-zhang-20-3"),
    ],
)
def test_title_becomes_pinyin_words(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("臺灣與東協會談", "台湾与东协会谈"),
        ("國會主席訪問老撾", "国会主席访问老挝"),
        ("乾隆皇帝", "乾隆皇帝"),
        ("衞生署敍述", "卫生署叙述"),
    ],
)
def test_both_scripts_give_one_slug(traditional: str, simplified: str) -> None:
    assert slug_of(traditional) == slug_of(simplified)


@pytest.mark.parametrize("title", ["", "！？……", "\u200b\u202e", "ไทย", "\0", "\ud800"])
def test_title_without_words_is_a_story(title: str) -> None:
    assert slug_of(title) == "story"


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad"])
def test_invisible_characters_part_no_words(hidden: str) -> None:
    assert slug_of(f"Ha{hidden}noi 河{hidden}内") == "hanoi-he-nei"


@pytest.mark.parametrize("title", ["index", "CON", "Aux", "nul", "com1", "LPT9", "page", "Ｐａｇｅ"])
def test_reserved_slug_gets_a_suffix(title: str) -> None:
    slug = slug_of(title)
    assert slug.endswith("-1")
    assert slug.removesuffix("-1") in RESERVED
    assert slug_fault(slug) == ""


@pytest.mark.parametrize("title", ["越" * 86, "越" * 100_000, "a" * 300, "字 " * 50, "Ạ" * 500])
def test_slug_is_cut_at_sixty_characters_between_words(title: str) -> None:
    slug = slug_of(title)
    assert 50 < len(slug) <= GENERATED_LENGTH
    assert not slug.endswith("-")
    assert slug_fault(slug) == ""


def test_taken_slug_gets_six_digits_and_stays_short() -> None:
    assert slug_with_digest("he-nei", "ABCDEF0123456789") == "he-nei-abcdef"
    long = slug_with_digest(slug_of("越" * 86), "0123456789")
    assert long.endswith("-yue-012345")
    assert len(long) <= 67
    assert len(slug_with_digest("a" * 120, "0123456789")) <= 67


@pytest.mark.parametrize("slug", ["a", "wai-shi-hui-yi", "2018", "0", "a" * 120, "di-19-jie"])
def test_good_slug_has_no_fault(slug: str) -> None:
    assert slug_fault(slug) == ""


@pytest.mark.parametrize(
    ("slug", "told"),
    [
        ("", "empty"),
        ("../x", "write “x”"),
        ("%2e%2e", "write “2e-2e”"),
        ("/etc", "write “etc”"),
        (".git", "write “git”"),
        ("index", "reserved; write “index-1”"),
        ("con", "reserved; write “con-1”"),
        ("aux.md", "write “aux-md”"),
        ("Wai-Shi", "write “wai-shi”"),
        ("外事", "write “wai-shi”"),
        ("a--b", "single hyphens"),
        ("-a", "single hyphens"),
        ("a-", "single hyphens"),
        ("a\n", "write “a”"),
        ("٣", "may hold only"),
        ("a" * 121, "shorten it to 120"),
    ],
)
def test_bad_slug_is_refused_with_advice(slug: str, told: str) -> None:
    assert told in slug_fault(slug)
