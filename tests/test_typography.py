"""Full-width marks, and the keys by which titles are compared."""

from __future__ import annotations

import pytest

from gengduo.typography import fold_key, fold_title, full_width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("范明政指出,从中央到地方:进程缓慢;为何?", "范明政指出，从中央到地方：进程缓慢；为何？"),
        ("峰会(GMS-6)等", "峰会（GMS-6）等"),
        ("他说。(越通社——VNA)", "他说。（越通社——VNA）"),
        ("达602.8亿美元;出口7,750吨,增长3:2", "达602.8亿美元；出口7,750吨，增长3:2"),
        ("20%,其中", "20%，其中"),
        ("8:30分开始,10:45结束", "8:30分开始，10:45结束"),
        ("网址:http://photo.example.vn/a?b=1,2,受到欢迎", "网址：http://photo.example.vn/a?b=1,2，受到欢迎"),
        ("Reuters, AFP (London): yes!", "Reuters, AFP (London): yes!"),
        ("“好”,他说:“走!”", "“好”，他说：“走！”"),
        ("北京1月2日电 (记者 张三)正文", "北京1月2日电（记者 张三）正文"),
        ("你好, 世界 !", "你好，世界！"),
        ("图\xa0\xa0自越通社", "图 自越通社"),
        ("{{ 7*7 }} <b>粗</b>", "{{ 7*7 }} <b>粗</b>"),
        ("已经是全角，：；？！（）", "已经是全角，：；？！（）"),
        ("a,(b)汉", "a，（b）汉"),
        ("", ""),
    ],
)
def test_full_width(text: str, expected: str) -> None:
    assert full_width(text) == expected
    assert full_width(expected) == expected


def test_titles_that_say_the_same_have_one_key() -> None:
    assert fold_key("第19届会议：密切 协作（一）") == fold_key("第19届会议:密切协作(一)")
    assert fold_key("ＡＰＥＣ\xa0会议") == fold_key("apec会议")
    assert fold_key("A\u0309nh") == fold_key("Ảnh")
    assert fold_key("甲乙") != fold_key("乙甲")
    assert fold_key("？？") == "??"


def test_titles_of_both_scripts_have_one_key() -> None:
    assert fold_title("全國外事工作會議：提升效率") == fold_title("全国外事工作会议:提升效率")
