"""A reader in Chromium who notices what goes wrong behind the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

PHONE = 600
"""A screen that is narrower than this is touched with a finger."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker("browser")


@pytest.fixture(scope="module")
def site_url(public, serve_folder) -> str:
    """The project's own site under /repo/."""
    return serve_folder(public)


@pytest.fixture
def read(browser: Browser, site_url: str) -> Iterator[Callable[..., Page]]:
    """`read(path, width=1280, script=True)`: a page of the site, opened by a reader of their own; on a phone if narrow.

    In the end the test fails where a page logged an error, asked another host for something, or got no answer.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []
    host = urlsplit(site_url).netloc

    def logged(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            trouble.append(message.text)

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != host:
            trouble.append(f"asked {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            trouble.append(f"{response.status} {response.url}")

    def heed(page: Page) -> None:
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", logged)
        page.on("request", asked)
        page.on("response", answered)

    def open_page(path: str = "", *, width: int = 1280, script: bool = True) -> Page:
        phone = width < PHONE
        context = browser.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=script, is_mobile=phone, has_touch=phone
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)
        heed(page)
        page.goto(site_url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []
