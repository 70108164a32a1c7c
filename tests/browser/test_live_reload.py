"""A person who edits a page, and a browser beside it that shows every change by itself."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from playwright.sync_api import Error
from preview_process import PreviewProcess, lay_out_site, write_page


@pytest.fixture
def site(tmp_path):
    return lay_out_site(tmp_path / "site")


@pytest.fixture
def server(site):
    running = PreviewProcess(site, "--jobs", "1")
    yield running
    running.stop()


@pytest.fixture
def page(browser, server):
    """The front page, in a browser that is not touched afterwards; nothing may be refused by the pages' own policy."""
    context = browser.new_context()
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    trouble = []
    opened.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.goto(server.url + "zh-hans/articles/yi/")
    yield opened
    context.close()
    assert trouble == []


def wait_for(page, condition):
    """Playwright's own waiting for a condition needs `eval`, which the pages' policy forbids."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with suppress(Error):  # the page is being loaded again
            if page.evaluate(condition):
                return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def test_an_edit_shows_by_itself(page, site):
    assert page.inner_text("h1") == "会议闭幕"
    for title in ("会议开幕", "会议再次闭幕", "会议结束"):
        write_page(site, "yi", title, "会议在河内。")
        page.wait_for_selector(f"h1:has-text('{title}')")


def test_a_broken_page_is_told_of_and_goes_when_mended(page, site):
    (site / "content" / "yi.md").write_text("---\ntitle: [\n---\n", "utf-8")
    notice = page.wait_for_selector("[role=alert]")
    assert "content/yi.md:" in notice.inner_text()
    assert notice.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(122, 11, 11)"
    assert page.inner_text("h1") == "会议闭幕"
    write_page(site, "yi", "会议开幕", "会议在河内。")
    page.wait_for_selector("h1:has-text('会议开幕')")
    assert page.query_selector("[role=alert]") is None


def test_a_broken_template_keeps_the_last_good_page(page, site):
    template = site / "templates" / "base.html"
    good = template.read_text("utf-8")
    template.write_text(good.replace("{% block main %}", "{{ nothing_of_the_kind }}{% block main %}"), "utf-8")
    assert "templates/base.html:" in page.wait_for_selector("[role=alert]").inner_text()
    assert page.inner_text("h1") == "会议闭幕"
    template.write_text(good, "utf-8")
    page.wait_for_selector("[role=alert]", state="detached")


def test_a_change_of_style_shows_by_itself(page, site):
    style = site / "static" / "css" / "gengduo.css"
    style.write_text(style.read_text("utf-8") + "\nh1 { color: rgb(1, 2, 3) }\n", "utf-8")
    wait_for(page, "getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)'")


def test_place_on_the_page_is_kept(page, site):
    write_page(site, "yi", "会议闭幕", "\n\n".join(["会议在河内闭幕。"] * 200))
    wait_for(page, "document.readyState === 'complete' && document.querySelectorAll('main p').length > 100")
    page.wait_for_timeout(600)  # Chromium looks for the old place a while after loading, and notes the new one late
    page.evaluate("scrollTo(0, 1500)")
    page.wait_for_timeout(600)
    write_page(site, "yi", "会议开幕", "\n\n".join(["会议在河内开幕。"] * 200))
    page.wait_for_selector("h1:has-text('会议开幕')")
    wait_for(page, "scrollY > 1000")
