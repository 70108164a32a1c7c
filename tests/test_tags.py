from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from opencc import OpenCC

from gengduo.errors import ContentError
from gengduo.slugs import slug_fault
from gengduo.tags import Tag, TagMatcher, Vocabulary, load_vocabulary, parse_vocabulary, suggest
from gengduo.tags.vocabulary import folded

PROJECT = Path(__file__).resolve().parent.parent

SMALL = """\
[[tag]]
name = "台湾"
slug = "tai-wan"
kind = "place"
aliases = ["Taiwan"]
not_in = ["台湾海峡"]

[[tag]]
name = "外交部"
kind = "organisation"
patterns = ["越南外交部", "外長"]

[[tag]]
name = "东盟"
kind = "organisation"
aliases = ["東協", "ASEAN"]

[[tag]]
name = "青山"
kind = "place"

[[tag]]
name = "旅游"
"""


@pytest.fixture(scope="module")
def shipped() -> Vocabulary:
    return load_vocabulary(PROJECT / "content" / "tags.toml")


@pytest.fixture(scope="module")
def matcher(shipped: Vocabulary) -> TagMatcher:
    return TagMatcher(shipped)


@pytest.fixture(scope="module")
def small() -> TagMatcher:
    return TagMatcher(parse_vocabulary(SMALL))


def errors_of(text: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        parse_vocabulary(text)
    return [str(problem) for problem in caught.value.problems]


# ---------------------------------------------------------------------------------------------------- the file


def test_vocabulary_is_read_with_slugs_made_where_none_is_written() -> None:
    tags = parse_vocabulary(SMALL).tags
    assert [tag.slug for tag in tags] == ["tai-wan", "wai-jiao-bu", "dong-meng", "qing-shan", "lyu-you"]
    assert tags[1] == Tag(name="外交部", slug="wai-jiao-bu", kind="organisation", patterns=("越南外交部", "外長"))
    assert tags[4].kind == "topic"


def test_missing_file_is_an_empty_vocabulary(tmp_path: Path) -> None:
    vocabulary = load_vocabulary(tmp_path / "tags.toml")
    assert vocabulary == Vocabulary()
    assert TagMatcher(vocabulary).find("台湾", "台湾", "台湾") == ()
    assert TagMatcher(vocabulary).tag("台湾").slug == "tai-wan"


def test_digest_follows_the_tags_and_not_the_comments() -> None:
    digest = parse_vocabulary(SMALL).digest
    assert parse_vocabulary(f"# 说明\n{SMALL}").digest == digest
    assert parse_vocabulary(SMALL.replace("Taiwan", "Formosa")).digest != digest


def test_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "tags.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load_vocabulary(path) == parse_vocabulary(SMALL)


def test_bytes_that_are_not_utf8_are_an_error_at_their_line(tmp_path: Path) -> None:
    path = tmp_path / "tags.toml"
    path.write_bytes('# 说明\n[[tag]]\nname = "外交"\n'.encode("gb18030"))
    with pytest.raises(ContentError, match=r"content/tags.toml:1:4: byte 4 is not UTF-8; save the file as UTF-8"):
        load_vocabulary(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[tag]\n", "content/tags.toml:1:"),
        ('[[tags]]\nname = "外交"\n', "content/tags.toml:1:1: unknown key “tags”; did you mean “tag”?"),
        ('tag = "外交"\n', "content/tags.toml:1:1: “tag” is not a list of tables; write [[tag]] above each tag"),
        ("[[tag]]\n", 'content/tags.toml:1: this tag has no name; add name = "…"'),
        (
            '[[tag]]\nname = "外交"\nkind = "organization"\n',
            ":3: unknown kind “organization”; did you mean “organisation”?",
        ),
        ('[[tag]]\nname = "外交"\npattern = ["外事"]\n', ":3: unknown key “pattern”; did you mean “patterns”?"),
        ('[[tag]]\nname = "外交"\ncolour = "红"\n', ":3: unknown key “colour”; remove it"),
        ("[[tag]]\nname = 12\n", ':2: “name” is not a text of one line; write name = "…"'),
        ('[[tag]]\nname = ""\n', ":2: “name” is not a text of one line"),
        ('[[tag]]\nname = "外\\n交"\n', ":2: “name” is not a text of one line"),
        ('[[tag]]\nname = "外交"\naliases = "外事"\n', ":3: “aliases” is not a list of texts"),
        ('[[tag]]\nname = "外交"\npatterns = ["外事", 3]\n', ":3: “patterns” is not a list of texts"),
        ('[[tag]]\nname = "外交"\npatterns = ["外"]\n', ":3: the pattern “外” is too short to mean one thing"),
        ('[[tag]]\nname = "外交"\nslug = "../x"\n', ":3: the slug “../x” may hold only"),
        ('[[tag]]\nname = "外交"\nslug = "index"\n', ":3: the slug “index” is reserved"),
        ('[[tag]]\nname = "外交"\nnot_in = ["外事"]\n', ":3: “外事” holds no word of this tag that it could hide"),
        ('[[tag]]\nname = "外交"\n[[tag]]\nname = "外交"\n', ":4: “外交” is the tag “外交” of line 2 already"),
        ('[[tag]]\nname = "台湾"\n[[tag]]\nname = "臺灣"\n', ":4: “臺灣” is the tag “台湾” of line 2 already"),
        (
            '[[tag]]\nname = "东盟"\naliases = ["亚细安"]\n\n[[tag]]\nname = "东协"\naliases = ["亚细安"]\n',
            ":7: “亚细安” is the tag “东盟” of line 2 already",
        ),
        (
            '[[tag]]\nname = "事实"\n[[tag]]\nname = "实施"\n',
            ":3: the slug “shi-shi” is that of “事实” in line 1 already",
        ),
    ],
)
def test_mistake_is_told_with_its_line(text: str, told: str) -> None:
    assert any(told in error for error in errors_of(text)), errors_of(text)


