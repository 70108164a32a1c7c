"""After any edits, failures, damage and kills, a build leaves the bytes, paths and modes of a clean build elsewhere."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

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
from small_site import BASE_URL
from strategies import WORDS, names, pages, seed_names, seeds
from trials import (
    CONFIG,
    GLOSSARY,
    PLAIN_THEME,
    SECOND_SEED,
    SEED,
    TAGS,
    CleanBuilder,
    Tree,
    build_here,
    copy_without_state,
    difference,
    killed_at,
    lay_site,
    page,
    tree_of,
    write,
)

import gengduo.cache
import gengduo.catalogue.page
import gengduo.catalogue.shelf
import gengduo.feeds
import gengduo.pipeline
import gengduo.press
import gengduo.press.book
import gengduo.render.theme
from gengduo.cache import Cache, Memory
from gengduo.references import Library

SOAK = bool(os.environ.get("GENGDUO_SOAK"))
CONFIGS = (
    CONFIG,
    CONFIG.replace("小报", "大报"),
    CONFIG.replace("page_size = 3", "page_size = 1"),
    CONFIG.replace(BASE_URL, "https://example.org/"),
    CONFIG.replace('"neutral"', '"tw"'),
    CONFIG.replace("页脚", "老挝页脚"),
    CONFIG[: CONFIG.rindex("[[editions]]")],
)
BROKEN = {
    "content/broken.md": "---\ntitle: a: b\n---\n",
    "content/tags.toml": "[[tag]\n",
    "templates/partials/mast.html": "{{ site.titel }}\n",
    "templates/base.html": "{% block main %}\n",
    "templates/strings.toml": "[\n",
    "site.toml": "titel = 1\n",
}
EDITED = {
    "templates/partials/mast.html": "<p>{{ site.title }}，{{ site.label }}</p>\n",
    "templates/partials/mark.svg": '<svg viewBox="0 0 1 1"></svg>',
    "templates/missing.html": (
        '{% extends "base.html" %}{% block main %}{% include "partials/new.html" ignore missing %}{% endblock %}'
    ),
    "templates/partials/new.html": "新\n",
    "templates/strings.toml": PLAIN_THEME["templates/strings.toml"].replace("标签", "话题"),
    "static/plain.css": "p { margin: 1 }",
    "static/plain.css/now-a-folder.css": "p { }",
    "static/photos/wai-shi/photo-1.jpg": "no picture, but held",
    "content/glossary.toml": GLOSSARY.replace("老撾", "寮國"),
    "content/tags.toml": TAGS.replace('"topic"', '"place"').replace("外事会议", "总理"),
}


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[CleanBuilder]:
    builder = CleanBuilder()
    yield builder
    builder.close()


class Newsroom(RuleBasedStateMachine):
    """One site and everything that is done to it; after each step it is built, here and elsewhere."""

    clean: Callable[[Path], tuple[int, Tree, Tree]]

    @initialize()
    def found(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="newsroom-"))
        files = {
            "seeds/a.txt": SEED,
            "seeds/b.txt": SECOND_SEED,
            "content/tags.toml": TAGS,
            "content/glossary.toml": GLOSSARY,
            "content/a.md": page("国会通过新法", "xin-fa", tags=("老挝",), more=(("发现古井里的干菜", "gan-cai"),)),
        }
        self.site = lay_site(self.folder / "site", files)
        self.public = self.site / "public"
        self.preview = self.folder / "preview"
        self.memory = Memory()
        self.good = {path: (self.site / path).read_text("utf-8") for path in BROKEN if (self.site / path).exists()}
        self.foreign: dict[str, bytes] = {}

    def teardown(self) -> None:
        shutil.rmtree(getattr(self, "folder", "/nonexistent"), ignore_errors=True)

    # ------------------------------------------------------------------------------------------------ editing

    @rule(name=names, text=pages())
    def write_page(self, name: str, text: str) -> None:
        write(self.site / "content" / name, text)

    @rule(name=names, text=pages())
    def write_by_hand(self, name: str, text: str) -> None:
        write(self.site / "content" / f"{name.removesuffix('.md')}.zh-hant.md", text)

    @rule(number=st.integers(0, 9), word=st.sampled_from(WORDS))
    def add_word(self, number: int, word: str) -> None:
        if found := self.files("content", ".md", number):
            write(found, found.read_text("utf-8") + f"\n{word}\n")

    @rule(number=st.integers(0, 9))
    def delete_page(self, number: int) -> None:
        if found := self.files("content", ".md", number):
            found.unlink()

    @rule(first=st.integers(0, 9), second=st.integers(0, 9))
    def swap_pages(self, first: int, second: int) -> None:
        one, other = self.files("content", ".md", first), self.files("content", ".md", second)
        if one and other and one != other:
            kept = self.site / "content" / "kept"
            one.rename(kept)
            other.rename(one)
            kept.rename(other)

    @rule(number=st.integers(0, 9), name=names)
    def rename_page(self, number: int, name: str) -> None:
        if found := self.files("content", ".md", number):
            (self.site / "content" / name).parent.mkdir(exist_ok=True)
            found.rename(self.site / "content" / name)

    @rule(number=st.integers(0, 9))
    def same_size_and_time(self, number: int) -> None:
        found = self.files("content", ".md", number)
        if found and "正文" in (old := found.read_text("utf-8")):
            before = found.stat()
            found.write_text(old.replace("正文", "文章"), "utf-8")
            os.utime(found, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(number=st.integers(0, 30))
    def touch(self, number: int) -> None:
        if found := self.files("", "", number):
            found.touch()

    @rule(name=seed_names, text=seeds())
    def write_seed(self, name: str, text: str) -> None:
        write(self.site / "seeds" / name, text)

    @rule(number=st.integers(0, 3), name=seed_names)
    def move_seed(self, number: int, name: str) -> None:
        if found := self.files("seeds", ".txt", number):
            (self.site / "seeds" / name).parent.mkdir(exist_ok=True)
            found.rename(self.site / "seeds" / name)

    @rule(number=st.integers(0, 3))
    def delete_seed(self, number: int) -> None:
        if found := self.files("seeds", ".txt", number):
            found.unlink()

    @rule(path=st.sampled_from(sorted(EDITED)))
    def edit(self, path: str) -> None:
        place = self.site / path
        for parent in (place.parent, place):
            if parent == place and place.is_dir():
                shutil.rmtree(place)
            elif parent != place and parent.is_file():
                parent.unlink()
        write(place, EDITED[path])

    @rule(config=st.sampled_from(CONFIGS))
    def configure(self, config: str) -> None:
        write(self.site / "site.toml", config)
        self.good["site.toml"] = config

    @rule(path=st.sampled_from(["static/plain.css", "templates/partials/new.html", "content/glossary.toml"]))
    def take_away(self, path: str) -> None:
        if (self.site / path).is_file():
            (self.site / path).unlink()

    @rule(path=st.sampled_from(sorted(BROKEN)))
    def break_file(self, path: str) -> None:
        write(self.site / path, BROKEN[path])

    @rule(path=st.sampled_from(sorted(BROKEN)))
    def repair(self, path: str) -> None:
        if path in self.good:
            write(self.site / path, self.good[path])
        else:
            (self.site / path).unlink(missing_ok=True)

    # ------------------------------------------------------------------------------------------------ damage

    @rule(number=st.integers(0, 30), kind=st.sampled_from(["cut", "flip", "delete", "empty"]))
    def damage_cache(self, number: int, kind: str) -> None:
        if found := self.files(".cache", "", number):
            damage(found, kind, number)

    @rule()
    def let_time_pass(self) -> None:
        """What was written is settled now: the next build believes what the file system says."""
        for _ in range(2):
            time.sleep(0.06)
            build_here(self.site)

    @rule()
    def delete_cache(self) -> None:
        shutil.rmtree(self.site / ".cache", ignore_errors=True)

    @rule(number=st.integers(0, 99), kind=st.sampled_from(["cut", "flip", "delete", "empty", "mode", "link"]))
    def damage_output(self, number: int, kind: str) -> None:
        if found := self.files("public", "", number):
            data = found.read_bytes()
            damage(found, kind, number)
            if kind == "link":
                self.foreign[found.resolve().relative_to(self.public.resolve()).as_posix()] = data

    @rule(number=st.integers(0, 99))
    def put_foreign_file(self, number: int) -> None:
        if found := self.files("public", ".html", number):
            path = found.with_name("CNAME")
            path.write_bytes(b"paper.example\n")
            self.foreign[path.relative_to(self.public).as_posix()] = b"paper.example\n"

    @rule(event=st.integers(0, 150), torn=st.booleans())
    def kill(self, event: int, torn: bool) -> None:
        killed_at(event, self.site, torn=torn)

    # ------------------------------------------------------------------------------------------------ the promise

    @precondition(lambda self: hasattr(self, "site"))
    @invariant()
    def same_as_clean(self) -> None:
        before = settled_tree(self.public)
        done = build_here(self.site)
        after = settled_tree(self.public)
        code, there, content = self.clean(self.site)
        assert code == done.exit_code, done
        if done.report is None:
            assert done.errors
            assert all(": " in line and "; " in line for line in done.errors), done.errors
            assert difference(before, after) == []
            return
        for path, data in self.foreign.items():
            assert after.pop(path)[2] == data
            for folder in (path[:end] for end in range(len(path)) if path[end] == "/"):
                if folder not in there:  # it is kept for the sake of the file
                    after.pop(folder, None)
        assert difference(after, settled(there)) == []
        assert difference(tree_of(self.site / "content"), content) == []
        assert build_here(self.site, self.preview, self.memory).exit_code == code
        assert difference(settled_tree(self.preview), settled(there)) == []

    def files(self, folder: str, suffix: str, number: int) -> Path | None:
        """One of the files of a folder."""
        found = sorted(
            path for path in (self.site / folder).rglob("*") if path.is_file() and path.name.endswith(suffix)
        )
        found = [
            path for path in found if path.name != "lock" and ".gengduo" not in path.parts and path.name != "CNAME"
        ]
        if not folder:
            found = [path for path in found if not {".cache", "public"} & set(path.relative_to(self.site).parts)]
        return found[number % len(found)] if found else None


def settled(tree: Tree) -> Tree:
    """A tree without what a killed build left on the stage: the next one clears it when it comes to stage."""
    return {
        path: entry for path, entry in tree.items() if not path.startswith(".gengduo/") or path.endswith("manifest")
    }


def settled_tree(folder: Path) -> Tree:
    return settled(tree_of(folder))


def damage(place: Path, kind: str, number: int) -> None:
    """Cut, flip a bit of, empty, delete, unlock or replace a file."""
    data = bytearray(place.read_bytes())
    if kind == "delete":
        place.unlink()
    elif kind == "mode":
        place.chmod(0o600)
    elif kind == "link":
        target = place.with_name(f"original-{number}")
        target.write_bytes(data)
        place.unlink()
        place.symlink_to(target)
    elif kind == "empty" or not data:
        place.write_bytes(b"")
    elif kind == "cut":
        place.write_bytes(data[: len(data) // 2])
    else:
        data[random.Random(number).randrange(len(data))] ^= 1 << number % 8
        place.write_bytes(bytes(data))


def test_any_history_ends_like_a_clean_build(elsewhere: CleanBuilder) -> None:
    class Proved(Newsroom):
        clean = staticmethod(elsewhere.build)

    Proved.__name__ = Proved.__qualname__ = "Newsroom"
    examples, steps = (500, 50) if SOAK else (7, 12)
    bounds = settings(max_examples=examples, stateful_step_count=steps)
    run_state_machine_as_test(Proved, settings=bounds)


# ------------------------------------------------------------------------------- the test itself is put to the test


class Scale:
    """A site whose incremental builds are compared with clean ones of the same program, in this process."""

    def __init__(self, folder: Path) -> None:
        files = {
            "seeds/a.txt": SEED,
            "content/tags.toml": TAGS,
            "content/glossary.toml": GLOSSARY,
            "content/a.md": page("国会通过新法", "xin-fa", "老挝。\n", more=(("发现古井里的干菜", "gan-cai"),)),
        }
        self.folder = folder
        self.site = lay_site(folder / "site", files)

    def weigh(self, memory: Memory | None = None) -> list[str]:
        """Build what is there, and return how it differs from a clean build."""
        assert build_here(self.site, memory=memory).report is not None
        target = self.folder / "clean"
        shutil.rmtree(target, ignore_errors=True)
        copy_without_state(self.site, target)
        gengduo.press.printing._press.cache_clear()
        assert build_here(target).report is not None
        return difference(tree_of(self.site / "public"), tree_of(target / "public"))


def edit_page(site: Path) -> None:
    write(site / "content" / "a.md", page("国会通过旧法", "xin-fa", "老挝。\n"))


def edit_headline(site: Path) -> None:
    place = site / "content" / "a.md"
    place.write_text(place.read_text("utf-8").replace("国会通过新法", "国会通过旧法"), "utf-8")


def edit_date(site: Path) -> None:
    place = site / "content" / "a.md"
    place.write_text(
        place.read_text("utf-8").replace('lang: "zh-Hans"', 'lang: "zh-Hans"\ndate: "2011-11-11"'), "utf-8"
    )


def edit_words(site: Path) -> None:
    """Words alone, of which no other page shows any."""
    place = site / "content" / "a.md"
    place.write_text(place.read_text("utf-8") + "\n柬埔寨。\n", "utf-8")


def edit_partial(site: Path) -> None:
    write(site / "templates/partials/mast.html", EDITED["templates/partials/mast.html"])


def edit_included_by_partial(site: Path) -> None:
    write(site / "templates/partials/mark.svg", EDITED["templates/partials/mark.svg"])


def edit_glossary(site: Path) -> None:
    write(site / "content/glossary.toml", EDITED["content/glossary.toml"])


def edit_configuration(site: Path) -> None:
    write(site / "site.toml", CONFIG.replace("页脚", "新页脚"))


def edit_static(site: Path) -> None:
    write(site / "static/plain.css", "p { margin: 2 }")


EDITS = (
    edit_page,
    edit_headline,
    edit_date,
    edit_words,
    edit_partial,
    edit_included_by_partial,
    edit_glossary,
    edit_configuration,
    edit_static,
)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_reaches_every_page_it_should(edit: Callable[[Path], None], tmp_path: Path) -> None:
    scale = Scale(tmp_path)
    assert scale.weigh() == []
    edit(scale.site)
    assert scale.weigh() == []


def new_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the next version wrote other XML."""
    monkeypatch.setattr(gengduo.feeds, "DECLARATION", '<?xml version="1.0"?>\n')


