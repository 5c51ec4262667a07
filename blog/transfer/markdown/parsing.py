"""From the fields of a file to the item it describes; links and pictures still as they were written."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from blog.content.addressing import check_old_address
from blog.lib.frontmatter import Document, RefusedAt
from blog.lib.refusing import Refused
from blog.lib.sheets import Sheet, shows
from blog.lib.slugs import checked_slug, slug_from
from blog.redirects.moving import tidy_path
from blog.transfer.items import (
    ArticleItem,
    Ask,
    CorrectionItem,
    Item,
    LinkItem,
    PageItem,
    PersonItem,
    QuestionItem,
    ReferenceItem,
    Use,
)

ARTICLE_FIELDS = (
    *("title", "slug", "category", "tags", "authors", "reviewers", "published", "updated", "reviewed"),
    *("next_review", "summary", "tldr", "cover", "cover_alt", "redirect_from", "references", "corrections"),
    *("disclosure", "making", "faq"),
)
REFERENCE_FIELDS = ("title", "authors", "source", "year", "doi", "pmid", "url")
PERSON_FIELDS = ("name", "credentials", "role", "photo", "orcid", "links")
PAGE_FIELDS = ("title",)
QUESTION_FIELDS = ("question", "category", "published")

TITLE, SUMMARY, NAME, QUESTION = 200, 500, 120, 300


@dataclass
class Draft:
    """A file on its way to an item: what it says so far, where it says it, and what is wrong with it."""

    path: str
    item: Item | None
    lines: dict[str, int]
    problems: list[RefusedAt] = field(default_factory=list)
    advice: list[RefusedAt] = field(default_factory=list)
    """What is odd and taken all the same."""


def parse(path: str, document: Document, zone: ZoneInfo) -> Draft:
    """Read a file's document; `path` is `articles/sleep.md`."""
    kind, name = path.split("/", 1)
    problems: list[RefusedAt] = []
    known, read = _KINDS[kind]
    sheet = Sheet(document.fields, known, zone, problems)
    item = read(sheet, document.body, name.removesuffix(".md"))
    lines = {**document.fields.lines, "": document.fields.line, "body": document.body_line}
    draft = Draft(path, item, lines, problems)
    if (
        isinstance(item, ArticleItem)
        and item.reviewed
        and item.next_review
        and item.next_review <= item.reviewed
    ):
        draft.advice.append(RefusedAt(lines["next_review"], "The next review is not after the last one."))
    return draft


def _article(sheet: Sheet, body: str, stem: str) -> ArticleItem:
    title = sheet.text("title", TITLE, needed=True)
    item = ArticleItem(
        slug=sheet.slug("slug") or slug_from(title) or slug_from(stem),
        title=title,
        category=sheet.one_named("category"),
        tags=tuple(sorted(sheet.named("tags"), key=lambda tag: tag.slug)),
        authors=sheet.named("authors"),
        reviewers=sheet.named("reviewers"),
        published=sheet.moment("published"),
        updated=sheet.moment("updated"),
        reviewed=sheet.day("reviewed"),
        next_review=sheet.day("next_review"),
        summary=sheet.text("summary", SUMMARY),
        tldr=sheet.block("tldr"),
        cover=sheet.text("cover"),
        cover_alt=sheet.text("cover_alt", SUMMARY),
        references=tuple(_reference(entry) for entry in sheet.sheets("references", REFERENCE_FIELDS)),
        corrections=_corrections(sheet),
        disclosure=sheet.block("disclosure"),
        making=sheet.block("making"),
        body=body,
        questions=_questions(sheet),
        redirect_from=_old_addresses(sheet),
    )
    if title and not item.slug:
        sheet.note(sheet.line("title"), "No address can be made from this title; write a slug.")
    if item.cover and not shows(item.cover_alt):
        sheet.note(sheet.line("cover"), "The cover needs cover_alt: what the picture shows, in words.")
    return item


def _reference(sheet: Sheet) -> ReferenceItem:
    year, doi, pmid = sheet.text("year"), _doi(sheet), sheet.text("pmid")
    if year and not (re.fullmatch(r"[0-9]{4}", year) and 1000 <= int(year) <= 2100):
        sheet.note(sheet.line("year"), f"The year “{year[:20]}” is none between 1000 and 2100.")
        year = ""
    if not re.fullmatch(r"[0-9]{0,9}", pmid):
        sheet.note(sheet.line("pmid"), f"The pmid “{pmid[:20]}” is not a number of PubMed.")
    return ReferenceItem(
        title=sheet.text("title", needed=True),
        authors=sheet.text("authors"),
        source=sheet.text("source"),
        year=int(year) if year else None,
        doi=doi,
        pmid=pmid,
        url=sheet.web_address("url"),
    )