def test_all_mistakes_are_told_together_in_order() -> None:
    text = '[[tag]]\nname = "外交"\nkind = "x"\nslug = "A"\n\n[[tag]]\nalias = []\n'
    assert [error.split(": ")[0] for error in errors_of(text)] == [
        "content/tags.toml:3",
        "content/tags.toml:4",
        "content/tags.toml:7",
    ]


# ---------------------------------------------------------------------------------------------------- finding


def test_headline_comes_before_lede_before_body(small: TagMatcher) -> None:
    body = "东盟。" * 4 + "外交部。"
    assert small.find("旅游业", "外交部表示", body) == ("旅游", "外交部", "东盟")


def test_more_mentions_come_first_then_earlier_ones(small: TagMatcher) -> None:
    assert small.find("东盟与外交部", "外交部", "") == ("外交部", "东盟")
    assert small.find("东盟与外交部", "", "") == ("东盟", "外交部")


def test_passing_mention_is_no_tag(small: TagMatcher) -> None:
    assert small.find("会议举行", "会议今天举行。", "代表来自东盟。" + "会议继续。" * 100) == ()


def test_long_body_needs_more_mentions(small: TagMatcher) -> None:
    few = "东盟" * 5
    assert small.find("会议", "会议今天举行。", few + "会议继续。" * 100) == ("东盟",)
    assert small.find("会议", "会议今天举行。", few + "会议继续。" * 1000) == ()


def test_lede_that_the_body_repeats_counts_once(small: TagMatcher) -> None:
    lede = "会议讨论了旅游。"
    assert small.find("会议", lede, f"{lede}\n\n{'会议继续。' * 100}") == ()
    assert small.find("会议", lede, f"{lede}\n\n{'会议继续。' * 100}旅游") == ("旅游",)


def test_first_paragraph_stands_for_a_missing_lede(small: TagMatcher) -> None:
    assert small.find("会议", "", "外交部表示。\n\n" + "会议继续。" * 100 + "外交部") == ("外交部",)


def test_place_where_something_happened_is_no_tag(small: TagMatcher) -> None:
    assert small.find("会议在台湾举行", "会议今天在台湾举行。", "会议继续。") == ()
    assert small.find("台湾举行会议", "会议今天举行。", "会议继续。") == ("台湾",)


def test_longest_word_wins_and_hides_what_it_holds(matcher: TagMatcher) -> None:
    assert matcher.find("中国外交部：回应提问", "", "") == ("中国外交部",)
    assert matcher.find("白俄罗斯总统讲话", "", "") == ("白俄罗斯",)
    assert matcher.find("台湾海峡风浪", "", "") == ("台海局势",)


