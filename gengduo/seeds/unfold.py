"""Lines that a crawler glued together, taken apart; datelines that it broke, mended."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice, pairwise

from gengduo.dates import read_stamp
from gengduo.seeds import rules
from gengduo.seeds.captions import MARKER, is_photo_credit, may_hold_marker, split_credit
from gengduo.seeds.datelines import starts_with_dateline
from gengduo.seeds.flat import cut_chrome, is_chrome_word, is_temporal
from gengduo.seeds.interface import is_interface
from gengduo.seeds.lines import Line, ends_sentence, is_delimiter, is_footer

_META = re.compile(r"(?:date|日期|时间|時間)\s*[:：]?\s*\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?=\s|$)", re.IGNORECASE)
# A button of the page in front of the editor's name.
_BUTTON = re.compile(r"【?(?:纠错|糾錯)】")
# Behind it a dateline could begin inside a line: a space, a full stop or a closing bracket.
_OPENING = re.compile(
    rf"[\s。！？!?)）】”](?={rules.AGENCY}|[（(〔【［\[](?:{rules.AGENCY}|[记記]者|[^（()）〔〕【】［］\[\]\s]{{2,24}}(?:報導|报道|報道|报导|[电電讯訊])[)）〕】］\]]))"
)
_STORY_END = re.compile(
    r"[（(【［\[](?:完|全文完|越通社[^（()）]{0,24}|[^（()）【】［］\[\]]{0,12}VNA|(?:责任)?编辑[:：][^（()）【】［］\[\]]{1,24}|(?:責任)?編輯[:：／][^（()）【】［］\[\]]{1,40}"
    r"|责编[:：][^（()）【】［］\[\]]{1,24}|[譯译]者[:：][^（()）【】［］\[\]]{1,40})[)）】］\]](?:\s?\d{6,7})?"
)
_WORD_BREAK = re.compile(r"(?<=[。！？!?”」』）)])\s+")
_HAN_SPACE = re.compile(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f“(（【])|(?<=[^\x00-\x7f]) +(?=\d+[月日年])")
_STOP_BREAK = re.compile(r"(?<=[。）)])\s+")
_PAUSE = re.compile("[，。,]")
_DASHES = "—–―─-"
_GLUED_FIRST = frozenset(_DASHES + "图圖影")
_LONE_LAST = frozenset("摄攝影社）)图圖照供发發")
_GLUED_DASH = re.compile(r"[—–―─]{1,4}|--")
_PLACE_LINE = re.compile(rf"{rules.AGENCY}[\u3400-\u9fff\s0-9]{{0,20}}")
# （来源：…） on a line of its own behind a sentence is the story's, not a photo's.
_SOURCE = re.compile(r"[（(](?:来源|來源)")
_LONE_WIRE = re.compile(r"[（(][^（()）\s]{2,12}[)）]\s")
_COLONS = (":", "：")
_WHOSE_PHOTO = re.compile(r"(?:图像来源|圖像來源|影像來源)\s?[:：]\s?\S.{1,60}")
_NAMES = frozenset(rules.AGENCY_NAMES)
_BARS = "|｜"
_META_STARTS = "dD日时時"
_UNUSUAL = _BARS + _META_STARTS + "【纠糾"
_LONGEST_CAPTION = 120
_FLAT = 160
"""Characters; a dump with no more than two lines, one of them longer than this, was flattened."""
_SHORT = 6
"""Characters; words between spaces that are shorter are no headlines of their own."""
_HEAD = 1_000
"""Characters; a dateline inside a line stands behind a caption or a lede, not further on."""
_MOST_PHOTOS = 200
_LONGEST_FLAT = 100_000
"""Characters; no page is longer."""
_FLAT_ALONE = 60
"""The same for a dump of one line."""
_AUTHOR = re.compile(r"\s(?=(?:作者|记者|記者|文|撰文)\s?[:：/／])")


def unfold(lines: list[Line]) -> list[Line]:
    """Return the lines of the dump as they stood on the page, as far as words and marks tell."""
    limit = _FLAT_ALONE if len(lines) == 1 else _FLAT
    flat = len(lines) <= 2 and any(len(line.text) > limit for line in lines)
    apart: list[Line] = []
    seen_dateline = False
    for line in _mend_lines(lines):
        plain = line.text[0] not in _UNUSUAL and line.text[-1] not in _BARS and not may_hold_marker(line.text)
        if plain and not flat:
            if seen_dateline:
                apart.append(line)
            else:
                seen_dateline = _add_opening(line, apart)
            continue
        if line.text[-1] in _BARS or line.text[0] in _BARS:
            # A table of the page: its bars are noise of their own.
            bars, inner = _without_bars(line)
            apart.extend(bars)
            if inner is None:
                continue
            line = inner
        if flat and limit < len(line.text) <= _LONGEST_FLAT:
            apart.extend(piece for row in _unflatten(line) for piece in _without_button(row))
            continue
        if not may_hold_marker(line.text):
            pieces: Iterable[Line] = (line,)
        else:
            pieces = _split_markers(line)
        for piece in (rest for each in pieces for rest in _without_button(each)):
            meta = _META.match(piece.text) if piece.text[0] in _META_STARTS else None
            if meta and meta.end() < len(piece.text):
                apart.append(piece._replace(text=meta[0]))
                piece = Line(piece.number, piece.text[meta.end() :].strip())
            if seen_dateline:
                apart.append(piece)
            else:
                seen_dateline = _add_opening(piece, apart)
    return apart


def _add_opening(line: Line, apart: list[Line]) -> bool:
    """Add a line of the page's head, cut before a dateline, and tell whether one was seen."""
    pieces = _split_before_dateline(line)
    apart.extend(pieces)
    return len(pieces) > 1 or starts_with_dateline(line.text)


