"""EDTF, and the day that a story's words give."""

from __future__ import annotations

import pytest

from gengduo.dates import Day, Passage, infer_date, is_edtf, parse_edtf, read_code, read_stamp
from gengduo.dates.mentions import find_mentions, number


@pytest.mark.parametrize(
    ("text", "machine", "display", "note"),
    [
        ("2018-08-12", "2018-08-12", "2018年8月12日", ""),
        ("2018-08-12?", "2018-08-12", "2018年8月12日", "inferred"),
        ("2018-08-12~", "2018-08-12", "2018年8月12日", "approximate"),
        ("2018-08", "2018-08", "2018年8月", ""),
        ("2018-08?", "2018-08", "2018年8月", "inferred"),
        ("2018", "2018", "2018年", ""),
        ("XXXX-08-17", "08-17", "8月17日", "year_unknown"),
        ("2018-08-XX", "2018-08", "2018年8月", "approximate"),
        ("[2017-09-02,2018-09-02]", "", "2017年9月2日或2018年9月2日", "one_of"),
        ("[2016-08-21..2020-08-21]", "", "2016年8月21日至2020年8月21日", "one_of"),
        ("2018-08-12/2018-08-17", "", "2018年8月12日至2018年8月17日", ""),
        ("2020-02-29", "2020-02-29", "2020年2月29日", ""),
    ],
)
def test_edtf_reads_and_shows(text: str, machine: str, display: str, note: str) -> None:
    date = parse_edtf(text)
    assert date is not None
    assert (date.machine, date.display, date.note) == (machine, display, note)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2018-8-12",
        "2018-13-01",
        "2019-02-29",
        "2018-00-10",
        "0000-01-01",
        "XXXX",
        "12/08/2018",
        "[2018-08-12]",
        "2018-08-12 ",
        "[XXXX-01-01,2018-01-01]",
        "2018-08-17/2018-08-12",
        "２０１８-08-12",
        "2018-08-12??",
        "[",
        "/",
        "2018-08-32",
        "201X-08-12",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert not is_edtf(text)


def test_dates_sort_by_time() -> None:
    texts = ["2018-08-12", "XXXX-08-17", "2017?", "[2017-09-02,2018-09-02]", "2018-08-12?"]
    keys = [date.sort_key for text in texts if (date := parse_edtf(text))]
    assert sorted(keys) == [(0, 8, 17), (2017, 0, 0), (2017, 9, 2), (2018, 8, 12), (2018, 8, 12)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022/05/18, 11:26 (GMT+7)", Day(2022, 5, 18)),
        ("2018年08月12日 10:20　来源：中国新闻网 参与互动", Day(2018, 8, 12)),
        ("2018年10月17日13:45　　来源：人民网-国际频道", Day(2018, 10, 17)),
        ("date 2025-09-01", Day(2025, 9, 1)),
        ("2025/7/12 14:20（7/12 15:31 更新）", Day(2025, 7, 12)),
        ("发布时间：2018-08-12 10:20:33", Day(2018, 8, 12)),
        ("星期日, 2018年8月12日, 10:20", Day(2018, 8, 12)),
        ("Thứ Ba, 04/06/2024, 15:46", Day(2024, 6, 4)),
        ("发表时间：08/11/2019 - 17:05更改时间： 08/11/2019 - 18:40", Day(2019, 11, 8)),
        ("中華民國107年8月12日", Day(2018, 8, 12)),
        ("来源：央视网 | 2020年10月22日 19:18", Day(2020, 10, 22)),
        ("12 August 2018", Day(2018, 8, 12)),
    ],
)
def test_timestamps(text: str, day: Day) -> None:
    stamp = read_stamp(text, day_first=True)
    assert stamp is not None
    assert stamp.days == (day,)


@pytest.mark.parametrize(
    "text",
    [
        "2018年8月12日，会议在河内召开。",
        "2013年5月21日新闻联播文字版",
        "2018年8月",
        "电话：2018-0812",
        "8月12日",
        "2018-13-40",
        "会议2018-08-12",
        "1986.",
    ],
)
def test_lines_that_are_no_timestamp(text: str) -> None:
    assert read_stamp(text) is None