@pytest.mark.parametrize("title", ["副外长裴青山讲话", "大使裴青山讲话", "副外長裴青山講話"])
def test_end_of_a_name_is_no_place(title: str) -> None:
    matcher = TagMatcher(parse_vocabulary('[[tag]]\nname = "青山"\nkind = "place"\n'))
    assert matcher.find(title, "", "") == ()
    assert matcher.find(title.replace("裴", ""), "", "") == ("青山",)


def test_latin_word_is_found_whole_in_any_case_and_width(small: TagMatcher) -> None:
    assert small.find("Asean峰会", "", "") == ("东盟",)
    assert small.find("ＡＳＥＡＮ峰會", "", "") == ("东盟",)
    assert small.find("ASEAN+3", "", "") == ("东盟",)
    assert small.find("ASEANAPOL与XASEAN、ASEAN2", "", "") == ()


def test_foreign_name_is_found_with_any_dot() -> None:
    matcher = TagMatcher(parse_vocabulary('[[tag]]\nname = "通伦·西苏里"\nkind = "person"\n'))
    for dot in "·‧・•":
        assert matcher.find(f"通伦{dot}西苏里访问", "", "") == ("通伦·西苏里",)


def test_at_most_eight_tags(matcher: TagMatcher) -> None:
    assert len(matcher.find("日本韩国美国泰国缅甸老挝印度古巴巴西法国", "", "")) == 8


def test_text_that_no_converter_likes_is_searched_too(small: TagMatcher) -> None:
    assert small.find("\0东盟\ud800", "\ud800", "\0") == ("东盟",)


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_every_tag_is_found_by_each_of_its_words_in_both_scripts(shipped: Vocabulary, config: str) -> None:
    matcher = TagMatcher(shipped)
    convert = OpenCC(config).convert
    owners = {folded(word): tag.name for tag in shipped.tags for word in (tag.name, *tag.aliases, *tag.patterns)}
    missed = [
        (word, name)
        for word, name in owners.items()
        if name not in matcher.find(word, "", "") or name not in matcher.find(convert(word), "", "")
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("支持发展中国家的努力", "中国"),
        ("会晤中国家主席表示", "中国"),
        ("全球化过程中国际社会", "中国"),
        ("距西北约10公里", "北约"),
        ("其中东部地区", "中东"),
        ("越南非常重视", "南非"),
        ("越南海关总局", "南海"),
        ("山东海阳", "东海"),
        ("太平洋岛国", "太平省"),
        ("和平与稳定", "和平省"),
        ("更广义的合作", "广义省"),
        ("越南定于明天", "南定省"),
        ("社会安全", "会安古城"),
        ("西北约定", "北约"),
        ("上海防疫", "海防市"),
        ("印度洋", "印度"),
        ("内蒙古", "蒙古国"),
        ("江苏林业", "苏林"),
        ("四川普通民众", "特朗普"),
        ("日韩正式签署", "韩正"),
        ("桥梁强度", "梁强"),
        ("李强调", "李强"),
        ("韩国瑜", "韩国"),
        ("互相信任的思维和方法", "维和行动"),
        ("市议会上海外代表", "上海"),
        ("经济社会发展", "经济"),
        ("个人权利", "人权"),
        ("舞台风格", "台风"),
        ("胡志明市", "胡志明"),
        ("印度尼西亚", "印度"),
        ("海外资源", "外资"),
        ("扩大选择", "选举"),
        ("黄金门票", "金门"),
        ("他信任大家", "他信"),
        ("公安部门调查", "公安部"),
        ("跨国企业投资", "国有企业"),
        ("再加上海水倒灌", "上海"),
        ("医学生物化学", "教育"),
        ("有限公司法人", "司法"),
        ("人民生活水平", "社会保障"),
        ("当时尚未公布", "时尚"),
        ("天文学研究", "文学"),
        ("提供电子产品", "电力"),
        ("俄罗斯外交部长", "外交部"),
        ("8月12日本次会议", "日本"),
    ],
)
def test_words_that_hold_a_tag_by_accident(matcher: TagMatcher, text: str, wrong: str) -> None:
    assert wrong not in matcher.find(text, "", "")


# ---------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("臺灣", "台湾"),
        ("台灣", "台湾"),
        ("taiwan", "台湾"),
        ("東協", "东盟"),
        ("Ａｓｅａｎ", "东盟"),
        ("东协", "东盟"),
        ("外长", "外长"),
        ("颱風季", "颱風季"),
    ],
)
def test_name_in_any_script_means_one_tag(small: TagMatcher, name: str, canonical: str) -> None:
    assert small.canonical(name) == canonical


