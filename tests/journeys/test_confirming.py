"""A person confirms in one action, whichever way they go, and is told kindly where it does not work."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .forms import OOPS, Signup, is_same_page, opened
from .living import LivingSite
from .watching import Visit, visiting

PLACE = "newsletter"
WRONG = "This code does not fit. A code works for an hour and allows five tries; the link works for a week."
CONFIRM = "/newsletter/confirm"
BUTTON = "Yes, send me the newsletter"


def signed_up(page: Page, living: LivingSite) -> Signup:
    """Sign up on the page of the newsletter, and let the mail come."""
    signup = opened(page, "/newsletter", PLACE)
    signup.send("dee@example.org")
    signup.expect_thanks()
    living.work()
    return signup


def expect_confirmed(page: Page, living: LivingSite) -> None:
    page.wait_for_url(f"{living.url}/newsletter/thanks")
    expect(page.get_by_text("You are in.")).to_be_visible()


def height_of(card: Locator) -> float:
    box = card.bounding_box()
    assert box is not None
    return box["height"]


def test_the_code_is_typed_where_the_address_was(browser: Browser, living: LivingSite) -> None:
    with visiting(browser, living.url) as visit:
        page = visit.page()
        signup = signed_up(page, living)
        signup.type_code(living.code())
        signup.expect_in()
        assert is_same_page(page)
    assert living.methods() == ["code"]


def test_the_code_is_typed_by_keyboard_alone(browser: Browser, living: LivingSite) -> None:
    with visiting(browser, living.url) as visit:
        page = visit.page()
        signup = signed_up(page, living)
        page.keyboard.type(living.code())
        page.keyboard.press("Enter")
        signup.expect_in()
    assert living.methods() == ["code"]


def test_the_card_keeps_its_height_through_every_step(browser: Browser, living: LivingSite) -> None:
    with visiting(browser, living.url, viewport={"width": 360, "height": 800}) as visit:
        page = visit.page()
        signup = opened(page, "/newsletter", PLACE)
        card = page.locator(f"#signup-{PLACE}")
        heights = [height_of(card)]
        signup.send("dee@example.org")
        signup.expect_thanks()
        heights.append(height_of(card))
        signup.type_code("no code")
        visit.expect_status(422, "UNPROCESSABLE ENTITY", CONFIRM)
        expect(signup.code).to_have_attribute("aria-invalid", "true")
        heights.append(height_of(card))
        assert len(set(heights)) == 1


def test_a_wrong_code_is_said_in_the_card_and_the_right_one_still_counts(
    browser: Browser, living: LivingSite
) -> None:
    with visiting(browser, living.url) as visit:
        signup = signed_up(visit.page(), living)
        signup.type_code("no code")
        visit.expect_status(422, "UNPROCESSABLE ENTITY", CONFIRM)
        expect(signup.status).to_have_text(f"{OOPS} {WRONG}")
        expect(signup.code).to_be_focused()
        expect(signup.code).to_have_value("no code")
        signup.type_code(living.code())
        signup.expect_in()


def test_a_code_that_is_too_old_is_refused_and_the_link_still_works(
    browser: Browser, living: LivingSite
) -> None:
    with visiting(browser, living.url) as visit:
        page = visit.page()
        signup = signed_up(page, living)
        living.ahead = timedelta(hours=2)
        signup.type_code(living.code())
        visit.expect_status(422, "UNPROCESSABLE ENTITY", CONFIRM)
        expect(signup.status).to_have_text(f"{OOPS} {WRONG}")
        page.goto(living.link())
        expect_confirmed(page, living)
    assert living.methods() == ["same browser"]


def test_the_link_confirms_by_itself_in_the_browser_that_signed_up(
    browser: Browser, living: LivingSite
) -> None:
    with visiting(browser, living.url) as visit:
        signed_up(visit.page(), living)
        other_tab = visit.page()
        other_tab.goto(living.link())
        expect_confirmed(other_tab, living)
    assert living.methods() == ["same browser"]


def test_the_link_asks_for_one_press_in_any_other_browser(browser: Browser, living: LivingSite) -> None:
    with visiting(browser, living.url) as visit:
        signed_up(visit.page(), living)
    with visiting(browser, living.url) as other:
        page = other.page()
        page.goto(living.link(), wait_until="networkidle")
        assert living.methods() == []
        page.get_by_role("button", name=BUTTON).press("Enter")
        expect_confirmed(page, living)
        page.goto(living.link())
        expect(page.get_by_text("You are in.")).to_be_visible()
    assert living.methods() == ["button"]


def test_the_button_is_large_enough_for_any_thumb(browser: Browser, living: LivingSite) -> None:
    with visiting(browser, living.url) as visit:
        signed_up(visit.page(), living)
    with visiting(browser, living.url, viewport={"width": 360, "height": 800}) as phone:
        page = phone.page()
        page.goto(living.link())
        box = page.get_by_role("button", name=BUTTON).bounding_box()
        assert box is not None
        assert (box["width"] >= 250, box["height"] >= 56) == (True, True)


def test_a_link_that_is_too_old_leads_to_a_fresh_signup(browser: Browser, living: LivingSite) -> None:
    with visiting(browser, living.url) as visit:
        page = visit.page()
        signed_up(page, living)
        living.ahead = timedelta(days=8)
        page.goto(living.link())
        visit.expect_status(404, "NOT FOUND", living.link().removeprefix(living.url))
        expect(page.get_by_text("This link does not work, or does not work any more.")).to_be_visible()
        Signup(page, PLACE).send("dee@example.org")
        Signup(page, PLACE).expect_thanks()
        living.work()
        Signup(page, PLACE).type_code(living.code())
        Signup(page, PLACE).expect_in()


@pytest.mark.parametrize("way", ["code", "button"])
def test_a_browser_without_scripts_confirms_by_ordinary_pages(
    browser: Browser, living: LivingSite, way: str
) -> None:
    with visiting(browser, living.url, java_script_enabled=False) as visit:
        page = visit.page()
        page.goto("/newsletter")
        Signup(page, PLACE).send("dee@example.org")
        expect(page).to_have_url(re.compile(r"/newsletter/confirm\?r="))
        living.work()
        if way == "code":
            Signup(page, "confirm").type_code(living.code())
        else:
            page.goto(living.link())
            page.get_by_role("button", name=BUTTON).click()
        expect_confirmed(page, living)


def test_a_wrong_code_is_refused_on_a_page_without_scripts(browser: Browser, living: LivingSite) -> None:
    with visiting(browser, living.url, java_script_enabled=False) as visit:
        page = visit.page()
        page.goto("/newsletter")
        Signup(page, PLACE).send("dee@example.org")
        Signup(page, "confirm").type_code("000 000 0")
        visit.expect_status(422, "UNPROCESSABLE ENTITY", CONFIRM)
        expect(page.get_by_text(WRONG)).to_be_visible()
        living.work()
        Signup(page, "confirm").type_code(living.code())
        expect_confirmed(page, living)


def test_a_code_that_cannot_be_sent_stays_in_its_field(browser: Browser, living: LivingSite) -> None:
    with visiting(browser, living.url) as visit:
        signup = signed_up(visit.page(), living)
        fails_once(visit)
        signup.type_code(living.code())
        visit.expect_failure("net::ERR_CONNECTION_RESET", CONFIRM)
        expect(signup.status).to_have_text(f"{OOPS} Your code is still here. Please try again in a moment.")
        expect(signup.code).to_be_focused()
        visit.context.unroute("**/newsletter/confirm")
        signup.type_code(living.code())
        signup.expect_in()


def fails_once(visit: Visit) -> None:
    visit.context.route("**/newsletter/confirm", lambda route: route.abort("connectionreset"))
