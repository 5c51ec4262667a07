"""Who answers for an article."""

from collections.abc import Sequence

from .models import Article, Credit, CreditRole, Person


def set_credits(article: Article, authors: Sequence[Person], reviewers: Sequence[Person]) -> None:
    """Let these people, in this order, be the authors and reviewers."""
    # A credit that stays is kept: a second one for the same part would be written before the first is gone.
    there = {(credit.role, credit.person): credit for credit in article.credits}
    wanted: list[Credit] = []
    for role, people in ((CreditRole.AUTHOR, authors), (CreditRole.REVIEWER, reviewers)):
        for position, person in enumerate(people):
            credit = there.get((role, person)) or Credit(role=role, person=person)
            credit.position = position
            wanted.append(credit)
    article.credits = wanted
