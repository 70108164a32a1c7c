"""Text of a dump → `Seed`: what each line is, and nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter

from gengduo.dates import DateReading, Passage, PassageKind, infer_date
from gengduo.errors import ContentError, Problem, problem
from gengduo.model import HeadlineFrom, LeftOut, Seed, SeedFigure, SeedParagraph, SeedTeaser, Sidecar
from gengduo.seeds import rules
from gengduo.seeds.around import leave_labels
from gengduo.seeds.body import Body, read_body
from gengduo.seeds.head import Head, find_lede, read_head
from gengduo.seeds.lines import INVISIBLE, WORD, Line, read_lines
from gengduo.seeds.part import Part
from gengduo.seeds.parts import Cut, cut_story, sort_parts
from gengduo.seeds.teasers import SECOND_HEAD, Draft, group_teasers
from gengduo.seeds.unfold import unfold
from gengduo.seeds.unwrap import unwrap


@dataclass
class _Notes:
    """What a reading leaves out and warns of."""

    path: str
    left_out: list[LeftOut]
    warnings: list[Problem] = field(default_factory=list)

    def warn(self, message: str, line: int) -> None:
        self.warnings.append(problem(self.path, message, line, 1))

    def clean_title(self, title: str, line: int, counted: bool = True) -> str:
        """Return the title without marks that cannot be seen; `counted`: it is the dump's own."""
        found = () if title.isprintable() else INVISIBLE.findall(title)
        if not found:
            return title
        names = ", ".join(sorted({f"U+{ord(character):04X}" for character in found}))
        self.warn(f"invisible marks ({names}) were taken out of a title; nothing to do", line)
        if counted:
            self.left_out.append(
                LeftOut(line=line, text="".join(found), reason="invisible marks in a title", mark=True)
            )
        return INVISIBLE.sub("", title).strip()


def parse_seed(text: str, name: str, sidecar: Sidecar | None = None) -> Seed:
    """Return the dump, read; `name` is its path under `seeds/`, and the sidecar wins over what is read.

    Raises ContentError for a dump without a story: empty, or a headline and nothing else.
    """
    path = f"seeds/{name}"
    lines = unfold(read_lines(unwrap(text.split("\n"))))
    if not lines:
        raise ContentError(problem(path, "the dump is empty; fill it or take it away", 1, 1))
    day_first = rules.puts_day_first(text)
    cut = cut_story(lines)
    parts = sort_parts(lines[: cut.story_end], cut.delimiters, day_first)
    head = read_head(parts)
    parts = leave_labels(parts, head.headline_at)
    head = find_lede(parts, head)
    body = read_body(parts, head)
    if not _tells_something(head, body):
        raise ContentError(
            problem(path, "the dump has a headline and no story; add its text or take it away", lines[0].number, 1)
        )
    teasers = group_teasers(lines[cut.block_start :])
    notes = _Notes(path, [*body.left_out, *_between(lines, cut), *teasers.left_out])
    for at in cut.delimiters:
        notes.warn(f"“{lines[at].text}” inside the body was left out; look at the page", lines[at].number)
    for out in teasers.left_out:
        if out.reason == SECOND_HEAD:
            notes.warn(f"“{out.text}” stands a second time; see that the teasers are whole", out.line)
    headline, headline_from = _headline(head, parts, sidecar or Sidecar(), notes)
    if sidecar and sidecar.date:
        dated = DateReading(sidecar.date, (f"“{sidecar.date}” (sidecar)",))
    else:
        dated = _date(parts, head, body, day_first)
    return Seed(
        name=name,
        headline=headline,
        headline_from=headline_from,
        lede=body.lede,
        dateline=body.dateline,
        byline=body.byline,
        credit=body.credit,
        blocks=body.blocks,
        teasers=tuple([_teaser(draft, day_first, notes) for draft in (*body.drafts, *teasers.drafts)]),
        left_out=tuple(sorted(notes.left_out, key=attrgetter("line"))),
        warnings=tuple(notes.warnings),
        date=dated.edtf,
        date_basis=dated.basis,
    )


def _tells_something(head: Head, body: Body) -> bool:
    """Tell whether there is a story: a paragraph, or below a headline the caption of a photo."""
    return any(
        WORD.search(block.text)
        if isinstance(block, SeedParagraph)
        else head.headline_from != "body" and WORD.search(block.caption)
        for block in body.blocks
    )


def _between(lines: Sequence[Line], cut: Cut) -> list[LeftOut]:
    return [
        LeftOut(line=line.number, text=line.text, reason="head of the block of teasers", mark=True)
        for line in lines[cut.story_end : cut.block_start]
    ]


def _headline(head: Head, parts: Sequence[Part], sidecar: Sidecar, notes: _Notes) -> tuple[str, HeadlineFrom]:
    """Return the headline and where it comes from."""
    line = parts[max(head.headline_at, 0)].line.number
    own = head.headline_from != "body"
    headline = notes.clean_title(head.headline, line, own)
    if not sidecar.title:
        return headline, head.headline_from
    if own and headline:
        notes.left_out.append(LeftOut(line=line, text=headline, reason="the sidecar states the title"))
    return sidecar.title, "sidecar"


def _teaser(draft: Draft, day_first: bool, notes: _Notes) -> SeedTeaser:
    """Return the teaser, its date inferred from its own words alone."""
    return SeedTeaser(
        title=notes.clean_title(draft.title, draft.line),
        caption=draft.caption,
        lede=draft.lede,
        incomplete=draft.incomplete,
        date=_teaser_date(draft.title, draft.caption, draft.lede, draft.stamp, day_first),
        line=draft.line,
    )


@lru_cache(maxsize=16_384)
def _teaser_date(title: str, caption: str, lede: str, stamp: str, day_first: bool) -> str:
    """Return the day that a teaser's own words give; remembered, since a teaser stands below many stories."""
    told: tuple[tuple[PassageKind, str], ...] = (
        ("stamp", stamp),
        ("lede", lede),
        ("headline", title),
        ("caption", caption),
    )
    return infer_date([Passage(kind, 1, text) for kind, text in told if text], day_first).edtf


def _date(parts: Sequence[Part], head: Head, body: Body, day_first: bool) -> DateReading:
    """Return the day of the story and the evidence, from everything but the teasers and the page around it."""
    passages = [Passage("stamp", part.line.number, part.line.text) for part in parts if part.kind == "stamp"]
    passages.extend(Passage("code", line, code) for line, code in body.codes)
    passages.extend(Passage("dateline", line, place) for line, place in body.datelines)
    if head.headline_at >= 0 or head.headline_from == "caption":
        passages.append(Passage("headline", parts[max(head.headline_at, 0)].line.number, head.headline))
    if head.lede_at >= 0:
        passages.append(Passage("lede", parts[head.lede_at].line.number, body.lede or parts[head.lede_at].line.text))
    opening = head.lede_at < 0
    for block in body.blocks:
        if isinstance(block, SeedFigure):
            passages.append(Passage("caption", block.line, block.caption))
        else:
            # Without a lede the first paragraph says what it would say.
            passages.append(Passage("lede" if opening else "body", block.line, block.text))
            opening = False
    return infer_date(passages, day_first)
