"""Whoever opens the addresses of a mail without being its reader changes nothing, at any age of the mail."""

import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from blog.content.models import Article
from blog.lib.db import db, write
from blog.newsletter.following.telling import tell_followers
from tests.building import article, save
from tests.newsletter.issues.issuing import drafted, may_send, sent

from .forms import Signup
from .living import LivingSite, urls_in
from .watching import visiting

AGES = [timedelta(seconds=10), timedelta(minutes=5), timedelta(hours=24)]
SCANNERS = [
    {},
    {"User-Agent": "Mozilla/5.0 (compatible; LinkPreview/1.0; +https://chat.example/bots)"},
    {"User-Agent": "facebookexternalhit/1.1"},
    {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
    {"User-Agent": "WhatsApp/2.23.20.0"},
    {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"},
    {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Site": "cross-site"},
    {"HX-Request": "true", "Cookie": "newsletter=" + "A" * 43},
]
SCROLLING = "window.scrollTo(0, document.body.scrollHeight)"


@pytest.fixture
def addresses(living: LivingSite) -> list[str]:
    """Have a mail of every kind sent, to people who differ; return every address on our site in them."""
    sign_up(living, "confirms@example.org", "already@example.org")
    living.work()
    press(living)
    living.work()
    choose(living, "download", "erase", "address")
    send_issue(living)
    follow(living)
    sign_up(living, "waits@example.org")
    living.ahead += timedelta(hours=25)
    sign_up(living, "already@example.org", "confirms@example.org")
    living.work()
    kinds = {kind for (kind,) in living.rows("SELECT DISTINCT kind FROM delivery WHERE state = 'sent'")}
    assert kinds == {"confirmation", "welcome", "already", "access", "letter", "wish", "follow"}
    found = {url for mail in living.mails() for url in urls_in(mail) if url.startswith(living.url)}
    counts = {"confirm": 4, "leave": 1, "preferences/follow": 2, "preferences/unfollow": 1}
    counts |= {f"preferences/{purpose}": 1 for purpose in ("address", "download", "erase")}
    for part, count in counts.items():
        assert sum(f"/newsletter/{part}/" in url for url in found) == count, part
    return sorted(found)


def choose(living: LivingSite, *presses: str) -> None:
    """Press buttons on the page of preferences, by the link in a letter."""
    urls = {url for mail in living.mails() for url in urls_in(mail) if "/newsletter/preferences/" in url}
    (page,) = urls
    for press in presses:
        urllib.request.urlopen(page, f"press={press}&email=moves@example.org".encode()).close()
    living.work()


def send_issue(living: LivingSite) -> None:
    """Send an issue to everybody who is in, and let its hold pass."""
    with living.application.app_context():
        may_send(0)
        sent(drafted(), 1, living.now())
    living.ahead += timedelta(minutes=11)
    living.work()


def follow(living: LivingSite) -> None:
    """Let the reader follow one article, which changes, and ask for another, whose link is not pressed."""
    with living.application.app_context():
        save(article("Sleep"), article("Walking"))
    for slug in ("sleep", "walking"):
        wish = f"article={slug}&email=already@example.org"
        urllib.request.urlopen(f"{living.url}/newsletter/follow", wish.encode()).close()
        living.work()
        if slug == "sleep":
            (link,) = {
                url for mail in living.mails() for url in urls_in(mail) if "/preferences/follow/" in url
            }
            urllib.request.urlopen(link, b"").close()
    with living.application.app_context():
        with write() as session:
            session.query(Article).filter_by(slug="sleep").one().updated_at = living.now()
        tell_followers()
        db.session.remove()
    living.work()


def sign_up(living: LivingSite, *emails: str) -> None:
    for email in emails:
        urllib.request.urlopen(f"{living.url}/newsletter/signup", f"email={email}".encode()).close()


def press(living: LivingSite) -> None:
    """Confirm the first of those who were mailed, by the button."""
    urllib.request.urlopen(living.link(), b"").close()


def ask(method: str, url: str, headers: dict[str, str]) -> int:
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("age", AGES, ids=["10 s", "5 min", "24 h"])
def test_asking_without_posting_changes_nothing(
    living: LivingSite, addresses: list[str], age: timedelta
) -> None:
    living.ahead += age
    before = living.everything()
    for url in addresses:
        for headers in SCANNERS:
            answers = [ask(method, url, headers) for method in ("HEAD", "GET", "OPTIONS")]
            assert max(answers) < 500
    assert living.everything() == before


@pytest.mark.parametrize("age", AGES, ids=["10 s", "5 min", "24 h"])
def test_a_browser_that_runs_scripts_and_presses_nothing_changes_nothing(
    browser: Browser, living: LivingSite, addresses: list[str], age: timedelta
) -> None:
    living.ahead += age
    before = living.everything()
    context = browser.new_context()
    posted: list[str] = []
    context.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    pages = []
    for url in addresses:
        pages.append(page := context.new_page())
        page.goto(url, wait_until="load")
        page.evaluate(SCROLLING)
        page.keyboard.press("Tab")
        page.mouse.move(200, 300)
    for page in pages:  # at the end, together: each is quiet for half a second
        page.wait_for_load_state("networkidle")
    context.close()
    assert living.everything() == before
    assert len(posted) == 3  # the scripts did run, and asked for each link that nobody used yet


def test_a_person_confirms_after_all_of_that(
    browser: Browser, living: LivingSite, addresses: list[str]
) -> None:
    for url in addresses:
        for headers in SCANNERS:
            ask("GET", url, headers)
    with visiting(browser, living.url) as visit:
        page = visit.page()
        page.goto(living.link())
        page.get_by_role("button", name="Yes, send me the newsletter").click()
        page.wait_for_url("**/newsletter/thanks")
        expect(Signup(page, "newsletter").field).to_have_count(0)
    assert living.methods() == ["button", "button"]
