"""The glyphs of a region: which of two shapes of one character its papers print."""

from __future__ import annotations

from functools import cache

import opencc

from gengduo.editions.glossary import Glossary, Region

# OpenCC's Hong Kong variants follow the school lists; the papers print what their fonts have had since Big5.
_HK_SCHOOL = set("兌媼悅慍戶挩搵敓敘梲榅氳涗溫熅稅縕脫膃臥蒕蘊蛻衛說轀醞銳閱鰮")
_HK_PAPERS = str.maketrans("羣峯啓牀麪綫衞敍豔裡侷臺", "群峰啟床麵線衛敘艷裏局台")
# OpenCC's standard prefers learned shapes that no paper prints, and 臺, which the papers of Taiwan print as 台.
_PAPERS = str.maketrans("巖嶽孃柺燬嫋絃谿慼廕籐揹臺溼", "岩岳娘拐毀裊弦溪戚蔭藤背台濕")


def glyph_table(region: Region, glossary: Glossary, *, of_opencc: bool = True) -> dict[int, str]:
    """Return what is changed after OpenCC, or in a phrase of ours; the editor's house glyphs come last."""
    table = {source: chr(target) for source, target in _PAPERS.items()} if of_opencc else {}
    table |= _hong_kong() if region == "hk" else _taiwan()
    house = {ord(source): target for where, source, target in glossary.glyphs if where == region}
    table = {source: house.get(ord(target), target) for source, target in table.items()}
    return {**house, **table}


@cache
def single_characters() -> dict[str, str]:
    """Return what OpenCC makes of each Simplified character that stands alone, where that differs."""
    return {chr(old): new.translate(_PAPERS) for old, new in _variants("s2t").items()}


@cache
def single_characters_back() -> dict[str, str]:
    """Return what OpenCC makes of each Traditional character that stands alone, where that differs."""
    return {chr(old): new for old, new in _variants("tw2s").items()}


@cache
def _taiwan() -> dict[int, str]:
    return {**_variants("t2tw"), ord("賬"): "帳"}


@cache
def _hong_kong() -> dict[int, str]:
    table = {source: target for source, target in _variants("t2hk").items() if chr(source) not in _HK_SCHOOL}
    papers = {source: chr(target) for source, target in _HK_PAPERS.items()}
    return {**{source: target.translate(papers) for source, target in table.items()}, **papers}


def _variants(config: str) -> dict[int, str]:
    """Return the single characters that a configuration of OpenCC changes."""
    standard = "".join(map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))))
    changed = opencc.OpenCC(config).convert(standard)
    return {ord(old): new for old, new in zip(standard, changed, strict=True) if old != new}
