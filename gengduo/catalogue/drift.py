"""Hand-made editions and their originals: which originals changed after the hand-made page was last worked on.

`content/editions.lock` remembers, for each hand-made page, its own digest and that of the words its original had when
the page was last seen changed. Where the original's words are others now and the page is the same, it has drifted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from gengduo.cache import digest_of
from gengduo.errors import ContentError, Problem, problem
from gengduo.model import Article, Value
from gengduo.output import write_durably

LOCK = "content/editions.lock"
VERSION = 1


class HandMade(Value, frozen=True, kw_only=True, array_like=False):
    """A hand-made edition of a page."""

    page: str
    """Path under `content/`."""
    page_digest: str
    original_words: str
    """`words_digest` of the original."""


class _Lock(Value, frozen=True, kw_only=True, array_like=False):
    version: int
    pages: list[HandMade]


def words_digest(article: Article) -> str:
    """Return the digest of what a reader reads of a page: a new tag or date makes no translation old."""
    return digest_of(
        (
            *(article.title, article.lede, article.dateline, article.byline, article.credit, article.section),
            *(article.withdrawn, article.body, article.corrections),
            [(teaser.title, teaser.caption, teaser.lede) for teaser in article.more],
        )
    )


def follow_originals(root: Path, pages: Iterable[HandMade]) -> list[Problem]:
    """Return a warning for each page that drifted, and remember the pages that are new or were worked on."""
    known, seen = load_editions_lock(root), list(pages)
    now = {page.page: page if _was_worked_on(page, known) else known[page.page] for page in seen}
    if now != known:
        save_editions_lock(root, now)
    return [_warning(page) for page in drifted(seen, known)]


def drifted(pages: Iterable[HandMade], known: Mapping[str, HandMade]) -> Iterator[HandMade]:
    """Yield the pages whose original changed since they were last worked on."""
    for page in pages:
        if not _was_worked_on(page, known) and known[page.page].original_words != page.original_words:
            yield page


def _was_worked_on(page: HandMade, known: Mapping[str, HandMade]) -> bool:
    return page.page not in known or known[page.page].page_digest != page.page_digest


def _warning(page: HandMade) -> Problem:
    message = (
        "the original changed after this hand-made edition; bring it up to date, "
        "or say with “review --accept” that nothing is to be done"
    )
    return problem(f"content/{page.page}", message)


def load_editions_lock(root: Path) -> dict[str, HandMade]:
    """Return what is remembered of hand-made editions, by their path under `content/`."""
    try:
        lock = msgspec.json.decode((root / LOCK).read_bytes(), type=_Lock)
    except FileNotFoundError:
        return {}
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"the lock cannot be read ({error}); restore it from history, or delete it"
        raise ContentError(problem(LOCK, message)) from None
    return {page.page: page for page in lock.pages}


def save_editions_lock(root: Path, pages: Mapping[str, HandMade]) -> None:
    """Write the lock, one page a line, so that merges and differences read well."""
    rows = [msgspec.json.encode(pages[name]).decode() for name in sorted(pages)]
    if rows or (root / LOCK).exists():
        text = f'{{"version": {VERSION}, "pages": [\n' + ",\n".join(f"  {row}" for row in rows) + "\n]}\n"
        write_durably(root / LOCK, text.encode())
