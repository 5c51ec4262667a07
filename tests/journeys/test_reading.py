"""A reader comes in at the front page and follows what is offered."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenVisit
from .serving import Site

TITLE = "Sleep and memory: what a night does for the day before"
ISSUE = "Sleep, salt, and asking again"
QUESTION = "Can I learn something new while I sleep?"


@pytest.fixture
def page(open_visit: OpenVisit) -> Page:
    """Return the page of a reader with less motion, so that where a link leads is where it is at once."""
    return open_visit(viewport={"width": 1280, "height": 800}, reduced_motion="reduce").page()


def is_at_top(page: Page, selector: str) -> bool:
    """Say whether the element stands in the upper third of the window."""
    top = page.locator(selector).evaluate("element => element.getBoundingClientRect().top / innerHeight")
    return 0 <= float(top) < 1 / 3


def test_a_reader_goes_from_the_front_page_through_an_article_to_the_questions(
    page: Page, demo: Site
) -> None:
    page.goto("/")
    page.get_by_role("region", name="Lead article").get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_have_count(1)
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Questions and answers").click()
    expect(page).to_have_url(f"{demo.url}/articles/sleep-and-memory#questions")
    assert is_at_top(page, "#questions")
    page.get_by_role("link", name=f"Page of this question: {QUESTION}").click()
    expect(page.get_by_role("heading", level=1, name=QUESTION)).to_have_count(1)
    page.get_by_role("link", name="All questions").click()
    expect(page).to_have_url(f"{demo.url}/faq")
    page.get_by_role("main").get_by_role("link", name=QUESTION).click()
    page.get_by_role("main").get_by_role("link", name=TITLE).click()
    expect(page).to_have_url(f"{demo.url}/articles/sleep-and-memory")


def test_a_reader_finds_an_issue_in_the_archive_and_its_article_from_there(page: Page, demo: Site) -> None:
    page.goto("/newsletter")
    page.get_by_role("region", name="Issues so far").get_by_role("link", name=ISSUE).click()
    expect(page.get_by_role("heading", level=1, name=ISSUE)).to_have_count(1)
    page.get_by_role("region", name="In this issue").get_by_role("link", name=TITLE).click()
    expect(page).to_have_url(f"{demo.url}/articles/sleep-and-memory")


def test_the_contents_list_leads_to_every_section(page: Page, article_path: str) -> None:
    page.goto(article_path)
    links = page.get_by_role("navigation", name="Contents").get_by_role("link")
    for link in links.all():
        link.click()
        target = str(link.get_attribute("href"))
        assert page.evaluate("location.hash") == target
        assert is_at_top(page, target) or page.evaluate(
            "Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight"
        )
    assert links.count() == 8


def test_the_contents_list_marks_the_section_even_after_a_jump(page: Page, article_path: str) -> None:
    page.goto(article_path)
    current = page.locator(".contents [aria-current]")
    expect(current).to_have_count(0)
    page.locator("#s-when-a-night-is-lost").evaluate("it => scrollBy(0, it.getBoundingClientRect().top + 20)")
    expect(current).to_have_text("When a night is lost")
    page.keyboard.press("Control+Home")
    expect(current).to_have_count(0)


def test_a_heading_has_an_address_that_can_be_shared(
    page: Page, open_visit: OpenVisit, article_path: str
) -> None:
    page.goto(article_path)
    page.get_by_role("link", name="Link to “The night has a shape”").click(force=True)
    shared = page.url
    assert shared.endswith("#s-the-night-has-a-shape")
    other = open_visit().page()
    other.goto(shared)
    expect(other.locator("#s-the-night-has-a-shape")).to_be_in_viewport()


def test_a_footnote_leads_to_its_note_and_back(page: Page, article_path: str) -> None:
    page.goto(article_path)
    page.locator("[role=doc-noteref]").first.click()
    expect(page.locator("#s-note_1")).to_be_in_viewport()
    page.locator("#s-note_1").locator("[role=doc-backlink]").click()
    expect(page.locator("[role=doc-noteref]").first).to_be_in_viewport()


def test_a_reader_meets_the_people_behind_an_article(page: Page, demo: Site, article_path: str) -> None:
    page.goto(article_path)
    page.get_by_role("region", name="About this article").get_by_role("link", name="Ruth Okafor").click()
    expect(page).to_have_url(f"{demo.url}/people/ruth-okafor")
    reviewed = page.get_by_role("region", name="Reviewed by Ruth Okafor")
    expect(reviewed.get_by_role("link", name=TITLE)).to_have_count(1)


@pytest.mark.parametrize(
    ("name", "path"), [("Sleep", "/categories/sleep"), ("Articles", "/articles")], ids=["category", "all"]
)
def test_the_breadcrumb_leads_up(page: Page, demo: Site, article_path: str, name: str, path: str) -> None:
    page.goto(article_path)
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_url(demo.url + path)


def test_the_skip_link_is_the_first_stop_and_leads_past_the_masthead(page: Page, article_path: str) -> None:
    page.goto(article_path)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_whatever_has_the_focus_is_seen_to_have_it(page: Page, article_path: str) -> None:
    page.goto(article_path)
    unseen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "() => { const style = getComputedStyle(document.activeElement);"
            " return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 }"
        )
        if not seen:
            unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
    assert unseen == []


def test_a_missing_page_offers_a_search_and_the_way_home(open_visit: OpenVisit, demo: Site) -> None:
    visit = open_visit()
    page = visit.page()
    page.goto("/articles/never-written")
    visit.expect_status(404, "Not Found", "/articles/never-written")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not here")
    page.get_by_role("main").get_by_role("searchbox").fill("memory")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"/search\?q=memory$"))


def test_the_whole_site_reads_without_javascript(plain_page: Page, demo: Site) -> None:
    plain_page.goto("/")
    plain_page.get_by_role("navigation", name="Main").get_by_role("link", name="Questions").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Questions and answers")
    plain_page.get_by_role("main").get_by_role("link", name=QUESTION).click()
    plain_page.get_by_role("main").get_by_role("link", name=TITLE).click()
    plain_page.get_by_role("navigation", name="Contents").get_by_role("link", name="References").click()
    expect(plain_page).to_have_url(f"{demo.url}/articles/sleep-and-memory#references")
    expect(plain_page.get_by_role("button", name="Dark theme", include_hidden=True)).to_be_hidden()
