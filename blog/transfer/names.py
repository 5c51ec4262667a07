"""Whom and what a name means: a person by slug or name, a category or tag that is there already."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from blog.lib.sheets import Named

from .items import ArticleItem, Item, PersonItem, QuestionItem
from .present import Present


class Names:
    """Finds what a name means: what has it for its slug, else what alone has it for its name."""

    def __init__(self, there: Iterable[Named], more: Collection[str] = ()) -> None:
        self._slugs = set(more)
        self._by_name: dict[str, Named | None] = {}
        for named in there:
            self._slugs.add(named.slug)
            self._by_name[named.name] = None if named.name in self._by_name else named

    def meant(self, named: Named) -> Named:
        """Return what is meant; a name that is new stays as it is."""
        for slug in (named.name, named.slug):
            if slug in self._slugs:
                return Named(slug, named.name)
        return self._by_name.get(named.name) or named


def first_names(named: Iterable[Named]) -> dict[str, str]:
    """Return the first name that every slug has."""
    names: dict[str, str] = {}
    for one in named:
        names.setdefault(one.slug, one.name)
    return names


def names_of_people(articles: Iterable[ArticleItem]) -> dict[str, str]:
    """Return slugs and names of all who are credited; who is named by their slug somewhere keeps their name."""
    named = [person for item in articles for person in (*item.authors, *item.reviewers)]
    return first_names(sorted(named, key=lambda person: person.name == person.slug))


def with_people(item: ArticleItem, people: Names) -> ArticleItem:
    """Return an article whose authors and reviewers are the people who were meant, each once."""
    authors, reviewers = map(people.meant, item.authors), map(people.meant, item.reviewers)
    return replace(item, authors=tuple(dict.fromkeys(authors)), reviewers=tuple(dict.fromkeys(reviewers)))


def as_known(items: Mapping[str, Item], present: Present) -> dict[str, Item]:
    """Return the items with people, categories and tags as the site has them under the same name."""
    introduced = {item.slug for item in items.values() if isinstance(item, PersonItem)}
    people = Names((Named(person.slug, person.name) for person in present.people.values()), introduced)
    categories, tags = Names(present.categories.values()), Names(present.tags.values())
    known = dict(items)
    for path, item in items.items():
        if isinstance(item, ArticleItem | QuestionItem) and item.category:
            item = replace(item, category=categories.meant(item.category))
        if isinstance(item, ArticleItem):
            meant = sorted(set(map(tags.meant, item.tags)), key=lambda tag: tag.slug)
            item = with_people(replace(item, tags=tuple(meant)), people)
        known[path] = item
    return known
