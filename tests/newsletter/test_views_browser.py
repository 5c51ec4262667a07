"""The cookie of a signup says later that it is the same browser, and says nothing else."""

import re

from flask import Flask
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from blog.lib.tokens import hash_of_token
from tests.conftest import Start, environment_in
from tests.newsletter.visiting import Visitor

BROWSERS = "SELECT browser FROM signup_request ORDER BY id"


def cookie(answer: TestResponse) -> str:
    return answer.headers["Set-Cookie"]


def value(answer: TestResponse) -> str:
    return parse_cookie(cookie(answer).partition(";")[0])["newsletter"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_goes_to_the_newsletter_alone(
    visitor: Visitor,
) -> None:
    said = re.sub(r"newsletter=[\w-]{43}|Expires=[^;]+", "", cookie(visitor.sign_up("dee@example.org")))
    assert said == "; ; Max-Age=1209600; Secure; HttpOnly; Path=/newsletter; SameSite=Lax"


def test_where_there_is_no_https_it_is_not_secure(visitor: Visitor, start: Start) -> None:
    folder = visitor.application.config["INSTANCE"]
    plain = start(environment_in(folder, site_url="http://journal.example.org"))
    data = {"email": "dee@example.org"}
    answer = Visitor(plain).ask(
        "POST", "/newsletter/signup", data=data, base_url="http://journal.example.org"
    )
    assert (answer.status_code, "Secure" in cookie(answer)) == (303, False)


def test_the_database_knows_the_hash_alone(visitor: Visitor) -> None:
    drawn = value(visitor.sign_up("dee@example.org"))
    assert visitor.rows(BROWSERS) == [(hash_of_token(drawn),)]


def test_one_browser_keeps_its_cookie_and_two_have_two(application: Flask) -> None:
    first, second = Visitor(application, cookies=True), Visitor(application, cookies=True)
    kept = [value(first.sign_up(f"{name}@example.org")) for name in ("dee", "cy")]
    other = value(second.sign_up("dee@example.org"))
    assert (kept[0] == kept[1], kept[0] == other) == (True, False)


def test_a_made_up_cookie_is_replaced(visitor: Visitor) -> None:
    for made_up in ("1", "x" * 44, "../" * 9, "ü" * 43):
        answer = visitor.sign_up("dee@example.org", {"Cookie": f"newsletter={made_up}"})
        assert value(answer) != made_up
        assert len(value(answer)) == 43