def test_unknown_tag_is_a_topic_whose_slug_is_free(small: TagMatcher) -> None:
    assert small.tag("颱風季") == Tag(name="颱風季", slug="tai-feng-ji", kind="topic")
    assert small.tag("太湾").slug.startswith("tai-wan-")


def test_tags_of_many_names_share_no_slug(small: TagMatcher) -> None:
    tags = small.tags(["颱風季", "台风季", "事实", "实施", "臺灣", "台湾", "書展"])
    assert tags["颱風季"] is tags["台风季"]
    assert tags["颱風季"].name == "台风季"
    assert tags["書展"].name == "書展"
    assert tags["臺灣"] is tags["台湾"]
    different = {tag.name: tag.slug for tag in tags.values()}
    assert len(set(different.values())) == len(different) == 5
    assert small.tags(["实施", "书展", "事实"])["事实"] == tags["事实"]


# ---------------------------------------------------------------------------------------------------- the starter


def test_starter_slugs_are_written_and_good(shipped: Vocabulary) -> None:
    text = (PROJECT / "content" / "tags.toml").read_text("utf-8")
    assert text.count("\nslug = ") == text.count("\n[[tag]]\n") == len(shipped.tags)
    assert [tag.slug for tag in shipped.tags if slug_fault(tag.slug)] == []


def test_starter_names_are_simplified(shipped: Vocabulary) -> None:
    convert = OpenCC("t2s").convert
    assert [tag.name for tag in shipped.tags if convert(tag.name) != tag.name] == []


def test_starter_fits_the_region(shipped: Vocabulary, matcher: TagMatcher) -> None:
    kinds = Counter(tag.kind for tag in shipped.tags)
    assert len(shipped.tags) >= 250
    assert min(kinds.values()) >= 50
    for regional, name in [
        ("寮國", "老挝"),
        ("老撾", "老挝"),
        ("東協", "东盟"),
        ("川普", "特朗普"),
        ("世貿組織", "世界贸易组织"),
    ]:
        assert matcher.canonical(regional) == name


# ---------------------------------------------------------------------------------------------------- suggestions


def test_torn_names_are_suggested_whole() -> None:
    text = "越南副外长裴青山指出,融入很重要。裴青山相信,会议将成功。外交部发言人范秋姮说。范秋姮还回答提问。"
    text += "阮怡年部长到访。阮怡年会见。"
    names = [found.name for found in suggest(text)]
    assert {"裴青山", "范秋姮", "阮怡年"} <= set(names)
    assert not {"青山", "范秋", "阮怡"} & set(names)


def test_foreign_name_is_suggested_with_its_dot() -> None:
    text = "美国国务卿安东尼·布林肯说。安东尼·布林肯访问河内。"
    assert suggest(text)[0].name == "安东尼·布林肯"
    assert suggest(text)[0].kind == "person"


def test_suggestions_leave_out_numbers_common_words_and_what_is_known(matcher: TagMatcher) -> None:
    text = "龙舟节2018年在河内举行。龙舟节吸引2018人。会议、会议、会议。范平明出席,范平明讲话。"
    assert [found.name for found in suggest(text, matcher)] == ["龙舟节"]


def test_suggestions_are_the_same_in_both_scripts() -> None:
    text = "竹编工艺展览开幕。竹编工艺受到欢迎。龙舟比赛,龙舟文化。"
    assert suggest(OpenCC("s2tw").convert(text)) == suggest(text)
    assert len(suggest(text, limit=1)) == 1


def test_nothing_is_suggested_of_nothing() -> None:
    assert suggest("") == ()
    assert suggest("2018 30% ——") == ()


def test_segmentation_is_not_loaded_to_find_tags() -> None:
    code = (
        "import sys, gengduo.tags as tags; "
        'm = tags.TagMatcher(tags.parse_vocabulary(\'[[tag]]\\nname = "外交"\\nslug = "wai-jiao"\')); '
        "assert m.find('外交', '', '') == ('外交',); "
        "print([name for name in ('rjieba', 'pypinyin') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert result.stdout.strip() == "[]"


def test_errors_that_toml_gives_no_place_have_one() -> None:
    with pytest.raises(ContentError, match=r"content/tags\.toml:2:8: not valid TOML: a number has too many digits; "):
        parse_vocabulary("[[tag]]\nname = " + "9" * 5000)
