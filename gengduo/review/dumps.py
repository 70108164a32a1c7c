"""What a review finds in the dumps: read as the importer reads them, done in shards."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from gengduo.content import dump_page, parse_page
from gengduo.dates import is_edtf
from gengduo.errors import Problem, SiteError, problem
from gengduo.ingest.reading import SeedSource, draft_page
from gengduo.markdown import parse_body
from gengduo.model import Article, LeftOut, Seed, Sidecar, Value
from gengduo.review.findings import Finding, Place, finding, from_problem, merged
from gengduo.seeds import decode_seed, parse_seed, parse_sidecar, unaccounted, without
from gengduo.tags import TagMatcher, Vocabulary

QUOTED = 80
"""Characters of a line that are shown."""

HEADLINES = {"body": "its first clause", "caption": "a caption"}


class DumpReview(Value, frozen=True, kw_only=True):
    """What was found in one dump."""

    name: str
    title: str = ""
    """Of the page that it makes."""
    findings: tuple[Finding, ...] = ()


def review_dump_shard(root: str, vocabulary: bytes, sources: Sequence[SeedSource]) -> list[DumpReview]:
    """Return what is to be told of these dumps; `vocabulary` is an encoded `Vocabulary`."""
    matcher = _matcher(vocabulary)
    return [review_dump(Path(root), matcher, source) for source in sources]


@lru_cache(maxsize=1)
def _matcher(vocabulary: bytes) -> TagMatcher:
    return TagMatcher(msgspec.msgpack.decode(vocabulary, type=Vocabulary))


def review_dump(root: Path, matcher: TagMatcher, source: SeedSource) -> DumpReview:
    """Return what is to be told of one dump."""
    path = f"seeds/{source.name}"
    sidecar = Sidecar()
    notes: tuple[Problem, ...] = ()
    try:
        if source.sidecar:
            sidecar, notes = parse_sidecar((root / "seeds" / source.sidecar).read_bytes(), f"seeds/{source.sidecar}")
        text, warnings = decode_seed((root / path).read_bytes(), path, source.encoding)
        seed = parse_seed(text, source.name, sidecar)
    except SiteError as error:
        return DumpReview(
            name=source.name, findings=tuple(from_problem("seed", each, takes="") for each in error.problems)
        )
    except OSError as error:
        message = f"cannot be read ({error.strerror}); check the file and its rights"
        return DumpReview(name=source.name, findings=(from_problem("seed", problem(path, message), takes=""),))
    draft = draft_page(seed, matcher, sidecar)
    found = [from_problem("seed-note", each) for each in (*notes, *warnings, *seed.warnings)]
    found += _of_seed(seed, draft, path)
    found += _lost(text, seed, draft, path, sidecar)
    return DumpReview(name=source.name, title=draft.title, findings=tuple(merged(found)))


def _of_seed(seed: Seed, draft: Article, path: str) -> Iterator[Finding]:
    """Yield what the reading of a dump itself says: left-out lines, and a headline that it does not have."""
    if seed.headline_from in HEADLINES:
        what = f"the dump has no headline; “{draft.title}” was made from {HEADLINES[seed.headline_from]}"
        yield finding("headline", Place(path=path, line=1), what, path, draft.title, words=draft.title)
    for out in seed.left_out:
        if not out.mark:
            what = f"“{_short(out.text)}” was left out: {out.reason}"
            yield finding(
                "left-out",
                Place(path=path, line=out.line),
                what,
                out.text,
                out.reason,
                words=out.text,
                choice=out.reason,
            )


def _lost(text: str, seed: Seed, draft: Article, path: str, sidecar: Sidecar) -> Iterator[Finding]:
    """Yield what neither the page nor the list of left-out lines holds; it should be nothing, whatever the dump."""
    replaced = seed.byline if sidecar.source else ""
    for out in unaccounted(text, seed) or lost_in_page(text, seed, draft, replaced):
        what = f"“{_short(out.text)}” is in the dump and nowhere else: {out.reason}"
        yield finding("lost", Place(path=path, line=out.line), what, path, out.text, words=out.text, takes="")


def lost_in_page(text: str, seed: Seed, draft: Article, replaced: str = "") -> tuple[LeftOut, ...]:
    """Return the characters of a dump that neither its page, as written and read again, nor `left_out` holds.

    Width and form are folded, since the page is set in full-width punctuation; white space does not count.
    `replaced` is what a sidecar states better.
    """
    missing = _missing(*without(text, (*_words_of_page(draft), *(out.text for out in seed.left_out), replaced)))
    if not any(count > 0 for count in missing.values()):
        return ()
    lost: list[LeftOut] = []
    for number, row in reversed(list(enumerate(text.split("\n"), 1))):
        here = []
        for character in _folded(row):
            if missing[character] > 0:
                missing[character] -= 1
                here.append(character)
        if here:
            lost.append(LeftOut(line=number, text="".join(here), reason="not on the page"))
    return tuple(reversed(lost))


def _words_of_page(draft: Article) -> Iterator[str]:
    """Yield all words of a page that its dump can have given, read back from the file that the importer would write."""
    slugged = tuple(msgspec.structs.replace(teaser, slug=f"t{number}") for number, teaser in enumerate(draft.more))
    written = dump_page(msgspec.structs.replace(draft, slug="a", more=slugged))
    page, _ = parse_page(written.encode("utf-8", "surrogatepass"), "", is_edtf)
    yield from (page.title, page.lede, page.dateline, page.byline, page.credit)
    for block in parse_body(page.body).blocks:
        yield "".join(block)
    for teaser in page.more:
        yield from (teaser.title, teaser.caption, teaser.lede)


def _missing(text: str, words: str) -> Counter[str]:
    """Return how much oftener each folded character stands in a text than in words; most need not be folded for it."""
    written = Counter(text)
    written.subtract(Counter(words))
    missing: Counter[str] = Counter()
    for character, count in written.items():
        if count:
            for folded in _fold(character):
                missing[folded] += count
    return missing


def _folded(text: str) -> str:
    """Return the characters of a text without white space, each by itself in one width and form."""
    return "".join(map(_fold, "".join(text.split())))


@lru_cache(maxsize=20_000)
def _fold(character: str) -> str:
    return "".join(unicodedata.normalize("NFKC", character).split())


def _short(text: str) -> str:
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
