"""The demo site, really served, and a real browser to read it in."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import Start

from .living import LivingSite, lived, started
from .serving import Site, free_port, served
from .watching import Visit, visiting

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenVisit = Callable[..., Visit]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the demo once for all journeys."""
    instance, port = tmp_path_factory.mktemp("demo"), free_port()
    with served(instance, "demo", "--port", str(port)):
        yield Site(f"http://127.0.0.1:{port}", instance / "demo" / "blog.sqlite3")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all journeys; every visit has a profile of its own in it."""
    path = os.environ.get("BROADSHEET_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_visit(browser: Browser, demo: Site) -> Iterator[OpenVisit]:
    """Return what opens a visit to the demo; at the end, nothing unexpected may have been complained about."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(visiting(browser, demo.url, **options))


@pytest.fixture
def visit(open_visit: OpenVisit) -> Visit:
    """Return a reader on a laptop, with JavaScript, who has chosen nothing."""
    return open_visit(viewport={"width": 1280, "height": 800})


@pytest.fixture
def page(visit: Visit) -> Page:
    """Return that reader's page."""
    return visit.page()


@pytest.fixture
def plain_page(open_visit: OpenVisit) -> Page:
    """Return a page of a reader whose browser runs no scripts."""
    return open_visit(java_script_enabled=False).page()


@pytest.fixture(scope="session")
def article_path(demo: Site) -> str:
    """Return the path of the article that the journeys read: it has questions, references and two forms."""
    return "/articles/sleep-and-memory"


@pytest.fixture(scope="session")
def source() -> Path:
    """Return the folder that the demo is made from."""
    return Path(__file__).resolve().parents[2] / "demo"


@pytest.fixture
def living(
    tmp_path: Path, empty_database: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LivingSite]:
    """Serve an empty site of the test's own, whose clock and worker the test moves."""
    shutil.copy(empty_database, tmp_path / "blog.sqlite3")
    application, url = started(tmp_path, start)
    with lived(application, url, monkeypatch) as site:
        yield site
