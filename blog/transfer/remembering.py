"""Whether a row was changed here since its file was imported: digests of what was loaded."""

from collections.abc import Iterable
from typing import Any

from .items import ArticleItem, Ask, Item, PersonItem, QuestionItem, digest_of
from .present import Present, Remembered, without_questions

Fingerprint = dict[str, Any]


def fingerprint_of(item: Item, slugs: tuple[str, ...] = ()) -> Fingerprint:
    """Return what is remembered of an item; `slugs` are those of an article's questions, in order.

    What its questions say is kept one by one, because another article may share them and change them rightly.
    """
    if isinstance(item, ArticleItem):
        asked = {
            slug: digest_of(asked.content)
            for slug, asked in zip(slugs, item.questions, strict=True)
            if isinstance(asked, Ask)
        }
        return {"item": digest_of((without_questions(item), slugs)), "questions": asked}
    if isinstance(item, QuestionItem):
        return {"item": digest_of(item), "questions": {item.slug: digest_of(item.content)}}
    return {"item": digest_of(item)}


def slugs_of(state: ArticleItem) -> tuple[str, ...]:
    """Return the slugs of the questions of an article as it is on the site."""
    return tuple(asked.slug for asked in state.questions)


def article_changed_here(path: str, article_id: int, present: Present) -> bool:
    """Tell whether an article is no longer what its file made of it, or never came from a file."""
    remembered = memory_of(path, article_id, present)
    if remembered is None:
        return True
    state = present.articles[article_id]
    now = fingerprint_of(state, slugs_of(state))
    loaded: dict[str, str] = remembered.fingerprint["questions"]
    changed = (slug for slug, digest in now["questions"].items() if loaded.get(slug, digest) != digest)
    return bool(now["item"] != remembered.fingerprint["item"] or next(changed, None))


def memory_of(path: str, article_id: int, present: Present) -> Remembered | None:
    """Return what is remembered of the file that an article came from, also where it has another name now."""
    here = present.files.get(path)
    if here is not None and here.article_id == article_id:
        return here
    return next((found for found in present.files.values() if found.article_id == article_id), None)


def changed_here(path: str, state: Item, present: Present) -> bool:
    """Tell the same of a page, a person or a question that stands alone.

    Someone who was only named, and a question that only articles asked, may get a file of their own later.
    """
    if isinstance(state, PersonItem) and state.slug not in present.introduced:
        return False
    remembered = present.files.get(path)
    if remembered is not None:
        return bool(fingerprint_of(state)["item"] != remembered.fingerprint["item"])
    if isinstance(state, QuestionItem) and state.slug not in present.standing_alone:
        return digest_of(state.content) not in _loaded_contents(state.slug, present.files.values())
    return True


def _loaded_contents(slug: str, files: Iterable[Remembered]) -> set[str]:
    return {
        file.fingerprint["questions"][slug] for file in files if slug in file.fingerprint.get("questions", {})
    }
