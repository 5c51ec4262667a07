"""Content folders of every shape, for tests that hold for all of them."""

import datetime as dt
from typing import Any, cast

from hypothesis import strategies as st

from blog.lib.frontmatter import tidy_text
from blog.lib.sheets import shows, tidy_line
from blog.transfer.markdown.printing import Entry, print_document

_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"], max_codepoint=0x1FFFF)
_SIGNS = st.sampled_from("\n \t:#-'\"|>[](){},&*!%@`\\_~^$")
_LINES = st.text(_CHARACTERS | _SIGNS, max_size=30).map(tidy_line)
_MARKDOWN = st.lists(
    st.sampled_from(
        [
            "## Why",
            "Some *text* with `code`.",
            "    indented code",
            "| a | b |\n| --- | ---: |\n| 1 | 2 |",
            "> [!URGENT]\n> Call.",
            "- [ ] task\n- [x] done",
            "Note[^1].\n\n[^1]: There.",
            "Term\n: Meaning",
            "[a](/articles/none) [b](https://example.org/?a=b&c=d) <https://example.org>",
            "![x](https://example.org/x.png)",
            "Hard  \nbreak \\\nand &amp; <b>bold</b>",
        ]
    )
    | st.text(_CHARACTERS | _SIGNS, max_size=40),
    max_size=5,
).map(lambda parts: tidy_text("\n\n".join(parts)))
_NAMES = st.sampled_from(["Ann Example", "Ben Writer", "Jörg Ó", "cy", "Dr. Dee", "李雷"])
_TOPICS = st.sampled_from(["Sleep", "sleep", "Mental Health", "Body: clock", "50 %", "Ernährung", "no"])
_DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2150, 1, 1))
_MOMENTS = st.builds(dt.datetime.combine, _DAYS, st.times(timezones=st.just(dt.UTC)))
_ASKS = st.fixed_dictionaries(
    {
        "question": st.sampled_from(["Why?", "Why not?", "¿?", "How: much"]),
        "answer": st.sampled_from(["So.", "No."]),
    },
    optional={"slug": st.sampled_from(["why", "q-1", "straße"])},
)
_REFERENCES = st.fixed_dictionaries(
    {"title": _LINES.filter(shows)},
    optional={
        "authors": _LINES,
        "source": _LINES,
        "year": st.integers(1000, 2100),
        "doi": st.just("10.1000/182"),
        "pmid": st.just("012345"),
        "url": st.just("https://example.org/a?b=c#d"),
    },
)
_CORRECTIONS = st.fixed_dictionaries({"date": _DAYS, "note": _MARKDOWN.filter(shows)})
_ARTICLE = st.fixed_dictionaries(
    {"title": st.sampled_from(["Sleep", "Schlaf & Traum", "睡眠", "…", "No: 1", "x" * 200])},
    optional={
        "category": _TOPICS,
        "tags": st.lists(_TOPICS, max_size=3),
        "authors": st.lists(_NAMES, max_size=3),
        "reviewers": st.lists(_NAMES, max_size=2),
        "published": _MOMENTS | _DAYS,
        "updated": _MOMENTS,
        "reviewed": _DAYS,
        "next_review": _DAYS,
        "summary": _LINES,
        "tldr": _MARKDOWN,
        "cover_alt": _LINES,
        "references": st.lists(_REFERENCES, max_size=2),
        "corrections": st.lists(_CORRECTIONS, max_size=2),
        "disclosure": _MARKDOWN,
        "making": _MARKDOWN,
        "faq": st.lists(_ASKS, max_size=3),
    },
)
_PERSON = st.fixed_dictionaries(
    {"name": _NAMES},
    optional={
        "credentials": _LINES,
        "role": _LINES,
        "links": st.lists(
            st.fixed_dictionaries({"title": st.just("Home"), "url": st.just("mailto:ann@example.org")}),
            max_size=2,
        ),
    },
)


@st.composite
def folders(draw: st.DrawFn) -> dict[str, str]:
    """Make a folder that has nothing to be refused, as paths and texts."""
    files: dict[str, str] = {}
    owners: dict[str, tuple[str, str]] = {}
    for number in range(draw(st.integers(0, 4))):
        fields: dict[str, Any] = draw(_ARTICLE) | {
            "slug": draw(st.sampled_from(["", "größe-"])) + f"a-{number}"
        }
        fields["faq"] = _without_conflicts(fields.get("faq", []), owners)
        if number and draw(st.booleans()):
            fields["redirect_from"] = [f"/old/{number}", "/schön/" + str(number)]
        files[f"articles/{number}.md"] = print_document(fields, draw(_MARKDOWN))
    for slug in draw(st.lists(st.sampled_from(["ann-example", "ben", "jörg"]), unique=True)):
        files[f"people/{slug}.md"] = print_document(cast(Entry, draw(_PERSON)), draw(_MARKDOWN))
    if draw(st.booleans()):
        files["pages/über.md"] = print_document({"title": draw(_LINES.filter(shows))}, draw(_MARKDOWN))
    if draw(st.booleans()):
        alone: Entry = {"question": "Alone?", "category": draw(_TOPICS), "published": draw(_MOMENTS)}
        files["questions/alone.md"] = print_document(alone, draw(_MARKDOWN.filter(shows)))
    return files or {"pages/one.md": print_document({"title": "One"})}


def _without_conflicts(
    asks: list[dict[str, str]], owners: dict[str, tuple[str, str]]
) -> list[dict[str, str]]:
    """Leave out what would be refused: a question twice in an article, a slug for two questions."""
    kept: list[dict[str, str]] = []
    for ask in asks:
        content = (ask["question"], ask["answer"])
        slug = ask.get("slug")
        seen = {(other["question"], other["answer"]) for other in kept} | {
            other.get("slug") for other in kept
        }
        if content in seen or (slug and (slug in seen or owners.setdefault(slug, content) != content)):
            continue
        kept.append(ask)
    return kept
