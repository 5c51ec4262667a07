"""The same question with the same answer is one row; with another answer it is a question of its own."""

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from blog.content.models import Article, ArticleQuestion, Question
from blog.lib.db import db
from blog.transfer.outcomes import Refusal

from .folders import article, put, sums, take

SO = "- {question: Why sleep?, answer: So.}"
OTHER = "- {question: Why sleep?, answer: Because.}"


def asking(title: str, *entries: str) -> str:
    return article(title, faq="".join(f"\n  {entry}" for entry in entries))


def rows() -> dict[str, str]:
    db.session.rollback()
    return dict(db.session.execute(select(Question.slug, Question.answer)).all())


def places() -> dict[str, list[str]]:
    """Return what every article asks, by slugs."""
    db.session.rollback()
    query = (
        select(Article.slug, Question.slug)
        .join(ArticleQuestion, ArticleQuestion.article_id == Article.id)
        .join(Question, Question.id == ArticleQuestion.question_id)
        .order_by(Article.slug, ArticleQuestion.position)
    )
    found: dict[str, list[str]] = {}
    for slug, question in db.session.execute(query):
        found.setdefault(slug, []).append(question)
    return found


def test_the_same_question_and_answer_is_shared(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, {"articles/a.md": asking("A", SO), "articles/b.md": asking("B", SO)}))
    assert (rows(), places()) == ({"why-sleep": "So."}, {"a": ["why-sleep"], "b": ["why-sleep"]})


def test_another_answer_makes_a_question_of_its_own(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, {"articles/a.md": asking("A", SO), "articles/b.md": asking("B", OTHER)}))
    assert rows() == {"why-sleep": "So.", "why-sleep-2": "Because."}
    assert places() == {"a": ["why-sleep"], "b": ["why-sleep-2"]}


def test_an_answer_that_changes_where_it_is_not_shared_keeps_its_address(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, {"articles/a.md": asking("A", SO)}))
    take(put(tmp_path, {"articles/a.md": asking("A", OTHER)}))
    assert rows() == {"why-sleep": "Because."}


def test_an_answer_that_changes_everywhere_keeps_its_address(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, {"articles/a.md": asking("A", SO), "articles/b.md": asking("B", SO)}))
    take(put(tmp_path, {"articles/a.md": asking("A", OTHER), "articles/b.md": asking("B", OTHER)}))
    assert (rows(), places()) == ({"why-sleep": "Because."}, {"a": ["why-sleep"], "b": ["why-sleep"]})


def test_an_answer_that_changes_in_one_of_two_articles_parts_them(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, {"articles/a.md": asking("A", SO), "articles/b.md": asking("B", SO)}))
    account = take(put(tmp_path, {"articles/a.md": asking("A", OTHER)}))
    assert sums(account) == {"updated": 1, "unchanged": 1}
    assert rows() == {"why-sleep": "So.", "why-sleep-2": "Because."}
    assert places() == {"a": ["why-sleep-2"], "b": ["why-sleep"]}
    take(put(tmp_path, {"articles/a.md": asking("A", SO)}))
    assert (rows(), places()) == ({"why-sleep": "So."}, {"a": ["why-sleep"], "b": ["why-sleep"]})


def test_a_named_question_that_changes_does_not_take_others_along(app: Flask, tmp_path: Path) -> None:
    named = "- {question: Why sleep?, answer: So., slug: why}"
    take(put(tmp_path, {"articles/a.md": asking("A", named), "articles/b.md": asking("B", SO)}))
    assert places() == {"a": ["why"], "b": ["why"]}
    account = take(put(tmp_path, {"articles/a.md": asking("A", named.replace("So.", "Because."))}))
    assert sums(account) == {"updated": 2}
    assert rows() == {"why": "Because.", "why-sleep": "So."}
    assert places() == {"a": ["why"], "b": ["why-sleep"]}
    assert sums(take(tmp_path)) == {"unchanged": 2}


def test_a_question_is_used_by_its_slug_from_anywhere(app: Flask, tmp_path: Path) -> None:
    files = {
        "articles/a.md": asking("A", "- use: why-sleep", "- use: booking"),
        "articles/b.md": asking("B", SO),
        "questions/booking.md": "---\nquestion: How do I book?\n---\nCall.\n",
    }
    take(put(tmp_path, files))
    assert places() == {"a": ["why-sleep", "booking"], "b": ["why-sleep"]}
    account = take(put(tmp_path, {"articles/b.md": asking("B", OTHER)}))
    assert (sums(account), rows()["why-sleep"]) == ({"updated": 1, "unchanged": 1}, "Because.")
    assert sums(take(tmp_path)) == {"unchanged": 2}


