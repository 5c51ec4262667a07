"""Every page of the demo site as a file, error pages included, for a validator to read.

usage: python3 .ci/save_pages.py FOLDER

Starts the demo in a data folder of its own, follows every link, and fails on a dead one.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin, urlsplit

HERE = Path(__file__).resolve().parents[1]
PORT = 8190
HOST = f"127.0.0.1:{PORT}"
START_SECONDS = 240
FEWEST_PAGES = 60
"""The demo has more: fewer means that the crawl went wrong."""

STARTS = [
    "/",
    "/search?q=sleep",
    "/search?q=xyzzy",
    "/search?q=",
    "/newsletter",
    "/sitemap.xml",
]
NOT_PAGES = ("/media/", "/static/", "/desk")
SIGNUP = "/newsletter/signup"


@dataclass
class Answer:
    """What the server said to one request."""

    status: int
    kind: str
    location: str
    text: str


@dataclass
class Crawl:
    """What was saved so far, and what was wrong."""

    folder: Path
    problems: list[str] = field(default_factory=list)
    saved: int = 0

    def save(self, name: str, answer: Answer) -> None:
        """Write the answer to a file named after its address, if it is a page."""
        if answer.kind.startswith("text/html"):
            path = self.folder / f"{quote(name.strip('/') or 'home', safe='')[:150]}.html"
            path.write_text(answer.text, "utf-8")
            self.saved += 1

    def expect(self, status: int, name: str, answer: Answer) -> None:
        """Save an answer that must have this status."""
        if answer.status != status:
            self.problems.append(f"{name}: {answer.status} where {status} was due")
        self.save(f"{status} {name}", answer)


class Links(HTMLParser):
    """The addresses that a page links to, and the hidden fields of its first signup form."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden: dict[str, str] = {}
        self.forms = 0
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, or a hidden field of the signup form."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.found.append(given["href"])
        elif tag == "form":
            self.inside = given.get("action") == SIGNUP and not self.forms
            self.forms += self.inside
        elif tag == "input" and self.inside and given.get("type") == "hidden":
            self.hidden[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Leave the signup form."""
        self.inside = self.inside and tag != "form"


def main(args: list[str]) -> int:
    """Save the pages into the folder that is named; return 1 if something is wrong with them."""
    if len(args) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    crawl = Crawl(Path(args[0]))
    crawl.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as instance, demo(Path(instance)):
        try:
            follow_links(crawl)
            save_answers_to_signups(crawl)
            save_errors(crawl)
        except OSError as error:
            crawl.problems.append(f"the site stopped answering: {error}")
    if crawl.saved < FEWEST_PAGES:
        crawl.problems.append(f"only {crawl.saved} pages were found")
    print(f"{crawl.saved} pages saved.")
    for problem in crawl.problems:
        print(problem, file=sys.stderr)
    return 1 if crawl.problems else 0


@contextmanager
def demo(instance: Path) -> Iterator[None]:
    """Run the demo site in its own data folder, ready when this yields; end it and its workers afterwards."""
    server = subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, str(HERE / "run.py"), "demo", "--port", str(PORT)],
        env=dict(os.environ, BLOG_INSTANCE=str(instance)),
        stdout=sys.stderr,  # what the import says helps where the demo does not start
        start_new_session=True,
    )
    try:
        wait_for(server)
        yield
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)


def wait_for(server: subprocess.Popen[bytes]) -> None:
    """Return when the site answers; stop the script if it never does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if ask("GET", "/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The demo site did not start.")


def ask(method: str, path: str, body: str = "", **headers: str) -> Answer:
    """Send one request and read the whole answer; redirects are not followed."""
    connection = HTTPConnection(HOST, timeout=30)
    try:
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        kind, location = response.getheader("Content-Type", ""), response.getheader("Location", "")
        return Answer(response.status, kind, location, response.read().decode("utf-8", "replace"))
    finally:
        connection.close()


def follow_links(crawl: Crawl) -> None:
    """Save every page that can be reached, and note every link that leads nowhere."""
    waiting = [(path, "the crawl itself") for path in STARTS]
    seen = set(STARTS)
    while waiting:
        path, source = waiting.pop()
        answer = ask("GET", path)
        if answer.status >= 400:
            crawl.problems.append(f"{path} (linked from {source}) answers {answer.status}")
            continue
        crawl.save(path, answer)
        for found in filter(None, (own_path(link, path) for link in links_of(answer))):
            if found not in seen:
                seen.add(found)
                waiting.append((found, path))


def links_of(answer: Answer) -> list[str]:
    """Return what the answer points to: a redirect's target, a sitemap's addresses, a page's links."""
    if answer.location:
        return [answer.location]
    if "xml" in answer.kind:
        return re.findall(r"<loc>([^<]+)</loc>", answer.text)
    links = Links()
    if answer.kind.startswith("text/html"):
        links.feed(answer.text)
    return links.found


def own_path(link: str, base: str) -> str:
    """Return the path and query of a link to a page of this site; nothing for any other."""
    parts = urlsplit(urljoin(f"http://{HOST}{base}", link))
    if parts.netloc != HOST or parts.path.startswith(NOT_PAGES):
        return ""
    return quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{parts.query}" if parts.query else "")


def save_answers_to_signups(crawl: Crawl) -> None:
    """Save what a reader without JavaScript sees after each kind of signup."""
    form = Links()
    form.feed(ask("GET", "/").text)
    if not form.forms:
        crawl.problems.append("the home page has no signup form")
    accepted = sign_up(form.hidden, "reader@example.org")
    crawl.expect(303, "signup accepted", accepted)
    crawl.save("signup accepted", ask("GET", own_path(accepted.location, SIGNUP) or "/"))
    crawl.expect(422, "signup malformed", sign_up(form.hidden, "nobody"))
    crawl.expect(
        403, "signup from elsewhere", sign_up(form.hidden, "a@example.org", "https://elsewhere.example")
    )
    for _ in range(301):
        answer = sign_up(form.hidden, "nobody")
        if answer.status == 429:
            break
    crawl.expect(429, "signup too often", answer)


def sign_up(hidden: dict[str, str], email: str, origin: str = f"http://{HOST}") -> Answer:
    """Send the signup form as a browser without JavaScript does."""
    body = urlencode(hidden | {"email": email})
    return ask("POST", SIGNUP, body, Origin=origin, **{"Content-Type": "application/x-www-form-urlencoded"})


def save_errors(crawl: Crawl) -> None:
    """Save the pages that tell a reader what went wrong."""
    crawl.expect(404, "no such page", ask("GET", "/no-such-page"))
    crawl.expect(404, "no such article", ask("GET", "/articles/no-such-article"))
    crawl.expect(400, "foreign host", ask("GET", "/", Host="elsewhere.example"))
    crawl.expect(405, "wrong method", ask("POST", "/articles"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
