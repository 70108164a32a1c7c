"""Whole small sites: what is built from each folder of `sites/` is what lies in its `expected/`, or `expected.err`.

`pytest --golden` writes the expected files again; the difference is for a person to read.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from trials import Outcome, build_here, lay_site, tree_of

SITES = Path(__file__).parent / "sites"
NAMES = sorted(path.name for path in SITES.iterdir() if path.is_dir())
EXPECTED = ("expected", "expected.err")


@pytest.fixture
def built(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Outcome]:
    """A copy of the site, and what its build came to; what it lacks is of the plain theme."""
    source = SITES / request.param
    site = lay_site(tmp_path / "site", {})
    shutil.copytree(source, site, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*EXPECTED))
    return site, build_here(site)


@pytest.mark.parametrize(("built", "name"), [(name, name) for name in NAMES], indirect=["built"])
def test_a_site_becomes_what_is_expected(
    built: tuple[Path, Outcome], name: str, golden: Callable[[Path, str], None], request: pytest.FixtureRequest
) -> None:
    site, done = built
    reports = done.report
    told = [
        *done.errors,
        *map(str, reports.errors if reports else ()),
        *(f"warning: {one}" for one in (reports.warnings if reports else ())),
    ]
    if told or (SITES / name / "expected.err").exists():
        golden(SITES / name / "expected.err", "".join(f"{line}\n" for line in told))
    found: dict[str, str] = {}
    for folder in ("content", "public"):
        for path, (kind, _, data) in tree_of(site / folder).items():
            source = SITES / name / folder / path
            made = folder == "public" or not source.exists()
            if kind == "file" and made and ".gengduo" not in path and path != "import.lock":
                found[f"{folder}/{path}"] = data.decode("utf-8")
    expected = SITES / name / "expected"
    if request.config.getoption("--golden"):
        shutil.rmtree(expected, ignore_errors=True)
    for path, text in found.items():
        golden(expected / path, text)
    if expected.exists():
        assert {path.relative_to(expected).as_posix() for path in expected.rglob("*") if path.is_file()} == set(found)
