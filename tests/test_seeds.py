"""Dumps and the reading that each must get.

A shape is a pair under `cases/seeds/`: the dump as `.txt` and what it reads as in a `.toml` of the same name.
"""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from gengduo.errors import ContentError
from gengduo.model import Seed, SeedFigure, SeedParagraph, Sidecar
from gengduo.seeds import MAX_BYTES, decode_seed, parse_seed, unaccounted

ROOT = Path(__file__).parents[1]
CASES = sorted((ROOT / "tests" / "cases" / "seeds").glob("*.txt"))
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


def squeezed(text: str) -> str:
    return "".join(text.split())


def figures(seed: Seed) -> list[str]:
    """Caption|credit of each photo, as the cases write it."""
    found = [block for block in seed.blocks if isinstance(block, SeedFigure)]
    return [squeezed(figure.caption + ("|" + figure.credit if figure.credit else "")) for figure in found]


def paragraphs(seed: Seed) -> list[str]:
    return [block.text for block in seed.blocks if isinstance(block, SeedParagraph)]


def reading_of(seed: Seed) -> dict[str, Any]:
    fields = ("headline", "headline_from", "lede", "dateline", "byline", "credit")
    return {
        **{name: squeezed(getattr(seed, name)) for name in fields},
        "captions": figures(seed),
        "paragraphs": len(paragraphs(seed)),
        "teasers": [(each.title, each.caption, each.lede, each.incomplete) for each in seed.teasers],
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_dump_reads_as_its_case_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    case = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    dates = case.pop("dates")
    case["captions"] = [squeezed(caption) for caption in case["captions"]]
    case["teasers"] = [
        (each["title"], each["caption"], each["lede"], each.get("incomplete", False))
        for each in case.get("teasers", ())
    ]
    expected = {name: squeezed(value) if isinstance(value, str) else value for name, value in case.items()}
    seed = parse_seed(text, path.name)
    assert reading_of(seed) == expected
    assert seed.date in dates, seed.date_basis
    assert unaccounted(text, seed) == ()


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_real_seeds_are_of_12_august_2018(path: Path) -> None:
    text, warnings = decode_seed(path.read_bytes(), f"seeds/{path.name}")
    seed = parse_seed(text, path.name)
    assert warnings == ()
    assert seed.date == "2018-08-12?"
    assert seed.date_basis[0].startswith("“8月12日")
    assert unaccounted(text, seed) == ()
    assert (seed.dateline, seed.credit, seed.byline) == ("越通社河内", "越通社——VNA", "越通社")


def test_second_seed_in_full() -> None:
    path = next(path for path in SEEDS if path.stem.startswith("002"))
    seed = parse_seed(path.read_text(encoding="utf-8"), path.name)
    assert seed.headline == "第19届全国外事工作会议:密切协作提升外交工作效率"
    assert seed.lede == paragraphs(seed)[0]
    assert len(paragraphs(seed)) == 7
    assert [figure.line for figure in seed.blocks if isinstance(figure, SeedFigure)] == [4, 12]
    assert seed.date_basis == ("“8月12日在河内召开” (line 3)", "“2018-2021年阶段” (line 18)")
    assert [teaser.date for teaser in seed.teasers] == ["2026-01-23?", "", "", "", "XXXX-01-22", "2026-01-19"]
    assert [bool(teaser.caption) for teaser in seed.teasers] == [True, True, True, False, False, True]


def story(middle: str = "", head: str = "某市图书馆开放", end: str = "(越通社——VNA)\n越通社") -> str:
    return f"{head}\n\n越通社河内——某市图书馆今天向读者开放。\n{middle}\n读者表示欢迎。{end}\n"


@pytest.mark.parametrize(
    ("text", "dateline", "byline", "rest"),
    [
        ("越通社河内——正文在此。", "越通社河内", "", "正文在此。"),
        ("越通社河内 ——  正文在此。", "越通社河内", "", "正文在此。"),
        ("越通社河内—— 正文在此。", "越通社河内", "", "正文在此。"),
        ("越通社河内--正文在此，很长。", "越通社河内", "", "正文在此，很长。"),
        ("越通社河内8月17日——正文在此。", "越通社河内8月17日", "", "正文在此。"),
        ("新华社北京1月2日电（记者张三）正文在此。", "新华社北京1月2日", "记者张三", "正文在此。"),
        ("新华社联合国1月2日电 正文在此。", "新华社联合国1月2日", "", "正文在此。"),
        ("中新网1月2日电 综合报道，正文。", "中新网1月2日", "", "综合报道，正文。"),
        ("（中央社記者王小明台北26日電）正文在此。", "中央社記者王小明台北26日", "", "正文在此。"),
        ("中評社香港9月1日電／正文在此。", "中評社香港9月1日", "", "正文在此。"),
        ("〔記者王小明／台北報導〕正文在此。", "記者王小明／台北報導", "", "正文在此。"),
        ("（法新社巴黎5日电）正文在此。", "法新社巴黎5日", "", "正文在此。"),
        ("【大纪元7月11日报导】(中央社河内11日电)正文。", "大纪元7月11日／中央社河内11日", "", "正文。"),
        ("央视网消息（新闻联播）：正文在此。", "央视网消息（新闻联播）", "", "正文在此。"),
        ("〔本報訊〕正文在此。", "本報訊", "", "正文在此。"),
        ("本报讯（通讯员李四）正文在此。", "本报讯", "通讯员李四", "正文在此。"),
    ],
)
def test_datelines(text: str, dateline: str, byline: str, rest: str) -> None:
    seed = parse_seed(f"某市图书馆开放阅览\n\n{text}\n\n后来还有一段。", "x.txt")
    assert (seed.dateline, seed.byline, paragraphs(seed)[0]) == (dateline, byline, rest)


@pytest.mark.parametrize(
    "text",
    [
        "“越通社河内”是一个例子——不是电头。",
        "新华社记者：请问部长，对此有何评论？",
        "据新华社北京1月2日电，此事属实。",
        "主动、创新——这是会议的主题。",
        "（右）部长发表讲话，与会者鼓掌。",
    ],
)
def test_words_that_only_look_like_a_dateline(text: str) -> None:
    seed = parse_seed(f"某市图书馆开放阅览\n\n{text}\n\n后来还有一段。", "x.txt")
    assert seed.dateline == ""
    assert seed.blocks[0].text == text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("end", "credit", "byline"),
    [
        ("（完）", "完", ""),
        ("(越通社-VNA)\n\n越通社", "越通社-VNA", "越通社"),
        ("—VNA", "—VNA", ""),
        ("-VNA", "-VNA", ""),
        ("（編輯：王小明）1140710", "編輯：王小明", ""),
        ("（譯者：王小明/核稿：李大同）1140710", "譯者：王小明/核稿：李大同", ""),
        ("(完)\n【编辑:王小明】", "完／编辑:王小明", ""),
        ("\n(责编：王小明、李大同)", "责编：王小明、李大同", ""),
        ("\n责任编辑：王小明", "责任编辑：王小明", ""),
        ("(越通社/民族与山区画报)", "越通社/民族与山区画报", ""),
        ("◆", "", ""),
    ],
)
def test_endings(end: str, credit: str, byline: str) -> None:
    text = story(end=end)
    seed = parse_seed(text, "x.txt")
    assert (seed.credit, seed.byline) == (credit, byline)
    assert paragraphs(seed)[-1] == "读者表示欢迎。"
    assert unaccounted(text, seed) == ()


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("某市图书馆开放 ảnh 1阅览室。图自越通社", "阅览室。", "图自越通社"),
        ("某市图书馆开放 - ảnh 1阅览室 (图片来源:越通社)", "阅览室", "图片来源:越通社"),
        ("某市图书馆开放 hinh anh 1 阅览室。越通社记者 明秋 摄", "阅览室。", "越通社记者 明秋 摄"),
        ("某市图书馆开放 ảnh 14月5日的阅览室。图自越通社/法新社", "4月5日的阅览室。", "图自越通社/法新社"),
        ("某市图书馆开放 a\u0309nh 1阅览室 资料图", "阅览室", "资料图"),
        ("阅览室附图（圖由市政府提供）", "阅览室附图", "圖由市政府提供"),
        ("阅览室。\n阅览室。", "阅览室。", ""),
        ("讀者在閱覽室。（資料照，記者王小明攝）", "讀者在閱覽室。", "資料照，記者王小明攝"),
        ("读者在阅览室。新华社发（王小明摄）", "读者在阅览室。", "新华社发（王小明摄）"),
        ("图像来源，Getty Images\n图像加注文字，\n阅览室", "阅览室", "图像来源，Getty Images"),
    ],
)
def test_captions(line: str, caption: str, credit: str) -> None:
    text = story(middle=line)
    seed = parse_seed(text, "x.txt")
    assert [(each.caption, each.credit) for each in seed.blocks if isinstance(each, SeedFigure)] == [(caption, credit)]
    assert len(paragraphs(seed)) == 2
    assert unaccounted(text, seed) == ()


