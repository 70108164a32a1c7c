"""Which Chinese script a text is written in, and characters that belong to one script alone.

No table is needed: GB 2312 is the Simplified repertoire of 1980 and Big5 the Traditional one of 1984, and Python
knows both. What only one of them holds, and is in use in that script alone, decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from gengduo.model import Script, Value

MIXED_SHARE = 0.1
"""The other script's share of the deciding characters from which on a text counts as mixed."""
MIXED_LEAST = 3
"""So many characters of the other script make it certain; fewer are a quotation, a name, a slip."""
_HEAD = 400
"""Characters by which the script of a text is guessed before the rest is looked at."""

# In GB 2312 but not in Big5, and yet the same character in both scripts: rare words, strokes, dialect, loans.
_SHARED_GB = (
    "丨丬丶丿亠亻仫伲倮傈冂冖冫凇凼刂劐勐勹卟卩厶吖吡吣吲呋咔咣咴哌哐哚唣唿啉喹嗪嗬嗵嘞嘣嘭噍噔噻噼嚯坂垡垧埝埯塄塬墒墚夂宀尜岙岜峁崾嵛嵴"
    "巛幞幺廴彐彡忄憷扌揞揸擀攴攵敫晗桊桕榀榘檫毪氵氽沲浜溻漤灬炻烀煅煊煳煺熘犏犟犭狍猸猹珉珏甙畲疃疒痃癀癍癔癯着睃砘砹砼硇硷碹磙礴礻"
    "筢筻箢篼罱耠耥耱肀肟肷肼肽胩胬脎脒脲腈腙腚膪臁舭舾艹芪苄苊苘苷茚莜萘萜葜蒈蒽蓥蔸藁蝰蝽螋蟮衤踺軎辶郄酞酰酶醌鐾阝鞴骶骺鬏黢鼗齄"
    "灶恒麽"
)
# In the first level of Big5 but not in GB 2312, and yet the same character in both scripts: names, mostly.
_SHARED_BIG5 = (
    "伋伕佺倣偭偯偺傚僇僎僩儅儳劻勗勦吋呎啗啣嘐堉塭塽墦奭妳姅姪嬝屘屝崁巉帟彊徬惇愒慇抆揹搆搾撚撢擭敔昤晅晞暍暱暸杗枓栘梂梡梱棻楛榣槃橾"
    "櫂櫺歜毚毬汍沍沘沬泜洸浥浬涊湣湩湲潟潠澴濩濬炤焜煆煖燄燐燸牠玆玥玨珪珮琍琯瑯璘璟瓖甦甽疢痲痳痺瘉睪瞇瞋瞭砠砲硿祇祐穋箄箠篛簷籐籣籥糢縿"
    "繙耑脤脰芣蔆蘗衹裯褕褽覜觔觼詨詻誧豭賸跦跼踡踫迆迺遝郃鄗鄘釆釭鉼銲鎗鑤阬隄雊霤韹餽鯈鶸鼇昇喆堃淼炘烜"
)


class ScriptReading(Value, frozen=True, kw_only=True):
    """What a text tells of its script."""

    script: Script | None
    """None: no deciding character, or as many of one script as of the other."""
    mixed: bool
    """Whole passages stand in the other script."""
    hans: int
    """Characters that only Simplified has."""
    hant: int
    """Characters that only Traditional has."""


@cache
def only_in(script: Script) -> frozenset[str]:
    """Return the characters that are in use in this script alone."""
    gb = set(_decodable("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF)))
    if script == "Hans":
        return frozenset(character for character in gb if not _encodable(character, "big5")) - set(_SHARED_GB)
    trail = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    common = {character for character in _decodable("big5", range(0xA4, 0xC7), trail) if "一" <= character <= "鿿"}
    return frozenset(common - gb) - set(_SHARED_BIG5)


def detect_script(text: str) -> ScriptReading:
    """Return the script that most of the deciding characters belong to."""
    hans, hant = len(_finder("Hans")(text)), len(_finder("Hant")(text))
    less, more = sorted((hans, hant))
    return ScriptReading(
        script=None if less == more else "Hans" if hans > hant else "Hant",
        mixed=less >= MIXED_LEAST and less >= MIXED_SHARE * more,
        hans=hans,
        hant=hant,
    )


def prevailing_script(text: str) -> Script | None:
    """Return the script that `detect_script` finds, at a third of its time for a text that is all in one."""
    head, rest = text[:_HEAD], text[_HEAD:]
    hans, hant = len(_finder("Hans")(head)), len(_finder("Hant")(head))
    likely: Script = "Hans" if hans > hant else "Hant"
    other: Script = "Hant" if hans > hant else "Hans"
    # What else there is of the likely script could only add to its lead.
    if max(hans, hant) > min(hans, hant) + len(_finder(other)(rest)):
        return likely
    return detect_script(text).script


def foreign_characters(text: str, script: Script) -> list[tuple[int, str]]:
    """Return (offset, character) of all that only the other script has: what leaked into an edition."""
    other = only_in("Hant" if script == "Hans" else "Hans")
    return [(offset, character) for offset, character in enumerate(text) if character in other]


@cache
def _finder(script: Script) -> Callable[[str], list[str]]:
    return re.compile(f"[{''.join(sorted(only_in(script)))}]").findall


def _decodable(codec: str, leads: range, trails: range | list[int]) -> Iterator[str]:
    for lead in leads:
        for trail in trails:
            try:
                yield bytes((lead, trail)).decode(codec)
            except UnicodeDecodeError:
                continue


def _encodable(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
