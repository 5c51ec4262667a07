"""The signup form on its pages, and posts that no form of ours sends."""

from io import BytesIO
from typing import Any

import pytest

from tests import building
from tests.newsletter.visiting import HTMX, OOPS, Reading, Visitor

REGION = "signup-article-2-status"


@pytest.mark.parametrize(
    "post",
    [
        {"json": {"email": 5}},
        {"json": [1]},
        {"data": "{", "content_type": "application/json"},
        {"data": {"email": (BytesIO(b"dee@example.org"), "dee.txt")}},
        {"data": b""},
    ],
    ids=["number", "list", "no JSON", "file", "nothing"],
)
def test_what_no_form_of_ours_sends_is_an_empty_address(visitor: Visitor, post: dict[str, Any]) -> None:
    answer = visitor.post(**post)
    assert answer.status_code == 422
    assert Reading(answer).message == f"{OOPS} Please write your e-mail address."


def test_a_post_larger_than_any_form_is_refused(visitor: Visitor) -> None:
    assert visitor.sign_up("a" * 70_000).status_code == 413


def test_a_get_of_the_form_address_changes_nothing(visitor: Visitor) -> None:
    answer = visitor.get("/newsletter/signup")
    assert (answer.status_code, visitor.rows("SELECT * FROM tries")) == (405, [])


def test_a_browser_that_walks_back_through_its_history_gets_a_page(visitor: Visitor) -> None:
    answer = visitor.sign_up("dee", {**HTMX, "HX-History-Restore-Request": "true"})
    assert "X-Broadsheet" not in answer.headers
    assert answer.text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "page"])
def test_only_an_accepted_post_sets_the_cookie_and_no_answer_depends_on_one(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    cross = {**headers, "Sec-Fetch-Site": "cross-site"}
    answers = [
        visitor.sign_up("dee", headers),
        visitor.sign_up("dee@example.org", headers, website="x"),
        visitor.sign_up("dee@example.org", cross),
        visitor.sign_up("dee@example.org", headers),
        visitor.get("/newsletter"),
        visitor.get("/newsletter/thanks"),
        visitor.get("/newsletter/confirm"),
    ]
    assert [bool(answer.headers.get("Set-Cookie")) for answer in answers] == [False] * 3 + [True] + [
        False
    ] * 3
    assert [answer.headers.get("Vary") for answer in answers[:4]] == [None] * 4
    assert [answer.headers["Vary"] for answer in answers[4:6]] == ["Accept-Encoding"] * 2


def test_answers_to_a_post_are_never_kept(visitor: Visitor) -> None:
    answers = [visitor.sign_up("dee@example.org"), visitor.sign_up("dee", HTMX)]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 2


def test_every_form_of_a_page_has_its_own_ids_and_an_empty_live_region(visitor: Visitor) -> None:
    with visitor.application.app_context():
        building.save(building.article("Sleep and memory"))
    read = Reading(visitor.get("/articles/sleep-and-memory"))
    assert [form.form["data-signup"] for form in read.forms] == ["signup-article-1-status", REGION]
    assert read.messages == {"signup-article-1-status": "", REGION: ""}
    assert [region["role"] for region in read.regions.values()] == ["status", "status"]
    assert sorted(set(read.ids)) == sorted(read.ids)


def test_a_form_says_where_it_stands(visitor: Visitor) -> None:
    with visitor.application.app_context():
        building.save(building.article("Sleep and memory"))
    first, last = Reading(visitor.get("/articles/sleep-and-memory")).forms
    for form in (first, last):
        visitor.post(data={**form.values, "email": "dee@example.org"})
    assert visitor.rows("SELECT page, place, wording_id FROM consent ORDER BY id") == [
        ("/articles/sleep-and-memory", "article-1", 1),
        ("/articles/sleep-and-memory", "article-2", 1),
    ]
