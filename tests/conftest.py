"""What tests of every kind stand on: small sites, builds of them, a server like GitHub Pages, Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pages_server
import pytest
import tools
from hypothesis import HealthCheck, settings
from small_site import BASE_URL, SMALL_CONFIG

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROJECT = Path(__file__).resolve().parent.parent

# Examples come from the test's own name and never from the clock, so a run in CI can be repeated anywhere.
settings.register_profile(
    "tests",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak",
    deadline=None,
    max_examples=5000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("soak" if os.environ.get("GENGDUO_SOAK") else "tests")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write golden files instead of comparing with them")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--golden") and tools.required():
        raise pytest.UsageError("golden files are written by a person who reads the diff, never in CI")


# ------------------------------------------------------------------------------------------------------ places


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout."""
    return PROJECT


@pytest.fixture(scope="session", autouse=True)
def _checkout_stays_as_it_is() -> Iterator[None]:
    """In CI, where nobody else edits meanwhile: no test may import into the checkout or build in it."""
    watched = [PROJECT / name for name in ("seeds", "content", "public", ".cache")]

    def state() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for folder in watched for path in folder.rglob("*") if path.is_file()}

    before = state() if tools.required() else {}
    yield
    if tools.required():
        assert state() == before, "a test changed the checkout; it has to name a site of its own with --site"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """`golden(path, text)`: the file at `path` holds `text`; with `--golden` it is written instead."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="")
        assert path.exists(), f"{path.relative_to(PROJECT)} is not there; `make golden` writes it"
        assert text == path.read_bytes().decode("utf-8")

    return compare


# ------------------------------------------------------------------------------------------------------- sites


def lay_out(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write each file at its path below the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[..., Path]:
    """`make_site(seeds=…, pages=…, config=…, files=…)`: the folder of a small site with the project's theme.

    `seeds` and `pages` map names below seeds/ and content/ to text or bytes, `files` any other path below the site.
    """

    def make(
        *,
        seeds: Mapping[str, str | bytes] = {},
        pages: Mapping[str, str | bytes] = {},
        config: str = SMALL_CONFIG,
        files: Mapping[str, str | bytes] = {},
        name: str = "site",
    ) -> Path:
        site = tmp_path / name
        for folder in ("seeds", "content"):
            (site / folder).mkdir(parents=True)
        for folder in ("templates", "static"):
            shutil.copytree(PROJECT / folder, site / folder)
        lay_out(site, {"site.toml": config})
        lay_out(site / "seeds", seeds)
        lay_out(site / "content", pages)
        lay_out(site, files)
        return site

    return make


def build(site: Path, *args: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`python build.py ARGS --site SITE` in a process of its own, ended: exit code, stdout, stderr."""
    return subprocess.run(
        [sys.executable, str(PROJECT / "build.py"), *args, "--site", str(site)],
        cwd=site,
        env={**os.environ, "PYTHONUTF8": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="session")
def run_build() -> Callable[..., subprocess.CompletedProcess[str]]:
    """`run_build(site, *args, env=…)`: what the command line says and returns."""
    return build


@pytest.fixture(scope="session")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own site, built from its seeds and content for https://example.org/repo/; not to be changed."""
    site = tmp_path_factory.mktemp("project") / "site"
    site.mkdir()
    for name in ("seeds", "content", "templates", "static"):
        shutil.copytree(PROJECT / name, site / name)
    shutil.copy(PROJECT / "site.toml", site)
    done = build(site, "--base-url", BASE_URL)
    if done.returncode:
        pytest.fail(f"the project's own site cannot be built:\n{done.stderr[-1000:]}", pytrace=False)
    return site / "public"


# ------------------------------------------------------------------------------------------------- web and browser


@pytest.fixture(scope="module")
def serve_folder() -> Iterator[Callable[..., str]]:
    """`serve_folder(folder, prefix="/repo/")`: the URL under which a built site answers as on GitHub Pages."""
    servers: list[pages_server.PagesServer] = []

    def serve(folder: Path, prefix: str = "/repo/") -> str:
        servers.append(pages_server.PagesServer(folder, prefix))
        return servers[-1].start()

    yield serve
    for server in servers:
        server.stop()


# Not for the whole session: while Playwright runs, its event loop stands in the main thread, and a test there that
# runs a loop of its own fails.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    chromium = tools.find_chromium()
    if chromium is None:
        tools.skip_or_fail("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    arguments = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield chrome
        chrome.close()