def omit_view(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gengduo.press.book, "digest_bytes", lambda _: "always the same")


def omit_words(patch: pytest.MonkeyPatch) -> None:
    """As if a file were named by its view and what prints it alone."""
    patch.setattr(gengduo.press, "_changed", lambda *_: frozenset())


def omit_cards(patch: pytest.MonkeyPatch) -> None:
    """As if the book of views held for all cards."""
    patch.setattr(gengduo.catalogue.shelf, "_key_of", lambda *_: "always the same")


def omit_library(patch: pytest.MonkeyPatch) -> None:
    """As if it held for every library."""
    real = gengduo.pipeline.digest_of
    patch.setattr(
        gengduo.pipeline,
        "digest_of",
        lambda value: "always the same" if any(isinstance(part, Library) for part in value) else real(value),
    )


def omit_heads(patch: pytest.MonkeyPatch) -> None:
    """As if headlines had no digests of their own."""
    real = gengduo.catalogue.page.Sealed
    patch.setattr(gengduo.catalogue.page, "Sealed", lambda _, data: real("always the same", data))


def omit_partials(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gengduo.render.theme, "_reached", lambda template, _: {template})


def omit_glossary(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gengduo.catalogue.shelf, "digest_of", lambda _: "always the same")


def omit_configuration(patch: pytest.MonkeyPatch) -> None:
    real = gengduo.pipeline.digest_of
    patch.setattr(
        gengduo.pipeline,
        "digest_of",
        lambda value: real(value[::2] if isinstance(value, tuple) and len(value) == 3 else value),
    )


