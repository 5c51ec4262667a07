"""An issue's words are frozen once; a letter is those words with the two links of its subscriber."""

import datetime as dt
import json
import re
from dataclasses import asdict
from email.headerregistry import Address
from typing import Any

import pytest
from flask import Flask

from blog.lib.db import write
from blog.lib.refusing import Refused
from blog.newsletter.mail.issues import freeze, letter_for
from blog.newsletter.mail.shell import Links
from blog.newsletter.models import Issue, IssueArticle
from blog.outbox.writing import write_message
from blog.settings.declaring import choose
from tests.building import article
from tests.journal import picture
from tests.markup import Shown
from tests.outbox.strictly import Read

from .samples import DAY, DEE, HOME, LINKS

BODY = "Good morning.\n\n## What we learnt\n\nIt is [all here](/articles/sleep), & <b>more</b>."


def issue(*articles: Any, **fields: Any) -> Issue:
    given = {"slug": "spring", "subject": "Light returns & stays", "preview": "Why.", "body": BODY}
    made = Issue(made_at=DAY, changed_at=DAY, **given | fields)
    with write() as session:
        session.add_all([made, *articles])
        session.flush()
        for position, told in enumerate(articles):
            session.add(IssueArticle(issue_id=made.id, article_id=told.id, position=position))
    return made


def frozen(*articles: Any, **fields: Any) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(
        json.dumps(freeze(issue(*articles, **fields)))
    )  # as the database keeps it
    return kept


def links_in(text: str) -> set[str]:
    return set(re.findall(r"https?://[^\s<>\"]+", text))


def test_a_letter_says_everything_in_both_parts(app: Flask) -> None:
    with write():
        choose("site.postal_address", "12 Harbour Street")
    letter = letter_for(frozen(article("Sleep", summary="What a night does.")), DEE, LINKS)
    for said in (letter.text, Shown(letter.html).text):
        for words in (
            "Light returns & stays",
            "What we learnt",
            "& <b>more</b>",
            "Sleep",
            "What a night does.",
        ):
            assert words in said
        assert "12 Harbour Street" in said
    assert (letter.subject, letter.preview) == ("Light returns & stays", "Why.")
    assert (letter.one_click, letter.list_name, letter.feedback) == (LINKS.leave, "Broadsheet", "spring")


@pytest.mark.usefixtures("app")
def test_both_parts_have_the_same_links() -> None:
    letter = letter_for(frozen(article("Sleep"), article("Diary")), DEE, LINKS)
    assert (
        set(Shown(letter.html).links())
        == links_in(letter.text)
        == {
            f"{HOME}/newsletter/issues/spring",
            f"{HOME}/articles/sleep",
            f"{HOME}/articles/diary",
            *asdict(LINKS).values(),
        }
    )


@pytest.mark.usefixtures("app")
def test_articles_stand_in_their_order_and_hidden_ones_nowhere() -> None:
    told = [
        article("Third", summary="3"), article("Secret", published_at=None), article("First", summary="1"),
        article("Tomorrow", published_at=dt.datetime(2199, 1, 1, tzinfo=dt.UTC)),
    ]  # fmt: skip
    kept = frozen(*told)
    letter = letter_for(kept, DEE, LINKS)
    assert re.findall(r'class="plain" href="([^"]+)"', letter.html) == [
        f"{HOME}/articles/third",
        f"{HOME}/articles/first",
    ]
    assert re.findall(r"Secret|Tomorrow", json.dumps(kept), re.IGNORECASE) == []


@pytest.mark.usefixtures("app")
def test_only_pictures_of_the_site_are_fetched() -> None:
    with write():
        cover = picture()
    letter = letter_for(
        frozen(article("Sleep", cover=cover, cover_alt="Dusk"), body="![Dawn](/media/sleep.png)"), DEE, LINKS
    )
    images = Shown(letter.html).all("img")
    assert [image["alt"] for image in images] == ["Dawn", "Dusk"]
    assert [image["src"].startswith(f"{HOME}/media/sleep.") for image in images] == [True, True]
    assert [(image["width"], image["height"]) for image in images] == [("552", "368")] * 2
    assert re.findall(r"url\(|@import|<link|<script|<iframe", letter.html) == []


