"""A visitor signs up in place: the thanks appear without a reload, and the request is kept with its proof."""

import pytest
from playwright.sync_api import Page, Request, expect

from .conftest import OpenVisit
from .forms import FIRST, LAST, Signup, consents, is_same_page, opened
from .serving import Site

WORDING = (
    "By signing up you agree that Linden Street Clinic sends you its newsletter by e-mail. "
    "You can leave at any time."
)


def posts_of(page: Page) -> list[str]:
    """Return a list that grows with every signup that the page sends."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    return sent


@pytest.mark.parametrize("place", [FIRST, LAST])
def test_a_visitor_signs_up_without_leaving_the_article(
    page: Page, demo: Site, article_path: str, place: str
) -> None:
    signup = opened(page, article_path, place)
    signup.send(f"inline-{place}@example.org")
    signup.expect_thanks()
    assert is_same_page(page)
    assert page.url == demo.url + article_path
    assert consents(demo, f"inline-{place}@example.org") == [(article_path, place, WORDING)]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "home"),
        ("/articles", "listing"),
        ("/faq", "faq"),
        ("/faq/what-should-i-do-in-an-emergency", "question"),
        ("/newsletter", "newsletter"),
    ],
)
def test_every_kind_of_page_takes_a_signup_and_says_where_it_came_from(
    page: Page, demo: Site, path: str, place: str
) -> None:
    signup = opened(page, path, place)
    signup.send(f"{place}@example.org")
    signup.expect_thanks()
    assert consents(demo, f"{place}@example.org") == [(path, place, WORDING)]


def test_the_words_that_are_kept_are_the_words_beside_the_field(page: Page, article_path: str) -> None:
    opened(page, article_path)
    expect(page.locator(f"#signup-{FIRST}-wording")).to_have_text(WORDING)


def test_a_visitor_signs_up_by_keyboard_alone(page: Page, demo: Site, article_path: str) -> None:
    signup = opened(page, article_path)
    while not signup.field.evaluate("field => field === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("keyboard@example.org")
    page.keyboard.press("Tab")
    expect(signup.button).to_be_focused()
    page.keyboard.press("Enter")
    signup.expect_thanks()
    assert len(consents(demo, "keyboard@example.org")) == 1


def test_enter_in_the_field_is_enough(page: Page, article_path: str) -> None:
    signup = opened(page, article_path)
    signup.field.fill("enter@example.org")
    signup.field.press("Enter")
    signup.expect_thanks()


def test_a_double_click_sends_once(page: Page, demo: Site, article_path: str) -> None:
    signup = opened(page, article_path)
    sent = posts_of(page)
    signup.field.fill("double@example.org")
    signup.button.dblclick()
    signup.expect_thanks()
    assert sent == [f"{demo.url}/newsletter/signup"]
    assert len(consents(demo, "double@example.org")) == 1


def test_what_happens_in_one_form_leaves_the_other_alone(page: Page, article_path: str) -> None:
    first, last = opened(page, article_path), Signup(page, LAST)
    last.field.fill("half-written@exa")
    first.send("first@example.org")
    first.expect_thanks()
    expect(last.field).to_have_value("half-written@exa")
    expect(last.status).to_have_text("")
    assert last.field.get_attribute("aria-invalid") is None


def test_the_same_address_at_both_forms_is_thanked_twice_and_kept_once(
    page: Page, demo: Site, article_path: str
) -> None:
    for signup in (opened(page, article_path), Signup(page, LAST)):
        signup.send("twice@example.org")
        signup.expect_thanks()
    assert [place for _, place, _ in consents(demo, "twice@example.org")] == [FIRST, LAST]
    assert demo.rows("SELECT count(*) FROM subscriber WHERE address = 'twice@example.org'") == [(1,)]


def test_a_page_that_was_loaded_a_week_ago_still_signs_up(page: Page, demo: Site, article_path: str) -> None:
    page.clock.install()
    signup = opened(page, article_path)
    page.clock.fast_forward(7 * 24 * 3600 * 1000)
    signup.send("last-week@example.org")
    signup.expect_thanks()
    assert len(consents(demo, "last-week@example.org")) == 1


def test_an_eager_autofill_costs_one_more_press_that_counts(
    page: Page, demo: Site, article_path: str
) -> None:
    signup = opened(page, article_path)
    page.locator(f"#signup-{FIRST} [name=website]").evaluate("trap => { trap.value = 'https://a.example' }")
    signup.send("autofill@example.org")
    expect(signup.status).to_have_text(
        "Please press once more. A hidden field was filled in, perhaps by your browser. "
        "Your address is still here."
    )
    expect(signup.field).to_have_value("autofill@example.org")
    expect(signup.button).to_be_focused()
    assert consents(demo, "autofill@example.org") == []
    signup.button.press("Enter")
    signup.expect_thanks()
    assert consents(demo, "autofill@example.org") == [(article_path, FIRST, WORDING)]


def test_signing_up_leaves_one_cookie_for_the_newsletter_and_no_storage(
    open_visit: OpenVisit, article_path: str
) -> None:
    visit = open_visit()
    signup = opened(visit.page(), article_path)
    signup.send("nothing-kept@example.org")
    signup.expect_thanks()
    state = visit.context.storage_state()
    assert state["origins"] == []
    kept = [(one["name"], one["path"], one["httpOnly"], one["sameSite"]) for one in state["cookies"]]
    assert kept == [("newsletter", "/newsletter", True, "Lax")]


def test_the_card_keeps_its_height_when_the_answer_comes(page: Page, article_path: str) -> None:
    signup = opened(page, article_path)
    card = page.locator(f"#signup-{FIRST}")
    before = card.bounding_box()
    signup.send("steady@example.org")
    signup.expect_thanks()
    after = card.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] == before["height"]
