"""What was put right in an article after it was published."""

from collections.abc import Sequence

from .models import Article, Correction


def set_corrections(article: Article, corrections: Sequence[Correction]) -> None:
    """Let these be the corrections that the article shows, in this order."""
    for position, correction in enumerate(corrections):
        correction.position = position
    article.corrections = list(corrections)
