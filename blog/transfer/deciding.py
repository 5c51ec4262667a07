"""What an import will do with every file, by comparing it with the site and with what is remembered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from blog.content.addressing import check_page_address
from blog.lib.refusing import Refused

from .items import (
    KINDS,
    ArticleItem,
    Ask,
    Item,
    PageItem,
    PersonItem,
    QuestionItem,
    Use,
    address_of,
)
from .names import as_known
from .outcomes import FOLLOWED, LOADED, Outcome, Refusal
from .present import Present, Remembered, without_questions
from .readings import Reading
from .remembering import article_changed_here, changed_here, fingerprint_of, slugs_of
from .shared_questions import Content, Sharing, named_in_folder

_Kind = TypeVar("_Kind", bound=Item)


@dataclass
class Plan:
    """What happens to every file, and what is written for it."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    """Path to item, its people, categories and tags as the site knows them."""
    rows: dict[str, int] = field(default_factory=dict)
    """Path to the id of the article's row, where there is one."""
    slugs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Path to the slugs of the questions of every article that follows its file."""
    questions: dict[str, Content] = field(default_factory=dict)
    """Slug to text and answer of every question that is written."""
    files: dict[str, Remembered] = field(default_factory=dict)
    """What is to be remembered of the files that say what the site says."""
    gone: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def loaded(self, kind: type[_Kind]) -> dict[str, _Kind]:
        """Return the items of one kind that are written, by path."""
        return {
            path: item
            for path, item in self.items.items()
            if isinstance(item, kind) and self.outcomes[path] in LOADED
        }

    @property
    def loaded_paths(self) -> list[str]:
        """Return the paths of all files that are written."""
        return [path for path, outcome in self.outcomes.items() if outcome in LOADED]

    def refuse(self, path: str, line: int, reason: str) -> None:
        """Refuse a file after all."""
        self.refusals.append(Refusal(path, line, reason))
        self.outcomes[path] = Outcome.REFUSED


def decide(reading: Reading, present: Present, *, overwrite: bool) -> Plan:
    """Decide on every file of a folder; `overwrite` takes files whose rows were changed here, too."""
    plan = Plan()
    for refusal in reading.refusals:
        plan.refuse(refusal.path, refusal.line, refusal.reason)
    plan.items = as_known(reading.items, present)
    plan.rows = _rows(plan.items, present)
    in_folder = named_in_folder(plan.items)
    for path, item in plan.items.items():
        plan.outcomes[path] = _outcome(path, item, plan.rows.get(path), present, in_folder, overwrite)
        for named, reason in _objections(item, plan.rows.get(path), present):
            plan.refuse(path, reading.line(path, named), reason)
    _share(plan, present, in_folder)
    for path, outcome in plan.outcomes.items():
        if outcome in FOLLOWED:
            plan.files[path] = _to_remember(path, plan)
    plan.gone = _gone(plan, present)
    return plan


def _rows(items: Mapping[str, Item], present: Present) -> dict[str, int]:
    """Find the row of every article: by its slug, else by the path that its file had before."""
    by_slug = {state.slug: article_id for article_id, state in present.articles.items()}
    articles = {path: item for path, item in items.items() if isinstance(item, ArticleItem)}
    found = {path: by_slug[item.slug] for path, item in articles.items() if item.slug in by_slug}
    taken = set(found.values())
    for path in articles.keys() - found.keys():
        remembered = present.files.get(path)
        if remembered and remembered.article_id is not None and remembered.article_id not in taken:
            found[path] = remembered.article_id
    return found


def _outcome(
    path: str,
    item: Item,
    article_id: int | None,
    present: Present,
    in_folder: Mapping[str, Content],
    overwrite: bool,
) -> Outcome:
    state = _state(item, article_id, present)
    if state is None:
        return Outcome.CREATED
    if isinstance(item, ArticleItem) and isinstance(state, ArticleItem):
        assert article_id is not None  # noqa: S101 (its state was found by it)
        if same_article(item, state, in_folder):
            added = set(item.redirect_from) - set(state.redirect_from)
            return Outcome.UPDATED if added else Outcome.UNCHANGED
        changed = article_changed_here(path, article_id, present)
    else:
        if state == item and _is_full(item, present):
            return Outcome.UNCHANGED
        changed = changed_here(path, state, present)
    return Outcome.LEFT if changed and not overwrite else Outcome.UPDATED


def _state(item: Item, article_id: int | None, present: Present) -> Item | None:
    if isinstance(item, ArticleItem):
        return None if article_id is None else present.articles[article_id]
    if isinstance(item, PersonItem):
        return present.people.get(item.slug)
    return (present.pages if isinstance(item, PageItem) else present.questions).get(item.slug)


def _is_full(item: Item, present: Present) -> bool:
    """Tell whether the row is more than a name or a question that articles brought with them."""
    if isinstance(item, PersonItem):
        return item.slug in present.introduced
    return not isinstance(item, QuestionItem) or item.slug in present.standing_alone


def same_article(item: ArticleItem, state: ArticleItem, in_folder: Mapping[str, Content]) -> bool:
    """Tell whether a file says what the site says already."""
    return (
        without_questions(item) == without_questions(state)
        and len(item.questions) == len(state.questions)
        and all(
            _same_question(asked, there, in_folder)
            for asked, there in zip(item.questions, state.questions, strict=True)
        )
    )


def _same_question(asked: Ask | Use, there: Ask | Use, in_folder: Mapping[str, Content]) -> bool:
    if not isinstance(there, Ask):
        return False
    if isinstance(asked, Use):
        return there.slug == asked.slug or there.content == in_folder.get(asked.slug)
    return asked.content == there.content and asked.slug in ("", there.slug)


def _objections(item: Item, article_id: int | None, present: Present) -> Iterator[tuple[str, str]]:
    """Find what on the site stands against an item, each with the field that is to blame."""
    if isinstance(item, PageItem):
        try:
            check_page_address(item.slug)
        except Refused as refused:
            yield "", str(refused)
    if isinstance(item, ArticleItem):
        own = {address_of(item)}
        if article_id is not None:
            own.add(address_of(present.articles[article_id]))
        addresses = {address_of(article) for article in present.articles.values()} - own
        for old in item.redirect_from:
            target = present.redirects.get(old)
            if target is not None and target not in own:
                yield "redirect_from", f"The old address {old} already leads to {target}."
            elif old in addresses:
                yield "redirect_from", f"{old} is the address of another article."


def _share(plan: Plan, present: Present, in_folder: Mapping[str, Content]) -> None:
    """Settle the questions; where that refuses an article, settle again without it."""
    while True:
        followed = {path: item for path, item in plan.items.items() if plan.outcomes[path] in FOLLOWED}
        articles = {path: item for path, item in followed.items() if isinstance(item, ArticleItem)}
        alone = {item.slug: item for item in followed.values() if isinstance(item, QuestionItem)}
        with_rows = {path: (item, plan.rows.get(path)) for path, item in articles.items()}
        sharing = Sharing(present, with_rows, alone, in_folder)
        sharing.settle()
        if not sharing.refusals:
            break
        for refusal in sharing.refusals:
            plan.refuse(refusal.path, refusal.line, refusal.reason)
    plan.slugs, plan.questions = sharing.slugs, sharing.written
    for path, slugs in sharing.slugs.items():
        # What another file does to a shared question can part an article from it.
        if plan.outcomes[path] is Outcome.UNCHANGED and slugs != slugs_of(present.articles[plan.rows[path]]):
            plan.outcomes[path] = Outcome.UPDATED


def _to_remember(path: str, plan: Plan) -> Remembered:
    item = plan.items[path]
    if not isinstance(item, ArticleItem):
        return Remembered(None, fingerprint_of(item))
    return Remembered(plan.rows.get(path), fingerprint_of(item, plan.slugs[path]))


def _gone(plan: Plan, present: Present) -> list[str]:
    """List the files that were imported before and are not in the folder; what they made stays."""
    matched = set(plan.rows.values())
    return [
        path
        for path, remembered in present.files.items()
        if path.split("/")[0] in KINDS
        and path not in plan.outcomes
        and (remembered.article_id is None or remembered.article_id not in matched)
    ]
