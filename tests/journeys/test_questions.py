"""A reader narrows the list of questions."""

from playwright.sync_api import Page, expect

from .serving import Site

FILTER = "Filter the questions"


def shown(page: Page) -> list[str]:
    return page.locator("#faq-list h3:visible").all_inner_texts()


def test_the_list_narrows_while_the_reader_types(page: Page) -> None:
    page.goto("/faq")
    everything = shown(page)
    page.get_by_role("searchbox", name=FILTER).press_sequentially("COFFÉE")
    expect(page.locator("#faq-status[role=status]")).to_have_text("3 questions fit.")
    assert len(shown(page)) == 3
    assert page.locator("#faq-list h2:visible").all_inner_texts() == ["Food and Drink", "Heart and Movement"]
    page.get_by_role("searchbox", name=FILTER).fill("")
    expect(page.locator("#faq-status")).to_have_text("")
    assert shown(page) == everything


def test_a_filter_that_fits_one_question_or_none_says_so(page: Page) -> None:
    page.goto("/faq")
    page.get_by_role("searchbox", name=FILTER).fill("orthosomnia")
    expect(page.locator("#faq-status")).to_have_text("1 question fits.")
    page.get_by_role("searchbox", name=FILTER).fill("xyzzy")
    expect(page.locator("#faq-status")).to_have_text(
        "No question on this page fits. Press Filter to look through all of them."
    )
    assert shown(page) == []


def test_the_filter_works_without_javascript(plain_page: Page, page: Page, demo: Site) -> None:
    plain_page.goto("/faq")
    plain_page.get_by_role("searchbox", name=FILTER).fill("coffee")
    plain_page.get_by_role("button", name="Filter").click()
    expect(plain_page).to_have_url(f"{demo.url}/faq?q=coffee")
    page.goto("/faq")
    page.get_by_role("searchbox", name=FILTER).fill("coffee")
    assert shown(plain_page) == shown(page)
    plain_page.get_by_role("link", name="Show all").click()
    expect(plain_page).to_have_url(f"{demo.url}/faq")


def test_the_contents_list_leads_to_a_subject(page: Page, demo: Site) -> None:
    page.goto("/faq")
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Sleep").click()
    expect(page).to_have_url(f"{demo.url}/faq#group-sleep")
    expect(page.get_by_role("heading", level=2, name="Sleep")).to_be_in_viewport()