def _without_button(line: Line) -> list[Line]:
    """Return the line, a button of the page at its front as a line of its own."""
    button = _BUTTON.match(line.text)
    if button is None or button.end() == len(line.text):
        return [line]
    return [line._replace(text=button[0]), Line(line.number, line.text[button.end() :].strip())]


def _without_bars(line: Line) -> tuple[list[Line], Line | None]:
    """Return the bars at both ends of the line, as lines, and what stands between them."""
    inner = line.text.strip(_BARS + " \u3000\xa0\t")
    if not inner:
        return [line], None
    start = line.text.index(inner)
    bars = (line.text[:start], line.text[start + len(inner) :])
    return [Line(line.number, bar.strip()) for bar in bars if bar.strip()], line._replace(text=inner)


def _is_lone_credit(text: str) -> bool:
    """Tell whether the line is a photo credit that belongs to the line above."""
    return len(text) <= 40 and text[-1] in _LONE_LAST and is_photo_credit(text)


def _mend_lines(lines: list[Line]) -> list[Line]:
    """Return the lines, each dateline with the dash and each caption with the credit that was put on the next line."""
    mended: list[Line] = []
    for line in lines:
        if line.text[0] not in _GLUED_FIRST and line.text[-1] not in _LONE_LAST:
            mended.append(line)
            continue
        previous = mended[-1].text if mended else ""
        # DW sets the credit of a photo below its caption, the BBC above it.
        whose = 4 < len(previous) <= _LONGEST_CAPTION and _WHOSE_PHOTO.fullmatch(line.text)
        dash = line.text[0] in _DASHES and _GLUED_DASH.match(line.text) and _PLACE_LINE.fullmatch(previous)
        credit = not line.gap and 4 < len(previous) <= _LONGEST_CAPTION and _is_lone_credit(line.text)
        if (
            dash
            or whose
            or (credit and not read_stamp(previous) and not (_SOURCE.match(line.text) and previous[-1] == "。"))
        ):
            mended[-1] = mended[-1]._replace(text=f"{mended[-1].text} {line.text}")
        else:
            mended.append(line)
    return mended


