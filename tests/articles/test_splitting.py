"""The first form stands before the section nearest to the text's first third."""

import pytest

from blog.articles.splitting import split_after_first_third
from blog.content import whole
from tests.building import article, save

pytestmark = pytest.mark.usefixtures("app")


def second_part(body: str) -> str:
    """Return the id of the section before which the form stands, and check that nothing is lost."""
    save(article("A", body=body))
    found = whole.live_article("a")
    assert found
    first, rest = split_after_first_third(found)
    assert first + rest == found.body_html
    return rest.partition('id="')[2].partition('"')[0]


def test_the_form_stands_between_sections() -> None:
    filler = "word " * 100
    assert second_part("\n\n".join(f"## S{n}\n\n{filler}" for n in range(6))) == "s-s2"


def test_the_section_nearest_to_the_first_third_counts_before_and_after_it() -> None:
    assert (
        second_part("word " * 100 + "\n\n## One\n\n" + "word " * 100 + "\n\n## Two\n\n" + "word " * 100)
        == "s-one"
    )


@pytest.mark.parametrize(
    "body", ["", "Just text.", "## Only one\n\nText.", "## Only one\n\n### Deeper\n\nText."]
)
def test_without_sections_to_stand_between_the_form_follows_the_text(body: str) -> None:
    assert second_part(body) == ""


def test_the_form_never_stands_inside_a_list_a_table_or_a_quotation() -> None:
    quoted = "> ## Quoted\n>\n> text\n\n- ## In a list\n\n## Own\n\ntext\n\n## Last\n\ntext"
    assert second_part("Intro " * 30 + "\n\n" + quoted) in ("s-own", "s-last")
