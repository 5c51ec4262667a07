"""What rows carry of others, kept by the database itself, so that lists of any length are read from an index.

A tag's and a person's rows carry when their article appears; a question carries when it becomes public and
the category it is listed under.
"""

from collections.abc import Iterator

from blog.lib.triggers import Trigger

_CARRYING = ("article_tag", "credit")
_USES = "FROM article_question AS used JOIN article ON article.id = used.article_id"
_WITH_CATEGORY = "article.category_id IS NOT NULL AND article.published_at IS NOT NULL"


def carried() -> Iterator[Trigger]:
    """Yield the triggers that keep what is carried."""
    for table in _CARRYING:
        yield _after(
            f"INSERT ON {table}", f"{table}_insert", moments_of(table, "article_id = new.article_id")
        )
        yield _after(
            f"UPDATE OF article_id ON {table}",
            f"{table}_update",
            moments_of(table, "article_id = new.article_id"),
        )
    yield _after(
        "UPDATE OF published_at, category_id ON article",
        "article_update",
        *(moments_of(table, "article_id = new.id") for table in _CARRYING),
        questions("id IN (SELECT question_id FROM article_question WHERE article_id = new.id)"),
        when="new.published_at IS NOT old.published_at OR new.category_id IS NOT old.category_id",
    )
    yield _after("INSERT ON article_question", "article_question_insert", questions("id = new.question_id"))
    yield _after("DELETE ON article_question", "article_question_delete", questions("id = old.question_id"))
    yield _after(
        "UPDATE OF article_id, question_id ON article_question",
        "article_question_update",
        questions("id IN (old.question_id, new.question_id)"),
    )
    yield _after("INSERT ON question", "question_insert", questions("id = new.id"))
    yield _after(
        "UPDATE OF stands_alone, published_at, category_id ON question",
        "question_update",
        questions("id = new.id"),
    )


def moments_of(table: str, which: str) -> str:
    """Return the statement that lets these rows carry when their article appears."""
    return (
        f"UPDATE {table} SET published_at = "  # noqa: S608 (words of our own)
        f"(SELECT article.published_at FROM article WHERE article.id = {table}.article_id) WHERE {which}"
    )


def questions(which: str) -> str:
    """Return the statement that lets these questions carry when and where they are shown."""
    shown = (
        f"SELECT min(moment) FROM (SELECT article.published_at AS moment {_USES} "  # noqa: S608 (words of our own)
        "WHERE used.question_id = question.id "
        "UNION ALL SELECT question.published_at WHERE question.stands_alone)"
    )
    by_article = f"{_USES} WHERE used.question_id = question.id AND {_WITH_CATEGORY}"
    return (
        f"UPDATE question SET shown_from = ({shown}), "  # noqa: S608 (words of our own)
        "listed_category_id = coalesce(category_id, "
        f"(SELECT article.category_id {by_article} ORDER BY article.published_at, article.id LIMIT 1)), "
        f"listed_from = CASE WHEN category_id IS NOT NULL THEN ({shown}) "
        f"ELSE (SELECT min(article.published_at) {by_article}) END WHERE {which}"
    )


def _after(change: str, name: str, *statements: str, when: str = "") -> Trigger:
    condition = f" WHEN {when}" if when else ""
    body = "; ".join(statements)
    return Trigger(
        f"carry_{name}", f"CREATE TRIGGER carry_{name} AFTER {change}{condition} BEGIN {body}; END"
    )