def _split_before_dateline(line: Line) -> list[Line]:
    """Return the line, cut before a dateline that stands behind a caption or a lede."""
    for match in _OPENING.finditer(line.text, 0, _HEAD):
        before, after = line.text[: match.end()].rstrip(), line.text[match.end() :]
        if (ends_sentence(before) or split_credit(before).credit) and starts_with_dateline(after):
            return [line._replace(text=before), Line(line.number, after)]
    return [line]


def _split_markers(line: Line) -> Iterable[Line]:
    """Return the line, cut so that each piece holds one photo marker at most: {headline} ảnh 1…{headline} ảnh 2."""
    matches = list(islice(MARKER.finditer(line.text), _MOST_PHOTOS))
    if len(matches) < 2:
        return [line]
    head = line.text[: matches[0].start()].strip()
    if not head:
        cuts = [match.start() for match in matches[1:]]
    else:
        cuts = []
        for previous, match in pairwise(matches):
            at = line.text.rfind(head, previous.end(), match.start())
            cuts.append(at if at >= 0 else match.start())
    pieces = [line.text[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(line.text)], strict=True)]
    return [Line(line.number, piece, line.gap and at == 0) for at, piece in enumerate(pieces) if piece]


def _unflatten(line: Line) -> list[Line]:
    """Return the parts of a page that was flattened to one line."""
    text = line.text
    story_end = 0
    for match in _STORY_END.finditer(text):
        story_end = match.end()
    head_end = _head_end(text)
    cuts = {0, len(text), head_end, story_end}
    cuts.update(match.end() for match in _WORD_BREAK.finditer(text, head_end))
    cuts.update(match.end() for match in _STOP_BREAK.finditer(text, 0, head_end))
    for a, b in pairwise(sorted(cuts)):
        cuts.update(cut_chrome(text, a, b))
    start = _opening_run(text, cuts)
    front = min([cut for cut in cuts if cut > start], default=len(text))
    time = next((at for at in sorted(cuts) if at >= front and is_temporal(text[at : at + 12])), -1)
    if time < 0 or front > head_end > 0 or ends_sentence(text[start:front].rstrip()):
        cuts.update(start + at for at in _cut_head(text[start:], max(0, head_end - start)))
    if time >= 0:
        cuts.update(match.end() for match in _AUTHOR.finditer(text, 0, time))
    cuts.update(_cut_delimiters(text, story_end or head_end))
    ordered = sorted(cuts)
    rows = [Line(line.number, piece) for a, b in pairwise(ordered) if (piece := text[a:b].strip())]
    rows = [piece for row in rows for piece in _split_markers(row)]
    return _split_teasers(rows)


def _opening_run(text: str, cuts: set[int]) -> int:
    """Return where the first words begin that are none of the page's own; a word of a few letters may be its menu's."""
    first = -1
    for a, b in pairwise(sorted(cuts)):
        words = text[a:b].strip()
        if words and not is_chrome_word(words):
            if len(words) >= _SHORT:
                return a
            first = a if first < 0 else first
    return max(0, first)


def _head_end(text: str) -> int:
    """Return where the body of a flattened page begins: at its dateline, or behind its first sentence."""
    if starts_with_dateline(text):
        return 0
    for match in _OPENING.finditer(text):
        # 来源： 新华网 is no dateline.
        named = text[max(0, match.end() - 5) : match.end()].rstrip(" :：").endswith(("来源", "來源", "稿源"))
        words = text[match.end() : match.end() + 60].split(maxsplit=2)
        # Vietnam+ (VietnamPlus) 首页 政治: the name of the site above its menu.
        menu = words[0].endswith((")", "）")) and len(words) > 1 and is_chrome_word(words[1])
        # …撤離。（路透） 〔: whose the photo is.
        credit = text[match.end() - 1] == "。" and _LONE_WIRE.match(text, match.end()) is not None
        if not (named or menu or credit) and starts_with_dateline(text[match.end() : match.end() + 200]):
            return match.end()
    return 0


