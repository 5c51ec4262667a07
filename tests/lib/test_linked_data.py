"""Linked data is one graph that can stand inside a script element."""

import json
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from blog.lib.linked_data import breadcrumbs, graph


class Scripts(HTMLParser):
    """Collects what a browser would take for the content of script elements, and for elements."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.content = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.content += data


def test_things_become_one_graph() -> None:
    made = graph([{"@type": "A", "name": "Größe"}, {"@type": "B"}])
    assert json.loads(made) == {
        "@context": "https://schema.org",
        "@graph": [{"@type": "A", "name": "Größe"}, {"@type": "B"}],
    }
    assert "Größe" in made


def test_what_is_empty_is_left_out_at_every_depth() -> None:
    thing = {
        "a": "",
        "b": None,
        "c": [],
        "d": {},
        "e": {"x": "", "y": 1},
        "f": [{"x": None, "y": [{"z": "", "w": "w"}]}],
        "zero": 0,
        "no": False,
    }
    assert json.loads(graph([thing]))["@graph"] == [
        {"e": {"y": 1}, "f": [{"y": [{"w": "w"}]}], "zero": 0, "no": False}
    ]


@given(st.text() | st.text("</script>!-&\u2028\u2029'\"\\ "))
def test_no_text_can_end_the_script_element(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    made = graph([{"name": text}])
    page = Scripts()
    page.feed(f'<script type="application/ld+json">{made}</script>')
    page.close()
    assert page.tags == ["script"]
    assert json.loads(page.content)["@graph"][0].get("name", "") == text
    assert not set(made) & {"<", ">", "&", "\u2028", "\u2029"}


def test_a_breadcrumb_counts_its_steps_from_one() -> None:
    assert breadcrumbs("https://x/a", [("Home", "https://x/"), ("A", "https://x/a")]) == {
        "@type": "BreadcrumbList",
        "@id": "https://x/a#breadcrumbs",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Home", "item": "https://x/"},
            {"@type": "ListItem", "position": 2, "name": "A", "item": "https://x/a"},
        ],
    }
