"""What is made from Markdown and kept beside it."""

import pytest
from flask import Flask

from blog.content.models import Article, Page, Person, Question
from blog.content.rendering import (
    kept_pictures,
    render_article,
    render_page,
    render_person,
    render_question,
    renderer,
)
from blog.lib.db import write
from blog.lib.markdown import RENDERER, Picture
from blog.settings.declaring import choose
from tests.journal import picture


def no_picture(_address: str) -> Picture | None:
    return None


pytestmark = pytest.mark.usefixtures("app")


def test_an_article_keeps_its_html_its_headings_and_its_number_of_words() -> None:
    row = Article(body="## One *two*\n\nThree.", tldr="# Four")
    render_article(row, no_picture)
    assert row.body_html.splitlines()[0].startswith('<h2 id="s-one-two">One <em>two</em> ')
    assert row.headings == [{"level": 2, "text": "One two", "anchor": "s-one-two"}]
    assert row.words == 3
    assert row.tldr_html.startswith('<h3 id="t-four">Four ')
    assert row.rendered_with == renderer()


def test_anchors_of_different_texts_on_one_page_never_meet() -> None:
    row = Article(body="## Same", tldr="## Same")
    asked = Question(slug="q", answer="## Same")
    render_article(row, no_picture)
    render_question(asked, no_picture)
    assert 'id="s-same"' in row.body_html
    assert 'id="t-same"' in row.tldr_html
    assert 'id="q-q-same"' in asked.answer_html


def test_headings_of_an_answer_stand_below_its_question() -> None:
    asked = Question(slug="q", answer="## Why\n\n### How")
    render_question(asked, no_picture)
    assert [line[:3] for line in asked.answer_html.split() if line.startswith("<h")] == ["<h4", "<h5"]


def test_pages_and_people_are_rendered_too() -> None:
    page, someone = Page(body="## Who"), Person(body="I *write*.")
    render_page(page, no_picture)
    render_person(someone, no_picture)
    assert page.headings == [{"level": 2, "text": "Who", "anchor": "s-who"}]
    assert someone.body_html == "<p>I <em>write</em>.</p>\n"
    assert page.rendered_with == someone.rendered_with == renderer()


def test_a_picture_that_is_kept_comes_with_its_sizes() -> None:
    with write():
        picture("bed.png")
    row = Article(body="![A bed](/media/bed.png)", tldr="")
    render_article(row, kept_pictures())
    assert '<source type="image/webp" srcset="/media/bed.' in row.body_html
    assert 'width="900" height="600"' in row.body_html


def test_what_was_made_knows_version_and_language(app: Flask) -> None:
    assert renderer() == f"{RENDERER}-en"
    with write():
        choose("site.language", "de")
    assert renderer() == f"{RENDERER}-de"
