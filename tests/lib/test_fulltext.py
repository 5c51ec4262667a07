"""Typed words become a harmless question; markup becomes the words that readers see."""

import sqlite3
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.lib.fulltext import batched_lists, match_expression, typed_words


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("sleep", '"sleep"*'),
        ("sleep well", '"sleep" "well"*'),
        ("a b", '"a" "b"'),
        ("sleep me", '"sleep" "me"'),
        ("sleep mem", '"sleep" "mem"*'),
        ("  Sleep,  WELL! ", '"Sleep" "WELL"*'),
        ("sleep* OR (title:x)", '"sleep" "OR" "title" "x"'),
        ("\"quoted\" 'words'", '"quoted" "words"*'),
        ("don't", '"don" "t"'),
        ("well-being", '"well" "being"*'),
        ("a\x00b", '"a" "b"'),
        ("cafe\u0301", '"café"*'),
        ("日本語", '"日本語"*'),
        ("2025", '"2025"*'),
    ],
)
def test_every_word_stands_in_quotes_and_the_last_is_a_beginning(typed: str, expression: str) -> None:
    assert match_expression(typed_words(typed)) == expression


@pytest.mark.parametrize("typed", ["", " \t\n", "!?*\"'()-+_", "🛌"])
def test_where_no_word_is_typed_nothing_is_looked_for(typed: str) -> None:
    assert typed_words(typed) == []


def test_a_whole_word_is_no_beginning() -> None:
    assert match_expression(["sleep", "well"], whole=True) == '"sleep" "well"'


def test_at_most_twelve_words_count() -> None:
    expression = match_expression(typed_words("word " * 500))
    assert expression.count('"word"') == 12


@pytest.fixture(scope="module")
def table() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE fulltext USING fts5(title, body, more, "
        "tokenize = \"unicode61 remove_diacritics 2\", prefix = '3')"
    )
    connection.execute("INSERT INTO fulltext VALUES ('Sleep', 'well', 'Ann')")
    return connection


@settings(max_examples=500, deadline=None)
@given(typed=st.text(max_size=80) | st.text('"*()^:-+{},ANDORT sleep\x00_', max_size=40))
def test_no_text_at_all_is_a_question_that_fts5_refuses(table: sqlite3.Connection, typed: str) -> None:
    words = typed_words(typed)
    if words:
        expression = match_expression(words)
        table.execute("SELECT rowid FROM fulltext WHERE fulltext MATCH ?", (expression,)).fetchall()
        assert unicodedata.is_normalized("NFC", expression)


def test_a_list_is_cut_into_pieces() -> None:
    assert list(batched_lists([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
    assert list(batched_lists([], 2)) == []
