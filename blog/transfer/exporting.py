"""All content written as a folder that an import brings back exactly."""

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from flask import current_app

from blog.lib.refusing import Refused
from blog.lib.slugs import slug_from
from blog.media.storing import StoredPicture, master_file

from .folder import IMAGES, KINDS
from .items import ArticleItem, Ask, Item, Named, PageItem, PersonItem, QuestionItem, Use
from .linking import address_of, file_of, outward
from .present import Present, fetch, present_of
from .printing import Entry, print_document
from .sharing import first_slug


def export_folder(folder: Path, *, overwrite: bool = False) -> dict[str, int]:
    """Write all content into a folder and return how many files of each kind that were.

    The folder must be absent or empty. With `overwrite`, what is in its articles/, pages/, people/,
    questions/ and images/ is replaced and everything else in it left alone.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file, not a folder.")
    if not overwrite and folder.is_dir() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty; --overwrite replaces the content in it.")
    present = present_of(fetch())
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            sums = _write_all(present, beside / "new")
            _put_in_place(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise Refused(f"The content cannot be written to {folder} ({error.strerror}).") from None
    return sums


def _put_in_place(beside: Path, folder: Path) -> None:
    new, old = beside / "new", beside / "old"
    if not folder.exists() or not any(folder.iterdir()):
        new.replace(folder)
        return
    old.mkdir()
    for name in (*KINDS, IMAGES):
        if (folder / name).exists():
            (folder / name).rename(old / name)
        if (new / name).exists():
            (new / name).rename(folder / name)


def _write_all(present: Present, folder: Path) -> dict[str, int]:
    for name in (*KINDS, IMAGES):
        (folder / name).mkdir(parents=True)
    documents = Documents(present).all()
    for path, text in documents.items():
        (folder / path).write_text(text, "utf-8", newline="\n")
    media = Path(current_app.config["MEDIA"])
    for name, picture in present.media.items():
        _copy(name, picture, media, folder / IMAGES / name)
    counted = Counter(path.split("/")[0] for path in documents)
    return {kind: counted[kind] for kind in KINDS} | {IMAGES: len(present.media)}


def _copy(name: str, picture: StoredPicture, media: Path, target: Path) -> None:
    master = media / master_file(picture.digest, picture.media_type)
    if not master.is_file():
        raise Refused(f"The picture {name} is missing: there is no file {master}.")
    with master.open("rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
        copy.flush()
        os.fsync(copy.fileno())


class Documents:
    """The Markdown files of a site's content."""

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
        """Return path and text of every file, in a fixed order."""
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
