"""Reading a dump: from its bytes to a page without slugs. Pure, and done in shards."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import FileIO
from itertools import chain

import msgspec

from gengduo.cache import digest_bytes, digest_of
from gengduo.content import dump_page
from gengduo.editions import escape_overrides, prevailing_script
from gengduo.errors import Problem, SiteError, problem
from gengduo.markdown import escape_markdown, figure_markdown
from gengduo.model import Article, Seed, SeedFigure, Sidecar, Teaser, Value
from gengduo.seeds import MAX_BYTES, decode_seed, parse_seed, parse_sidecar
from gengduo.tags import TagMatcher, Vocabulary
from gengduo.typography import fold_titles, full_width

LANGUAGES = {"Hans": "zh-Hans", "Hant": "zh-Hant"}
QUOTES = {"Hans": {}, "Hant": str.maketrans("“”", "「」")}
"""The evidence of a date is quoted in the marks of the page's script."""


_MAY_BE_MARKUP = re.compile("[!-/:-@[-`{-~]")
"""ASCII punctuation: without any, text is no Markdown."""


class SeedSource(Value, frozen=True, kw_only=True):
    """A dump to read."""

    name: str
    """Path under `seeds/`."""
    encoding: str
    sidecar: str = ""
    """Path under `seeds/` of the file that states more about it."""
    known: str = ""
    """Digest of a reading that need not be done again; empty: read in any case."""


class PageDraft(Value, frozen=True, kw_only=True):
    """A page without its slugs: they depend on the pages that are there, and are given in the order of the dumps."""

    title: str
    teasers: tuple[str, ...]
    """Their titles."""
    keys: tuple[str, ...]
    """What is compared of these titles, the page's own first."""
    pieces: tuple[str, ...]
    """The file, cut where a slug stands: the page's own first, then one for each teaser."""

    def with_slugs(self, slugs: Sequence[str]) -> bytes:
        """Return the file; the page's own slug comes first, then one for each teaser."""
        filled = chain.from_iterable(zip(self.pieces, slugs, strict=False))
        return "".join([*filled, self.pieces[-1]]).encode()


class SeedReading(Value, frozen=True, kw_only=True):
    """What became of a dump."""

    name: str
    digest: str
    draft: PageDraft | None = None
    """None: not read again, or in error."""
    warnings: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_seed_shard(root: str, vocabulary: bytes, sources: Sequence[SeedSource]) -> list[SeedReading]:
    """Return the pages that these dumps become, without slugs; `vocabulary` is an encoded `Vocabulary`."""
    matcher = _matcher(vocabulary)
    return [read_seed(root, matcher, source) for source in sources]


@lru_cache(maxsize=1)
def _matcher(vocabulary: bytes) -> TagMatcher:
    return TagMatcher(msgspec.msgpack.decode(vocabulary, type=Vocabulary))


def read_seed(root: str, matcher: TagMatcher, source: SeedSource) -> SeedReading:
    """Return the page that a dump becomes, or why it becomes none."""
    path, sidecar_path = f"seeds/{source.name}", f"seeds/{source.sidecar}"
    shown = path
    try:
        data = _read_bytes(f"{root}/{path}")
        shown = sidecar_path
        stated = _read_bytes(f"{root}/{sidecar_path}") if source.sidecar else b""
    except OSError as error:
        message = f"cannot be read ({error.strerror}); check the file and its rights"
        return SeedReading(name=source.name, digest="", problems=(problem(shown, message),))
    plain = not source.sidecar and source.encoding == "utf-8"
    digest = digest_bytes(data) if plain else digest_of((data, stated, source.encoding))
    if digest == source.known:
        return SeedReading(name=source.name, digest=digest)
    sidecar = Sidecar()
    notes: tuple[Problem, ...] = ()
    try:
        if source.sidecar:
            sidecar, notes = parse_sidecar(stated, sidecar_path)
        text, warnings = decode_seed(data, path, source.encoding)
        seed = parse_seed(text, source.name, sidecar)
    except SiteError as error:
        return SeedReading(name=source.name, digest=digest, problems=tuple(error.problems))
    # No dump holds its own digest: it marks where slugs will stand.
    draft = cut_page(draft_page(seed, matcher, sidecar, digest), digest)
    return SeedReading(name=source.name, digest=digest, draft=draft, warnings=(*notes, *warnings, *seed.warnings))


