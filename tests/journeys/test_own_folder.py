"""A team turns a folder of Markdown into its site: init, import, serve, read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from .forms import Signup, consents
from .serving import Site, command, free_port, served
from .watching import visiting

ARTICLE = """---
title: Tea & patience
category: Kitchen
authors: [Ann Example]
published: 2025-02-07
summary: How long to wait.
cover: images/cup.png
cover_alt: A cup of tea on a plain table
redirect_from: [/old/tea]
references:
  - {title: On steeping, authors: Leaf A., source: J. Tea, year: 2020, doi: 10.1000/tea.1}
faq:
  - question: How hot should the water be?
    answer: Just off the boil.
---
## The water

See [the house](../pages/house.md) and [milk](milk.md#when).

> [!EMERGENCY]
> Scalds need cold water at once.
"""
MILK = "---\ntitle: Milk\npublished: 2025-02-08\n---\n## When\n\nAfterwards, says [tea](tea.md).\n"
DRAFT = "---\ntitle: Nobody may read this yet\n---\nSecret.\n"
PERSON = "---\nname: Ann Example\ncredentials: MSc\nrole: Taster\n---\nAnn drinks tea.\n"
PAGE = "---\ntitle: The house\n---\nWe live here.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a site that was made from a folder by the team's own three commands."""
    folder, instance = tmp_path_factory.mktemp("folder"), tmp_path_factory.mktemp("instance")
    fill(folder)
    command(instance, "init")
    said = command(instance, "import", "markdown", str(folder))
    assert "articles: created 3, updated 0, unchanged 0, left 0, refused 0\n" in said
    command(instance, "settings", "set", "site.title", "Tea Times")
    port = free_port()
    url = f"http://localhost:{port}"
    with served(instance, "serve", "--port", str(port), "--workers", "2", BLOG_SITE_URL=url) as started:
        assert started.splitlines()[-1].startswith(f"Broadsheet is ready at {url} ")
        yield Site(url, instance / "blog.sqlite3")


def fill(folder: Path) -> None:
    files = {"articles/tea.md": ARTICLE, "articles/milk.md": MILK, "articles/draft.md": DRAFT}
    files |= {"people/ann-example.md": PERSON, "pages/house.md": PAGE}
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "images").mkdir()
    Image.new("RGB", (1600, 900), "#357").save(folder / "images" / "cup.png")


def test_the_folder_is_read_as_a_site(browser: Browser, site: Site) -> None:
    with visiting(browser, site.url) as visit:
        page = visit.page()
        page.goto("/")
        expect(page.get_by_role("heading", level=1, name="Tea Times")).to_have_count(1)
        page.get_by_role("link", name="Tea & patience").first.click()
        expect(page).to_have_url(f"{site.url}/articles/tea-patience")
        expect(page.get_by_role("img", name="A cup of tea on a plain table")).to_be_visible()
        expect(page.locator(".references")).to_contain_text("doi:10.1000/tea.1")
        expect(page.get_by_role("note")).to_contain_text("Scalds need cold water at once.")
        page.get_by_role("main").get_by_role("link", name="milk", exact=True).click()
        expect(page).to_have_url(f"{site.url}/articles/milk#s-when")
        page.get_by_role("main").get_by_role("link", name="tea", exact=True).click()
        page.get_by_role("main").get_by_role("link", name="the house").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The house")


def test_its_old_address_and_its_question_lead_to_the_article(browser: Browser, site: Site) -> None:
    with visiting(browser, site.url) as visit:
        page = visit.page()
        page.goto("/old/tea")
        expect(page).to_have_url(f"{site.url}/articles/tea-patience")
        page.goto("/search?q=boil")
        page.get_by_role("link", name="How hot should the water be?").click()
        expect(page.get_by_role("main")).to_contain_text("Just off the boil.")


def test_its_draft_is_not_there(browser: Browser, site: Site) -> None:
    with visiting(browser, site.url) as visit:
        page = visit.page()
        page.goto("/articles/nobody-may-read-this-yet")
        visit.expect_status(404, "Not Found", "/articles/nobody-may-read-this-yet")
        page.goto("/search?q=nobody+may+read")
        expect(page.locator("#search-status")).to_have_text("0 results")


def test_it_takes_signups(browser: Browser, site: Site) -> None:
    with visiting(browser, site.url) as visit:
        page = visit.page()
        page.goto("/articles/milk")
        Signup(page, "article-1").send("reader@example.org")
        Signup(page, "article-1").expect_thanks()
    [(path, place, wording)] = consents(site, "reader@example.org")
    assert (path, place) == ("/articles/milk", "article-1")
    assert str(wording).startswith("By signing up you agree that Tea Times sends you its newsletter")
