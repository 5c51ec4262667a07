"""The Markdown of an issue stands in mails without what only pages can do, and in text with every link in full."""

import pytest
from flask import Flask

from blog.lib.db import write
from blog.lib.markdown import Picture
from blog.newsletter.mail.bodies import body_of, mail_picture
from tests.building import article, save
from tests.journal import picture
from tests.markup import Shown

HOME = "https://journal.example.org"


@pytest.mark.usefixtures("app")
def test_addresses_are_absolute_in_mails_and_paths_on_the_page() -> None:
    save(article("Sleep"))
    body = body_of(
        "See [this](/articles/sleep?a=1#s-x), [that](https://example.com/a?b&c) and [write](mailto:a@b.org)."
    )
    links = [f"{HOME}/articles/sleep?a=1#s-x", "https://example.com/a?b&c", "mailto:a@b.org"]
    assert Shown(body.html).links() == links
    assert body.text == f"See this <{links[0]}>, that <{links[1]}> and write <{links[2]}>."
    assert Shown(body.archive).links()[0] == "/articles/sleep?a=1#s-x"


@pytest.mark.usefixtures("app")
def test_links_to_what_readers_may_not_see_are_their_words() -> None:
    save(article("Secret", published_at=None))
    body = body_of("Read [this](/articles/secret).")
    assert (Shown(body.html).links(), Shown(body.archive).links()) == ([], [])
    assert (Shown(body.html).text, body.text) == ("Read this.", "Read this.")


@pytest.mark.usefixtures("app")
def test_links_within_the_text_are_their_words_in_mails_and_stay_on_the_page() -> None:
    body = body_of("## Why\n\nSee [why](#why).[^1]\n\n[^1]: Because.")
    assert Shown(body.html).links() == []
    assert body.text == "Why\n---\n\nSee why.[1]\n\nFootnotes\n[1] Because."
    assert "#i-why" in Shown(body.archive).links()


@pytest.mark.usefixtures("app")
def test_a_picture_has_one_file_for_every_mail_program_and_the_width_of_the_column() -> None:
    with write():
        picture()
    body = body_of('![A sleeper](/media/sleep.png "Ann asleep"){credit="Ben"}')
    shown = Shown(body.html)
    (image,) = shown.all("img")
    assert sorted(image) == ["alt", "height", "src", "width"]
    assert (image["width"], image["height"], image["alt"]) == ("552", "368", "A sleeper")
    assert image["src"].startswith(f"{HOME}/media/sleep.")
    assert image["src"].endswith(".900w.jpg")
    assert [tag for tag, _ in shown.elements if tag in ("picture", "source")] == []
    assert body.text == "[A sleeper]\nAnn asleep\nBen"
    assert Shown(body.archive).all("source")


@pytest.mark.usefixtures("app")
def test_a_picture_from_elsewhere_is_a_link_as_on_the_site() -> None:
    body = body_of("![A cat](https://example.com/cat.gif)")
    assert (Shown(body.html).all("img"), Shown(body.html).links()) == ([], ["https://example.com/cat.gif"])


def test_a_small_picture_stays_small_and_a_wide_one_is_not_sent_at_full_width() -> None:
    small = Picture("/media/a.100w.jpg", 100, 50, (), "/media/a.100w.jpg 100w")
    assert mail_picture(small) == Picture("/media/a.100w.jpg", 100, 50)
    wide = Picture(
        "/media/b.1600w.jpg",
        1600,
        400,
        (),
        "/media/b.750w.jpg 750w, /media/b.1100w.jpg 1100w, /media/b.1600w.jpg 1600w",
    )
    assert mail_picture(wide) == Picture("/media/b.1100w.jpg", 552, 138)
    tall = Picture("/media/c.1000w.jpg", 1000, 2000, (), "/media/c.1000w.jpg 1000w")
    assert mail_picture(tall, 400) == Picture("/media/c.1000w.jpg", 200, 400)
    assert mail_picture(None) is None


def test_what_only_pages_can_do_is_left_out(app: Flask) -> None:
    body = body_of("## One\n\n```\nx\n```\n\n| a |\n|---|\n| b |\n\n- [x] done")
    attributes = {name for _, named in Shown(body.html).elements for name in named}
    assert attributes <= {"class", "role", "aria-label", "scope"}
