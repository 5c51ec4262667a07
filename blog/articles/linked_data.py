"""What an article's page says to programs: the same as to people, from the same objects."""

from collections.abc import Iterator

from blog.content.shapes import Answered, Cited, Contributor, ShownArticle
from blog.lib.canonical import absolute, site_url
from blog.lib.linked_data import Thing, breadcrumbs
from blog.lib.words import iso
from blog.settings import identity
from blog.settings.declaring import Setting, one_of

kind = Setting(
    "articles.kind",
    "Article",
    "What articles are to search engines: Article or MedicalWebPage.",
    one_of("Article", "MedicalWebPage"),
)


def article_graph(article: ShownArticle, breadcrumb: list[dict[str, str]]) -> Iterator[Thing]:
    """Yield the schema.org things of an article's page."""
    url = absolute(article.path)
    people = {person.slug: person for person in [*article.authors, *article.reviewers]}
    yield _article(article, url)
    yield from (_person(person) for person in people.values())
    yield _publisher()
    steps = [(step["name"], absolute(step["path"])) for step in breadcrumb]
    yield breadcrumbs(url, [*steps, (article.title, url)])
    if article.questions:
        yield {
            "@type": "FAQPage",
            "@id": f"{url}#faq",
            "mainEntity": [_question(question) for question in article.questions],
        }


def _article(article: ShownArticle, url: str) -> Thing:
    reviewed = bool(article.reviewers)
    page_kind = kind.get()
    reviewing: Thing = {
        # Both are properties of WebPage; a plain Article says them of the page it is the main entity of.
        "reviewedBy": [_reference_to(person) for person in article.reviewers],
        "lastReviewed": iso(article.reviewed_on) if reviewed and article.reviewed_on else None,
    }
    thing: Thing = {
        "@type": page_kind,
        "@id": f"{url}#article",
        "url": url,
        "headline": article.title,
        "description": article.summary,
        "inLanguage": identity.language.get(),
        "datePublished": iso(article.published_at),
        "dateModified": iso(article.last_changed_at),
        "author": [_reference_to(person) for person in article.authors],
        "publisher": {"@id": f"{site_url()}/#publisher"},
        "image": absolute(article.cover.picture.src) if article.cover else None,
        "articleSection": article.category.name if article.category and page_kind == "Article" else None,
        "keywords": [tag.name for tag in article.tags],
        "citation": [_citation(reference) for reference in article.references],
        "correction": [correction.note for correction in article.corrections]
        if page_kind == "Article"
        else None,
    }
    if page_kind == "Article":
        return thing | {"mainEntityOfPage": {"@type": "WebPage", "@id": url, **_said(reviewing)}}
    return thing | reviewing


def _said(thing: Thing) -> Thing:
    return {key: value for key, value in thing.items() if value}


def _reference_to(person: Contributor) -> Thing:
    return {"@type": "Person", "@id": f"{absolute(person.path)}#person", "name": person.name}


def _person(person: Contributor) -> Thing:
    return {
        "@type": "Person",
        "@id": f"{absolute(person.path)}#person",
        "name": person.name,
        "url": absolute(person.path),
        "honorificSuffix": person.credentials,
    }


def _publisher() -> Thing:
    return {
        "@type": "Organization",
        "@id": f"{site_url()}/#publisher",
        "name": identity.publisher_name(),
        "url": f"{site_url()}/",
    }


def _citation(reference: Cited) -> Thing:
    return {
        "@type": "CreativeWork",
        "name": reference.title,
        "author": reference.authors,
        "datePublished": str(reference.year) if reference.year else None,
        "isPartOf": {"@type": "CreativeWork", "name": reference.source} if reference.source else None,
        "url": reference.href,
    }


def _question(question: Answered) -> Thing:
    return {
        "@type": "Question",
        "name": question.question,
        "acceptedAnswer": {"@type": "Answer", "text": question.answer_text},
    }
