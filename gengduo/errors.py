"""What can go wrong, and how it is told: `path:line:column: what is wrong; what to do`.

SiteError                 somebody outside the program can mend it; carries one or more problems
├── ContentError          exit 1: a seed, a page or a template
├── ConfigError           exit 2: usage, site.toml, an output folder that is not ours
├── LockedError           exit 3: another build runs
└── StorageError          exit 4: reading or writing failed
    └── WorkerLostError   a process that did the work was ended from outside

A traceback that a user sees is a bug in this program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Characters that Unicode counts among letters and symbols, and that show nothing."""


class Position(NamedTuple):
    """Where in a file; line and column count from 1, 0 means that the whole file is meant."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.path, *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(parts)


class Problem(NamedTuple):
    """One thing to tell: an error or a warning, in one line."""

    position: Position
    message: str

    def __str__(self) -> str:
        return f"{self.position}: {one_line(self.message)}"


class SiteError(Exception):
    """Something that somebody outside the program can mend."""

    exit_code: ClassVar[int] = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[SiteError], tuple[Sequence[Problem]]]:
        """Let the error travel from a worker process."""
        return type(self), (self.problems,)


class ContentError(SiteError):
    """A seed, a page or a template is wrong."""


class ConfigError(SiteError):
    """The command line, `site.toml` or the output folder is wrong."""

    exit_code = 2


class LockedError(SiteError):
    """Another build of this site is running."""

    exit_code = 3


class StorageError(SiteError):
    """The disk, or the right to use it, failed."""

    exit_code = 4


class WorkerLostError(StorageError):
    """A worker process was ended from outside; its pool takes no more work."""


def problem(path: object, message: str, line: int = 0, column: int = 0) -> Problem:
    """Return a problem at a place of a file."""
    return Problem(Position(one_line(str(path)), line, column), message)


def one_line(text: str) -> str:
    """Return the text with control characters and line breaks made visible, so that it prints in one line."""
    return "".join(character if character.isprintable() else " " for character in text)


def is_visible(text: str) -> bool:
    """Tell whether a text shows anything: spaces, controls, formats and marks by themselves do not."""
    from unicodedata import category

    return any(category(character)[0] not in "CMZ" and character not in BLANKS for character in text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean “x”?` for the nearest known word, or nothing."""
    from difflib import get_close_matches

    nearest = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean “{nearest[0]}”?" if nearest else ""