def _cut_head(text: str, head_end: int) -> set[int]:
    """Return the places that divide headline, lede and caption before the dateline."""
    cuts: set[int] = set()
    head = text[:head_end] if head_end else text
    marker = MARKER.search(head)
    if marker:
        # The caption line begins with the headline, as the page does.
        at = _repeated_headline(head, marker.start())
        if at:
            cuts.add(at)
    front = head[: min(cuts)] if cuts else head
    body = text[head_end:]
    space = front.find(" ")
    while space > 0:
        probe = front[space + 1 : space + 13]
        if len(probe) >= 8 and probe in body[:400]:
            cuts.add(space)
            return cuts
        space = front.find(" ", space + 1)
    pause = _PAUSE.search(front, 0, _HEAD)
    spaces = [match.start() for match in _HAN_SPACE.finditer(front, 0, pause.start() if pause else 80)]
    if pause and spaces:
        cuts.add(spaces[-1])
    elif spaces and not head_end:
        cuts.add(spaces[0])
    return cuts


def _repeated_headline(head: str, marker: int) -> int:
    """Return where the headline stands again before the marker, 0 where it does not."""
    tail = head[:marker].rstrip()
    length = min(len(tail) // 2, 80)
    while length >= 4:
        if tail.startswith(tail[-length:]):
            return len(tail) - length
        length -= 1
    return 0


def _cut_delimiters(text: str, start: int) -> set[int]:
    """Return the places around a delimiter behind the story."""
    cuts: set[int] = set()
    for match in re.finditer(r"(?<=\s)(?=\S)", text[start:]):
        at = start + match.start()
        end = text.find(" ", at, at + 12)
        word = text[at : end if end >= 0 else at + 12]
        if rules.DELIMITERS.hold(word) or (word in _NAMES and text[max(0, at - 2) : at].strip() not in _COLONS):
            cuts.update((at, at + len(word)))
            if word not in _NAMES:
                break
    return cuts


def _split_teasers(rows: list[Line]) -> list[Line]:
    """Return the rows with those behind the delimiter cut into caption, headline and lede at their spaces."""
    start = next((at for at, row in enumerate(rows) if is_delimiter(row.text)), len(rows)) + 1
    behind = rows[start:]
    with_ledes = any(ends_sentence(row.text) for row in behind)
    apart = rows[:start]
    for row in _leave_chrome(behind):
        words = [word for word in _HAN_SPACE.split(row.text) if word]
        if len(words) < 2 or (not with_ledes and min(map(len, words)) < _SHORT):
            apart.append(row)
        elif with_ledes and ends_sentence(words[-1]):
            apart.extend(Line(row.number, word) for word in _join_credits(words))
        elif with_ledes:
            apart.append(row)
        else:
            apart.extend(Line(row.number, word) for word in words)
    return apart


def _leave_chrome(rows: list[Line]) -> list[Line]:
    """Return the rows with the page's own words at their ends as rows of their own."""
    apart: list[Line] = []
    for row in rows:
        words = row.text.split(" ")
        end = len(words)
        while end > 1 and (not words[end - 1] or is_interface(words[end - 1]) or is_footer(words[end - 1])):
            end -= 1
        apart.append(row._replace(text=" ".join(words[:end]).strip()))
        apart.extend(Line(row.number, word) for word in words[end:] if word)
    return [row for row in apart if row.text]


def _join_credits(words: list[str]) -> list[str]:
    """Return at most three words: a photo credit belongs to the words before it, a lede is the last."""
    joined: list[str] = []
    for word in words:
        if joined and len(word) <= 30 and word.startswith(rules.PHOTO_STARTS):
            joined[-1] = f"{joined[-1]} {word}"
        else:
            joined.append(word)
    if len(joined) > 3:
        joined = [joined[0], " ".join(joined[1:-1]), joined[-1]]
    return joined
