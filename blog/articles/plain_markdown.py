"""One article as one Markdown document."""

import re
from collections.abc import Iterator

from blog.content.shapes import Cited, Contributor, ShownArticle
from blog.lib.words import day
from blog.lib.words import gettext as _


def as_markdown(article: ShownArticle, address: str) -> str:
    """Return the whole article as Markdown: what its page says, in the same order, without the form."""
    return "\n\n".join(part.strip() for part in _parts(article, address) if part.strip()) + "\n"


def _parts(article: ShownArticle, address: str) -> Iterator[str]:
    yield f"# {_plain(article.title)}"
    yield _plain(article.summary)
    yield _byline(article)
    yield f"<{address}>"
    if article.tldr:
        yield f"## {_('In short')}\n\n{article.tldr.strip()}"
    yield article.body
    if article.questions:
        yield f"## {_('Questions and answers')}"
        for question in article.questions:
            yield f"### {_plain(question.question)}\n\n{question.answer.strip()}"
    if article.references:
        yield f"## {_('References')}"
        yield "\n".join(f"{source.position}. {_cited(source)}" for source in article.references)
    yield from _trust(article)


def _plain(text: str) -> str:
    """Return plain text as Markdown that means just that text."""
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)


def _byline(article: ShownArticle) -> str:
    lines = []
    if article.authors:
        lines.append(_("By %(names)s", names=_names(article.authors)))
    if article.reviewers:
        lines.append(_("Reviewed by %(names)s", names=_names(article.reviewers)))
    lines.append(_("Published %(day)s", day=day(article.published_at)))
    if article.updated_at:
        lines.append(_("Updated %(day)s", day=day(article.updated_at)))
    return " · ".join(lines)


def _names(people: list[Contributor]) -> str:
    return _plain("; ".join(", ".join(filter(None, (person.name, person.credentials))) for person in people))


def _cited(source: Cited) -> str:
    year = str(source.year) if source.year else ""
    words = [text.rstrip(".") for text in (source.authors, source.title, source.source, year) if text]
    return _plain(". ".join(words)) + "." + (f" <{source.href}>" if source.href else "")


def _trust(article: ShownArticle) -> Iterator[str]:
    if article.reviewed_on:
        yield _("Last reviewed %(day)s", day=day(article.reviewed_on))
    if article.next_review_on:
        overdue = f" {_('(overdue: please read with care)')}" if article.review_overdue else ""
        yield _("Next review %(day)s", day=day(article.next_review_on)) + overdue
    if article.corrections:
        notes = [f"- {day(correction.date)}: {_plain(correction.note)}" for correction in article.corrections]
        yield f"## {_('Corrections')}\n\n" + "\n".join(notes)
    if article.disclosure:
        yield f"## {_('Disclosure')}\n\n{_plain(article.disclosure)}"
    if article.making:
        yield f"## {_('How it was made')}\n\n{_plain(article.making)}"
