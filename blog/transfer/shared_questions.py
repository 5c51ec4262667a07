"""Which questions are one: the same text with the same answer is one row, however many articles ask it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from blog.lib.slugs import slug_from, unique_slug

from .items import ArticleItem, Ask, Item, QuestionItem, Use
from .outcomes import Refusal
from .present import Present

Content = tuple[str, str]


def conflicts(items: Mapping[str, Item]) -> Iterator[Refusal]:
    """Find the articles of a folder that give a slug to another question than a file before them."""
    owners: dict[str, tuple[Content, str]] = {}
    for path, item in items.items():
        if isinstance(item, QuestionItem):
            owners[item.slug] = (item.content, path)
    for path, asked in _asks(items):
        if asked.slug:
            content, owner = owners.setdefault(asked.slug, (asked.content, path))
            if content != asked.content:
                yield Refusal(
                    path, asked.line, f"The slug “{asked.slug}” is that of another question in {owner}."
                )


def named_in_folder(items: Mapping[str, Item]) -> dict[str, Content]:
    """Return what the slugs of questions mean in a folder alone; `use` means that first, then the site's."""
    found = {item.slug: item.content for item in items.values() if isinstance(item, QuestionItem)}
    found |= {asked.slug: asked.content for _, asked in _asks(items) if asked.slug}
    known = set(found.values())
    for _, asked in _asks(items):
        if asked.content not in known:
            known.add(asked.content)
            found[unique_slug(first_slug(asked.question), found)] = asked.content
    return found


def first_slug(question: str) -> str:
    """Return the slug that a question has where nothing else has it."""
    return slug_from(question) or "question"


def _asks(items: Mapping[str, Item]) -> Iterator[tuple[str, Ask]]:
    for path, item in items.items():
        if isinstance(item, ArticleItem):
            for asked in item.questions:
                if isinstance(asked, Ask):
                    yield path, asked


@dataclass
class Sharing:
    """Which row every question of a folder is, and what the rows are to say.

    `articles` are all that follow their files, each with the id of its row if it has one, whether they
    change or not; `alone` are the questions that stand alone and follow theirs. What others ask stays as it is.
    """

    present: Present
    articles: Mapping[str, tuple[ArticleItem, int | None]]
    alone: Mapping[str, QuestionItem]
    in_folder: Mapping[str, Content]
    slugs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Path of an article to the slugs of its questions, in order."""
    refusals: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._wanted = {slug: question.content for slug, question in self.alone.items()}
        self._settled: dict[Content, str] = {}
        self._ids = {article_id for _, article_id in self.articles.values() if article_id is not None}
        self._users: dict[str, set[int]] = defaultdict(set)
        for article_id, article in self.present.articles.items():
            for asked in article.questions:
                self._users[asked.slug].add(article_id)
        self._by_content: dict[Content, list[str]] = defaultdict(list)
        self._by_text: dict[str, list[str]] = defaultdict(list)
        for slug, question in self.present.questions.items():
            self._by_content[question.content].append(slug)
            self._by_text[question.question].append(slug)

    def settle(self) -> None:
        """Decide on every question."""
        asks = list(_asks({path: article for path, (article, _) in self.articles.items()}))
        for path, asked in asks:
            if asked.slug:
                self._settle_named(path, asked)
        self._settle_unnamed(list(dict.fromkeys(asked.content for _, asked in asks if not asked.slug)))
        for path in self.articles:
            self._name(path)

    @property
    def written(self) -> dict[str, Content]:
        """Return slug, text and answer of the rows that are new or change."""
        return {slug: content for slug, content in self._wanted.items() if self._there(slug) != content}

    def _there(self, slug: str) -> Content | None:
        question = self.present.questions.get(slug)
        return question.content if question else None

    def _finally(self, slug: str) -> Content | None:
        return self._wanted.get(slug) or self._there(slug)

    def _settle_named(self, path: str, asked: Ask) -> None:
        """Settle a question whose slug was given: a new one, the same, or one that changes with its articles."""
        if asked.slug in self._wanted or self._there(asked.slug) in (None, asked.content):
            self._wanted.setdefault(asked.slug, asked.content)
            return
        users = self._users[asked.slug]
        stays = asked.slug in self.present.standing_alone
        if stays or not (users <= self._ids or self.articles[path][1] in users):
            reason = f"The slug “{asked.slug}” is that of another question on the site."
            self.refusals.append(Refusal(path, asked.line, reason))
        else:
            self._wanted[asked.slug] = asked.content

    def _settle_unnamed(self, contents: list[Content]) -> None:
        wanted = {content: slug for slug, content in reversed(self._wanted.items())}
        for content in contents:
            same = (slug for slug in self._by_content[content] if self._finally(slug) == content)
            if found := wanted.get(content) or next(same, None):
                self._settled[content] = found
        claimed = set(self._settled.values()) | self._wanted.keys()
        for content in contents:
            if content not in self._settled:
                taken = self.present.questions.keys() | claimed
                slug = self._outgrown(content, claimed) or unique_slug(first_slug(content[0]), taken)
                self._settled[content] = slug
                self._wanted[slug] = content
                claimed.add(slug)

    def _outgrown(self, content: Content, claimed: set[str]) -> str | None:
        """Return a row with this text and an old answer that nobody keeps as it is."""
        for slug in self._by_text[content[0]]:
            users = self._users[slug]
            if users and users <= self._ids and slug not in claimed | self.present.standing_alone:
                return slug
        return None

    def _name(self, path: str) -> None:
        article, article_id = self.articles[path]
        before = self.present.articles[article_id].questions if article_id is not None else ()
        named = {asked: self._named(asked) for asked in article.questions if asked.slug}
        slugs: list[str] = []
        for asked in article.questions:
            others = [old.slug for old in before if old.slug not in (*slugs, *named.values())]
            slug = named[asked] if isinstance(asked, Use) or asked.slug else self._unnamed(asked, others)
            if slug is None:
                reason = f"There is no question “{asked.slug}”, neither in the folder nor on the site."
                self.refusals.append(Refusal(path, asked.line, reason))
            elif slug in slugs:
                self.refusals.append(Refusal(path, asked.line, "This question is in the article twice."))
            else:
                slugs.append(slug)
        self.slugs[path] = tuple(slugs)

    def _named(self, asked: Ask | Use) -> str | None:
        return asked.slug if isinstance(asked, Ask) else self._used(asked)

    def _unnamed(self, asked: Ask, before: list[str]) -> str:
        """Return the row of a question; of two that say the same, the one that the article had before."""
        settled = self._settled[asked.content]
        kept = (slug for slug in before if self._finally(slug) == asked.content)
        return settled if settled in before else next(kept, settled)

    def _used(self, use: Use) -> str | None:
        content = self.in_folder.get(use.slug)
        if content is not None:
            if self._finally(use.slug) == content:
                return use.slug
            if content in self._settled:
                return self._settled[content]
        if self._finally(use.slug) is not None:
            return use.slug
        if content is not None:
            # The article that asks it was not taken.
            same = (slug for slug in self._by_content[content] if self._finally(slug) == content)
            return next(same, None) or self._made(use.slug, content)
        return None

    def _made(self, slug: str, content: Content) -> str:
        self._wanted[slug] = content
        return slug
