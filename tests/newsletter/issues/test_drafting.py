"""Writing an issue: what makes a draft, what changes it, and what nobody may change any more."""

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.issues import drafting
from blog.newsletter.issues.drafting import Words, words_of
from blog.newsletter.models import Issue, IssueArticle, IssueTopic, Stage
from blog.outbox.models import Delivery
from tests.building import article, category, save

from .issuing import MINUTE, NOON, drafted, issue, issue_in_write, may_send, sent


def change(words: Words, slug: str = "spring") -> bool:
    with write():
        return drafting.change(issue_in_write(slug), words, at=NOON + MINUTE)


def remove(slug: str = "spring") -> None:
    with write():
        drafting.remove(issue_in_write(slug))


def content() -> None:
    save(
        article("Sleep and memory", category=category("Sleep")),
        article("Keeping a diary"),
        category("Heart"),
    )


def test_a_draft_says_what_was_written_and_is_one(app: Flask) -> None:
    content()
    written = Words(
        "Spring & more", "A look", "Text.", "", ("keeping-a-diary", "sleep-and-memory"), ("heart", "sleep")
    )
    with write():
        made = drafting.make(written, at=NOON)
        assert (made.slug, made.stage) == ("spring-more", Stage.DRAFT)
    assert words_of(issue("spring-more"), slug="") == written
    assert words_of(issue("spring-more")).slug == "spring-more"


def test_a_slug_that_is_given_counts(app: Flask) -> None:
    assert drafted("Spring", slug="letter-7") == "letter-7"


def test_an_article_that_is_named_twice_stands_once(app: Flask) -> None:
    content()
    drafted(articles=("keeping-a-diary", "keeping-a-diary"), topics=("heart", "heart"))
    assert words_of(issue()).articles == ("keeping-a-diary",)
    assert words_of(issue()).topics == ("heart",)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (Words("\u2800"), "The subject is missing."),
        (Words("!?"), "No address can be made from this subject; write a slug."),
        (Words("Spring", articles=("gone",)), "There is no article “gone”."),
        (Words("Spring", topics=("gone",)), "There is no category “gone”."),
    ],
)
def test_what_is_no_issue_is_refused_and_leaves_nothing(app: Flask, words: Words, said: str) -> None:
    with pytest.raises(Refused) as refused, write():
        drafting.make(words, at=NOON)
    assert str(refused.value) == said
    assert db.session.query(Issue).count() == 0


def test_two_issues_do_not_share_an_address(app: Flask) -> None:
    drafted()
    drafted("Summer")
    for make in (lambda: drafted(), lambda: change(Words("Spring"), "summer")):
        with pytest.raises(Refused) as refused:
            make()
        assert str(refused.value) == "There is an issue “spring” already; give this one a slug of its own."


def test_a_change_is_kept_with_its_moment_and_the_same_words_change_nothing(app: Flask) -> None:
    content()
    drafted(articles=("keeping-a-diary",), topics=("sleep",))
    assert (
        change(Words("Spring", body="It is *spring*.", articles=("keeping-a-diary",), topics=("sleep",)))
        is False
    )
    assert issue().changed_at == NOON
    assert change(Words("Spring", body="New.", articles=("sleep-and-memory",))) is True
    assert (issue().changed_at, words_of(issue(), slug="")) == (
        NOON + MINUTE,
        Words("Spring", body="New.", articles=("sleep-and-memory",)),
    )


def test_an_issue_that_waits_to_be_sent_cannot_be_changed_or_removed(app: Flask) -> None:
    may_send()
    drafted()
    sent()
    with pytest.raises(Refused) as refused:
        change(Words("Spring", body="Other."))
    assert str(refused.value) == "“spring” waits to be sent; `newsletter undo spring` first, then change it."
    with pytest.raises(Refused) as refused:
        remove()
    assert str(refused.value) == "“spring” waits to be sent; `newsletter undo spring` first, then remove it."
    assert change(Words("Spring", body="It is *spring*.")) is False


def test_removing_a_draft_takes_what_belonged_to_it_along(app: Flask) -> None:
    content()
    drafted(articles=("keeping-a-diary",), topics=("sleep",))
    remove()
    assert [db.session.query(model).count() for model in (Issue, IssueArticle, IssueTopic)] == [0, 0, 0]


def test_writing_changing_and_removing_never_queues_a_mail(app: Flask) -> None:
    may_send()
    drafted()
    change(Words("Spring", body="Other."))
    drafted("Summer")
    remove("summer")
    assert db.session.query(Delivery).count() == 0


def test_an_issue_that_is_not_there_is_named(app: Flask) -> None:
    with pytest.raises(Refused) as refused:
        issue("gone")
    assert str(refused.value) == "There is no issue “gone”; `newsletter issues` lists those there are."
