"""Links between files become addresses of the site, and relative links again on the way out."""

import pytest

from blog.lib.frontmatter import RefusedAt
from blog.transfer.markdown.linking import Links, media_name, outward

FILES = {
    "articles/sleep.md": "/articles/sleep-and-memory",
    "articles/diary.md": "/articles/diary",
    "articles/bad.md": "",
    "people/jörg.md": "/people/jörg",
    "pages/about.md": "/about",
    "questions/nap.md": "/faq/nap",
}
PICTURES = {"images/night/One Night.jpg": "night-one-night.jpg", "images/a.png": "a.png"}
OUT = {address: path for path, address in FILES.items() if address} | {
    f"/media/{name}": f"images/{name}" for name in PICTURES.values()
}


def inward(text: str, path: str = "articles/sleep.md") -> str:
    return Links(FILES, PICTURES).inward(text, path, 10)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("diary.md", "/articles/diary"),
        ("./diary.md#why", "/articles/diary#s-why"),
        ("diary.md#q-nap", "/articles/diary#q-nap"),
        ("../questions/nap.md#why", "/faq/nap#why"),
        ("sleep.md", "/articles/sleep-and-memory"),
        ("../people/jörg.md", "/people/j%C3%B6rg"),
        ("../people/j%C3%B6rg.md", "/people/j%C3%B6rg"),
        ("../pages/about.md", "/about"),
        ("pages/about.md", "/about"),
        ("../questions/nap.md", "/faq/nap"),
        ("../images/a.png", "/media/a.png"),
        ("images/a.png", "/media/a.png"),
        ("/images/a.png", "/media/a.png"),
        ("<../images/night/One Night.jpg>", "/media/night-one-night.jpg"),
        ("https://example.org/diary.md", "https://example.org/diary.md"),
        ("mailto:ann@example.org", "mailto:ann@example.org"),
        ("/articles/elsewhere", "/articles/elsewhere"),
        ("#why", "#why"),
    ],
)
def test_a_link_becomes_an_address_of_the_site(written: str, address: str) -> None:
    assert inward(f"See [it]({written}) and ![x]({written} 'title').") == (
        f"See [it]({address}) and ![x]({address} 'title')."
    )


def test_code_is_left_alone_and_definitions_are_not() -> None:
    text = "`[a](diary.md)` [a][b]\n\n[b]: diary.md\n"
    assert inward(text) == "`[a](diary.md)` [a][b]\n\n[b]: /articles/diary\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("One\n\n[a](none.md)", 12, "none.md is not in the folder."),
        ("![a](../images/none.jpg)", 10, "../images/none.jpg is not in the folder."),
        ("![a](/images/none.jpg)", 10, "/images/none.jpg is not in the folder."),
        ("![a](none.jpg)", 10, "none.jpg is not in the folder; pictures belong into images/."),
        ("[a](../../secret.md)", 10, "../../secret.md is not in the folder."),
        ("[a](bad.md)", 10, "The link leads to bad.md, which cannot be taken."),
    ],
)
def test_a_dead_link_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(RefusedAt) as refused:
        inward(text)
    assert (refused.value.line, str(refused.value)) == (line, reason)


def test_pictures_that_are_needed_are_known_with_the_file_and_line_that_needs_them() -> None:
    links = Links(FILES, PICTURES)
    links.inward("One\n![x](../images/a.png)", "articles/sleep.md", 10)
    assert links.picture("images/a.png", "people/jörg.md", 4) == "a.png"
    assert links.used == {"articles/sleep.md": {"images/a.png": 11}, "people/jörg.md": {"images/a.png": 4}}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("images/sleep.jpg", "sleep.jpg"),
        ("images/night/One Night (2).JPG", "night-one-night-2.jpg"),
        ("images/..jpg", "picture.jpg"),
        ("images/x.y z", "x"),
    ],
)
def test_a_picture_gets_a_safe_name_that_stays_the_same(path: str, name: str) -> None:
    assert media_name(path) == name
    assert media_name(f"images/{name}") == name


@pytest.mark.parametrize(
    "text",
    [
        "[a](/articles/diary#why) [a](/articles/diary#s-why) [a](/articles/diary#s-s-why)",
        "![b](/media/a.png) [c](/about) [d](/faq/nap) [e](/people/j%C3%B6rg)",
        "[a](/articles/none) [b](https://example.org/) <https://example.org/>",
        "No links at all.",
    ],
)
def test_what_goes_out_comes_back(text: str) -> None:
    assert inward(outward(text, "articles/sleep.md", OUT)) == text


def test_addresses_go_out_as_relative_links() -> None:
    text = "[a](/articles/diary#s-why) ![b](/media/a.png) [c](/about)"
    assert (
        outward(text, "articles/sleep.md", OUT)
        == "[a](diary.md#why) ![b](../images/a.png) [c](../pages/about.md)"
    )


def test_a_link_that_would_not_come_back_as_it_is_stays_an_address() -> None:
    assert outward("[a](/people/jörg)", "articles/sleep.md", OUT) == "[a](/people/jörg)"
    assert outward("[a](/about) [b](none.md)", "articles/sleep.md", OUT) == "[a](/about) [b](none.md)"
