"""What programs ask for: robots, security, health."""

import datetime as dt

import pytest
from flask.testing import FlaskClient

from blog.lib.clock import held_at
from blog.lib.db import write
from blog.settings.declaring import choose
from tests.journal import SITE


def test_robots_may_read_what_readers_read(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == (
        f"User-agent: *\nDisallow: /search\nDisallow: /newsletter/\nAllow: /newsletter/issues/\n"
        f"Sitemap: {SITE}/sitemap.xml\n"
    )


def test_weaknesses_are_reported_where_the_team_says(client: FlaskClient) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    with write():
        choose("site.security_contact", "mailto:security@example.org")
    with held_at(dt.datetime(2026, 6, 1, tzinfo=dt.UTC)):
        answer = client.get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == (
        "Contact: mailto:security@example.org\nExpires: 2027-12-31T00:00:00Z\n"
        f"Preferred-Languages: en\nCanonical: {SITE}/.well-known/security.txt\n"
    )


@pytest.mark.parametrize("day", [dt.date(2028, 2, 29), dt.date(2026, 12, 31), dt.date(2026, 1, 1)])
def test_the_expiry_is_always_ahead(client: FlaskClient, day: dt.date) -> None:
    with write():
        choose("site.security_contact", "https://example.org/report")
    with held_at(dt.datetime.combine(day, dt.time(12), dt.UTC)):
        text = client.get("/.well-known/security.txt").text
    assert f"Expires: {day.year + 1}-12-3" in text


def test_health_is_one_word(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.headers["Cache-Control"]) == (200, "ok\n", "no-store")
