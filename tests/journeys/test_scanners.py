"""Whoever opens the addresses of a mail without being its reader changes nothing, at any age of the mail."""

import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests import building
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
    follow(living)
    send_issue(living)
    sign_up(living, "waits@example.org")
    living.ahead += timedelta(hours=25)
    sign_up(living, "already@example.org", "confirms@example.org")
    living.work()
    kinds = {kind for (kind,) in living.rows("SELECT DISTINCT kind FROM delivery WHERE state = 'sent'")}
    assert kinds == {"confirmation", "welcome", "already", "access", "letter", "wish"}
    found = {url for mail in living.mails() for url in urls_in(mail) if url.startswith(living.url)}
    for part, count in (("confirm", 4), ("leave", 1), ("preferences/download", 1), ("preferences/erase", 1)):
        assert sum(f"/newsletter/{part}/" in url for url in found) == count, part
    return sorted(found)


def choose(living: LivingSite, *presses: str) -> None:
    """Press buttons on the page of preferences, by the link in a letter."""
    urls = {url for mail in living.mails() for url in urls_in(mail) if "/newsletter/preferences/" in url}
    (page,) = urls
    for press in presses:
        urllib.request.urlopen(page, f"press={press}&email=moves@example.org".encode()).close()
    living.work()


def follow(living: LivingSite) -> None:
    """Ask to be told when an article changes."""
    with living.application.app_context():
        building.save(building.article("Sleep and memory"))
    wish = b"article=sleep-and-memory&email=already@example.org"
    urllib.request.urlopen(f"{living.url}/newsletter/follow", wish).close()
    living.work()


def send_issue(living: LivingSite) -> None:
    """Send an issue to everybody who is in, and let its hold pass."""
    with living.application.app_context():
        may_send(0)
        sent(drafted(), 1, living.now())
    living.ahead += timedelta(minutes=11)
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
    for url in addresses:
        page = context.new_page()
        page.goto(url, wait_until="networkidle")
        page.evaluate(SCROLLING)
        page.keyboard.press("Tab")
        page.mouse.move(200, 300)
        page.wait_for_load_state("networkidle")
        page.close()
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
