"""A document tells where it leads, and can be made to lead elsewhere without a word changing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.lib.markdown import destinations, rewrite_destinations
from blog.lib.refusing import Refused


def moved(destination: str) -> str:
    return f"/articles/{destination.removesuffix('.md')}" if destination.endswith(".md") else destination


def test_a_document_names_its_links_and_images_in_order() -> None:
    source = (
        "[a](a.md) ![b](../images/b.jpg) <https://example.org/c> https://example.org/d `[x](x.md)`\n\n"
        "[![e](e.jpg)](f.md) [g][g] ![x [h](h.md)](i.jpg)\n\n- [j](<j k.md>)\n\n[g]: g.md\n[unused]: u.md\n\n"
        "    [code](code.md)\n\n| [l](l.md) |\n|---|\n\nText[^1] [bad](javascript:x)\n\n[^1]: [n](ä.md)"
    )
    assert destinations(source) == [
        "a.md",
        "../images/b.jpg",
        "https://example.org/c",
        "https://example.org/d",
        "f.md",
        "e.jpg",
        "g.md",
        "i.jpg",
        "h.md",
        "j%20k.md",
        "l.md",
        "%C3%A4.md",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[a](b.md)", "[a](/articles/b)"),
        ("[a](<b.md>)", "[a](/articles/b)"),
        ("[a]( b.md )", "[a]( /articles/b )"),
        ("[a](\nb.md\n)", "[a](\n/articles/b\n)"),
        ('[a](b.md "title (x)")', '[a](/articles/b "title (x)")'),
        ("[a](b.md 'it\\'s')", "[a](/articles/b 'it\\'s')"),
        ("[a](b.md\n(title))", "[a](/articles/b\n(title))"),
        ("[a [b] c](b.md)", "[a [b] c](/articles/b)"),
        ("[*a* `]` b](b.md)", "[*a* `]` b](/articles/b)"),
        ("[a](b(1).md)", "[a](/articles/b(1))"),
        ("[a](b\\(.md)", "[a](/articles/b\\()"),
        ("![a](b.md)", "![a](/articles/b)"),
        ('![a](b.md){credit="[x](b.md)"}', '![a](/articles/b){credit="[x](b.md)"}'),
        ("[![a](b.md)](c.md)", "[![a](/articles/b)](/articles/c)"),
        ("![a [b](b.md)](c.md)", "![a [b](/articles/b)](/articles/c)"),
        ("[a][b]\n\n[b]: b.md", "[a][b]\n\n[b]: /articles/b"),
        ("[b]\n\n[b]: <b.md> 'title'", "[b]\n\n[b]: /articles/b 'title'"),
        ("[b][]\n\n[b]:\n  b.md\n  'title'", "[b][]\n\n[b]:\n  /articles/b\n  'title'"),
        ("[b]: b.md\n[b]: c.md", "[b]: /articles/b\n[b]: /articles/c"),
        ("> [b]: b.md\n>\n> - [a](b.md)", "> [b]: /articles/b\n>\n> - [a](/articles/b)"),
        ("1. [a](b.md)\n\n   [b]: b.md", "1. [a](/articles/b)\n\n   [b]: /articles/b"),
        ("> [a](\n> b.md)", "> [a](\n> /articles/b)"),
        ("| [a](b.md) | `[a](b.md)` |\n|---|---|", "| [a](/articles/b) | `[a](b.md)` |\n|---|---|"),
        ("a[^1]\n\n[^1]: [a](b.md)", "a[^1]\n\n[^1]: [a](/articles/b)"),
        ("a\n: [a](b.md)", "a\n: [a](/articles/b)"),
        ("## [a](b.md)", "## [a](/articles/b)"),
        ("- [ ] [a](b.md)", "- [ ] [a](/articles/b)"),
        ("[a](b.md)\r\n[c](d.txt)\r\n", "[a](/articles/b)\r\n[c](d.txt)\r\n"),
        ("`[a](b.md)` [a](b.md)", "`[a](b.md)` [a](/articles/b)"),
        ("```\n[a](b.md)\n[b]: b.md\n```\n[a](b.md)", "```\n[a](b.md)\n[b]: b.md\n```\n[a](/articles/b)"),
        ("    [a](b.md)\n\n[a](b.md)", "    [a](b.md)\n\n[a](/articles/b)"),
        ("\\[a](b.md) [a\\](b.md) [a](b.md)", "\\[a](b.md) [a\\](b.md) [a](/articles/b)"),
        ("[a] (b.md) [a](b.md x) [a](b.md)", "[a] (b.md) [a](b.md x) [a](/articles/b)"),
        ("[a](b.md) <https://example.org/b.md>", "[a](/articles/b) <https://example.org/b.md>"),
        ("[a](b.md) https://example.org/b.md", "[a](/articles/b) https://example.org/b.md"),
        ("<a href='b.md'> [a](b.md)", "<a href='b.md'> [a](/articles/b)"),
        ("[a](b%20c.md) [a](<b c.md>)", "[a](/articles/b%20c) [a](/articles/b%20c)"),
        ("[a](javascript:b.md) [a](b.md)", "[a](javascript:b.md) [a](/articles/b)"),
        ("*[a](b.md)* ~~[a](b.md)~~", "*[a](/articles/b)* ~~[a](/articles/b)~~"),
    ],
)
def test_only_destinations_change(before: str, after: str) -> None:
    assert rewrite_destinations(before, moved) == after


@pytest.mark.parametrize(
    ("new", "written"),
    [
        ("a b.md", "a%20b.md"),
        ("ä.md", "%C3%A4.md"),
        ("a)b", "a\\)b"),
        ("a(b", "a\\(b"),
        ("a(b)c", "a(b)c"),
        ("?a=1&copy;=2&b", "?a=1\\&copy;=2&b"),
        ("a<b>c", "a%3Cb%3Ec"),
        ("a\\b|c`d*e_f[g]", "a%5Cb%7Cc%60d*e_f%5Bg%5D"),
        ("", "<>"),
        ("#top", "#top"),
        ("https://example.org/?q=%20", "https://example.org/?q=%20"),
    ],
)
@pytest.mark.parametrize("form", ["[x]({0})", "![x]({0} 'title')", "[x]\n\n[x]: {0}", "| [x]({0}) |\n|---|"])
def test_a_new_destination_is_written_so_that_it_is_read_back(form: str, new: str, written: str) -> None:
    assert rewrite_destinations(form.format("old.md"), lambda _old: new) == form.format(written)


def test_each_destination_is_asked_for_once_and_those_that_stay_keep_their_spelling() -> None:
    asked: list[str] = []

    def change(destination: str) -> str:
        asked.append(destination)
        return "/new" if destination == "old.md" else destination

    assert rewrite_destinations("[a](<x y>) [a](old.md) [a](x%20y) [a](old.md)", change) == (
        "[a](<x y>) [a](/new) [a](x%20y) [a](/new)"
    )
    assert asked == ["x%20y", "old.md"]


def test_a_change_that_would_not_be_a_link_is_refused_with_its_destination() -> None:
    with pytest.raises(Refused, match=r"b\.md"):
        rewrite_destinations("[a](b.md)", lambda _old: "javascript:alert(1)")


def test_what_the_caller_refuses_is_not_swallowed() -> None:
    def change(_destination: str) -> str:
        raise Refused("No such file.")

    with pytest.raises(Refused, match=r"^No such file\.$"):
        rewrite_destinations("[a](b.md)", change)


LINKS = st.sampled_from(
    [
        "[a](b.md)",
        '![c](d.md "t")',
        "[e][r]",
        "[r]",
        "`[a](b.md)`",
        "<https://example.org>",
        "[![i](j.md)](k.md)",
        "x",
    ]
)
LINES = st.builds(
    lambda start, links: start + " ".join(links),
    st.sampled_from(["", "> ", "- ", "1. ", "## ", "    ", "- [ ] ", "> [!NOTE]\n> ", "[^1]: ", ": "]),
    st.lists(LINKS, min_size=1, max_size=3),
)
DOCUMENTS = st.lists(LINES, max_size=8).map(lambda lines: "\n\n".join([*lines, "[r]: s.md", "x[^1]"]))


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS)
def test_ordinary_documents_are_moved_and_moved_back(source: str) -> None:
    there = rewrite_destinations(source, moved)
    assert destinations(there) == [moved(destination) for destination in destinations(source)]
    back = rewrite_destinations(
        there, lambda new: f"{new[len('/articles/') :]}.md" if new.startswith("/a") else new
    )
    assert back == source