def test_photo_number_is_the_expected_one_and_no_more() -> None:
    seed = parse_seed(story(middle="某市图书馆开放 ảnh 1一层\n某市图书馆开放 ảnh 22022年的二层"), "x.txt")
    assert figures(seed) == ["一层", "2022年的二层"]


def more(block: str) -> list[tuple[str, str, str, bool]]:
    seed = parse_seed(story() + "\n更多\n\n" + block, "x.txt")
    return [(each.caption, each.title, each.lede, each.incomplete) for each in seed.teasers]


def test_teasers_close_at_a_sentence() -> None:
    assert more("会场。图自越通社\n\n会议开幕\n\n会议今天开幕。\n\n展览落幕\n\n展览昨天落幕。") == [
        ("会场。图自越通社", "会议开幕", "会议今天开幕。", False),
        ("", "展览落幕", "展览昨天落幕。", False),
    ]


def test_teaser_caption_that_repeats_the_headline_is_none() -> None:
    assert more("会议开幕\n\n会议开幕\n\n会议今天开幕。") == [("", "会议开幕", "会议今天开幕。", False)]


def test_teaser_headline_may_ask() -> None:
    assert more("会场。图自越通社\n会议为何开幕？\n会议今天为了几件大事开幕，代表们陆续到达会场。") == [
        ("会场。图自越通社", "会议为何开幕？", "会议今天为了几件大事开幕，代表们陆续到达会场。", False)
    ]


