"""Authors and reviewers of an article."""

from flask import Flask
from sqlalchemy import select

from blog.content.crediting import set_credits
from blog.content.models import Article, Credit, CreditRole, Person
from blog.lib.db import db, write


def test_authors_and_reviewers_change_places_and_parts(app: Flask) -> None:
    ann, ben, cy = (Person(slug=name, name=name, links=[]) for name in ("ann", "ben", "cy"))
    article = Article(slug="sleep", title="Sleep")
    with write() as session:
        session.add(article)
        set_credits(article, [ann, ben], [cy])
        session.flush()
        set_credits(article, [ben, ann, cy], [ben])
    credited = (
        select(Credit.role, Credit.position, Person.slug).join(Person).order_by(Credit.role, Credit.position)
    )
    assert db.session.execute(credited).all() == [
        (CreditRole.AUTHOR, 0, "ben"),
        (CreditRole.AUTHOR, 1, "ann"),
        (CreditRole.AUTHOR, 2, "cy"),
        (CreditRole.REVIEWER, 0, "ben"),
    ]
