"""Markdown turned into the HTML that is kept beside it."""

from collections.abc import Callable
from dataclasses import asdict
from urllib.parse import unquote

from sqlalchemy import func, select

from blog.lib.db import db
from blog.lib.markdown import RENDERER, Labels, Picture, Rendered, render
from blog.lib.words import gettext as _
from blog.media.models import Media
from blog.settings import identity

from .models import Article, Page, Person, Question

PictureOf = Callable[[str], Picture | None]
"""Finds the picture that a Markdown image address such as `/media/sleep.jpg` means."""


def renderer() -> str:
    """Return what a text is rendered with: the renderer's version and the site's language."""
    return f"{RENDERER}-{identity.language.get()}"


def older_renderings() -> int:
    """Return how many texts were rendered by another version or in another language than now."""
    # Someone who is only named was never rendered: there is no text of theirs.
    kinds = (Article, Question, Page, Person)
    counts = (select(func.count()).where(kind.rendered_with.not_in(("", renderer()))) for kind in kinds)
    return sum(db.session.scalar(count) or 0 for count in counts)


def kept_pictures() -> PictureOf:
    """Return a finder over all pictures in the database."""
    pictures = {media.path: media.picture for media in db.session.scalars(select(Media))}
    return lambda address: pictures.get(unquote(address))


def render_article(article: Article, picture_of: PictureOf) -> None:
    """Set what is made from the article's Markdown; reads no other row."""
    body = _rendered(article.body, "s-", picture_of)
    article.body_html = body.html
    article.headings = [asdict(heading) for heading in body.headings]
    article.words = body.words
    tldr = _rendered(article.tldr, "t-", picture_of, rank=3)
    article.tldr_html = tldr.html
    article.text = _one_line(f"{tldr.text} {body.text}")
    article.rendered_with = renderer()


def render_question(question: Question, picture_of: PictureOf) -> None:
    """Set what is made from the answer's Markdown."""
    answer = _rendered(question.answer, f"{question.anchor}-", picture_of, rank=4)
    question.answer_html, question.answer_text = answer.html, _one_line(answer.text)
    question.rendered_with = renderer()


def render_page(page: Page, picture_of: PictureOf) -> None:
    """Set what is made from the page's Markdown."""
    body = _rendered(page.body, "s-", picture_of)
    page.body_html = body.html
    page.headings = [asdict(heading) for heading in body.headings]
    page.rendered_with = renderer()


def render_person(person: Person, picture_of: PictureOf) -> None:
    """Set what is made from the biography's Markdown."""
    person.body_html = _rendered(person.body, "s-", picture_of).html
    person.rendered_with = renderer()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _rendered(source: str, prefix: str, picture_of: PictureOf, rank: int = 2) -> Rendered:
    return render(source, prefix=prefix, picture=picture_of, labels=labels(), rank=rank)


def labels() -> Labels:
    """Return what a rendering says around the author's words, in the site's language."""
    return Labels(
        note=_("Note"),
        tip=_("Tip"),
        important=_("Important"),
        warning=_("Warning"),
        caution=_("Caution"),
        urgent=_("Urgent"),
        emergency=_("Emergency"),
        footnotes=_("Footnotes"),
        footnote=_("Footnote {}"),
        back_to_text=_("Back to the text"),
        task_done=_("Done"),
        task_open=_("To do"),
        anchor=_("Link to “{}”"),
        table=_("Table"),
    )
