"""axe-core finds nothing to complain about, on any kind of page, in light and dark, on a phone and a desk."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from blog.lib.answering import safety_headers

from .conftest import OpenVisit
from .forms import FIRST, FIX, LAST, Signup
from .places import MISSING, PAGES
from .watching import Visit

AXE = Path(str(getattr(find_spec("axe_playwright_python"), "origin", ""))).with_name("axe.min.js")
BROKEN = Path(__file__).resolve().parents[2] / "templates" / "site" / "errors" / "500.en.html"

RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`));
}"""

schemes = pytest.mark.parametrize("scheme", ["light", "dark"])
widths = pytest.mark.parametrize("width", [360, 1440])


def with_axe(open_visit: OpenVisit, scheme: str, width: int) -> Visit:
    """Return a visit whose every page has axe in it; the CSP lets no page load it itself."""
    visit = open_visit(color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    visit.context.add_init_script(path=AXE)
    return visit


def faults(page: Page) -> list[str]:
    found = page.evaluate(RUN)
    assert isinstance(found, list)
    return found


@schemes
@widths
def test_every_kind_of_page_is_accessible(open_visit: OpenVisit, scheme: str, width: int) -> None:
    visit = with_axe(open_visit, scheme, width)
    visit.expect_status(404, "Not Found", MISSING)
    page = visit.page()
    found = {}
    for name, path in PAGES.items():
        page.goto(path)
        found[name] = faults(page)
    assert found == {name: [] for name in PAGES}


@schemes
@widths
def test_the_page_of_last_resort_is_accessible(open_visit: OpenVisit, scheme: str, width: int) -> None:
    visit = with_axe(open_visit, scheme, width)
    headers = {**safety_headers(https=False), "Content-Type": "text/html; charset=utf-8"}
    page = visit.page()
    page.route(
        "**/broken",
        lambda route: route.fulfill(status=500, headers=headers, body=BROKEN.read_text()),
    )
    page.goto("/broken")
    visit.expect_status(500, "Internal Server Error", "/broken")
    assert faults(page) == []


@schemes
@widths
def test_the_answers_of_the_signup_form_are_accessible(
    open_visit: OpenVisit, article_path: str, scheme: str, width: int
) -> None:
    visit = with_axe(open_visit, scheme, width)
    page = visit.page()
    page.goto(article_path)
    Signup(page, FIRST).send("nobody")
    visit.expect_status(422, "Unprocessable Entity")
    Signup(page, FIRST).expect_oops(FIX, "nobody")
    Signup(page, LAST).send(f"axe-{scheme}-{width}@example.org")
    Signup(page, LAST).expect_thanks()
    assert faults(page) == []
    Signup(page, LAST).type_code("0")
    visit.expect_status(422, "Unprocessable Entity", "/newsletter/confirm")
    expect(Signup(page, LAST).code).to_have_attribute("aria-invalid", "true")
    assert faults(page) == []