def test_left_over_lines_are_an_incomplete_teaser_and_shift_nothing() -> None:
    assert more("会场。图自越通社\n会议开幕\n会议今天开幕。\n展厅。图自越通社\n展览落幕") == [
        ("会场。图自越通社", "会议开幕", "会议今天开幕。", False),
        ("展厅。图自越通社", "展览落幕", "", True),
    ]


def test_bare_headlines_end_at_the_first_noise() -> None:
    assert [title for _, title, _, _ in more("会议开幕消息\n展览落幕消息\n评论\n网友甲说很好")] == [
        "会议开幕消息",
        "展览落幕消息",
    ]


def test_bracketed_headline_in_the_body_is_a_teaser() -> None:
    seed = parse_seed(story(middle="[北部铁路车站改造完成]"), "x.txt")
    assert [teaser.title for teaser in seed.teasers] == ["北部铁路车站改造完成"]
    assert len(paragraphs(seed)) == 2


def test_delimiter_twice_or_in_the_body_warns_and_loses_nothing() -> None:
    block = "\n更多\n\n会议开幕\n\n会议今天开幕。\n\n更多\n\n展览落幕\n\n展览昨天落幕。\n"
    twice = parse_seed(story() + block, "x.txt")
    assert [teaser.title for teaser in twice.teasers] == ["会议开幕", "展览落幕"]
    inside = parse_seed(story(middle="更多") + block, "x.txt")
    assert len(paragraphs(inside)) == 2
    assert [str(warning.position) for warning in (*twice.warnings, *inside.warnings)] == [
        "seeds/x.txt:14:1",
        "seeds/x.txt:4:1",
        "seeds/x.txt:14:1",
    ]


def test_times_among_the_teasers_are_no_headlines() -> None:
    assert more("08/01/2026 10:20\n会议开幕\n会议今天开幕。") == [("", "会议开幕", "会议今天开幕。", False)]


@pytest.mark.parametrize("word", ["获取更多RSS", "更多精彩内容请进入国际频道"])
def test_delimiter_must_be_the_whole_line(word: str) -> None:
    seed = parse_seed(story(middle=word), "x.txt")
    assert seed.teasers == ()
    assert len(paragraphs(seed)) == 2


def test_headline_from_the_caption_or_the_body() -> None:
    from_caption = parse_seed(
        "新增两个观测站 hinh anh 1观测站。图自越通社\n\n越通社河内\n——气象部门表示新增两站\n", "x.txt"
    )
    assert (from_caption.headline, from_caption.headline_from) == ("新增两个观测站", "caption")
    assert from_caption.dateline == "越通社河内"
    from_body = parse_seed("全国图书出口增长一成以上,金额创新高。(完)", "x.txt")
    assert (from_body.headline, from_body.headline_from) == ("全国图书出口增长一成以上", "body")


