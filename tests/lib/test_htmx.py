"""htmx gets fragments that carry our own header; everyone else gets pages."""

import pytest
from flask import Flask

from blog.lib.htmx import Request, asked_by_htmx, fragment


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "false"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
        ({"HX-Boosted": "true"}, False),
    ],
)
def test_a_fragment_is_for_htmx_alone(app: Flask, headers: dict[str, str], asked: bool) -> None:
    with app.test_request_context("/", headers=headers):
        assert asked_by_htmx() is asked


def test_a_fragment_says_that_it_is_ours(app: Flask) -> None:
    with app.test_request_context("/"):
        answer = fragment("newsletter/_message.html", 422)
    assert (answer.status_code, answer.headers["X-Broadsheet"]) == (422, "fragment")


def test_the_request_of_the_application_is_ours(app: Flask) -> None:
    assert app.request_class is Request


@pytest.mark.parametrize(("fields", "status"), [(50, 422), (51, 413)])
def test_a_form_has_at_most_fifty_fields(application: Flask, fields: int, status: int) -> None:
    parts = {f"field{number}": "x" for number in range(fields)}
    answer = application.test_client().post(
        "/newsletter/signup",
        data=parts,
        content_type="multipart/form-data",
        base_url="https://journal.example.org",
    )
    assert answer.status_code == status