def omit_program(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gengduo.pipeline, "program_digest", lambda: "always the same")


def omit_static(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gengduo.press, "digest_of", lambda _: "always the same")
    patch.setattr(gengduo.press, "is_settled", lambda *_: True)


@pytest.mark.parametrize(
    ("omit", "edit"),
    [
        (omit_view, edit_page),
        (omit_words, edit_words),
        (omit_words, edit_headline),
        (omit_cards, edit_date),
        (omit_library, edit_date),
        (omit_heads, edit_headline),
        (omit_partials, edit_partial),
        (omit_partials, edit_included_by_partial),
        (omit_glossary, edit_glossary),
        (omit_configuration, edit_configuration),
        (omit_static, edit_static),
    ],
)
def test_a_planted_omission_is_caught(
    omit: Callable[[pytest.MonkeyPatch], None],
    edit: Callable[[Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    omit(monkeypatch)
    scale = Scale(tmp_path)
    assert scale.weigh() == []
    edit(scale.site)
    assert scale.weigh() != []


@pytest.mark.parametrize("omitted", [False, True])
def test_a_new_version_of_the_program_prints_anew(
    omitted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale = Scale(tmp_path)
    if omitted:
        omit_program(monkeypatch)
    assert scale.weigh() == []
    new_program(monkeypatch)
    if not omitted:
        monkeypatch.setattr(gengduo.pipeline, "program_digest", lambda: "another version")
    assert bool(scale.weigh()) == omitted


def test_a_process_that_remembers_its_last_build_ends_like_a_clean_one(tmp_path: Path) -> None:
    scale, memory = Scale(tmp_path), Memory()
    assert scale.weigh(memory) == []
    for edit in (edit_words, edit_static, edit_words, edit_headline, edit_partial, edit_page, edit_words):
        edit(scale.site)
        assert scale.weigh(memory) == []
    edit_date(scale.site)
    assert scale.weigh(memory) == []
    for folder, name in (("static", "plain.css"), ("content", "a.md"), ("seeds", "a.txt")):
        (scale.site / folder / name).unlink()
        assert scale.weigh(memory) == []


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("lost", ["*", "output-*", "catalogue.bin", "texts", "views*"])
def test_what_a_process_remembers_counts_only_with_its_cache(lost: str, written: bool, tmp_path: Path) -> None:
    scale, memory = Scale(tmp_path), Memory()
    assert scale.weigh(memory) == []
    if written:
        Cache(scale.site / ".cache", memory).write_down()
    for place in (scale.site / ".cache").glob(lost):
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    (scale.site / "content" / "a.md").unlink()
    assert scale.weigh(memory) == []
    edit_static(scale.site)
    assert scale.weigh() == []
