"""The site's content read from its rows at one moment, with a constant number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Executable, Row, select

from blog.content.models import (
    Article,
    ArticleQuestion,
    Category,
    Correction,
    Credit,
    CreditRole,
    Page,
    Person,
    Question,
    Reference,
    Tag,
    article_tag,
)
from blog.lib.db import db
from blog.lib.sheets import Named
from blog.media.models import Media
from blog.media.storing import StoredPicture
from blog.redirects.models import Redirect

from .items import (
    ArticleItem,
    Ask,
    CorrectionItem,
    LinkItem,
    PageItem,
    PersonItem,
    QuestionItem,
    ReferenceItem,
)
from .models import ImportedFile
from .present import Present, Remembered

_TEXTS = ("summary", "tldr", "cover_alt", "disclosure", "making", "body")
_QUERIES: dict[str, Executable] = {
    "articles": select(
        *(Article.id, Article.slug, Article.title, Article.category_id, Article.cover_id),
        *(Article.published_at, Article.updated_at, Article.reviewed_on, Article.next_review_on),
        *(getattr(Article, name) for name in _TEXTS),
    ).order_by(Article.slug),
    "categories": select(Category.id, Category.slug, Category.name).order_by(Category.slug),
    "tags": select(Tag.id, Tag.slug, Tag.name).order_by(Tag.slug),
    "tagged": select(article_tag.c.article_id, article_tag.c.tag_id),
    "credits": select(Credit.article_id, Credit.person_id, Credit.role).order_by(Credit.position, Credit.id),
    "places": select(ArticleQuestion.article_id, ArticleQuestion.question_id).order_by(
        ArticleQuestion.position
    ),
    "references": select(
        *(Reference.article_id, Reference.title, Reference.authors, Reference.source),
        *(Reference.year, Reference.doi, Reference.pmid, Reference.url),
    ).order_by(Reference.position),
    "corrections": select(Correction.article_id, Correction.date, Correction.note).order_by(
        Correction.position
    ),
    "people": select(
        *(Person.id, Person.slug, Person.name, Person.introduced, Person.credentials, Person.role),
        *(Person.photo_id, Person.orcid, Person.links, Person.body),
    ).order_by(Person.slug),
    "pages": select(Page.slug, Page.title, Page.body).order_by(Page.slug),
    "questions": select(
        *(Question.id, Question.slug, Question.question, Question.answer),
        *(Question.stands_alone, Question.category_id, Question.published_at),
    ).order_by(Question.slug),
    "media": select(
        *(Media.id, Media.name, Media.digest, Media.media_type, Media.width, Media.height, Media.renditions)
    ).order_by(Media.name),
    "redirects": select(Redirect.path, Redirect.target).order_by(Redirect.path),
    "files": select(ImportedFile.path, ImportedFile.article_id, ImportedFile.fingerprint).order_by(
        ImportedFile.path
    ),
}

_T = TypeVar("_T")
Rows = dict[str, Sequence[Row[Any]]]


def fetch() -> Rows:
    """Read all rows that content consists of; two readings are equal exactly where nothing has changed."""
    return {name: db.session.execute(query).all() for name, query in _QUERIES.items()}


def present_of(rows: Rows) -> Present:
    """Return the rows as items."""
    categories = {row.id: Named(row.slug, row.name) for row in rows["categories"]}
    tags = {row.id: Named(row.slug, row.name) for row in rows["tags"]}
    pictures = {row.id: row.name for row in rows["media"]}
    questions = {row.id: _question(row, categories) for row in rows["questions"]}
    return Present(
        articles=_articles(rows, categories, tags, pictures, questions),
        people={row.slug: _person(row, pictures) for row in rows["people"]},
        introduced=frozenset(row.slug for row in rows["people"] if row.introduced),
        pages={row.slug: PageItem(row.slug, row.title, row.body) for row in rows["pages"]},
        questions={question.slug: question for question in questions.values()},
        standing_alone=frozenset(row.slug for row in rows["questions"] if row.stands_alone),
        categories={named.slug: named for named in categories.values()},
        tags={named.slug: named for named in tags.values()},
        media={row.name: _picture(row) for row in rows["media"]},
        redirects={row.path: row.target for row in rows["redirects"]},
        files={row.path: Remembered(row.article_id, row.fingerprint) for row in rows["files"]},
    )


def _question(row: Any, categories: dict[int, Named]) -> QuestionItem:
    category = categories.get(row.category_id)
    return QuestionItem(row.slug, row.question, row.answer, category, row.published_at)


def _person(row: Any, pictures: dict[int, str]) -> PersonItem:
    links = tuple(LinkItem(link["title"], link["url"]) for link in row.links)
    photo = pictures.get(row.photo_id, "")
    return PersonItem(row.slug, row.name, row.credentials, row.role, photo, row.orcid, links, row.body)


def _picture(row: Any) -> StoredPicture:
    return StoredPicture(
        row.name,
        row.digest,
        row.media_type,
        row.width,
        row.height,
        tuple(dict(size) for size in row.renditions),
    )


def _articles(
    rows: Rows,
    categories: dict[int, Named],
    tags: dict[int, Named],
    pictures: dict[int, str],
    questions: dict[int, QuestionItem],
) -> dict[int, ArticleItem]:
    tagged = _by_article([(row.article_id, tags[row.tag_id]) for row in rows["tagged"]])
    asked = _by_article([(row.article_id, _asked(questions[row.question_id])) for row in rows["places"]])
    references = _by_article([(row.article_id, _reference(row)) for row in rows["references"]])
    corrections = _by_article(
        [(row.article_id, CorrectionItem(row.date, row.note)) for row in rows["corrections"]]
    )
    authors, reviewers = _credited(rows, CreditRole.AUTHOR), _credited(rows, CreditRole.REVIEWER)
    old = _old_addresses(rows)
    return {
        row.id: replace(
            _article(row),
            category=categories.get(row.category_id),
            tags=tuple(sorted(tagged[row.id], key=lambda tag: tag.slug)),
            authors=tuple(authors[row.id]),
            reviewers=tuple(reviewers[row.id]),
            cover=pictures.get(row.cover_id, ""),
            references=tuple(references[row.id]),
            corrections=tuple(corrections[row.id]),
            questions=tuple(asked[row.id]),
            redirect_from=tuple(old[f"/articles/{row.slug}"]),
        )
        for row in rows["articles"]
    }


def _article(row: Any) -> ArticleItem:
    """Return what an article's own row says."""
    return ArticleItem(
        slug=row.slug,
        title=row.title,
        published=row.published_at,
        updated=row.updated_at,
        reviewed=row.reviewed_on,
        next_review=row.next_review_on,
        **{name: getattr(row, name) for name in _TEXTS},
    )


def _old_addresses(rows: Rows) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows["redirects"]:
        found[row.target].append(row.path)
    return found


def _reference(row: Any) -> ReferenceItem:
    return ReferenceItem(row.title, row.authors, row.source, row.year, row.doi, row.pmid, row.url)


def _asked(question: QuestionItem) -> Ask:
    return Ask(question.question, question.answer, question.slug)


def _credited(rows: Rows, role: CreditRole) -> dict[int, list[Named]]:
    people = {row.id: Named(row.slug, row.name) for row in rows["people"]}
    return _by_article(
        [(row.article_id, people[row.person_id]) for row in rows["credits"] if row.role is role]
    )


def _by_article(pairs: list[tuple[int, _T]]) -> dict[int, list[_T]]:
    found: dict[int, list[_T]] = defaultdict(list)
    for article_id, part in pairs:
        found[article_id].append(part)
    return found
