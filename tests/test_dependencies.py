"""pyproject.toml, the lock files, and what the package really imports."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def asked(project):
    """The `project` table of pyproject.toml."""
    return tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]


def locked(project, name):
    """Versions by package; every one has a hash."""
    text = (project / name).read_text("utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line):
            assert "--hash=sha256:" in line, f"{match[1]} has no hash"
            found[canonicalize_name(match[1])] = match[2]
    return found


def names_of(requirements):
    return {canonicalize_name(Requirement(text).name) for text in requirements}


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("requirements.lock", []), ("requirements-test.lock", ["test", "dask"]), ("requirements-bench.lock", ["bench"])],
)
def test_lock_holds_what_pyproject_asks_for(project, asked, lock, extras):
    wanted = [*asked["dependencies"], *(each for extra in extras for each in asked["optional-dependencies"][extra])]
    versions = locked(project, lock)
    stale = [
        text
        for text in wanted
        if (requirement := Requirement(text))
        and not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), "0"), prereleases=True)
    ]
    assert stale == [], f"{lock} does not hold these; run `make lock`"


@pytest.mark.parametrize("lock", ["requirements-test.lock", "requirements-bench.lock"])
def test_tests_and_benchmarks_run_with_the_versions_that_sites_are_built_with(project, lock):
    assert locked(project, "requirements.lock").items() <= locked(project, lock).items()


def test_package_imports_only_what_it_asks_for(project, asked):
    allowed = names_of(asked["dependencies"])
    optional = names_of(
        text for extra, texts in asked["optional-dependencies"].items() if extra != "test" for text in texts
    )
    distributions = packages_distributions()
    unknown = set()
    used = set()
    for path in sorted((project / "gengduo").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            for module in {name.partition(".")[0] for name in names} - {"gengduo", *sys.stdlib_module_names}:
                providers = {canonicalize_name(name) for name in distributions.get(module, [module])}
                used |= providers & allowed
                if not providers & (allowed | optional):
                    unknown.add(f"{path.relative_to(project)}: {module}")
    assert unknown == set(), "imported, but not in pyproject.toml"
    assert allowed - used == set(), "in pyproject.toml, but imported nowhere"
