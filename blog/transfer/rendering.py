"""The HTML of what an import writes, made before anything is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from blog.content.models import Article, Page, Person, Question
from blog.content.picturing import pictures_in
from blog.content.rendering import PictureOf, render_article, render_page, render_person, render_question
from blog.lib.markdown import RefusedAtLine
from blog.lib.refusing import Refused
from blog.media.models import picture_from
from blog.media.storing import StoredPicture

from .deciding import Plan
from .items import ArticleItem, Ask, Item, PageItem, PersonItem, QuestionItem
from .outcomes import Progress, Refusal
from .present import Present

Columns = dict[str, Any]
"""Names of columns that hold what is made from Markdown, with their values."""


@dataclass
class Rendered:
    """What was made from Markdown, by slug."""

    articles: dict[str, Columns] = field(default_factory=dict)
    people: dict[str, Columns] = field(default_factory=dict)
    pages: dict[str, Columns] = field(default_factory=dict)
    questions: dict[str, Columns] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    """Files with a text that cannot be rendered."""


def rendered_article(body: str, tldr: str, picture_of: PictureOf) -> Columns:
    """Return what is made from an article's texts."""
    article = Article(body=body, tldr=tldr)
    render_article(article, picture_of)
    return _columns(article, "body_html", "tldr_html", "text", "headings", "words", "rendered_with")


def rendered_question(slug: str, answer: str, picture_of: PictureOf) -> Columns:
    """Return what is made from an answer; its anchors depend on the question's slug."""
    question = Question(slug=slug, answer=answer)
    render_question(question, picture_of)
    return _columns(question, "answer_html", "answer_text", "rendered_with")


def rendered_page(body: str, picture_of: PictureOf) -> Columns:
    """Return what is made from a page's text."""
    page = Page(body=body)
    render_page(page, picture_of)
    return _columns(page, "body_html", "headings", "rendered_with")


def rendered_person(body: str, picture_of: PictureOf) -> Columns:
    """Return what is made from a biography."""
    person = Person(body=body)
    render_person(person, picture_of)
    return _columns(person, "body_html", "rendered_with")


def set_columns(row: object, columns: Columns) -> None:
    """Let a row hold what was made from its texts."""
    for name, value in columns.items():
        setattr(row, name, value)


def _columns(row: object, *names: str) -> Columns:
    return {name: getattr(row, name) for name in names}


def pictures_of(kept: Mapping[str, StoredPicture], new: Mapping[str, StoredPicture]) -> PictureOf:
    """Return a finder over the pictures there are and those that are about to be there."""
    found = {
        f"/media/{name}": picture_from(
            [dict(size) for size in picture.renditions], picture.width, picture.height
        )
        for name, picture in {**kept, **new}.items()
    }
    return lambda address: found.get(unquote(address))


def render_plan(
    plan: Plan,
    present: Present,
    pictures: Mapping[str, StoredPicture],
    progress: Progress,
    line_of: Callable[[str, str], int],
) -> Rendered:
    """Render all that is written, and what shows a picture that changes.

    `line_of` returns the line of a field, or of the body, of a file.
    """
    picture_of = pictures_of(present.media, pictures)
    items = {path: item for kind in _RENDER for path, item in plan.loaded(kind).items()}
    rendered = Rendered()
    for number, (path, item) in enumerate(items.items(), 1):
        progress("rendering", number, len(items))
        try:
            _render_item(item, rendered, picture_of)
        except Refused as refused:
            field_name = "tldr" if isinstance(item, ArticleItem) and _is_fine(item.body) else "body"
            line = line_of(path, field_name)
            rendered.refusals.append(_refusal(path, line, refused, as_is=field_name == "body"))
        if isinstance(item, ArticleItem):
            _render_questions(path, item, plan, rendered, picture_of)
    _render_shown(present, pictures, rendered, picture_of)
    return rendered


def _is_fine(body: str) -> bool:
    """Tell whether this was not the text that could not be rendered."""
    try:
        rendered_page(body, lambda _: None)
    except Refused:
        return False
    return True


def _refusal(path: str, line: int, refused: Refused, *, as_is: bool) -> Refusal:
    """Return a refusal with its line in the file; the lines of a field need not be the file's."""
    if isinstance(refused, RefusedAtLine):
        return Refusal(path, line + (refused.line - 1) * as_is, refused.reason)
    return Refusal(path, line, str(refused))


def _render_questions(
    path: str, item: ArticleItem, plan: Plan, rendered: Rendered, picture_of: PictureOf
) -> None:
    for slug, asked in zip(plan.slugs[path], item.questions, strict=True):
        if slug in plan.questions and slug not in rendered.questions:
            try:
                answer = plan.questions[slug][1]
                rendered.questions[slug] = rendered_question(slug, answer, picture_of)
            except Refused as refused:
                line = asked.answer_line if isinstance(asked, Ask) else asked.line
                rendered.refusals.append(_refusal(path, line, refused, as_is=False))


_RENDER: tuple[type[Item], ...] = (PersonItem, PageItem, QuestionItem, ArticleItem)


def _render_item(item: Item, rendered: Rendered, picture_of: PictureOf) -> None:
    if isinstance(item, ArticleItem):
        rendered.articles[item.slug] = rendered_article(item.body, item.tldr, picture_of)
    elif isinstance(item, PageItem):
        rendered.pages[item.slug] = rendered_page(item.body, picture_of)
    elif isinstance(item, PersonItem):
        rendered.people[item.slug] = rendered_person(item.body, picture_of)
    else:
        rendered.questions[item.slug] = rendered_question(item.slug, item.answer, picture_of)


def _render_shown(
    present: Present, pictures: Mapping[str, StoredPicture], rendered: Rendered, picture_of: PictureOf
) -> None:
    """Render what stays but shows a picture that changes."""

    def shows(*texts: str) -> bool:
        return not pictures_in(*texts).isdisjoint(pictures)

    for article in present.articles.values():
        if article.slug not in rendered.articles and shows(article.body, article.tldr):
            rendered.articles[article.slug] = rendered_article(article.body, article.tldr, picture_of)
    for page in present.pages.values():
        if page.slug not in rendered.pages and shows(page.body):
            rendered.pages[page.slug] = rendered_page(page.body, picture_of)
    for person in present.people.values():
        if person.slug not in rendered.people and shows(person.body):
            rendered.people[person.slug] = rendered_person(person.body, picture_of)
    for question in present.questions.values():
        if question.slug not in rendered.questions and shows(question.answer):
            rendered.questions[question.slug] = rendered_question(question.slug, question.answer, picture_of)
