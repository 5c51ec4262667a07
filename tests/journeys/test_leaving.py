"""A reader leaves with one press, takes it back, leaves again: with a mouse, by keyboard, and without scripts."""

from playwright.sync_api import Page, expect

from .conftest import OpenVisit
from .serving import Site
from .subscribed import subscribed
from .test_accessibility import faults, schemes, widths, with_axe
from .watching import Visit

OUT, BACK = "You have left the newsletter", "You are back"


def leave_and_come_back(page: Page, demo: Site, address: str) -> None:
    dee = subscribed(demo, address)
    page.goto(dee.leave)
    assert dee.row(demo) == (False, False, False)
    page.get_by_role("button", name="Leave the newsletter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OUT)
    assert dee.row(demo) == (True, False, False)
    page.reload()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(BACK)
    assert dee.row(demo) == (False, False, False)
    page.get_by_role("button", name="Leave the newsletter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OUT)


def test_one_press_takes_out_and_another_takes_it_back(page: Page, demo: Site) -> None:
    leave_and_come_back(page, demo, "leaving@example.org")


def test_it_works_without_scripts(plain_page: Page, demo: Site) -> None:
    leave_and_come_back(plain_page, demo, "leaving-plain@example.org")


def test_it_works_by_keyboard(page: Page, demo: Site) -> None:
    dee = subscribed(demo, "leaving-by-keyboard@example.org")
    page.goto(dee.leave)
    page.locator("main").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Leave the newsletter")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(OUT)
    page.locator("main").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(BACK)
    assert dee.row(demo) == (False, False, False)


def test_a_wrong_link_says_so(visit: Visit) -> None:
    page = visit.page()
    page.goto("/newsletter/leave/nobody")
    visit.expect_status(404, "Not Found", "/newsletter/leave/nobody")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work")


@schemes
@widths
def test_every_state_of_the_page_is_accessible(
    open_visit: OpenVisit, demo: Site, scheme: str, width: int
) -> None:
    dee = subscribed(demo, f"leaving-{scheme}-{width}@example.org")
    page = with_axe(open_visit, scheme, width).page()
    page.goto(dee.leave)
    found = [faults(page)]
    for button, heading in (("Leave the newsletter", OUT), ("Undo", BACK)):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        found.append(faults(page))
    assert found == [[], [], []]
