"""The imports of the package against the picture in ARCHITECTURE.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "gengduo"
OUTSIDE = {"__init__"}  # the version and nothing else: every room may import it, it imports none
ENTRY = {"__main__": "cli"}


def rows_of(text: str) -> list[list[str]]:
    """The names in the block that is fenced as `rooms`, from top to bottom; two spaces begin a remark."""
    block = re.search(r"^```rooms\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert block, "ARCHITECTURE.md has no block fenced as ```rooms"
    return [line.split("  ")[0].split() for line in block[1].splitlines() if line.strip()]


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return ENTRY.get(name := first.removesuffix(".py"), name)


def imported_rooms(source: str, inside: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """(line, room) of each import of the package, late ones and those for type checkers included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(inside[: len(inside) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = [module] if module != "gengduo" else [f"gengduo.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "gengduo" and len(parts) > 1:
                yield node.lineno, parts[1]


def breaches(rows: list[list[str]], imports: list[tuple[str, str, str]]) -> list[str]:
    """What the picture forbids, of (place, room, imported room)."""
    height = {room: number for number, row in enumerate(rows) for room in row}
    found = []
    for place, room, target in imports:
        if target == room or target not in height or room not in height:
            continue
        if height[target] < height[room]:
            found.append(f"{place}: {room} imports {target}, which stands above it")
        elif height[target] == height[room]:
            found.append(f"{place}: {room} imports its neighbour {target}")
    return found


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    return rows_of((PROJECT / "ARCHITECTURE.md").read_text("utf-8"))


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_imports_point_only_downward(rows):
    imports = []
    for path in modules():
        inside = ("gengduo", *path.relative_to(PACKAGE).parent.parts)
        for line, target in imported_rooms(path.read_text("utf-8"), inside):
            imports.append((f"{path.relative_to(PROJECT)}:{line}", room_of(path), target))
    assert imports, "no import found at all: the test looks in the wrong place"
    assert breaches(rows, imports) == []


def test_every_room_stands_in_the_picture_once(rows):
    drawn = [room for row in rows for room in row]
    assert sorted(set(drawn)) == sorted(drawn)
    built = {room_of(path) for path in modules()} - OUTSIDE
    assert sorted(built - set(drawn)) == [], "rooms that are missing in ARCHITECTURE.md"
    assert sorted(set(drawn) - built) == [], "rooms in ARCHITECTURE.md that are not built"


def test_version_module_imports_no_room():
    assert list(imported_rooms((PACKAGE / "__init__.py").read_text("utf-8"), ("gengduo",))) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from gengduo.model import Seed", ["model"]),
        ("from gengduo import dates, tags", ["dates", "tags"]),
        ("import gengduo.urls", ["urls"]),
        ("from .glossary import Glossary", ["editions"]),
        ("from ..model import Seed", ["model"]),
        ("from .. import urls", ["urls"]),
        ("def late():\n    from gengduo.serve import run", ["serve"]),
        ("import json\nfrom pathlib import Path", []),
    ],
)
def test_all_forms_of_import_are_seen(source, expected):
    assert [room for _, room in imported_rooms(source, ("gengduo", "editions"))] == expected


def test_upward_and_sideways_imports_are_found():
    picture = rows_of("```rooms\ncli\nseeds dates  two steps\nmodel\n```\n")
    assert picture == [["cli"], ["seeds", "dates"], ["model"]]
    assert breaches(picture, [("a", "cli", "seeds"), ("b", "dates", "model"), ("c", "dates", "dates")]) == []
    assert len(breaches(picture, [("a", "seeds", "dates"), ("b", "model", "cli")])) == 2