def test_slashes_have_two_readings_unless_the_agency_is_known() -> None:
    unknown, known, plain = read_stamp("12/08/2018"), read_stamp("12/08/2018", day_first=True), read_stamp("25/08/2018")
    assert unknown is not None
    assert unknown.days == (Day(2018, 8, 12), Day(2018, 12, 8))
    assert known is not None
    assert known.days == (Day(2018, 8, 12),)
    assert plain is not None
    assert plain.days == (Day(2018, 8, 25),)


@pytest.mark.parametrize(
    ("code", "day"),
    [("1140710", Day(2025, 7, 10)), ("990101", Day(2010, 1, 1)), ("20180812", Day(2018, 8, 12)), ("1141310", None)],
)
def test_date_codes(code: str, day: Day | None) -> None:
    assert read_code(code) == day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018年8月12日", Day(2018, 8, 12), Day(2018, 8, 12)),
        ("２０１８ 年 ８ 月 １２ 日", Day(2018, 8, 12), Day(2018, 8, 12)),
        ("二○一八年八月十二日", Day(2018, 8, 12), Day(2018, 8, 12)),
        ("二〇一八年十二月廿三日", Day(2018, 12, 23), Day(2018, 12, 23)),
        ("民國一百零七年八月", Day(2018, 8), Day(2018, 8)),
        ("民國114年7月10日", Day(2025, 7, 10), Day(2025, 7, 10)),
        ("2018-2021年阶段", Day(2018), Day(2021)),
        ("8月12日至17日", Day(0, 8, 12), Day(0, 8, 17)),
        ("8月30日至9月2日", Day(0, 8, 30), Day(0, 9, 2)),
        ("2018年12月28日至1月3日", Day(2018, 12, 28), Day(2019, 1, 3)),
        ("(1949.10.1~2015.10.1)", Day(1949, 10, 1), Day(2015, 10, 1)),
    ],
)
def test_mentions(text: str, first: Day, last: Day) -> None:
    (mention,) = find_mentions(text)
    assert (mention.first, mention.last) == (first, last)


@pytest.mark.parametrize("text", ["37日", "13月2日", "2018-0812", "1.5倍", "第2018号", "12345年", "2月30日"])
def test_what_is_no_mention(text: str) -> None:
    assert find_mentions(text) == []


def test_numerals() -> None:
    assert [number(text) for text in ("2018", "二〇一八", "十", "二十", "廿一", "三十一", "一百零七", "天")] == [
        2018,
        2018,
        10,
        20,
        21,
        31,
        107,
        0,
    ]


def told(lede: str, *body: str) -> str:
    passages = [Passage("lede", 1, lede), *(Passage("body", at, text) for at, text in enumerate(body, 2))]
    return infer_date(passages).edtf


