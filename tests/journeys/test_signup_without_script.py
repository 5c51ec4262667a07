"""A visitor whose browser runs no scripts signs up all the same, by ordinary pages."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenVisit
from .forms import FIRST, FIX, LAST, NEXT, OOPS, THANKS, Signup, consents
from .serving import Site


@pytest.mark.parametrize("place", [FIRST, LAST])
def test_a_visitor_without_javascript_is_thanked_on_a_page(
    plain_page: Page, demo: Site, article_path: str, place: str
) -> None:
    plain_page.goto(article_path)
    Signup(plain_page, place).send(f"plain-{place}@example.org")
    expect(plain_page).to_have_url(re.compile(f"^{demo.url}/newsletter/confirm\\?r=[\\w-]{{30}}$"))
    expect(plain_page).to_have_title(f"{THANKS} · The Linden Journal")
    expect(plain_page.locator("main")).to_contain_text(THANKS)
    expect(plain_page.locator("main")).to_contain_text(NEXT)
    kept = consents(demo, f"plain-{place}@example.org")
    assert [(path, where) for path, where, _ in kept] == [(article_path, place)]


@pytest.mark.parametrize(("typed", "detail"), [("", "Please write your e-mail address."), ("nobody", FIX)])
def test_a_wrong_address_is_refused_on_a_page_that_keeps_it(
    open_visit: OpenVisit, article_path: str, typed: str, detail: str
) -> None:
    visit = open_visit(java_script_enabled=False)
    page = visit.page()
    page.goto(article_path)
    signup = Signup(page, FIRST)
    with page.expect_response("**/newsletter/signup") as answer:
        signup.send(typed)
    visit.expect_status(422, "Unprocessable Entity")
    assert answer.value.status == 422
    expect(page).to_have_title(f"{OOPS} · The Linden Journal")
    expect(signup.status).to_have_text(f"{OOPS} {detail}")
    expect(signup.field).to_have_value(typed)
    expect(signup.field).to_have_attribute("aria-invalid", "true")


def test_the_page_that_refused_an_address_takes_the_right_one_for_the_article(
    open_visit: OpenVisit, demo: Site, article_path: str
) -> None:
    visit = open_visit(java_script_enabled=False)
    page = visit.page()
    page.goto(article_path)
    Signup(page, FIRST).send("nobody")
    visit.expect_status(422, "Unprocessable Entity")
    expect(page.get_by_text(OOPS)).to_have_count(1)
    Signup(page, FIRST).send("plain-mended@example.org")
    expect(page).to_have_url(re.compile(f"^{demo.url}/newsletter/confirm\\?r="))
    kept = consents(demo, "plain-mended@example.org")
    assert [(path, place) for path, place, _ in kept] == [(article_path, FIRST)]


def test_a_hidden_field_that_was_filled_costs_one_more_press_on_a_page(
    plain_page: Page, demo: Site, article_path: str
) -> None:
    page = plain_page
    page.goto(article_path)
    page.locator(f"#signup-{FIRST} [name=website]").evaluate("trap => { trap.value = 'x' }")
    Signup(page, FIRST).send("plain-autofill@example.org")
    expect(page.get_by_text("Please press once more.")).to_have_count(1)
    expect(Signup(page, FIRST).field).to_have_value("plain-autofill@example.org")
    assert consents(demo, "plain-autofill@example.org") == []
    Signup(page, FIRST).button.click()
    expect(page).to_have_url(re.compile(f"^{demo.url}/newsletter/confirm\\?r="))
    assert len(consents(demo, "plain-autofill@example.org")) == 1
