"""What holds for every dump, however damaged.

`GENGDUO_SOAK=100000 pytest tests/properties/test_seed_properties.py` runs so many mutated dumps instead of a sample.
"""

from __future__ import annotations

import os
import random
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gengduo.dates import is_edtf
from gengduo.errors import ContentError
from gengduo.model import Seed, SeedFigure
from gengduo.seeds import decode_seed, interface, lines, parse_seed, unaccounted
from gengduo.seeds.captions import is_whose_photo
from gengduo.typography import fold_key, full_width

ROOT = Path(__file__).parents[2]
DUMPS = tuple(
    path.read_text(encoding="utf-8")
    for folder in (ROOT / "tests" / "cases" / "seeds", ROOT / "seeds")
    for path in sorted(folder.glob("*.txt"))
)
SOAK = int(os.environ.get("GENGDUO_SOAK", "0"))
WORDS = (
    "更多",
    "ảnh 1",
    "hinh anh 2",
    "越通社河内——",
    "（完）",
    "(越通社——VNA)",
    "越通社",
    "图自越通社",
    "（",
    "）",
    "【",
    "】",
    "[",
    "]",
    "2018年8月12日",
    "8月12日",
    "37日",
    "民國114年",
    "1140710",
    "12/08/2018",
    "2018-2021年阶段",
    "。",
    "？",
    "——",
    "\n",
    "\n\n",
    " ",
    "\xa0",
    "\u3000",
    "責任編輯：",
    "新华社北京1月2日电（记者张三）",
    "|",
    "© 2026",
    "相关新闻",
    "发布时间：",
    "—VNA",
    "◆",
    "\u200b",
    "\u202e",
    "<script>",
    "{{7*7}}",
    "---",
    "#",
    "[[",
    "图像来源，",
    "图像加注文字，",
    "80周年",
    "每两年举办一次",
    "第19届",
    "将于",
    "\t",
    "-",
)
KILLERS = (
    "ảnh " * 20_000,
    "ảnh" * 100_000,
    "（" * 100_000,
    "(" * 100_000 + ")" * 100_000,
    "更多\n" * 20_000,
    "年" * 100_000,
    "1" * 100_000,
    "8月" * 50_000,
    "越通社" * 30_000,
    "——" * 50_000,
    "。" * 100_000,
    "图自" * 50_000,
    " " * 100_000 + "。",
    "越通社" + " " * 100_000 + "——",
    "2018年8月12日至" * 10_000,
    "（完）" * 30_000,
    "第" * 100_000,
    "自2018年" * 20_000,
    "标题\n" * 20_000,
    "\n" * 100_000 + "题\n文。",
    "每两年" * 30_000,
    "[" * 100_000,
    "1-" * 50_000,
    "时间时间社" * 20_000,
    "责任编辑：" * 20_000,
    "a b " * 30_000,
    "图像来源，\n" * 20_000,
    "越通社河内" * 20_000 + "——",
    "A" * 200_000,
    "标题 " * 30_000 + "。",
    "2018年" * 20_000 + "8月12日。",
    "题\n" + "2018年5月6日，10周年1946年成立。\n" * 3_000,
    "题目一二三四五\n" + "自2016年8月以来，两年来，每两年举办一次，8月1日。" * 2_000,
    "ảnh 1图ảnh 2" * 10_000,
    "新华社" + "北" * 100_000 + "电",
)


def assert_reads(text: str) -> None:
    """Fail unless the dump is read in full, or refused with a reason."""
    started = time.process_time()
    try:
        seed = parse_seed(text, "x.txt")
    except ContentError:
        seed = None
    assert time.process_time() - started < 1, f"slow: {text[:80]!r}"
    if seed is not None:
        assert_sound(text, seed)