@pytest.mark.parametrize(
    ("lede", "body", "expected"),
    [
        # stated
        ("有关领导2018年9月18日致函慰问。", "2013年的台风曾造成更大损失。", "2018-09-18"),
        ("代表团已圆满结束于2023年1月11日至12日对老挝的访问。", "", "2023-01-12"),
        ("书展8月17日开幕。", "书展于2018年8月17日至20日举行。", "2018-08-17"),
        # month and day alone
        ("书展8月17日开幕。", "", "XXXX-08-17"),
        ("会议于8月12日至17日举行之际，部长接受采访。", "", "XXXX-08-12"),
        ("会议于8月12日至17日举行后圆满闭幕。", "", "XXXX-08-17"),
        # the year, inferred
        ("1月21日，该部举行会议。", "会议为2018年工作总结暨2019年任务部署会议。", "2019-01-21?"),
        ("12月21日，该部举行会议。", "会议为2018年工作总结暨2019年任务部署会议。", "2018-12-21?"),
        ("1月8日，该部举行2021年工作总结会议。", "", "2022-01-08?"),
        ("7月5日公布的数据显示，2016年上半年出口增长。", "", "2016-07-05?"),
        ("10月9日公布的数据显示，2016年第三季度出口增长。", "", "2016-10-09?"),
        ("1月9日公布的数据显示，2016年第四季度出口增长。", "", "2017-01-09?"),
        ("1月8日，公司举行成立80周年(1946-2026)庆典。", "", "2026-01-08?"),
        ("1月18日，两国建交65周年纪念活动举行。", "两国1950年建交以来关系发展。", "2015-01-18?"),
        ("8月12日会议召开。", "自上届会议2016年8月举办以来，两年来成果众多。", "2018-08-12?"),
        ("8月12日会议召开。", "会议每两年举办一次，上届于2016年举行。", "2018-08-12?"),
        ("第19届会议8月12日召开。", "会议每两年举办一次，第17届于2014年举行。", "2018-08-12?"),
        ("5月12日论坛举行。", "会议通过了2019-2022年阶段行动计划。", "2019-05-12?"),
        ("2018年某市博览会8月12日开幕。", "", "2018-08-12?"),
        ("8月12日，馆长说，今年（2014年）读者增加。", "", "2014-08-12?"),
        ("8月12日，馆长说，去年（2013年）读者增加。", "", "2014-08-12?"),
        ("1月1日，人们庆祝。", "2015年12月31日深夜，广场上挤满了人。", "2016-01-01?"),
        ("1月23日，越南共产党第十四次全国代表大会闭幕。", "", "2026-01-23?"),
        ("8月12日会议开幕。", "自2018年起筹备，将于2018年底完成。", "2018-08-12?"),
        # several, or none
        (
            "8月21日宣布扩建鱼港。",
            "项目是2016-2020年阶段投资计划的一部分。",
            "[2016-08-21,2017-08-21,2018-08-21,2019-08-21,2020-08-21]",
        ),
        ("11月21日会议举行。", "会议通过了2026-2030年阶段行动计划。", "[2025-11-21,2026-11-21]"),
        ("8月12日（星期日）会议开幕。", "展览是2016-2020年文化计划的一部分。", "2018-08-12?"),
        # never invented
        ("活动将于12月11日开始。", "此前1998年和2008年曾举办两届。", ""),
        ("部长昨日会见来宾。", "今年九月末，频道上线。", ""),
        ("气象部门37日表示。", "请拨2018-0812。", ""),
        ("1954年5月7日，战役取得胜利。", "如今这里是景点。", ""),
        ("去年8月12日，大桥通车。", "", ""),
        ("8月12日会议开幕。", "到2045年实现目标。", "XXXX-08-12"),
        ("每年8月12日，人们来此纪念。", "", ""),
    ],
)
def test_the_day_of_a_story(lede: str, body: str, expected: str) -> None:
    assert told(lede, *([body] if body else [])) == expected


@pytest.mark.parametrize(
    ("passages", "expected"),
    [
        ([("stamp", "2025-09-01"), ("dateline", "中評社北京9月1日"), ("lede", "8月31日下午開幕。")], "2025-09-01"),
        ([("stamp", "更新时间：2018-08-13"), ("stamp", "发布时间：2018-08-12")], "2018-08-12"),
        ([("code", "1140710"), ("dateline", "中央社台北10日"), ("lede", "今天宣布。")], "2025-07-10"),
        ([("dateline", "越通社河内8月17日"), ("lede", "8月16日闭幕。")], "XXXX-08-17"),
        ([("dateline", "大纪元7月11日"), ("dateline", "中央社河内11日")], "XXXX-07-11"),
        ([("dateline", "中央社台北26日"), ("lede", "7月26日宣布。")], "XXXX-07-26"),
        ([("dateline", "中央社台北26日"), ("lede", "今天宣布。")], ""),
        ([("lede", "市文化廳昨(26)日公佈。")], ""),
        ([("dateline", "新华社北京2018年8月12日")], "2018-08-12"),
        ([("stamp", "2026-01-09"), ("dateline", "越通社河内8月17日")], "[2025-08-17,2026-01-09]"),
        ([("stamp", "03/04/2018"), ("lede", "会议开幕。")], "[2018-03-04,2018-04-03]"),
        ([("stamp", "03/04/2018"), ("dateline", "某社4月2日")], "2018-04-03"),
    ],
)
def test_statements_of_publication(passages: list[tuple[str, str]], expected: str) -> None:
    story = [Passage(kind, line, text) for line, (kind, text) in enumerate(passages, 1)]  # type: ignore[arg-type]
    assert infer_date(story).edtf == expected


def test_evidence_is_quoted_with_its_line() -> None:
    story = [
        Passage("lede", 3, "会议8月12日在河内召开。"),
        Passage("body", 18, "会议一致同意通过2018-2021年阶段工作方向。"),
    ]
    assert infer_date(story).basis == ("“8月12日在河内召开” (line 3)", "“2018-2021年阶段” (line 18)")