def test_sidecar_wins() -> None:
    text = story()
    seed = parse_seed(text, "x.txt", Sidecar(title="另一个标题", date="2018-08-12"))
    assert (seed.headline, seed.headline_from, seed.date) == ("另一个标题", "sidecar", "2018-08-12")
    assert any(out.text == "某市图书馆开放" for out in seed.left_out)
    assert unaccounted(text, seed) == ()


def test_invisible_marks_leave_the_title_with_a_warning() -> None:
    text = story(head="某市\u200b图书馆\u202e开放")
    seed = parse_seed(text, "a/x.txt")
    assert seed.headline == "某市图书馆开放"
    assert "U+200B, U+202E" in seed.warnings[0].message
    assert seed.warnings[0].position.path == "seeds/a/x.txt"
    assert unaccounted(text, seed) == ()


@pytest.mark.parametrize("text", ["", " \n\n", "只有标题", "只有标题\n\n更多\n\n会议开幕", "\u200b", "…… ——"])
def test_dump_without_a_story_is_refused(text: str) -> None:
    with pytest.raises(ContentError, match=r"seeds/x\.txt:1:1: the dump "):
        parse_seed(text, "x.txt")


def test_ledger_finds_what_is_lost() -> None:
    text = story()
    seed = parse_seed(text + "\n丢了", "x.txt")
    assert [(out.line, out.text) for out in unaccounted(text + "\n丢了\n又丢", seed)] == [(9, "又丢")]


# ----------------------------------------------------------------------------------------------------------- bytes


def refused(data: bytes, path: str = "seeds/old/x.txt", encoding: str = "utf-8") -> str:
    with pytest.raises(ContentError) as caught:
        decode_seed(data, path, encoding)
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize("breaks", ["\r\n", "\r", "\x85", "\u2028"])
def test_line_breaks_become_one_kind(breaks: str) -> None:
    text, warnings = decode_seed(f"\ufeff标题{breaks}正文。".encode(), "seeds/x.txt")
    assert (text, warnings) == ("标题\n正文。", ())


def test_control_characters_are_stripped_with_a_warning() -> None:
    text, warnings = decode_seed("标\x00题\n正\x07文\ufffe。".encode(), "seeds/x.txt")
    assert text == "标题\n正文。"
    assert [str(warning.position) for warning in warnings] == ["seeds/x.txt:1:2", "seeds/x.txt:2:2", "seeds/x.txt:2:4"]


SAMPLE = "越南外交部今天在河内举行新闻发布会，发言人回答了记者的提问。\n" * 3
SAMPLE_HANT = "中央社今天在台北舉行記者會，發言人回答了記者的提問，這是一個例子。\n" * 3


@pytest.mark.parametrize(
    ("sample", "codec", "likely"),
    [
        (SAMPLE, "gb18030", "gb18030"),
        (SAMPLE_HANT, "big5", "big5"),
        (SAMPLE, "utf-16", "utf-16"),
        (SAMPLE, "utf-16-le", "utf-16-le"),
    ],
)
def test_foreign_bytes_are_refused_with_the_line_that_reads_them(sample: str, codec: str, likely: str) -> None:
    data = sample.encode(codec)
    message = refused(data)
    assert "byte 0x" in message
    assert f'[seeds] encoding = {{ "old/" = "{likely}" }}' in message
    assert decode_seed(data, "seeds/old/x.txt", likely)[0] == sample


def test_foreign_bytes_at_the_top_name_the_file() -> None:
    assert '{ "x.txt" = "gb18030" }' in refused(SAMPLE.encode("gb18030"), "seeds/x.txt")


def test_truncated_utf8_is_refused_at_its_place() -> None:
    assert refused("标题\n正文。".encode()[:-1]) == (
        "seeds/old/x.txt:2:3: the file ends in the middle of a character at byte offset 13; fetch it again"
    )


def test_wrong_and_unknown_encodings() -> None:
    assert "is not big5; correct the encoding" in refused(SAMPLE.encode(), encoding="big5")
    assert "unknown encoding “klingon”" in refused(b"x", encoding="klingon")


