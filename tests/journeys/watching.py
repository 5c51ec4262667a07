"""What a browser complains about while a reader is on the site, so that a test can say exactly what may be."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError

VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""

SIGNUP = "/newsletter/signup"
FAILED = "Failed to load resource: "


class Visit:
    """One reader in one fresh browser profile: no cookies, no storage, no memory of an earlier test."""

    def __init__(self, browser: Browser, url: str, **options: object) -> None:
        self.complaints: list[str] = []
        self.expected: list[str] = []
        self.context: BrowserContext = browser.new_context(base_url=url, **options)  # type: ignore[arg-type]  # whatever a test needs
        self.context.set_default_timeout(20_000)
        self.context.add_init_script(VIOLATIONS)
        self.context.on("console", self._hear)
        self.context.on("weberror", self._stumble)

    def page(self) -> Page:
        """Open a page in this profile."""
        return self.context.new_page()

    def expect_status(self, status: int, reason: str, path: str = SIGNUP) -> None:
        """Say that the browser will note an answer with this status."""
        self.expected.append(f"{path}: the server responded with a status of {status} ({reason})")

    def expect_failure(self, reason: str, path: str = SIGNUP) -> None:
        """Say that the browser will note a request that got no answer, and htmx that it gave up."""
        self.expected += [f"{path}: {reason}", "htmx: htmx:error: Failed to fetch TypeError: Failed to fetch"]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(sentence(message))

    def _stumble(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")


def sentence(message: ConsoleMessage) -> str:
    """Return what a line of the console says: the path where it is about one, no stack and no objects."""
    first = message.text.splitlines()[0].partition(" {elt:")[0]
    if first.startswith(FAILED):
        return f"{urlsplit(message.location['url']).path}: {first.removeprefix(FAILED)}"
    return first


@contextmanager
def visiting(browser: Browser, url: str, **options: object) -> Iterator[Visit]:
    """Visit the site; afterwards the browser must have complained about exactly what was expected."""
    visit = Visit(browser, url, **options)
    try:
        yield visit
        assert visit.complaints == visit.expected
    finally:
        visit.context.unroute_all(behavior="ignoreErrors")
        visit.context.close()
