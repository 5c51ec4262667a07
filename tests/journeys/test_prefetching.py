"""A page is on its way before its link is pressed, where the browser knows how; what does something never is."""

from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page, expect

from .serving import Site


class Watched:
    """What the browser says of fetching ahead."""

    def __init__(self, page: Page) -> None:
        self.states: list[tuple[str, str]] = []
        self.candidates: set[str] = set()
        session: CDPSession = page.context.new_cdp_session(page)
        session.on("Preload.prefetchStatusUpdated", self._fetched)
        session.on("Preload.preloadingAttemptSourcesUpdated", self._counted)
        session.send("Preload.enable")

    def _fetched(self, event: dict[str, str]) -> None:
        self.states.append((urlsplit(event["prefetchUrl"]).path, event["status"]))

    def _counted(self, event: dict[str, list[dict[str, dict[str, str]]]]) -> None:
        self.candidates = {source["key"]["url"] for source in event["preloadingAttemptSources"]}


def rest_on(page: Page, link: str) -> None:
    """Let the pointer rest on a link for longer than the browser waits before it fetches."""
    page.locator(link).first.hover()
    page.wait_for_timeout(600)


def test_a_link_that_is_hovered_is_fetched_and_opens_from_what_was_fetched(page: Page, demo: Site) -> None:
    watched = Watched(page)
    page.goto("/", wait_until="networkidle")
    rest_on(page, "nav a[href='/newsletter']")
    rest_on(page, "nav a[href='/faq']")
    assert watched.states == [("/faq", "Running"), ("/faq", "Ready")]
    page.locator("nav a[href='/faq']").first.click()
    expect(page).to_have_url(f"{demo.url}/faq")
    came = "performance.getEntriesByType('navigation')[0].deliveryType"
    assert page.evaluate(came) == "navigational-prefetch"


def test_no_form_feed_file_or_foreign_page_is_a_candidate(page: Page, demo: Site, article_path: str) -> None:
    watched = Watched(page)
    never = ("/newsletter", "/search", "/media/", "/static/", "/desk", "/preview/")
    for path in ("/", article_path, "/faq", "/people/ruth-okafor", "/search?q=sleep"):
        page.goto(path, wait_until="networkidle")
        assert watched.candidates != set()
        asked = {address.removeprefix(demo.url) for address in watched.candidates}
        assert [one for one in sorted(asked) if not one.startswith("/") or one.startswith(never)] == []
        assert [one for one in sorted(asked) if one.endswith((".xml", ".json", ".md", ".txt"))] == []
