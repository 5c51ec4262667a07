"""Content as the Markdown files of a folder that an import brings back exactly."""

from collections import Counter

from blog.lib.sheets import Named
from blog.lib.slugs import slug_from
from blog.transfer.items import (
    ArticleItem,
    Ask,
    Item,
    PageItem,
    PersonItem,
    QuestionItem,
    Use,
    address_of,
)
from blog.transfer.present import Present
from blog.transfer.shared_questions import first_slug

from .folder import IMAGES
from .linking import file_of, outward
from .printing import Entry, print_document


def documents_of(present: Present) -> dict[str, str]:
    """Return path and text of every file of a content folder that says what the site says, in a fixed order."""
    return _Documents(present).all()


class _Documents:
    def __init__(self, present: Present) -> None:
        self._present = present
        self._people = {slug for slug in present.people if self._has_file(slug)}
        self._files = self._all_files()
        self._written: set[str] = set()
        self._times = Counter(question.content for question in present.questions.values())

    def _has_file(self, slug: str) -> bool:
        """Tell whether a person gets a file: introduced by the team, or a name would not bring them back."""
        person, present = self._present.people[slug], self._present
        namesakes = {other.slug for other in present.people.values() if other.name == person.name}
        return slug in present.introduced or slug_from(person.name) != slug or len(namesakes) > 1

    def _all_files(self) -> dict[str, str]:
        present = self._present
        items: list[Item] = [
            *present.articles.values(),
            *present.pages.values(),
            *(present.people[slug] for slug in self._people),
            *(present.questions[slug] for slug in present.standing_alone),
        ]
        files = {address_of(item): file_of(item) for item in items}
        return files | {f"/media/{name}": f"{IMAGES}/{name}" for name in present.media}

    def all(self) -> dict[str, str]:
        present = self._present
        articles = sorted(present.articles.values(), key=lambda article: article.slug)
        return {
            **{file_of(item): self._article(item) for item in articles},
            **{file_of(item): self._page(item) for item in present.pages.values()},
            **{
                file_of(item): self._person(item)
                for slug, item in present.people.items()
                if slug in self._people
            },
            **{
                file_of(present.questions[slug]): self._question(slug)
                for slug in sorted(present.standing_alone)
            },
        }

    def _text(self, text: str, path: str) -> str:
        return outward(text, path, self._files)

    def _article(self, item: ArticleItem) -> str:
        path = file_of(item)
        fields: Entry = {
            "title": item.title,
            "slug": item.slug if slug_from(item.title) != item.slug else None,
            "category": item.category.name if item.category else None,
            "tags": [tag.name for tag in item.tags],
            "authors": [self._name(person) for person in item.authors],
            "reviewers": [self._name(person) for person in item.reviewers],
            "published": item.published,
            "updated": item.updated,
            "reviewed": item.reviewed,
            "next_review": item.next_review,
            "summary": item.summary,
            "tldr": self._text(item.tldr, path),
            "cover": _picture(item.cover),
            "cover_alt": item.cover_alt,
            "redirect_from": [path.replace("%", "%25") for path in item.redirect_from],
            "references": [dict(vars(reference)) for reference in item.references],
            "corrections": [
                {"date": correction.date, "note": correction.note} for correction in item.corrections
            ],
            "disclosure": item.disclosure,
            "making": item.making,
            "faq": [self._asked(asked, path) for asked in item.questions],
        }
        return print_document(fields, self._text(item.body, path))

    def _name(self, person: Named) -> str:
        return person.slug if person.slug in self._people else person.name

    def _asked(self, asked: Ask | Use, path: str) -> Entry:
        """Write a question out the first time it is asked, and name it from then on."""
        if isinstance(asked, Use) or asked.slug in self._written | self._present.standing_alone:
            return {"use": asked.slug}
        self._written.add(asked.slug)
        plain = asked.slug == first_slug(asked.question) and self._times[asked.content] == 1
        return {
            "question": asked.question,
            "answer": self._text(asked.answer, path),
            "slug": None if plain else asked.slug,
        }

    def _page(self, item: PageItem) -> str:
        return print_document({"title": item.title}, self._text(item.body, file_of(item)))

    def _person(self, item: PersonItem) -> str:
        fields: Entry = {
            "name": item.name,
            "credentials": item.credentials,
            "role": item.role,
            "photo": _picture(item.photo),
            "orcid": item.orcid,
            "links": [{"title": link.title, "url": link.url} for link in item.links],
        }
        return print_document(fields, self._text(item.body, file_of(item)))

    def _question(self, slug: str) -> str:
        item: QuestionItem = self._present.questions[slug]
        fields: Entry = {
            "question": item.question,
            "category": item.category.name if item.category else None,
            "published": item.published,
        }
        return print_document(fields, self._text(item.answer, file_of(item)))


def _picture(name: str) -> str:
    return f"{IMAGES}/{name}" if name else ""