def _read_bytes(path: str) -> bytes:
    """Return the bytes of a file; of a larger one than a dump can be, enough to refuse it."""
    with FileIO(path) as file:
        # A limit takes memory for as many bytes, and so it is given only where it matters.
        return file.read(MAX_BYTES + 1 if os.fstat(file.fileno()).st_size > MAX_BYTES else -1)


def draft_page(seed: Seed, matcher: TagMatcher, sidecar: Sidecar, slug: str = "") -> Article:
    """Return the page of a seed, punctuation set for reading; `slug` stands for each that will be given to it."""
    words = _reading_words(seed, sidecar)
    title, lede = words[seed.headline], words[seed.lede]
    paragraphs = [words[block.text] for block in seed.blocks if not isinstance(block, SeedFigure)]
    script = prevailing_script("\n".join([title, lede, *paragraphs])) or "Hans"
    return Article(
        source_path="",
        title=title,
        slug=slug,
        lang=LANGUAGES[script],
        date=seed.date,
        date_basis=tuple(basis.translate(QUOTES[script]) for basis in seed.date_basis),
        lede=lede,
        dateline=words[seed.dateline],
        byline=words[sidecar.source or seed.byline],
        credit=words[seed.credit],
        tags=matcher.find(title, lede, "\n".join(paragraphs)),
        more=tuple(
            Teaser(
                title=words[teaser.title],
                slug=slug,
                caption=words[teaser.caption],
                lede=words[teaser.lede],
                date=teaser.date,
                incomplete=teaser.incomplete,
            )
            for teaser in seed.teasers
        ),
        seed=seed.name,
        source_url=sidecar.url,
        body=draft_body(seed, words),
        body_line=0,
    )


def cut_page(article: Article, mark: str) -> PageDraft:
    """Return the page, cut where its slugs will stand, in whose place is a mark."""
    teasers = tuple(teaser.title for teaser in article.more)
    return PageDraft(
        title=article.title,
        teasers=teasers,
        keys=fold_titles((article.title, *teasers)),
        pieces=tuple(dump_page(article).split(mark)),
    )


def draft_body(seed: Seed, words: Mapping[str, str]) -> str:
    """Return the Markdown of a seed's body: its words read in the page just as they are set."""
    parts, photos = [], 0
    for block in seed.blocks:
        if isinstance(block, SeedFigure):
            photos += 1
            parts.append(figure_markdown(words[block.caption], f"photo-{photos}.jpg", words[block.credit]))
        else:
            text = words[block.text]
            parts.append(escape_markdown(text) if _MAY_BE_MARKUP.search(text) else text)
    return "\n\n".join(parts) + "\n"


def _reading_words(seed: Seed, sidecar: Sidecar) -> dict[str, str]:
    """Return each text of a dump as a reader should see it, and as nothing but words; all are set in one call."""
    texts = [seed.headline, seed.lede, seed.dateline, sidecar.source or seed.byline, seed.credit]
    for block in seed.blocks:
        texts += (block.caption, block.credit) if isinstance(block, SeedFigure) else (block.text,)
    for teaser in seed.teasers:
        texts += (teaser.title, teaser.caption, teaser.lede)
    joined = "\n".join(texts)
    if joined.count("\n") >= len(texts):
        joined = "\n".join(text.replace("\n", " ") for text in texts)
    return dict(zip(texts, escape_overrides(full_width(joined)).split("\n"), strict=True))
