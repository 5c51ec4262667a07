"""The code is taken in place or on a page, and no answer tells whether an address is known, confirmed, or mailed."""

import pytest
from flask import Flask

from blog.lib.clock import now
from tests.newsletter.asking import code, delivered, worked
from tests.newsletter.conftest import StoppedClock
from tests.newsletter.visiting import HTMX, OOPS, Reading, Visitor

BOTH = pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "page"])
WRONG = "This code does not fit. A code works for an hour and allows five tries; the link works for a week."
CONFIRMED = "SELECT method FROM consent WHERE deed = 'confirmed'"
REGION = "signup-article-2-status"


def signed_up(visitor: Visitor, email: str = "dee@example.org") -> tuple[str, str]:
    """Sign up and let the mail arrive; return the handle and the code, which is empty where none was mailed."""
    handle = Reading(visitor.sign_up(email, HTMX)).forms[0].values["handle"]
    with visitor.application.app_context():
        worked(now())
        delivered(now())
        return handle, code() if visitor.rows("SELECT 1 FROM mailed_link") else ""


def test_the_right_code_says_in_place_that_the_person_is_in(visitor: Visitor) -> None:
    handle, digits = signed_up(visitor)
    answer = visitor.type_code(handle, digits, HTMX)
    assert (answer.status_code, answer.headers["X-Broadsheet"]) == (200, "fragment")
    assert answer.text.strip() == (
        f'<p id="{REGION}" hx-swap-oob="innerHTML"><strong>You are in.</strong> '
        "The newsletter comes to your mailbox from now on.</p>"
    )
    assert visitor.rows(CONFIRMED) == [("code",)]


def test_without_a_script_it_leads_to_a_page_that_says_so(visitor: Visitor) -> None:
    handle, digits = signed_up(visitor)
    answer = visitor.type_code(handle, f" {digits[:3]}-{digits[3:]} ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/newsletter/thanks")
    page = visitor.get("/newsletter/thanks")
    assert (page.status_code, "You are in." in page.text) == (200, True)


@BOTH
def test_a_wrong_code_comes_back_with_what_to_do(visitor: Visitor, headers: dict[str, str]) -> None:
    handle, digits = signed_up(visitor)
    wrong = "000000" if digits != "000000" else "111111"
    answer = visitor.type_code(handle, wrong, headers)
    read = Reading(answer)
    assert (answer.status_code, read.message) == (422, f"{OOPS} {WRONG}")
    field = read.forms[0].inputs["code"]
    assert (field["value"], field["aria-invalid"]) == (wrong, "true")
    assert field["aria-describedby"] == f"{REGION} signup-article-2-wording"
    assert read.forms[0].values["handle"] == handle
    assert visitor.rows(CONFIRMED) == []


@BOTH
def test_every_failure_looks_the_same_whoever_the_address_is(
    visitor: Visitor, headers: dict[str, str], clock: StoppedClock
) -> None:
    member, digits = signed_up(visitor, "member@example.org")
    visitor.type_code(member, digits)
    handles = [signed_up(visitor, email)[0] for email in ("member@example.org", "new@example.org")]
    handles.append(Reading(visitor.sign_up("unmailed@example.org", HTMX)).forms[0].values["handle"])
    seen = set()
    for handle in [*handles, "A" * 30, ""]:
        for _ in range(7):
            answer = visitor.type_code(handle, "no code", headers)
            text = answer.text.replace(f'name="handle" value="{handle}"', "")
            length = len(answer.data) - len(handle)
            seen.add((answer.status_code, str(dict(answer.headers) | {"Content-Length": length}), text))
    assert len(seen) == 1


def test_a_code_is_too_old_after_an_hour(visitor: Visitor, clock: StoppedClock) -> None:
    handle, digits = signed_up(visitor)
    clock.pass_by(hours=1)
    assert visitor.type_code(handle, digits, HTMX).status_code == 422


def test_the_form_works_in_a_browser_without_the_cookie(visitor: Visitor, application: Flask) -> None:
    handle, digits = signed_up(visitor)
    elsewhere = Visitor(application, "203.0.113.9")
    assert elsewhere.type_code(handle, digits).status_code == 303


@BOTH
def test_a_code_from_another_site_is_refused(visitor: Visitor, headers: dict[str, str]) -> None:
    handle, digits = signed_up(visitor)
    answer = visitor.type_code(handle, digits, {**headers, "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert Reading(answer).forms[0].values["code"] == digits
    assert visitor.rows(CONFIRMED) == []


@BOTH
def test_a_client_that_types_codes_without_end_is_refused(
    visitor: Visitor, headers: dict[str, str], clock: StoppedClock
) -> None:
    handle, digits = signed_up(visitor)
    for _ in range(300):
        visitor.type_code("", "1")
    answer = visitor.type_code(handle, digits, headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert visitor.rows(CONFIRMED) == []


def test_the_page_for_the_code_is_never_kept_and_needs_a_handle(visitor: Visitor) -> None:
    page = visitor.get("/newsletter/confirm?r=anything")
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert page.headers["Referrer-Policy"] == "strict-origin"
    bare = Reading(visitor.get("/newsletter/confirm"))
    assert [form.form["action"] for form in bare.forms] == ["/newsletter/signup"]


def test_looking_at_the_page_reads_and_writes_nothing(visitor: Visitor) -> None:
    before = visitor.rows("SELECT * FROM tries")
    for method in ("GET", "HEAD", "OPTIONS"):
        visitor.ask(method, "/newsletter/confirm?r=" + "A" * 30)
    assert visitor.rows("SELECT * FROM tries") == before


def test_what_a_stranger_puts_into_the_address_is_shown_as_text(visitor: Visitor) -> None:
    page = visitor.get("/newsletter/confirm?r=%22%3E%3Cb%3E" + "x" * 5000)
    assert '"><b>' not in page.text
    assert len(Reading(page).forms[0].values["handle"]) == 128
