"""A tag that was given with an answer says „unchanged“ until something changes, and never afterwards."""

import pytest

from blog.lib.db import write
from blog.settings.declaring import choose
from tests.journal import PUBLIC

from .live import Live
from .reading import Headers

ENCODINGS = ("identity", "gzip", "br")
WORDLESS = {"/articles/sleep-and-memory.md", "/sitemap.xml", "/robots.txt", "/search/results?q=sleep"}
"""Addresses that hold neither the site's title nor its contact."""
OF_THE_BODY = ("content-encoding", "content-length", "content-type")


def accepting(encoding: str, tag: str = "") -> Headers:
    wanted = [("If-None-Match", tag)] if tag else []
    return [("Accept-Encoding", encoding), *wanted]


def set_words(words: str) -> None:
    """Change what nearly every address shows."""
    with write():
        choose("site.title", f"The {words} journal")
        choose("site.security_contact", f"mailto:{words}@example.org")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_tag_is_good_until_the_page_changes(live: Live, encoding: str) -> None:
    live.write(lambda: set_words("first"))
    first = {path: live.ask(path, accepting(encoding)) for path in PUBLIC}
    live.new_edition()
    for path, answer in first.items():
        unchanged = live.ask(path, accepting(encoding, answer.tag))
        kept = tuple(pair for pair in answer.headers if pair[0] not in OF_THE_BODY)
        assert (path, unchanged.status, unchanged.headers, unchanged.body) == (path, 304, kept, b"")
    live.write(lambda: set_words("second"))
    for path in set(PUBLIC) - WORDLESS:
        answer = live.ask(path, accepting(encoding, first[path].tag))
        assert (path, answer.status, answer.tag == first[path].tag) == (path, 200, False)
        assert "second" in answer.text
    live.write(lambda: set_words("first"))
    back = {path: live.ask(path, accepting(encoding, old.tag)).status for path, old in first.items()}
    assert back == dict.fromkeys(PUBLIC, 304)


def test_a_tag_is_of_one_encoding(live: Live) -> None:
    for path in PUBLIC:
        tags = {encoding: live.ask(path, accepting(encoding)).tag for encoding in ENCODINGS}
        for given, tag in tags.items():
            for asked, own in tags.items():
                status = live.ask(path, accepting(asked, tag)).status
                assert (path, given, asked, status) == (path, given, asked, 304 if tag == own else 200)


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"another", {tag}', 304),
        ('"another",W/{tag} , "third"', 304),
        ("*", 304),
        ('"another"', 200),
        ("", 200),
        ("{bare}", 200),
        ('"{bare}-br"', 200),
        ('"{bare}-gz"', 200),
        ('"{bare}', 200),
    ],
)
def test_a_tag_is_compared_as_a_whole(live: Live, wanted: str, status: int) -> None:
    page = live.ask("/articles")
    given = wanted.format(tag=page.tag, bare=page.tag.strip('"'))
    answer = live.ask("/articles", [("If-None-Match", given)])
    assert (answer.status, answer.body) == (status, page.body if status == 200 else b"")


def test_only_what_is_there_is_unchanged(live: Live) -> None:
    for path, status in (("/nothing-here", 404), ("/post/sleep", 301)):
        answer = live.ask(path)
        assert answer.status == status
        again = live.ask(path, [("If-None-Match", answer.tag or "*")])
        assert again == answer


def test_head_says_what_get_says_in_either_order(live: Live) -> None:
    for path in (*PUBLIC, "/nothing-here", "/post/sleep"):
        for first, second in (("GET", "HEAD"), ("HEAD", "GET")):
            live.new_edition()
            for reader in live.readers[::2]:
                answers = {method: reader.ask(path, method=method) for method in (first, second)}
                assert answers["HEAD"].headers == answers["GET"].headers
                assert (answers["HEAD"].status, answers["HEAD"].body) == (answers["GET"].status, b"")
                assert len(answers["GET"].body) == int(answers["GET"].header("content-length"))
            live.ask(path)