@pytest.mark.usefixtures("app")
def test_nothing_that_is_kept_is_personal_and_the_archive_is_a_fragment_without_styles() -> None:
    kept = frozen(article("Sleep"))
    assert re.findall(r"newsletter/(?:leave|preferences)|invalid", json.dumps(kept)) == []
    assert kept["archive"].startswith("<p>Good morning.</p>")
    assert re.findall(r"style=|<style", kept["archive"]) == []


@pytest.mark.usefixtures("app")
def test_no_text_can_pass_for_a_link_of_the_subscriber() -> None:
    forged = (
        "{{ links.leave }} %(leave)s {leave} https://x.invalid/leave [x](https://x.invalid/preferences) leave"
    )
    kept = frozen(subject=forged, preview=forged, body=forged)
    letter = letter_for(kept, DEE, LINKS)
    assert (letter.html.count(LINKS.leave), letter.text.count(LINKS.leave)) == (1, 1)
    assert (letter.html.count(LINKS.preferences), letter.text.count(LINKS.preferences)) == (1, 1)
    assert [kept[part][1::2] for part in ("html", "text")] == [["preferences", "leave"]] * 2


@pytest.mark.usefixtures("app")
def test_links_of_a_subscriber_are_no_markup() -> None:
    odd = Links('https://example.org/a?b=1&c="><b>', LINKS.preferences)
    letter = letter_for(frozen(), DEE, odd)
    assert odd.leave in Shown(letter.html).links()
    assert odd.leave in letter.text


@pytest.mark.usefixtures("app")
def test_the_message_is_what_the_standards_ask_for() -> None:
    letter = letter_for(frozen(article("Schlaf und Gedächtnis")), DEE, LINKS)
    sender = Address("Broadsheet", "letters", "example.org")
    message = write_message(
        letter, message_id="<1@example.org>", at=DAY, sender=sender, host="journal.example.org"
    )
    read = Read(message)
    assert (read.text, read.html.rstrip()) == (letter.text, letter.html.rstrip())
    assert read["List-Unsubscribe"] == f"<{LINKS.leave}>"
    assert len(message) < 20_000


@pytest.mark.usefixtures("app")
def test_an_issue_that_would_be_cut_off_is_refused_once_and_not_for_everybody() -> None:
    long = issue(body="Words and words and words.\n\n" * 3_000)
    with pytest.raises(Refused, match=r"^The message has \d+ kB, at most 100 kB are sent"):
        freeze(long)


@pytest.mark.usefixtures("app")
def test_a_subject_with_a_line_break_is_refused_once_and_not_for_everybody() -> None:
    with pytest.raises(Refused, match=r"^Subject of this message has a line break"):
        freeze(issue(subject="Spring\r\nBcc: x@example.org"))


def test_an_issue_is_german_where_the_site_is(app: Flask) -> None:
    with write():
        choose("site.language", "de")
    letter = letter_for(frozen(article("Schlaf"), body="> [!TIP]\n> Ruhe."), DEE, LINKS)
    for words in (
        "Im Browser lesen",
        "Artikel lesen",
        "Tipp",
        "Themen und Pausen",
        "Vom Newsletter abmelden",
    ):
        assert words in letter.html
    assert [words in letter.text for words in ("Im Browser lesen:\n", "Tipp:\n> Ruhe.")] == [True, True]


@pytest.mark.usefixtures("app")
def test_an_issue_without_a_body_or_articles_is_still_a_letter() -> None:
    letter = letter_for(frozen(body="", preview=""), DEE, LINKS)
    assert 'class="preview"' not in letter.html
    assert "\n\n\n" not in letter.text
