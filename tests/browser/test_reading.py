"""A reader's way through the project's own site: story, other edition, brief and back, with and without JavaScript."""

from __future__ import annotations

import re

import pytest

LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
OTHER = {"zh-hans": "zh-hant", "zh-hant": "zh-hans"}
ARTICLE = 'article[data-kind="article"] h1'
BRIEF = 'article[data-kind="brief"] h1'

editions = pytest.mark.parametrize("edition", LANG)
scripts = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


def path_of(page):
    """The page's address below the site."""
    return page.url.partition("/repo/")[2]


def open_story(page):
    """Follow the first headline of a front page."""
    page.locator("main :is(h2, h3) a").first.click()
    page.locator(ARTICLE).wait_for()


@editions
@scripts
def test_root_page_offers_each_edition(read, edition, script):
    page = read(script=script)
    page.locator(f'nav a[hreflang="{LANG[edition]}"]').first.click()
    assert path_of(page) == f"{edition}/"
    assert page.locator("html").get_attribute("lang") == LANG[edition]


@editions
@scripts
def test_edition_switch_stays_on_the_story(read, edition, script):
    page = read(f"{edition}/", script=script)
    open_story(page)
    story = path_of(page)
    headline = page.locator(ARTICLE).inner_text()
    assert story.startswith(f"{edition}/articles/")
    other_lang = LANG[OTHER[edition]]
    page.locator(f'nav a[hreflang="{other_lang}"]').first.click()
    assert path_of(page) == story.replace(edition, OTHER[edition], 1)
    assert page.locator("html").get_attribute("lang") == other_lang
    assert page.locator(ARTICLE).inner_text() != headline
    page.locator(f'nav a[hreflang="{LANG[edition]}"]').first.click()
    assert path_of(page) == story
    assert page.locator(ARTICLE).inner_text() == headline


@editions
@scripts
def test_more_leads_to_a_brief_and_its_backlink_leads_back(read, edition, script):
    page = read(f"{edition}/", script=script)
    open_story(page)
    story, headline = path_of(page), page.locator(ARTICLE).inner_text()
    teaser = page.locator("section#more a").first
    announced = teaser.inner_text()
    teaser.click()
    assert page.locator(BRIEF).inner_text() == announced
    assert path_of(page).startswith(f"{edition}/articles/")
    assert page.locator("html").get_attribute("lang") == LANG[edition]
    assert page.locator('meta[name="robots"]').get_attribute("content") == "noindex"
    back = page.locator("section#backlinks a").first
    assert back.inner_text() == headline
    back.click()
    assert path_of(page) == story


@editions
def test_converted_story_names_its_original(read, edition):
    page = read(f"{edition}/")
    open_story(page)
    story = path_of(page)
    originals = page.locator("a[data-original]")
    if page.locator("html").get_attribute("lang") == "zh-Hans":
        assert originals.count() == 0
    else:
        originals.click()
        assert path_of(page) == story.replace(edition, OTHER[edition], 1)


@editions
@scripts
def test_masthead_leads_to_tags_and_dates(read, edition, script):
    page = read(f"{edition}/", script=script)
    for section in ("tags", "dates"):
        page.locator(f'nav a[href^="/repo/{edition}/{section}/"]').first.click()
        assert path_of(page).partition("#")[0] == f"{edition}/{section}/"
        assert page.locator("h1").count() == 1


@pytest.fixture(scope="module")
def kinds(public):
    """One page of each kind of list and story, as paths below an edition."""
    front = public / "zh-hans"
    stories = sorted(path.parent for path in (front / "articles").glob("*/index.html"))
    by_kind = {}
    for folder in stories:
        kind = re.search(r'data-kind="(\w+)"', (folder / "index.html").read_text("utf-8"))
        by_kind.setdefault(kind[1], folder)
    tags = sorted(path.parent for path in (front / "tags").glob("*/index.html"))
    years = sorted(path for path in front.iterdir() if re.fullmatch(r"\d{4}", path.name))
    days = sorted(path.parent for path in front.glob("[0-9]*/*/*/index.html"))
    chosen = [front, by_kind["article"], by_kind["brief"], tags[0], years[0], days[0], front / "tags", front / "dates"]
    return [f"{path.relative_to(front).as_posix()}/".removeprefix("./") for path in chosen]


@editions
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_page_is_wider_than_the_screen(read, kinds, edition, width):
    page = read(width=width)
    for kind in kinds:
        address = page.url.partition("/repo/")[0] + f"/repo/{edition}/{kind}"
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == LANG[edition]
        too_wide = page.evaluate(
            """(width) => {
                const clipped = (node) => {
                    for (let up = node.parentElement; up; up = up.parentElement)
                        if (getComputedStyle(up).overflowX !== 'visible') return true;
                    return false;
                };
                return [...document.body.querySelectorAll('*')]
                    .filter((node) => node.getBoundingClientRect().right > width + 1 && !clipped(node))
                    .map((node) => node.outerHTML.slice(0, 120));
            }""",
            width,
        )
        assert too_wide == [], address
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, address


@editions
def test_targets_on_a_phone_are_large_enough_for_a_finger(read, kinds, edition):
    page = read(width=390)
    for kind in kinds:
        page.goto(page.url.partition("/repo/")[0] + f"/repo/{edition}/{kind}")
        small = page.evaluate(
            """() => [...document.querySelectorAll('a:not(.skip, .body a), summary')]
                .map((link) => [link.textContent.trim(), link.getBoundingClientRect()])
                .filter(([, box]) => box.width > 0 && box.height < 44)
                .map(([words, box]) => `${words}: ${box.width} × ${box.height}`)"""
        )
        assert small == [], kind


@editions
def test_masthead_of_the_front_page_fits_two_rows_on_a_phone(read, edition):
    page = read(f"{edition}/", width=390)
    bar, links = page.locator(".bar"), page.locator(".bar .sections a:visible")
    assert {round(link.bounding_box()["y"]) for link in links.all()} == {round(links.first.bounding_box()["y"])}
    assert bar.bounding_box()["height"] < 2 * 44


@editions
def test_rail_is_no_longer_than_its_story(read, edition):
    page = read(f"{edition}/")
    open_story(page)
    heights = [page.locator(place).bounding_box()["height"] for place in ("article", "#more ul")]
    assert heights[0] >= heights[1]


@editions
def test_a_story_prints_on_two_sheets(read, edition):
    page = read(f"{edition}/")
    open_story(page)
    sheets = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", sheets)) <= 2
    page.emulate_media(media="print")
    assert not page.locator("#more .summary").first.is_visible()


def test_unknown_address_is_answered_by_the_sites_own_page(browser, site_url):
    page = browser.new_page()
    answer = page.goto(f"{site_url}zh-hans/articles/no-such-story/")
    assert answer.status == 404
    assert page.locator('a[hreflang="zh-Hans"]').count() >= 1
    page.close()
