"""Many articles made of a few: rows copied inside the database, each with an address, a moment and words of its own."""

import random
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from blog.lib.fulltext import index

VOCABULARY = 20_000
"""Made-up words that the articles share, few of them common and most of them rare, as words are."""
WORDS = 8
ARTICLES_A_TAG, ARTICLES_A_PERSON = 20, 100
AUTHORS_OF_THEIR_OWN = 0.5
"""So many of the articles have a first author from among the people added here."""
_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]


def word(number: int) -> str:
    """Return the made-up word of this number; neighbours begin differently."""
    syllables = ""
    while True:
        number, place = divmod(number, len(_SYLLABLES))
        syllables += _SYLLABLES[place]
        if number == 0:
            return syllables


def rare_word(number: int) -> str:
    """Return the word that stands in the article of this id and in no other."""
    return f"x{word(number)}x"


def shared_words(number: int) -> str:
    """Return the made-up words of the article of this id."""
    draw = random.Random(number)
    return " ".join(f"{word(int(VOCABULARY ** draw.random()))}q" for _ in range(WORDS))


def grow(path: Path, times: int) -> None:
    """Turn the articles of a database into `times` as many, with tags and people that grow with them."""
    database = sqlite3.connect(path, isolation_level=None)
    database.create_function("own_words", 1, lambda number: f"{rare_word(number)} {shared_words(number)}")
    database.create_function("word", 1, word)
    # Nobody else is here, and what is half made is thrown away.
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
        database.execute(f"PRAGMA {pragma}")
    try:
        database.execute("BEGIN")
        _copy_all(database, times)
        _spread(database)
        database.execute("COMMIT")
    finally:
        database.close()
    _write_index(path)


def _copy_all(database: sqlite3.Connection, times: int) -> None:
    articles, questions = (
        database.execute(f"SELECT max(id) FROM {table}").fetchone()[0] for table in ("article", "question")
    )
    database.execute("CREATE TEMP TABLE copy (number INTEGER PRIMARY KEY)")
    database.executemany("INSERT INTO copy VALUES (?)", [(number,) for number in range(1, times)])
    of_article = {"article_id": f"article_id + copy.number * {articles}"}
    of_question = {"question_id": f"question_id + copy.number * {questions}"}
    slug = {"slug": "slug || '-' || copy.number"}
    _copy(database, "article", {"id": f"id + copy.number * {articles}", **slug})
    _copy(
        database,
        "question",
        {
            "id": f"id + copy.number * {questions}",
            **slug,
            "question": "question || ' ' || copy.number",
        },
    )
    _copy(database, "article_question", of_article | of_question)
    for table in ("reference", "correction", "credit", "article_tag"):
        _copy(database, table, of_article)


def _copy(database: sqlite3.Connection, table: str, changes: Mapping[str, str]) -> None:
    """Copy a table's rows once for each number; what is not changed stays, a key that is not given is made."""
    names = [
        name
        for _, name, _, _, _, _ in database.execute(f"PRAGMA table_info({table})")
        if name != "id" or "id" in changes
    ]
    values = ", ".join(changes.get(name, name) for name in names)
    database.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM copy CROSS JOIN {table}")


def _spread(database: sqlite3.Connection) -> None:
    """Give every article a moment and words of its own, and spread more tags and people over them."""
    (count,) = database.execute("SELECT count(*) FROM article").fetchone()
    database.execute(
        "UPDATE article SET published_at = strftime('%Y-%m-%dT%H:%M:%f000', '2025-01-01', "
        "  (id - ?) || ' hours'), text = text || ' ' || own_words(id)",
        (count,),
    )
    draw = random.Random(count)
    first, number = _named(database, "tag", count // ARTICLES_A_TAG)
    database.executemany(
        "INSERT OR IGNORE INTO article_tag (article_id, tag_id) VALUES (?, ?)",
        [
            (article, first + int(number ** draw.random()) - 1)
            for article in range(1, count + 1)
            for _ in range(2 if number else 0)
        ],
    )
    first, number = _named(database, "person", count // ARTICLES_A_PERSON)
    database.executemany(
        "UPDATE credit SET person_id = ? WHERE article_id = ? AND role = 'author' AND position = 0",
        [
            (first + int(number ** draw.random()) - 1, article)
            for article in range(1, count + 1 if number else 0)
            if draw.random() < AUTHORS_OF_THEIR_OWN
        ],
    )


def _named(database: sqlite3.Connection, table: str, number: int) -> tuple[int, int]:
    """Add so many rows with names of their own to a table; return the first new id and the number."""
    (first,) = database.execute(f"SELECT max(id) + 1 FROM {table}").fetchone()
    names = [name for _, name, *_ in database.execute(f"PRAGMA table_info({table})") if name != "id"]
    changes = {"slug": "'made-' || ?1", "name": "'Made ' || ?2", "introduced": "0"}
    values = ", ".join(changes.get(name, name) for name in names)
    database.executemany(
        f"INSERT INTO {table} (id, {', '.join(names)}) SELECT ?1, {values} FROM {table} ORDER BY id LIMIT 1",
        [(first + place, word(first + place)) for place in range(number)],
    )
    return first, number


def _write_index(path: Path) -> None:
    """Write the full-text index as the product itself makes it anew."""
    engine = create_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        index.rebuild(session)
        session.commit()
    engine.dispose()
