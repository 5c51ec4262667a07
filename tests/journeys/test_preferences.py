"""A reader chooses topics, pauses, and is erased: with a mouse, by keyboard, and without scripts."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from playwright.sync_api import Page, expect

from tests.lib.processes import eventually
from tests.newsletter.test_erasing import places_of

from .conftest import OpenVisit
from .serving import Site
from .subscribed import subscribed
from .test_accessibility import faults, schemes, widths, with_axe
from .watching import Visit


def choose_and_pause(page: Page, demo: Site, address: str) -> None:
    dee = subscribed(demo, address)
    page.goto(dee.preferences)
    page.get_by_label("Only letters about these topics").check()
    page.get_by_label("Mental Health").check()
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_role("status")).to_have_text("Your choice of topics is kept.")
    expect(page.get_by_label("Mental Health")).to_be_checked()
    expect(page.get_by_label("Sleep")).not_to_be_checked()
    page.get_by_role("button", name="3 months").click()
    expect(page.get_by_role("status")).to_have_text("You get no letters until your pause is over.")
    assert dee.row(demo) == (False, True, False)
    page.get_by_role("button", name="End the pause").click()
    expect(page.get_by_role("button", name="6 months")).to_be_visible()
    assert dee.row(demo) == (False, False, False)
    expect(page.locator("main")).not_to_contain_text(address)


def test_topics_and_a_pause_are_chosen_on_one_page(page: Page, demo: Site) -> None:
    choose_and_pause(page, demo, "choosing@example.org")


def test_it_works_without_scripts(plain_page: Page, demo: Site) -> None:
    choose_and_pause(plain_page, demo, "choosing-plain@example.org")


def test_it_works_by_keyboard(page: Page, demo: Site) -> None:
    dee = subscribed(demo, "choosing-by-keyboard@example.org")
    page.goto(dee.preferences)
    page.locator("main").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Everything")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # sends the form that the focus is in
    expect(page.get_by_role("status")).to_have_text("Your choice of topics is kept.")
    expect(page.get_by_label("Food and Drink")).to_be_checked()


def test_a_malformed_address_is_refused_beside_its_field(visit: Visit, demo: Site) -> None:
    dee, page = subscribed(demo, "choosing-malformed@example.org"), visit.page()
    page.goto(dee.preferences)
    page.get_by_label("Your new e-mail address").fill("nobody")
    page.get_by_role("button", name="Change the address").click()
    visit.expect_status(422, "Unprocessable Entity", dee.preferences)
    field = page.get_by_label("Your new e-mail address")
    expect(field).to_have_value("nobody")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(
        "Please check the address; it should look like name@example.org."
    )


def test_a_fresh_link_erases_with_one_press_and_works_no_second_time(visit: Visit, demo: Site) -> None:
    dee, page = subscribed(demo, "choosing-erased@example.org"), visit.page()
    page.goto(dee.erase)
    assert dee.row(demo) == (False, False, False)
    page.get_by_role("button", name="Erase me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are erased")
    assert dee.row(demo) == (True, False, True)
    page.goto(dee.erase)
    visit.expect_status(404, "Not Found", dee.erase)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work")


def test_who_presses_erase_gets_a_link_by_mail_and_after_it_no_kept_mail_names_them(
    page: Page, demo: Site
) -> None:
    address = "choosing-by-mail@quiet-house.example.com"
    dee = subscribed(demo, address)
    page.goto(dee.preferences)
    page.get_by_role("button", name="Erase me").click()
    expect(page.get_by_role("status")).to_contain_text("a link is on its way")
    links = mailed(demo, address, 2)  # of the first request that `subscribed` made, and of this one
    page.goto(links[-1])
    page.get_by_role("button", name="Erase me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are erased")
    assert places_of(demo.database.parent, address) == []


def mailed(demo: Site, address: str, count: int) -> list[str]:
    """Wait for so many mails to the address; return the paths of the links in them, in the order of their dates."""
    found: list[EmailMessage] = []

    def are_there() -> bool:
        paths = (demo.database.parent / "mail").glob("*.eml")
        messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
        found[:] = [one for one in messages if one["To"].addresses[0].addr_spec == address]
        return len(found) == count

    assert eventually(are_there)
    texts = [one.get_body(("plain",)).get_content() for one in found]  # type: ignore[union-attr]  # they have two parts
    matches = [re.search(r"/newsletter/preferences/erase/\S+", text) for text in texts]
    return [match[0] for match in matches if match]


@schemes
@widths
def test_the_pages_are_accessible(open_visit: OpenVisit, demo: Site, scheme: str, width: int) -> None:
    dee = subscribed(demo, f"choosing-{scheme}-{width}@example.org")
    page = with_axe(open_visit, scheme, width).page()
    found = {}
    for path in (dee.preferences, f"{dee.preferences}?done=sent", dee.erase):
        page.goto(path)
        found[path] = faults(page)
    assert list(found.values()) == [[], [], []]
