"""Whatever an editor and the seeds go through, nothing that an editor saved is ever lost, and no story comes twice."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from unittest.mock import Mock, patch

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from strategies import SEED_NAMES, TITLES, seed_names, seeds
from trials import SECOND_SEED, SEED, killed_at, lay_site, page, write

from gengduo.errors import SiteError
from gengduo.ingest import reading
from gengduo.job import Job
from gengduo.model import Article, ImportReport
from gengduo.pipeline import ingest
from gengduo.workers import SerialExecutor

SOAK = bool(os.environ.get("GENGDUO_SOAK"))
numbers = st.integers(0, 9)
draft_of_this_version = reading.draft_page


class Newsdesk(RuleBasedStateMachine):
    """The oracle: for each file that an editor saved and has not given up, its bytes."""

    @initialize()
    def found(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="newsdesk-"))
        self.site = lay_site(self.folder / "site", {"seeds/a.txt": SEED, "seeds/b.txt": SECOND_SEED})
        self.content = self.site / "content"
        self.saved: dict[Path, bytes] = {}
        self.made: set[bytes] = set()
        """What the program itself wrote: a page that an editor put back to it is the program's again."""
        self.deleted: set[str] = set()
        """Seeds whose page the editor deleted."""
        self.version = 1
        self.refusals: list[SiteError] = []

    def teardown(self) -> None:
        shutil.rmtree(getattr(self, "folder", "/nonexistent"), ignore_errors=True)

    # --------------------------------------------------------------------------------------------- the editor

    @rule(number=numbers, word=st.sampled_from(["又一段。", "再一段。"]))
    def edit(self, number: int, word: str) -> None:
        if found := self.file(number):
            self.save(found, found.read_bytes() + f"\n{word}\n".encode())

    @rule(number=numbers, title=st.sampled_from(TITLES))
    def retitle(self, number: int, title: str) -> None:
        if found := self.file(number):
            self.save(found, re.sub(rb"^title: .*$", f'title: "{title}"'.encode(), found.read_bytes(), flags=re.M))

    @rule(number=numbers)
    def break_front_matter(self, number: int) -> None:
        if found := self.file(number):
            self.save(found, found.read_bytes().replace(b"\n---\n", b"\n\tx: y: z\n---\n", 1))

    @rule(number=numbers)
    def mend(self, number: int) -> None:
        if found := self.file(number):
            self.save(found, found.read_bytes().replace(b"\n\tx: y: z", b""))

    @rule(number=numbers)
    def delete(self, number: int) -> None:
        if found := self.file(number):
            seeds = self.seeds_of(found)
            found.unlink()
            if found.suffix == ".md":
                pages = [path for path in self.files() if path.suffix == ".md"]
                still_there = {seed for path in pages for seed in self.seeds_of(path)}
                self.deleted |= {seed for seed in seeds if seed in self.locked_seeds()} - still_there
            self.saved.pop(found, None)

    @rule(number=numbers, name=st.sampled_from(["改名.md", "栏/other.md", "lao-jie-sheng-kai-tong-xin-hang-xian.md"]))
    def rename(self, number: int, name: str) -> None:
        found, target = self.file(number), self.content / name
        if found and found.suffix == ".md" and not target.exists():
            target.parent.mkdir(exist_ok=True)
            found.rename(target)
            if found in self.saved:
                self.saved[target] = self.saved.pop(found)

    @rule(title=st.sampled_from(TITLES), name=st.sampled_from(["own.md", "he-nei-ju-xing-di-fang-wai-shi-hui-yi.md"]))
    def write_own_page(self, title: str, name: str) -> None:
        if not (self.content / name).exists():
            self.save(self.content / name, page(title, f"own-{TITLES.index(title)}").encode())

    @rule(number=numbers)
    def take_what_waits(self, number: int) -> None:
        if (found := self.file(number, ".new")) and (target := found.with_suffix("")).exists():
            self.saved.pop(found, None)
            self.save(target, found.read_bytes())
            found.unlink()

    @rule(number=numbers)
    def drop_what_waits(self, number: int) -> None:
        if found := self.file(number, ".new"):
            found.unlink()
            self.saved.pop(found, None)

    @rule()
    def lose_lock(self) -> None:
        (self.content / "import.lock").unlink(missing_ok=True)
        self.deleted.clear()

    @rule()
    def lose_cache(self) -> None:
        shutil.rmtree(self.site / ".cache", ignore_errors=True)

    # --------------------------------------------------------------------------------------------- the seeds

    @rule(name=seed_names, text=seeds())
    def write_seed(self, name: str, text: str) -> None:
        write(self.site / "seeds" / name, text)

    @rule(name=seed_names)
    def break_seed(self, name: str) -> None:
        write(self.site / "seeds" / name, b"")

    @rule(old=seed_names, new=seed_names)
    def move_seed(self, old: str, new: str) -> None:
        source, target = self.site / "seeds" / old, self.site / "seeds" / new
        if source.exists() and not target.exists():
            target.parent.mkdir(exist_ok=True)
            source.rename(target)
            if old in self.deleted:
                self.deleted.remove(old)

    @rule(name=seed_names)
    def delete_seed(self, name: str) -> None:
        (self.site / "seeds" / name).unlink(missing_ok=True)

    # --------------------------------------------------------------------------------------------- the program

    @rule()
    def upgrade(self) -> None:
        self.version += 1

    @rule(event=st.integers(0, 40), torn=st.booleans())
    def kill(self, event: int, torn: bool) -> None:
        killed_at(event, self.site, torn=torn, work=self.run)

    def run(self) -> ImportReport | None:
        def draft(*arguments: object) -> Article:
            made = draft_of_this_version(*arguments)  # type: ignore[arg-type]
            return msgspec.structs.replace(made, byline=f"第{self.version}版")

        program = f"version {self.version}"
        job = Job(root=self.site, output=self.site / "public")
        with patch.object(reading, "draft_page", draft), patch("gengduo.pipeline.program_digest", lambda: program):
            try:
                return ingest(job, SerialExecutor(), lambda *_: None)
            except SiteError as error:
                self.refusals.append(error)
                return None

    # --------------------------------------------------------------------------------------------- the promise

    @precondition(lambda self: hasattr(self, "site"))
    @invariant()
    def nothing_is_lost(self) -> None:
        before = {path: path.read_bytes() for path in self.files()}
        report = self.run()
        for path, data in self.saved.items():
            assert path.read_bytes() == data, f"{path.name} is not as the editor saved it"
        after = {path: path.read_bytes() for path in self.files()}
        self.made |= {data for path, data in after.items() if before.get(path) != data}
        assert set(before) <= set(after), "a page is gone"
        claims = [seed for path in after if path.suffix == ".md" for seed in self.seeds_of(path)]
        kept = [seed for path in before if path.suffix == ".md" for seed in self.seeds_of(path)]
        for seed in SEED_NAMES:
            assert claims.count(seed) <= max(1, kept.count(seed)), f"two pages were made of {seed}"
            assert seed not in self.deleted or seed not in claims, f"the deleted page of {seed} came back"
        if report is not None:
            made = {self.site / path for path in (*report.created, *report.updated, *report.waiting)}
            assert {path for path in after if before.get(path) != after[path]} <= made
            again = self.run()
            assert again is not None
            assert not again.created
            assert not again.updated
            assert {path: path.read_bytes() for path in self.files()} == after, "a second import changed something"

    def locked_seeds(self) -> set[str]:
        """The dumps of which the lock knows: it alone tells that a page was deleted."""
        lock = self.content / "import.lock"
        return {entry["seed"] for entry in json.loads(lock.read_bytes())["pages"]} if lock.exists() else set()

    def save(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)
        self.saved[path] = data
        if data in self.made:
            del self.saved[path]

    def files(self) -> list[Path]:
        """The pages, and what waits beside them."""
        return sorted(path for path in self.content.rglob("*.md*") if not path.name.startswith("."))

    def file(self, number: int, suffix: str = "") -> Path | None:
        found = [path for path in self.files() if path.name.endswith(suffix)]
        return found[number % len(found)] if found else None

    def seeds_of(self, path: Path) -> list[str]:
        return re.findall(r'^seed: "(.*)"$', path.read_text("utf-8"), re.MULTILINE)


def test_no_history_loses_what_an_editor_saved() -> None:
    examples, steps = (2000, 50) if SOAK else (30, 18)
    run_state_machine_as_test(Newsdesk, settings=settings(max_examples=examples, stateful_step_count=steps))


def test_the_oracle_catches_an_importer_that_overwrites() -> None:
    """The test itself is put to the test."""
    from gengduo.content import Decision
    from gengduo.ingest import importer

    desk = Newsdesk()
    desk.found()
    try:
        with patch.object(importer, "decide", Mock(return_value=Decision.REPLACE)):
            desk.nothing_is_lost()
            desk.edit(number=0, word="又一段。")
            desk.write_seed(name="a.txt", text=SEED.replace("明年", "后年"))
            with pytest.raises(AssertionError, match="not as the editor saved it"):
                desk.nothing_is_lost()
    finally:
        desk.teardown()