def test_sizes_that_are_no_news() -> None:
    assert "is no news story" in refused(b"a" * 10_000_000)
    assert "are no news story" in refused(b"a\n" * (MAX_BYTES // 2 + 1))
    assert "30,001 lines are no news story" in refused(b"a\n" * 30_000)
    assert "the dump is empty" in refused(b"\xef\xbb\xbf \n")


WRAPPED = [
    "某市图书馆新馆向读者开放",
    "",
    "越通社河内——某市图书馆新馆5月6日向读者",
    "开放，首日接待读者四千人。新馆藏书二百万",
    "册，设有儿童阅览室、报刊阅览室和自习室，每",
    "天开放到晚上九时。",
    "",
    "馆长阮文安说，新馆用了三年时间建成，所用",
    "石材来自清化省，屋顶装有太阳能板，夏天室内",
    "温度比老馆低五度。他希望读者提出意见。",
    "",
    "读者表示欢迎。(越通社——VNA)",
    "越通社",
]


@pytest.mark.parametrize("indent", ["", "　　"])
def test_broken_paragraphs_are_joined(indent: str) -> None:
    rows = [indent + row if row and not before else row for before, row in zip(["x", *WRAPPED], WRAPPED, strict=False)]
    text = "\n".join(row for row in rows if row or not indent)
    seed = parse_seed(text, "a.txt")
    assert [len(paragraph) for paragraph in paragraphs(seed)] == [64, 60, 7]
    assert seed.headline == WRAPPED[0]
    assert (seed.dateline, seed.credit, seed.byline) == ("越通社河内", "越通社——VNA", "越通社")
    assert unaccounted(text, seed) == ()


def test_rows_of_headlines_are_not_joined() -> None:
    titles = [
        "越南与老挝加强高校合作",
        "胡志明市新增三条公交线",
        "岘港国际烟花节六月开幕",
        "芹苴市稻米出口量创新高",
    ] * 3
    text = story() + "更多\n" + "\n".join(titles)
    assert len(parse_seed(text, "a.txt").teasers) == len(titles)


def test_a_photo_with_its_caption_is_a_story() -> None:
    seed = parse_seed("河内西湖荷花盛开\n\n图为西湖边的荷花。新华社记者 张三 摄\n", "a.txt")
    assert figures(seed) == ["图为西湖边的荷花。|新华社记者张三摄"]


@pytest.mark.parametrize(
    ("source", "date"),
    [("據BBC報導，市民表示歡迎。", "[2018-03-04,2018-04-03]"), ("BBC News 中文", "2018-04-03")],
)
def test_a_quoted_agency_does_not_say_how_the_page_writes_dates(source: str, date: str) -> None:
    assert parse_seed(f"某市圖書館開放\n\n03/04/2018\n\n{source}\n\n圖書館今天開放。\n", "a.txt").date == date


@pytest.mark.parametrize(
    "sentence",
    [
        "发言人强调，未经越南允许的一切活动均属非法。",
        "他说：“请大家关注我们的渔民。”",
        "用户可以下载手机应用程序，扫描二维码查询空气质量。",
        "主管部门邀请市民订阅电子报，并免费登录图书馆网站。",
        "该部表示，这不代表政府立场。",
        "广告、推广和分享是这家公司的主要业务。",
    ],
)
def test_the_last_sentence_is_the_storys_although_it_speaks_as_pages_do(sentence: str) -> None:
    page = f"某市图书馆开放\n\n2018-04-03 10:20\n\n图书馆今天开放，市民表示欢迎。\n\n{sentence}\n\n分享\n\n打印\n"
    assert paragraphs(parse_seed(page, "a.txt"))[-1] == sentence


@pytest.mark.parametrize(
    "dump",
    [
        "\n".join(f"越南新闻第{number}" for number in range(3_000)) + "\n越南总理昨日访问老挝，受到热烈欢迎。",
        "首页 国际 " * 100 + "越南总理访问老挝。 分享 到 " * 4_000,
        "来源： 新华网 " * 5_000 + "越南总理访问老挝。",
        "2018-01-02 10:00 " * 5_000 + "越南总理访问老挝。",
    ],
    ids=["menu", "buttons", "sources", "stamps"],
)
def test_endless_menus_cost_no_more_than_they_hold(dump: str) -> None:
    started = time.process_time()
    assert unaccounted(dump, parse_seed(dump, "a.txt")) == ()
    assert time.process_time() - started < 1