def _doi(sheet: Sheet) -> str:
    written = sheet.text("doi")
    bare = re.sub(r"\A(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", written, flags=re.IGNORECASE)
    if bare and not re.fullmatch(r"10\.[0-9.]+/[^\s\"<>]+", bare):
        sheet.note(
            sheet.line("doi"), f"The doi “{written[:60]}” is none; a DOI looks like 10.3390/nu12010001."
        )
    return bare


def _corrections(sheet: Sheet) -> tuple[CorrectionItem, ...]:
    found = []
    for entry in sheet.sheets("corrections", ("date", "note")):
        date, note = entry.day("date"), entry.block("note")
        if not shows(note) or "date" not in entry:
            entry.note(entry.fields.line, "A correction needs a date and a note.")
        if date is not None:
            found.append(CorrectionItem(date, note))
    return tuple(found)


def _questions(sheet: Sheet) -> tuple[Ask | Use, ...]:
    found: list[Ask | Use] = []
    for entry in sheet.sheets("faq", ("question", "answer", "slug", "use")):
        line = entry.fields.line
        if "use" in entry:
            if len(entry.fields.named) > 1:
                entry.note(line, "An entry with “use” has no other field.")
            found.append(Use(entry.slug("use", needed=True), line))
        else:
            question, answer = entry.text("question", QUESTION), entry.block("answer")
            if not shows(question) or not shows(answer):
                entry.note(line, "An entry of “faq” needs a question and an answer, or “use” and a slug.")
            found.append(Ask(question, answer, entry.slug("slug"), line, entry.line("answer")))
    _note_repeated(sheet, found)
    return tuple(found)


def _note_repeated(sheet: Sheet, questions: list[Ask | Use]) -> None:
    seen: set[object] = set()
    for asked in questions:
        mark = asked.slug or (asked.content if isinstance(asked, Ask) else None)
        if mark and mark in seen:
            sheet.note(asked.line, "This question is in the article twice.")
        seen.add(mark)


def _old_addresses(sheet: Sheet) -> tuple[str, ...]:
    found = []
    for text, line in sheet.texts("redirect_from"):
        try:
            found.append(tidy_path(unquote(text)))
            check_old_address(found[-1])
        except Refused as refused:
            sheet.note(line, str(refused))
    return tuple(sorted(set(found)))


def _person(sheet: Sheet, body: str, stem: str) -> PersonItem:
    links = []
    for entry in sheet.sheets("links", ("title", "url")):
        url = entry.web_address("url", mail=True)
        if not url:
            entry.note(entry.fields.line, "A link needs a url.")
        links.append(LinkItem(entry.text("title", NAME, needed=True), url))
    return PersonItem(
        slug=_slug_of_file(sheet, stem),
        name=sheet.text("name", NAME, needed=True),
        credentials=sheet.text("credentials", TITLE),
        role=sheet.text("role", TITLE),
        photo=sheet.text("photo"),
        orcid=_orcid(sheet),
        links=tuple(links),
        body=body,
    )


def _orcid(sheet: Sheet) -> str:
    written = sheet.text("orcid")
    bare = re.sub(r"\Ahttps?://orcid\.org/", "", written).upper()
    if bare and not is_orcid(bare):
        sheet.note(
            sheet.line("orcid"), f"The orcid “{written[:60]}” is none; one looks like 0000-0002-1825-0097."
        )
    return bare


def is_orcid(text: str) -> bool:
    """Tell whether this is an ORCID iD with the right check digit (ISO 7064, 11-2)."""
    if not re.fullmatch(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]", text):
        return False
    digits = text.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == digits[-1]


def _page(sheet: Sheet, body: str, stem: str) -> PageItem:
    return PageItem(_slug_of_file(sheet, stem), sheet.text("title", TITLE, needed=True), body)


def _question(sheet: Sheet, body: str, stem: str) -> QuestionItem:
    if not shows(body):
        sheet.note(sheet.fields.line, "The answer is missing; it is the text below the front matter.")
    return QuestionItem(
        slug=_slug_of_file(sheet, stem),
        question=sheet.text("question", QUESTION, needed=True),
        answer=body,
        category=sheet.one_named("category"),
        published=sheet.moment("published"),
    )


def _slug_of_file(sheet: Sheet, stem: str) -> str:
    try:
        return checked_slug(stem)
    except Refused as refused:
        sheet.note(1, f"The file's name is its address, and {refused}")
        return ""


_KINDS: dict[str, tuple[tuple[str, ...], Callable[[Sheet, str, str], Item]]] = {
    "articles": (ARTICLE_FIELDS, _article),
    "pages": (PAGE_FIELDS, _page),
    "people": (PERSON_FIELDS, _person),
    "questions": (QUESTION_FIELDS, _question),
}
