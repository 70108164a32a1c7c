from __future__ import annotations

import re
import subprocess
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from gengduo.slugs import GENERATED_LENGTH, simplified, slug_fault, slug_of, slug_with_digest

fixed = settings(derandomize=True, deadline=None, max_examples=300)
CHANGING = "哩坏沈甦瞭藉衹覆毛答默英解由得卫衞敍\0"
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)
NEWS = st.lists(st.sampled_from("越南外交部长银行重庆会议乐行还着女绿中国朝鲜长城发展都得"), min_size=1, max_size=14)


@fixed
@given(st.text(max_size=200))
def test_any_text_gives_a_slug_that_may_stand(title: str) -> None:
    slug = slug_of(title)
    assert slug_fault(slug) == ""
    assert len(slug) <= GENERATED_LENGTH + len("-1")


@fixed
@given(st.text(max_size=80))
def test_slug_of_a_slug_is_itself(title: str) -> None:
    slug = slug_of(title)
    assert slug_of(slug) == slug


@fixed
@given(st.text(max_size=80), st.text("0123456789abcdef", min_size=6, max_size=64))
def test_slug_with_digest_may_stand(title: str, digest: str) -> None:
    slug = slug_with_digest(slug_of(title), digest)
    assert slug_fault(slug) == ""
    assert len(slug) <= 67


@fixed
@given(HAN | NEWS.map("".join))
def test_reading_is_that_of_pypinyin(han: str) -> None:
    expected = [word.replace("v", "yu") for word in lazy_pinyin(simplified(han), errors="ignore")]
    slug = slug_of(han)
    words = [word for word in expected if re.fullmatch("[a-z]+", word)]
    whole = "-".join(words)
    assert slug == whole or (len(whole) > GENERATED_LENGTH and whole.startswith(f"{slug}-"))


@fixed
@given(
    st.text(st.characters(min_codepoint=0x3400, max_codepoint=0xA000))
    | st.text("哩坏沈甦瞭藉衹覆毛答默英解由得卫衞敍\0")
)
def test_a_long_text_is_simplified_like_a_short_one(text: str) -> None:
    assert simplified("。" * 200 + text) == "。" * 200 + simplified(text)


def test_opencc_changes_nothing_else_by_words(tmp_path: Path) -> None:
    share = Path(opencc.__file__).parent / "clib"
    program, words = share / "bin" / "opencc_dict", share / "share" / "opencc" / "TSPhrases.ocd2"
    if not (program.exists() and words.exists()):
        pytest.skip("this OpenCC comes without its tools")
    listed = tmp_path / "words.txt"
    subprocess.run([program, "-i", words, "-o", listed, "-f", "ocd2", "-t", "text"], check=True)
    found = [line.partition("\t")[0] for line in listed.read_text("utf-8").splitlines()]
    assert len(found) > 100
    for word in found:
        if simplified(word) != word:
            assert simplified("。" * 200 + word) == "。" * 200 + simplified(word)
