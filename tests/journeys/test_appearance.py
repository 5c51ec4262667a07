"""The pages hold in every light, on every width, on paper, and for readers whom movement disturbs."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenVisit
from .places import MISSING, PAGES
from .watching import Visit

SWITCH = "Dark theme"


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def visit_all(visit: Visit) -> Page:
    """Return a page of a visit that will come by the error page, which the browser notes."""
    visit.expect_status(404, "Not Found", MISSING)
    return visit.page()


def test_the_chosen_theme_is_kept_on_the_next_page_and_after_a_reload(page: Page, article_path: str) -> None:
    page.goto("/")
    light = paper(page)
    switch = page.get_by_role("button", name=SWITCH)
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    dark = paper(page)
    assert dark != light
    page.reload()
    assert paper(page) == dark
    page.goto(article_path)
    assert paper(page) == dark
    page.get_by_role("button", name=SWITCH).click()
    assert paper(page) == light
    page.reload()
    assert paper(page) == light


def test_the_system_decides_until_the_reader_does(open_visit: OpenVisit) -> None:
    page = open_visit(color_scheme="dark").page()
    page.goto("/")
    dark = paper(page)
    expect(page.get_by_role("button", name=SWITCH)).to_have_attribute("aria-pressed", "true")
    page.emulate_media(color_scheme="light")
    expect(page.get_by_role("button", name=SWITCH)).to_have_attribute("aria-pressed", "false")
    light = paper(page)
    page.get_by_role("button", name=SWITCH).click()
    assert paper(page) == dark != light


def test_the_system_decides_without_javascript_too(open_visit: OpenVisit) -> None:
    page = open_visit(color_scheme="dark", java_script_enabled=False).page()
    page.goto("/")
    dark = paper(page)
    page.emulate_media(color_scheme="light")
    assert paper(page) != dark


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_no_page_scrolls_sideways(open_visit: OpenVisit, width: int) -> None:
    page = visit_all(open_visit(viewport={"width": width, "height": 800}))
    widths = {}
    for name, path in PAGES.items():
        page.goto(path)
        widths[name] = page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(PAGES, width)


def test_nothing_that_can_be_touched_is_smaller_than_a_fingertip_needs(open_visit: OpenVisit) -> None:
    page = visit_all(open_visit(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True))
    small: dict[str, list[str]] = {}
    for name, path in PAGES.items():
        page.goto(path)
        boxes = page.locator("button:visible, input:visible, nav a:visible, .card__title a:visible")
        found = boxes.evaluate_all(
            "all => all.filter(it => { const box = it.getBoundingClientRect();"
            " return box.width < 24 || box.height < 24 }).map(it => it.outerHTML.slice(0, 90))"
        )
        if found:
            small[name] = found
    assert small == {}


def test_paper_shows_the_text_and_nothing_to_click(page: Page, article_path: str) -> None:
    page.emulate_media(media="print")
    page.goto(article_path)
    for name in ("Main", "Contents", "Breadcrumb"):
        expect(page.get_by_role("navigation", name=name)).to_have_count(0)
    assert page.locator("form:visible, input:visible, button:visible").count() == 0
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".references > li").first).to_be_visible()
    expect(page.get_by_role("region", name="About this article")).to_be_visible()


def test_paper_is_white_whatever_the_theme(open_visit: OpenVisit, article_path: str) -> None:
    page = open_visit(color_scheme="dark").page()
    page.goto(article_path)
    page.emulate_media(media="print")
    assert paper(page) in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert page.evaluate("getComputedStyle(document.querySelector('.prose p')).color") == "rgb(0, 0, 0)"


def test_nothing_moves_for_readers_who_asked_for_less_motion(open_visit: OpenVisit) -> None:
    page = visit_all(open_visit(reduced_motion="reduce"))
    moving: dict[str, list[str]] = {}
    for name, path in PAGES.items():
        page.goto(path)
        found = page.locator("*").evaluate_all(
            "all => all.filter(it => { const style = getComputedStyle(it);"
            " const lasts = (text) => text.split(',').some((part) => parseFloat(part) > 0.02);"
            " return lasts(style.transitionDuration) || style.scrollBehavior === 'smooth' ||"
            " (style.animationName !== 'none' && lasts(style.animationDuration)) })"
            ".map(it => it.outerHTML.slice(0, 90))"
        )
        if found:
            moving[name] = found
    assert moving == {}


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_shifts_while_a_page_loads(open_visit: OpenVisit, width: int) -> None:
    visit = open_visit(viewport={"width": width, "height": 800})
    page = visit_all(visit)
    visit.context.add_init_script(
        "window.shifts = []; new PerformanceObserver((list) => list.getEntries().forEach((entry) =>"
        " window.shifts.push(entry.value))).observe({ type: 'layout-shift', buffered: true })"
    )
    shifts = {}
    for name, path in PAGES.items():
        page.goto(path, wait_until="networkidle")
        shifts[name] = page.evaluate("window.shifts.reduce((sum, one) => sum + one, 0)")
    assert shifts == dict.fromkeys(PAGES, 0)
