from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from gengduo.slugs import GENERATED_LENGTH, simplified, slug_fault, slug_of, slug_with_digest

fixed = settings(derandomize=True, deadline=None, max_examples=300)
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
