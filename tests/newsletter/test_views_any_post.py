"""Whatever is posted to the newsletter's addresses, it is answered, leads nowhere else, and sets no cookie but one."""

from urllib.parse import quote, urlencode, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.newsletter.links import fresh_url, leave_url, preferences_url
from blog.newsletter.models import MailedLink, Purpose, Subscriber
from blog.newsletter.signup.codes import confirm_url
from tests.newsletter.asking import asked_and_mailed
from tests.newsletter.visiting import Visitor
from tests.subscribers import confirmed

PLAIN = ("signup", "confirm", "follow")
WITH_TOKEN = (
    *("confirm", "leave", "preferences", "preferences/address", "preferences/download", "preferences/erase"),
    *("preferences/follow", "preferences/unfollow"),
)
FIELDS = (
    *("email", "place", "page", "wording", "website", "again", "handle", "code", "article"),
    *("press", "scope", "topic", "auto", "r", "done", "back", "next"),
)
VALUES = (
    *("", "1", "123456", "١٢٣٤٥٦", "dee@example.org", "dee@ｅxample。org", "\0", "a\r\nBcc: eve@example.org"),
    *("leave", "undo", "address", "download", "erase", "topics", "pause-1", "pause-99", "resume", "chosen"),
    *(
        "//elsewhere.example/",
        "https://elsewhere.example/",
        "=?utf-8?q?x?=",
        "<script>",
        "\u202e",
        "x" * 5000,
    ),
)
HEADERS = {
    "Origin": ("null", "https://journal.example.org", "https://elsewhere.example"),
    "Sec-Fetch-Site": ("same-origin", "cross-site", "none", ""),
    "HX-Request": ("true",),
    "Cookie": ("newsletter=" + "a" * 43, "newsletter=x; newsletter=y", "="),
    "Content-Type": (
        *(
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=none",
            "text/plain",
        ),
        *("multipart/form-data; boundary=x", "multipart/form-data", "application/json"),
    ),
    "Content-Encoding": ("gzip",),
}
fields = st.lists(
    st.tuples(st.sampled_from(FIELDS), st.sampled_from(VALUES) | st.text(max_size=20)), max_size=5
)
bodies = st.one_of(
    fields.map(lambda said: urlencode([(name, value.encode("utf-8", "replace")) for name, value in said]).encode()),
    st.binary(max_size=200),
)  # fmt: skip
headers = st.fixed_dictionaries({}, optional={name: st.sampled_from(all_) for name, all_ in HEADERS.items()})


@pytest.fixture
def tokens(application: Flask) -> list[str]:
    """Return the tokens of links that work: of each kind one."""
    with application.app_context():
        asked_and_mailed("cy@example.org", at=now())
        with write() as session:
            dee = confirmed()
            session.add(dee)
            session.flush()
            purposes = (Purpose.ADDRESS, Purpose.MOVE, Purpose.DOWNLOAD, Purpose.ERASE, Purpose.FOLLOW)
            said = {"subscriber_id": dee.id, "made_at": now(), "data": {}}
            session.add_all(MailedLink(**said, purpose=one, seed=one.value) for one in purposes)
        dee = db.session.get_one(Subscriber, 2)
        links = db.session.query(MailedLink).order_by(MailedLink.id).all()
        urls = [
            confirm_url(links[0]),
            leave_url(dee),
            preferences_url(dee, now()),
            *map(fresh_url, links[1:]),
        ]
        db.session.remove()
    return [urlsplit(url).path.rpartition("/")[2] for url in urls]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), bodies, headers)
def test_any_post_is_answered_and_leads_nowhere_else(
    visitor: Visitor, tokens: list[str], data: st.DataObject, body: bytes, said: dict[str, str]
) -> None:
    visitor.network = f"198.51.100.{data.draw(st.integers(1, 250))}"
    token = data.draw(st.sampled_from([*tokens, *VALUES[:8]]) | st.text(min_size=1, max_size=40))
    place = data.draw(st.sampled_from([*PLAIN, *(f"{one}/" for one in WITH_TOKEN)]))
    path = f"/newsletter/{place}{quote(token.encode('utf-8', 'replace'), safe='') if place.endswith('/') else ''}"
    sent = {"Content-Type": "application/x-www-form-urlencoded"} | said
    answer = visitor.ask("POST", path, data=body, headers=sent)
    assert answer.status_code < 500
    assert "://" not in answer.headers.get("Location", "").replace("https://journal.example.org/", "/")
    assert place == "signup" or "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
