"""What commands report."""

from __future__ import annotations

from gengduo.errors import Problem
from gengduo.model.base import Value


class ImportReport(Value, frozen=True, kw_only=True):
    """What an import did."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    """`.new` files that an editor should look at."""
    unchanged: int = 0
    warnings: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()


class BuildReport(Value, frozen=True, kw_only=True):
    """What a build did."""

    articles: int
    briefs: int
    editions: tuple[str, ...]
    pages: int
    written: int
    unchanged: int
    removed: int
    seconds: float
    warnings: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()
