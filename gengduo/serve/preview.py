"""What the preview shows at the moment, and who is looking at it."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from gengduo.errors import Problem
from gengduo.model import SiteConfig
from gengduo.serve.rebuilding import Outcome

if TYPE_CHECKING:
    from gengduo.serve.web import ReloadHandler


class Preview:
    """The pages that are up. The only state of the server; changed by `show` alone, between two requests."""

    def __init__(self, output: Path, config: SiteConfig, outcome: Outcome) -> None:
        self.output = output
        self.base_path = config.base_path
        self.editions = tuple(edition.path for edition in config.editions)
        self.problems: tuple[Problem, ...] = outcome.problems
        self.warnings: tuple[Problem, ...] = outcome.warnings
        self.is_stale = outcome.config is None
        self.readers: set[ReloadHandler] = set()
        self._start = secrets.token_hex(4)
        self._number = 0

    @property
    def version(self) -> str:
        """Name of what is up; a page that was sent under another name, or by a server that ran before, is stale."""
        return f"{self._start}-{self._number}"

    @property
    def headline(self) -> str:
        """What stands above the problems."""
        return "The last good pages are shown; mend this:" if self.is_stale else "All is published but for this:"

    def is_news(self, outcome: Outcome) -> bool:
        """Tell whether a rebuild came to anything that readers or the terminal have not been shown."""
        return self._changes_pages(outcome) or (outcome.config is not None and outcome.warnings != self.warnings)

    def _changes_pages(self, outcome: Outcome) -> bool:
        return outcome.changed or outcome.problems != self.problems

    async def show(self, outcome: Outcome) -> None:
        """Take over what a rebuild came to, and let every browser load its page again where that shows it anything."""
        changes_pages = self._changes_pages(outcome)
        if outcome.config is not None:
            self.base_path = outcome.config.base_path
            self.editions = tuple(edition.path for edition in outcome.config.editions)
            self.warnings = outcome.warnings
        self.problems = outcome.problems
        self.is_stale = outcome.config is None
        if changes_pages:
            self._number += 1
            await asyncio.gather(*(reader.reload() for reader in tuple(self.readers)))
