"""Every problem gets its line and column, also where it was found when the text was gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gengduo.errors import problem
from gengduo.places import located, place_of, toml_problem

PAGE = """\
---
title: "一"
slug: "yi"
more:
  - title: "二"
    slug: "er"
    ref: "san"
---

见[四](si.md)
和[五](x:y)。

si
"""


@pytest.mark.parametrize(
    ("line", "message", "place"),
    [
        (5, "unknown article “san”; did you mean “yi”?", (7, 11)),
        (10, "unknown article “si”; correct the link", (10, 6)),
        (10, "the scheme “x:” is not allowed; write another address", (11, 6)),
        (10, "the scheme “z:” is not allowed; write another address than “yi”", (10, 1)),
        (5, "this teaser leads to its own page; it is not linked (ref: names another target)", (5, 3)),
        (0, "the old address “er” is already that of another page; remove it", (6, 12)),
        (0, "“credit” is missing; add it", (0, 0)),
        (99, "this line is gone; bring it back", (99, 1)),
    ],
)
def test_words_that_are_quoted_are_found(tmp_path: Path, line: int, message: str, place: tuple[int, int]) -> None:
    (tmp_path / "a.md").write_bytes(PAGE.replace("\n", "\r\n").encode())
    (found,) = located(tmp_path, [problem("a.md", message, line)])
    assert found.position == ("a.md", *place)
    assert found.message == message


def test_names_in_templates_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>\n  {{ page.titel }}\n</p>\n", "utf-8")
    (found,) = located(tmp_path, [problem("a.html", "'ListPage' has no attribute 'titel'; correct the template", 2)])
    assert found.position == ("a.html", 2, 11)


def test_what_has_its_place_or_has_no_text_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("“x” x\n", "utf-8")
    (tmp_path / "b.md").write_bytes(b"\xff")
    kept = [problem("a.md", "“x”; no", 1, 4), problem("--port", "“x”; no"), problem("a.toml", "“x”; no")]
    assert list(located(tmp_path, kept)) == kept
    os.mkfifo(tmp_path / "c.md")
    (tmp_path / "d.md").symlink_to("/dev/zero")
    endless = [problem("c.md", "“x”; no"), problem("d.md", "“x”; no")]
    assert list(located(tmp_path, endless)) == endless
    lost = [problem("b.md", "“x”; no", 1), problem("seeds/a.txt", "“x”; no", 3), problem("none.md", "“x”; no")]
    assert [found.position[1:] for found in located(tmp_path, lost)] == [(1, 1), (3, 1), (0, 0)]


def test_thousands_of_warnings_do_not_read_thousands_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gengduo.places.MOST_READ", 1)
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("见“x”\n", "utf-8")
    found = located(tmp_path, [problem(name, "“x”; no", 1) for name in ("a.md", "b.md", "a.md")])
    assert [each.position[1:] for each in found] == [(1, 3), (1, 1), (1, 3)]


def test_places_count_from_one_and_characters_not_bytes() -> None:
    assert place_of("一二\n三四", 0) == (1, 1)
    assert place_of("一二\n三四", 4) == (2, 2)


def test_an_error_of_toml_without_its_text_stands_at_the_beginning() -> None:
    assert toml_problem("a.toml", RecursionError("x")).position == ("a.toml", 1, 1)