def assert_sound(text: str, seed: Seed) -> None:
    assert unaccounted(text, seed) == ()
    assert seed.headline
    assert any(block.caption if isinstance(block, SeedFigure) else block.text for block in seed.blocks)
    assert not seed.date or is_edtf(seed.date), seed.date
    squeezed = "".join(text.split())
    for block in seed.blocks:
        words = block.caption if isinstance(block, SeedFigure) else block.text
        assert "".join(words.split()) in squeezed
        assert 1 <= block.line <= text.count("\n") + 1
    for teaser in seed.teasers:
        assert teaser.title
        assert not teaser.date or is_edtf(teaser.date), teaser.date
    assert all(out.text and out.reason and out.line for out in seed.left_out)


def mutate(chance: random.Random) -> str:
    """Return a dump with lines dropped, doubled, moved, glued and cut, and strange words put in."""
    text = chance.choice(DUMPS)
    for _ in range(chance.randrange(1, 8)):
        kind = chance.randrange(8)
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif kind == 2:
            lines[at] += chance.choice(WORDS)
        elif kind == 3:
            lines.insert(at, chance.choice(WORDS))
        elif kind == 4:
            lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
        elif kind == 5:
            lines = [chance.choice(("", " ", "\n")).join(lines)]
        elif kind == 6:
            lines[at:] = chance.choice(DUMPS).split("\n")[at:]
        else:
            place = chance.randrange(len(text) + 1)
            lines = (
                text[:place]
                + chr(chance.choice((0x20, 0x3000, 0x4E00, 0x1F600, 0x300, 0x85, 0xD, 0x61)))
                + text[place:]
            ).split("\n")
        text = "\n".join(lines)
    return text


@pytest.mark.parametrize("text", KILLERS, ids=range(len(KILLERS)))
@pytest.mark.parametrize(
    "frame", ["{}", "标题在此\n\n{}\n\n越通社河内——正文。(完)\n越通社\n更多\n{}"], ids=["alone", "framed"]
)
def test_no_text_is_slow(text: str, frame: str) -> None:
    assert_reads(frame.replace("{}", text if SOAK else text[: len(text) // 3]))


def test_mutated_dumps_are_read_in_full() -> None:
    chance = random.Random(20180812)
    for _ in range(SOAK or 400):
        assert_reads(mutate(chance))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=40).map("".join))
def test_any_words_are_read_in_full(text: str) -> None:
    assert_reads(text)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text, warnings = decode_seed(data, "seeds/x.txt")
    except ContentError:
        return
    assert "\r" not in text
    assert "\x00" not in text
    assert all(warning.position.path == "seeds/x.txt" for warning in warnings)
    assert_reads(text)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(alphabet="汉字,:;?!()（），：； “”12aB.\xa0", max_size=60))
def test_full_width_changes_marks_and_spaces_only(text: str) -> None:
    wide = full_width(text)
    assert full_width(wide) == wide
    assert fold_key(wide) == fold_key(text) or not any(character.isalnum() for character in text)


def words_of(table: object) -> Iterator[str]:
    """Yield every word of a table of rules, however deep it lies."""
    if isinstance(table, str):
        yield from (table, *table.split())
    elif isinstance(table, list | dict):
        for value in table.values() if isinstance(table, dict) else table:
            yield from words_of(value)


RULES = [tomllib.loads(path.read_text("utf-8")) for path in sorted((ROOT / "gengduo" / "seeds").glob("*.toml"))]
PAGE_WORDS = sorted({word for word in words_of(RULES) if len(word) < 40})
LINE_WORDS = ("阮春福", "会见", "越南", "更多相关", "，", "、", " ", "：", "。", " > ", "点我看", "评论", "(3)", "8:30")


@settings(max_examples=2_000)
@given(st.lists(st.sampled_from(PAGE_WORDS) | st.sampled_from(LINE_WORDS), max_size=6))
def test_a_line_that_opens_like_a_story_needs_no_other_look(words: list[str]) -> None:
    text = "".join(words).strip()
    if len(text) < 2 or not lines.opens_story(text[:2]):
        return
    reason = lines.noise_within(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "opens_story", lambda _: False)
        assert lines.noise_reason(text) == reason
        assert not lines.is_footer(text)
    assert not lines.is_delimiter(text)
    assert not interface.is_sections(text)
    assert not is_whose_photo(text)
