"""A content folder read whole: items, the pictures they need, and every reason to refuse a file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from blog.lib.frontmatter import RefusedAt, take_apart
from blog.lib.refusing import Refused
from blog.lib.sheets import Named
from blog.transfer.items import (
    KINDS,
    ArticleItem,
    Ask,
    Item,
    PageItem,
    PersonItem,
    QuestionItem,
    address_of,
)
from blog.transfer.names import Names, with_people
from blog.transfer.outcomes import Progress, Refusal
from blog.transfer.readings import Reading
from blog.transfer.shared_questions import conflicts

from .folder import MAX_TEXT_BYTES, Listing, list_folder, read_bytes, texts_of
from .linking import Links, media_name
from .parsing import Draft, parse


def read_folder(folder: Path, zone: ZoneInfo, progress: Progress) -> Reading:
    """Read a content folder; raises Refused where it is none, all else becomes refusals."""
    listing = list_folder(folder)
    drafts = _drafts(listing, zone, progress)
    _note_doubles(drafts)
    _note_names(drafts)
    links = Links(_addresses(listing, drafts), _names(listing))
    reading = Reading(refusals=list(listing.refusals))
    for number, draft in enumerate(drafts, 1):
        progress("linking", number, len(drafts))
        _settle(draft, links, reading)
    _take_pictures(listing, links, reading)
    for refusal in list(conflicts(reading.items)):
        reading.refuse(refusal.path, refusal.line, refusal.reason)
    return reading


def _drafts(listing: Listing, zone: ZoneInfo, progress: Progress) -> list[Draft]:
    found = []
    files = [file for kind in KINDS for file in texts_of(listing, kind)]
    for number, (path, file) in enumerate(files, 1):
        progress("reading", number, len(files))
        found.append(_draft(path, file, zone))
    return found


def _draft(path: str, file: Path, zone: ZoneInfo) -> Draft:
    try:
        return parse(path, take_apart(read_bytes(file, MAX_TEXT_BYTES)), zone)
    except RefusedAt as refused:
        return Draft(path, None, {"": 1}, [refused])
    except Refused as refused:
        return Draft(path, None, {"": 1}, [RefusedAt(1, str(refused))])


def _note_doubles(drafts: list[Draft]) -> None:
    """Note where two files want the same address."""
    owners: dict[str, Draft] = {}
    old: dict[str, str] = {}
    for draft in drafts:
        if draft.item is not None and draft.item.slug:
            first = owners.setdefault(address_of(draft.item), draft)
            if first is not draft:
                line = draft.lines.get("slug", draft.lines.get("title", 1))
                draft.problems.append(
                    RefusedAt(line, f"The slug “{draft.item.slug}” is that of {first.path} too.")
                )
    for draft in drafts:
        if not isinstance(draft.item, ArticleItem):
            continue
        for path in draft.item.redirect_from:
            line = draft.lines["redirect_from"]
            if path in owners:
                draft.problems.append(RefusedAt(line, f"{path} is the address of {owners[path].path}."))
            elif old.setdefault(path, draft.path) != draft.path:
                draft.problems.append(RefusedAt(line, f"{path} is an old address of {old[path]} too."))


def _note_names(drafts: list[Draft]) -> None:
    """Let every author and reviewer be the person whose slug or name was written."""
    introduced = [draft.item for draft in drafts if isinstance(draft.item, PersonItem)]
    people = Names(Named(person.slug, person.name) for person in introduced)
    for draft in drafts:
        if isinstance(draft.item, ArticleItem):
            draft.item = with_people(draft.item, people)


def _addresses(listing: Listing, drafts: list[Draft]) -> dict[str, str]:
    known = dict.fromkeys(listing.texts, "")
    for draft in drafts:
        if draft.item is not None and draft.item.slug:
            known[draft.path] = address_of(draft.item)
    return known


def _names(listing: Listing) -> dict[str, str]:
    return {path: media_name(path) for path in listing.pictures}


def _settle(draft: Draft, links: Links, reading: Reading) -> None:
    """Turn a draft into an item of the reading, or into refusals."""
    item = draft.item
    if item is not None:
        item = _linked(item, draft, links)
    reading.lines[draft.path] = draft.lines
    if item is not None and not draft.problems:
        reading.items[draft.path] = item
    reading.refusals += [Refusal(draft.path, problem.line, str(problem)) for problem in draft.problems]
    reading.advice += [Refusal(draft.path, advice.line, str(advice)) for advice in draft.advice]


def _linked(item: Item, draft: Draft, links: Links) -> Item:
    """Return the item with the site's addresses in its texts and the names of its pictures."""

    def body(source: str) -> str:
        return _or_note(draft, source, lambda: links.inward(source, draft.path, lines["body"]))

    def text(source: str, line: int) -> str:
        return _or_note(draft, source, lambda: links.inward(source, draft.path, line, as_is=False))

    def picture(written: str, line: int) -> str:
        return _or_note(draft, "", lambda: links.picture(written, draft.path, line))

    lines = draft.lines
    if isinstance(item, QuestionItem):
        return replace(item, answer=body(item.answer))
    if isinstance(item, PageItem):
        return replace(item, body=body(item.body))
    if isinstance(item, PersonItem):
        photo = picture(item.photo, lines.get("photo", 1))
        return replace(item, body=body(item.body), photo=photo)
    questions = (
        replace(asked, answer=text(asked.answer, asked.answer_line)) if isinstance(asked, Ask) else asked
        for asked in item.questions
    )
    return replace(
        item,
        body=body(item.body),
        tldr=text(item.tldr, lines.get("tldr", 1)),
        cover=picture(item.cover, lines.get("cover", 1)),
        questions=tuple(questions),
    )


def _or_note(draft: Draft, otherwise: str, find: Callable[[], str]) -> str:
    try:
        return find()
    except RefusedAt as refused:
        draft.problems.append(refused)
        return otherwise


def _take_pictures(listing: Listing, links: Links, reading: Reading) -> None:
    """Take the pictures that are needed, and refuse those who need two that would have one name."""
    owners: dict[str, str] = {}
    for path, used in links.used.items():
        for picture, line in used.items():
            name = links.pictures[picture]
            other = owners.setdefault(name, picture)
            if other != picture:
                reading.refuse(path, line, f"The pictures {other} and {picture} would both be called {name}.")
                continue
            reading.pictures[name] = listing.pictures[picture]
            reading.picture_paths[name] = picture
            reading.uses.setdefault(path, {})[name] = line
    needed = {picture for used in links.used.values() for picture in used}
    reading.ignored = sorted([*listing.ignored, *(path for path in listing.pictures if path not in needed)])
