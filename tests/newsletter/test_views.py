"""The signup form answers as the table says, in place and as a page."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from blog.lib import locking
from blog.lib.db import db
from tests.newsletter.conftest import StoppedClock
from tests.newsletter.visiting import HTMX, MALFORMED, NEXT, OOPS, THANKS, Reading, Visitor

BOTH = pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "page"])
REGION = "signup-article-2-status"


RANDOM = re.compile(r"newsletter=[\w-]{43}|Expires=[^;]+|\?r=[\w-]{30}|name=\"handle\" value=\"[\w-]{30}\"")


def seen(response: TestResponse) -> tuple[int, dict[str, str], str]:
    """Return all that someone outside can see of an answer, but for what is drawn by lot for each."""
    headers = {name: RANDOM.sub("", value) for name, value in response.headers.items()}
    return response.status_code, headers, RANDOM.sub("", response.text)


def changed_rows(application: Flask) -> list[int]:
    """Return a list that grows by the number of changed rows at each commit from now on."""
    commits: list[int] = []
    before: dict[int, int] = {}

    def changes(connection: Any) -> int:
        return int(connection.connection.driver_connection.total_changes)

    with application.app_context():
        engine = db.engine
    event.listen(engine, "begin", lambda connection: before.update({0: changes(connection)}))
    event.listen(engine, "commit", lambda connection: commits.append(changes(connection) - before[0]))
    return commits


def test_an_accepted_address_answers_htmx_with_the_message_and_the_form_for_the_code(
    visitor: Visitor,
) -> None:
    answer = visitor.sign_up("dee@example.org", HTMX)
    read = Reading(answer)
    assert answer.status_code == 200
    assert answer.headers["X-Broadsheet"] == "fragment"
    assert answer.text.startswith(
        f'<p id="{REGION}" hx-swap-oob="innerHTML"><strong>{THANKS}</strong> {NEXT}</p>'
    )
    assert [form.form["action"] for form in read.forms] == ["/newsletter/confirm"]
    assert (read.forms[0].values["place"], read.forms[0].values["code"]) == ("article-2", "")


def test_the_field_for_the_code_is_one_that_phones_understand(visitor: Visitor) -> None:
    field = Reading(visitor.sign_up("dee@example.org", HTMX)).forms[0].inputs["code"]
    assert (field["inputmode"], field["autocomplete"], field["type"]) == ("numeric", "one-time-code", "text")
    assert field["aria-describedby"] == f"{REGION} signup-article-2-wording"
    assert "aria-invalid" not in field


def test_an_accepted_address_leads_a_browser_without_script_to_a_page_that_says_the_same(
    visitor: Visitor,
) -> None:
    answer = visitor.sign_up("dee@example.org")
    handle = answer.headers["Location"].removeprefix("/newsletter/confirm?r=")
    assert (answer.status_code, len(handle)) == (303, 30)
    page = visitor.get(answer.headers["Location"])
    read = Reading(page)
    assert (page.status_code, read.message) == (200, f"{THANKS} {NEXT}")
    assert read.forms[0].values == {"place": "confirm", "handle": handle, "code": ""}
    assert '<meta name="robots" content="noindex">' in page.text


@BOTH
def test_new_known_and_repeated_addresses_get_the_same_answer(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    visitor.sign_up("dee@example.org", headers)
    known, new, repeated = (
        seen(visitor.sign_up(email, headers))
        for email in ("dee@example.org", "eve@example.org", "dee@example.org")
    )
    assert known == new
    assert known == repeated


def test_new_known_and_repeated_addresses_cost_the_same_number_of_rows(visitor: Visitor) -> None:
    visitor.sign_up("dee@example.org")
    commits = changed_rows(visitor.application)
    for email in ("dee@example.org", "eve@example.org", "dee@example.org"):
        visitor.sign_up(email)
    assert commits == [4, 4, 4]  # the subscriber, the proof, the request, the count of tries


@BOTH
@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("", "Please write your e-mail address."),
        ("   ", "Please write your e-mail address."),
        ("dee", MALFORMED),
        ("dee@", MALFORMED),
        ('"><script>alert(1)</script>', MALFORMED),
        ("dee@example.org\r\nBcc: eve@example.org", MALFORMED),
    ],
)
def test_an_address_that_is_none_is_given_back_with_what_to_fix(
    visitor: Visitor, headers: dict[str, str], typed: str, advice: str
) -> None:
    answer = visitor.sign_up(typed, headers)
    read = Reading(answer)
    assert answer.status_code == 422
    assert read.message == f"{OOPS} {advice}"
    assert read.forms[0].email.get("value") == typed
    assert visitor.kept() == (0, 0)


@BOTH
def test_a_refused_field_is_marked_and_described_by_the_message(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    read = Reading(visitor.sign_up("dee", headers))
    email = read.forms[0].email
    assert email["aria-invalid"] == "true"
    assert email["aria-describedby"] == f"{REGION} signup-article-2-wording"
    assert "signup-article-2-wording" in read.ids
    assert list(read.regions) == [REGION]


@BOTH
def test_the_form_that_comes_back_carries_what_it_was_rendered_with(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    values = Reading(visitor.sign_up("dee", headers)).forms[0].values
    wording = values.pop("wording")
    assert values == {"place": "article-2", "page": "/articles/sleep", "website": "", "email": "dee"}
    assert visitor.rows("SELECT key FROM wording") == [(wording,)]


@BOTH
def test_too_many_tries_are_told_when_to_come_back_and_keep_the_address(
    visitor: Visitor, headers: dict[str, str], clock: StoppedClock
) -> None:
    for _ in range(300):
        visitor.sign_up("dee", headers)
    clock.pass_by(minutes=20)
    answer = visitor.sign_up("dee@example.org", headers)
    read = Reading(answer)
    wait = "There were too many tries from your network. Please try again in 40 minutes."
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2400")
    assert read.message == f"{OOPS} {wait}"
    assert read.forms[0].email["value"] == "dee@example.org"
    assert read.forms[0].email["aria-invalid"] == "true"
    assert visitor.kept() == (0, 0)


@BOTH
def test_a_filled_honeypot_asks_for_one_more_press_and_stores_nothing(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    answer = visitor.sign_up("dee@example.org", headers, website="https://spam.example")
    read = Reading(answer)
    assert answer.status_code == 200
    assert read.message == (
        "Please press once more. "
        "A hidden field was filled in, perhaps by your browser. Your address is still here."
    )
    assert read.forms[0].email["value"] == "dee@example.org"
    assert "aria-invalid" not in read.forms[0].email
    assert visitor.kept() == (0, 0)


@BOTH
@pytest.mark.parametrize("autofill", [{}, {"website": "https://dee.example"}], ids=["empty", "filled again"])
def test_the_press_after_the_honeypot_counts_whatever_autofill_puts_in(
    visitor: Visitor, headers: dict[str, str], autofill: dict[str, str]
) -> None:
    caught = visitor.sign_up("dee@example.org", headers, website="Dee")
    again = Reading(caught).forms[0].values
    answer = visitor.post(data={**again, **autofill}, headers=headers)
    assert answer.status_code == (200 if headers else 303)
    assert visitor.rows("SELECT address, place, page FROM consent") == [
        ("dee@example.org", "article-2", "/articles/sleep")
    ]


def test_the_honeypot_is_hidden_from_people_and_skipped_by_the_keyboard(visitor: Visitor) -> None:
    trap = Reading(visitor.get("/newsletter")).forms[0].inputs["website"]
    assert (trap["tabindex"], trap["autocomplete"], trap["type"]) == ("-1", "off", "text")


@BOTH
def test_a_post_from_another_site_is_refused_and_keeps_the_address(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    answer = visitor.sign_up("dee@example.org", {**headers, "Sec-Fetch-Site": "cross-site"})
    read = Reading(answer)
    assert answer.status_code == 403
    assert read.message == f"{OOPS} The form was sent from another site. Please send it from this page."
    assert read.forms[0].email["value"] == "dee@example.org"
    assert read.forms[0].email["aria-invalid"] == "true"
    assert visitor.kept() == (0, 0)


@BOTH
def test_a_busy_database_is_a_503_that_the_script_does_not_take_for_the_form(
    visitor: Visitor, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.0)
    with visitor.application.app_context(), locking.writers_lock():
        answer = visitor.sign_up("dee@example.org", headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "X-Broadsheet" not in answer.headers
    assert "Nothing was changed. Please try again in a minute." in answer.text


@BOTH
def test_a_broken_database_is_a_500_that_the_script_does_not_take_for_the_form(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    with visitor.application.app_context():
        db.session.execute(db.text("DROP TABLE consent"))
        db.session.commit()
    answer = visitor.sign_up("dee@example.org", headers)
    assert answer.status_code == 500
    assert "X-Broadsheet" not in answer.headers
    assert visitor.rows("SELECT count(*) FROM subscriber") == [(0,)]
