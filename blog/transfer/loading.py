"""What was decided and prepared, written as rows; everything slow has happened before."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from blog.content.addressing import rename_article, take_address
from blog.content.asking import forget_unused, set_questions
from blog.content.citing import set_references
from blog.content.correcting import set_corrections
from blog.content.crediting import set_credits
from blog.content.models import (
    Article,
    ArticleQuestion,
    Category,
    Correction,
    Credit,
    Page,
    Person,
    Question,
    Reference,
    Tag,
)
from blog.content.naming import rows_named
from blog.lib.db import db
from blog.lib.fulltext import batched_lists
from blog.media.models import Media
from blog.media.storing import StoredPicture, keep_picture
from blog.redirects.moving import add_old_addresses

from .deciding import Plan
from .items import ArticleItem, Item, PageItem, PersonItem, QuestionItem
from .models import ImportedFile
from .names import first_names, names_of_people
from .present import Present, Remembered
from .rendering import Columns, Rendered, set_columns

_AT_ONCE = 500


@dataclass
class Ready:
    """All that an import is about to write, decided and prepared."""

    plan: Plan
    present: Present
    rendered: Rendered
    pictures: dict[str, StoredPicture]
    files: dict[str, Remembered]

    @property
    def news(self) -> dict[str, Remembered]:
        """Return what is to be remembered otherwise than it is."""
        files = {**self.plan.files, **self.files}
        return {path: file for path, file in files.items() if self.present.files.get(path) != file}

    @property
    def is_nothing(self) -> bool:
        """Tell whether the site is already as the folder says."""
        return not (self.plan.loaded_paths or self.pictures or self.news)


@dataclass
class Known:
    """The rows that articles refer to, by slug (pictures: by name)."""

    categories: dict[str, Category]
    tags: dict[str, Tag]
    people: dict[str, Person]
    questions: dict[str, Question]
    pictures: dict[str, Media]


def load(ready: Ready) -> None:
    """Write everything; to be called inside the one transaction, which may still be rolled back."""
    articles = ready.plan.loaded(ArticleItem)
    with db.session.no_autoflush:
        rows = _article_rows(ready.plan)
        for path, row in rows.items():
            rename_article(row, articles[path].slug)
        known = _known(ready, articles)
        for path, item in articles.items():
            if path not in rows:
                rows[path] = Article()
                db.session.add(rows[path])
            _write_article(
                rows[path], item, ready.plan.slugs[path], known, ready.rendered.articles[item.slug]
            )
        _write_pages(ready)
        _show_changed_pictures(ready)
        db.session.flush()
    for path, item in articles.items():
        if rows[path].path in ready.present.redirects:
            take_address(rows[path].path)
        if item.redirect_from:
            add_old_addresses(rows[path].path, list(item.redirect_from))
    before = (ready.present.articles[article_id] for article_id in ready.plan.rows.values())
    forget_unused({asked.slug for article in before for asked in article.questions})
    _remember(ready, rows)


def _article_rows(plan: Plan) -> dict[str, Article]:
    """Load the articles that change, with their parts."""
    ids = {plan.rows[path]: path for path in plan.loaded(ArticleItem) if path in plan.rows}
    query = select(Article).options(
        selectinload(Article.tags),
        selectinload(Article.credits).joinedload(Credit.person),
        selectinload(Article.references),
        selectinload(Article.corrections),
        selectinload(Article.question_places).joinedload(ArticleQuestion.question),
        joinedload(Article.category),
        joinedload(Article.cover),
    )
    found: dict[str, Article] = {}
    for some in batched_lists(list(ids), _AT_ONCE):
        for row in db.session.scalars(query.where(Article.id.in_(some))):
            found[ids[row.id]] = row
    return found


def _known(ready: Ready, articles: Mapping[str, ArticleItem]) -> Known:
    """Make the rows that articles refer to, or find them."""
    alone = list(ready.plan.loaded(QuestionItem).values())
    named = [item.category for item in articles.values() if item.category]
    named += [item.category for item in alone if item.category]
    categories = rows_named(Category, first_names(named))
    pictures = {media.name: media for media in db.session.scalars(select(Media))}
    pictures |= {name: keep_picture(stored) for name, stored in ready.pictures.items()}
    return Known(
        categories=categories,
        tags=rows_named(Tag, first_names(tag for item in articles.values() for tag in item.tags)),
        people=_people(ready, articles, pictures),
        questions=_questions(ready, alone, categories),
        pictures=pictures,
    )


def _people(
    ready: Ready, articles: Mapping[str, ArticleItem], pictures: Mapping[str, Media]
) -> dict[str, Person]:
    items = ready.plan.loaded(PersonItem).values()
    names = names_of_people(articles.values()) | {item.slug: item.name for item in items}
    people = rows_named(Person, names)
    for item in items:
        row = people[item.slug]
        row.introduced, row.name = True, item.name
        row.credentials, row.role, row.orcid, row.body = item.credentials, item.role, item.orcid, item.body
        row.photo = pictures[item.photo] if item.photo else None
        row.links = [{"title": link.title, "url": link.url} for link in item.links]
        set_columns(row, ready.rendered.people[item.slug])
    return people


def _questions(
    ready: Ready, alone: list[QuestionItem], categories: Mapping[str, Category]
) -> dict[str, Question]:
    rows = {row.slug: row for row in db.session.scalars(select(Question))}
    for slug, (question, answer) in ready.plan.questions.items():
        row = rows.setdefault(slug, Question(slug=slug))
        row.question, row.answer = question, answer
        set_columns(row, ready.rendered.questions[slug])
        db.session.add(row)
    for item in alone:
        row = rows[item.slug]
        row.stands_alone, row.published_at = True, item.published
        row.category = categories[item.category.slug] if item.category else None
    return rows


def _write_article(
    row: Article, item: ArticleItem, slugs: tuple[str, ...], known: Known, rendered: Columns
) -> None:
    for name in ("slug", "title", "summary", "tldr", "body", "cover_alt", "disclosure", "making"):
        setattr(row, name, getattr(item, name))
    row.published_at, row.updated_at = item.published, item.updated
    row.reviewed_on, row.next_review_on = item.reviewed, item.next_review
    row.category = known.categories[item.category.slug] if item.category else None
    row.cover = known.pictures[item.cover] if item.cover else None
    row.tags = [known.tags[tag.slug] for tag in item.tags]
    set_credits(
        row,
        [known.people[person.slug] for person in item.authors],
        [known.people[person.slug] for person in item.reviewers],
    )
    set_questions(row, [known.questions[slug] for slug in slugs])
    set_references(row, [Reference(**vars(reference)) for reference in item.references])
    set_corrections(row, [Correction(**vars(correction)) for correction in item.corrections])
    set_columns(row, rendered)


def _write_pages(ready: Ready) -> None:
    rows = {row.slug: row for row in db.session.scalars(select(Page))}
    for item in ready.plan.loaded(PageItem).values():
        row = rows.get(item.slug) or Page(slug=item.slug)
        row.title, row.body = item.title, item.body
        set_columns(row, ready.rendered.pages[item.slug])
        db.session.add(row)


def _show_changed_pictures(ready: Ready) -> None:
    """Put the new HTML of those that stay but show a picture that changes."""
    loaded: set[tuple[type[Item], str]] = {
        (kind, item.slug)
        for kind in (ArticleItem, PageItem, PersonItem)
        for item in ready.plan.loaded(kind).values()
    }
    for kind, model, rendered in (
        (ArticleItem, Article, ready.rendered.articles),
        (PageItem, Page, ready.rendered.pages),
        (PersonItem, Person, ready.rendered.people),
    ):
        for slug, columns in rendered.items():
            if (kind, slug) not in loaded:
                set_columns(db.session.scalars(select(model).where(model.slug == slug)).one(), columns)
    for slug in ready.rendered.questions.keys() - ready.plan.questions.keys():
        row = db.session.scalars(select(Question).where(Question.slug == slug)).one()
        set_columns(row, ready.rendered.questions[slug])


def _remember(ready: Ready, rows: Mapping[str, Article]) -> None:
    """Remember the files as they were loaded; forget the old name of one that was renamed."""
    news = ready.news
    there = {row.path: row for row in db.session.scalars(select(ImportedFile))} if news else {}
    by_article = {row.article_id: row.path for row in there.values() if row.article_id is not None}
    for path, remembered in news.items():
        article_id = rows[path].id if path in rows else remembered.article_id
        old = by_article.get(article_id or 0, path)
        if old != path and old not in ready.plan.outcomes:
            db.session.delete(there[old])
        row = there.get(path) or ImportedFile(path=path)
        row.article_id, row.fingerprint = article_id, remembered.fingerprint
        db.session.add(row)
    db.session.flush()
