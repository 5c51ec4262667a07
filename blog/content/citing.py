"""What an article stands on."""

from collections.abc import Sequence

from .models import Article, Reference


def set_references(article: Article, references: Sequence[Reference]) -> None:
    """Let the article stand on these sources, in this order."""
    for position, reference in enumerate(references):
        reference.position = position
    article.references = list(references)