def test_a_question_of_the_site_is_used_although_its_file_is_elsewhere(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path / "one", {"articles/b.md": asking("B", SO)}))
    take(put(tmp_path / "two", {"articles/a.md": asking("A", "- use: why-sleep")}))
    assert places() == {"a": ["why-sleep"], "b": ["why-sleep"]}


def test_a_question_nobody_knows_is_refused(app: Flask, tmp_path: Path) -> None:
    account = take(put(tmp_path, {"articles/a.md": asking("A", SO, "- use: none")}))
    reason = "There is no question “none”, neither in the folder nor on the site."
    assert account.refusals == [Refusal("articles/a.md", 5, reason)]


def test_a_slug_cannot_mean_two_questions(app: Flask, tmp_path: Path) -> None:
    first, second = "- {question: A?, answer: B., slug: s}", "- {question: C?, answer: D., slug: s}"
    account = take(
        put(tmp_path / "one", {"articles/a.md": asking("A", first), "articles/b.md": asking("B", second)})
    )
    reason = "The slug “s” is that of another question in articles/a.md."
    assert account.refusals == [Refusal("articles/b.md", 4, reason)]
    take(put(tmp_path / "two", {"articles/a.md": asking("A", first)}))
    account = take(put(tmp_path / "three", {"articles/b.md": asking("B", second)}))
    reason = "The slug “s” is that of another question on the site."
    assert account.refusals == [Refusal("articles/b.md", 4, reason)]


def test_a_question_is_in_an_article_once(app: Flask, tmp_path: Path) -> None:
    account = take(put(tmp_path, {"articles/a.md": asking("A", SO, "- use: why-sleep")}))
    assert account.refusals == [Refusal("articles/a.md", 5, "This question is in the article twice.")]


def test_questions_that_nobody_asks_any_more_are_forgotten(app: Flask, tmp_path: Path) -> None:
    alone = {"questions/booking.md": "---\nquestion: How do I book?\n---\nCall.\n"}
    take(put(tmp_path, {"articles/a.md": asking("A", SO, "- use: booking"), **alone}))
    take(put(tmp_path, {"articles/a.md": article("A")}))
    assert rows() == {"booking": "Call."}


def test_a_question_may_begin_to_stand_alone(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, {"articles/a.md": asking("A", SO)}))
    alone = {"questions/why-sleep.md": "---\nquestion: Why sleep?\npublished: 2025-01-01\n---\nFor rest.\n"}
    account = take(put(tmp_path, {"articles/a.md": asking("A", "- use: why-sleep"), **alone}))
    assert (sums(account), sums(account, "questions")) == ({"unchanged": 1}, {"updated": 1})
    assert (rows(), places()) == ({"why-sleep": "For rest."}, {"a": ["why-sleep"]})
    assert db.session.scalar(select(Question.stands_alone)) is True


def test_an_answer_changed_here_is_kept_when_the_question_gets_a_file(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, {"articles/a.md": asking("A", SO)}))
    db.session.scalars(select(Question)).one().answer = "Changed here."
    db.session.commit()
    alone = {"questions/why-sleep.md": "---\nquestion: Why sleep?\n---\nFor rest.\n"}
    assert take(put(tmp_path, alone)).left == ["articles/a.md", "questions/why-sleep.md"]
    assert rows() == {"why-sleep": "Changed here."}


def test_the_order_of_questions_follows_the_file(app: Flask, tmp_path: Path) -> None:
    entries = [f"- {{question: Q{n}?, answer: A{n}.}}" for n in range(4)]
    take(put(tmp_path, {"articles/a.md": asking("A", *entries)}))
    assert sums(take(put(tmp_path, {"articles/a.md": asking("A", *reversed(entries))}))) == {"updated": 1}
    assert places() == {"a": ["q3", "q2", "q1", "q0"]}


def test_an_answer_of_a_file_that_was_left_is_used_as_it_is_here(app: Flask, tmp_path: Path) -> None:
    files = {"articles/a.md": asking("A", SO), "articles/b.md": article("B")}
    take(put(tmp_path, files))
    row = db.session.scalars(select(Question)).one()
    row.answer = "Changed here."
    db.session.commit()
    changed = {"articles/a.md": asking("A", OTHER), "articles/b.md": asking("B", "- use: why-sleep")}
    account = take(put(tmp_path, changed))
    assert (account.left, sums(account)) == (["articles/a.md"], {"updated": 1, "left": 1})
    assert (rows(), places()) == ({"why-sleep": "Changed here."}, {"a": ["why-sleep"], "b": ["why-sleep"]})
    assert sums(take(tmp_path)) == {"unchanged": 1, "left": 1}
