"""Markdown files are taken apart with a line for everything that is wrong."""

import pytest

from blog.lib.frontmatter import Entries, Fields, RefusedAt, Scalar, take_apart, tidy_text


def fields_of(front: str) -> dict[str, object]:
    return dict(take_apart(f"---\n{front}\n---\n".encode()).fields.named)


def test_a_file_is_its_fields_and_its_body() -> None:
    document = take_apart(b"---\ntitle: Sleep\n---\n\n\nFirst.\n\nSecond.\n\n")
    assert document.fields.named == {"title": Scalar("Sleep", 2)}
    assert (document.body, document.body_line) == ("First.\n\nSecond.", 6)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("123", "123"),
        ("10.1000/182", "10.1000/182"),
        ("1e3", "1e3"),
        ("no", "no"),
        ("2025-02-07", "2025-02-07"),
        ("12:30", "12:30"),
        ("0123", "0123"),
        ('"quoted: text"', "quoted: text"),
    ],
)
def test_values_stay_as_they_were_written(written: str, read: str) -> None:
    value = fields_of(f"field: {written}")["field"]
    assert isinstance(value, Scalar)
    assert value.text == read


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_an_empty_value_is_nothing(nothing: str) -> None:
    value = fields_of(f"field: {nothing}")["field"]
    assert isinstance(value, Scalar)
    assert value.is_nothing


def test_a_word_in_quotes_is_never_nothing() -> None:
    value = fields_of('field: "null"')["field"]
    assert value == Scalar("null", 2, plain=False)
    assert isinstance(value, Scalar)
    assert not value.is_nothing


def test_every_value_knows_its_line() -> None:
    named = fields_of(
        "tags:\n  - sleep\n  - memory\nfaq:\n  - question: Why?\n    answer: |\n      So.\nlast: x"
    )
    assert named["tags"] == Entries((Scalar("sleep", 3), Scalar("memory", 4)), 3)
    faq = named["faq"]
    assert isinstance(faq, Entries)
    assert isinstance(faq.entries[0], Fields)
    assert faq.entries[0].lines == {"question": 6, "answer": 7}
    assert named["last"] == Scalar("x", 9)


def test_a_byte_order_mark_and_foreign_line_ends_are_accepted() -> None:
    document = take_apart("\ufeff---\r\ntitle: Sleep\r\n---\r\nOne\rTwo\r\n".encode())
    assert document.fields.named == {"title": Scalar("Sleep", 2)}
    assert document.body == "One\nTwo"


def test_front_matter_may_be_empty() -> None:
    assert take_apart(b"---\n# nothing yet\n---\nText").fields.named == {}


BILLION_LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"title: x", 1, "The file does not begin with front matter; its first line must be ---."),
        (b"", 1, "The file does not begin with front matter; its first line must be ---."),
        (b"---\ntitle: x", 1, "The front matter has no end; close it with a line that is ---."),
        (b"---\ntitle: x\nbad: \xe4\n---\n", 3, "This is not UTF-8; save the file in that encoding."),
        ("---\ntitle: x\n---\n".encode("utf-16"), 1, "This is not UTF-8; save the file in that encoding."),
        (b"---\ntitle: x\n---\na\nb\x00\n", 5, "There is a control character (U+0000); remove it."),
        (b'---\ntitle: "a\\x07"\n---\n', 2, "There is a control character behind a backslash; remove it."),
        (b"---\na: 1\nb: 2\na: 3\n---\n", 4, "The field “a” is there twice."),
        (b"---\na: {b: 1, b: 2}\n---\n", 2, "The field “b” is there twice."),
        (b"---\ntitle: Sleep: why\n---\n", 2, "A value that holds “: ” needs quotes around it."),
        (b"---\n- a\n---\n", 2, "The front matter must name its fields, for example “title: Sleep”."),
        (b"---\n[a]: b\n---\n", 2, "A field's name must be plain text."),
        (
            f"---\n{BILLION_LAUGHS}\n---\n".encode(),
            2,
            "Anchors and aliases (& and *) are not used here; put the text in quotes.",
        ),
        (
            b"---\na: !!python/object:os.system x\n---\n",
            2,
            "YAML tags (!) are not used here; put the text in quotes.",
        ),
        (b"---\na: " + b"[" * 100_000 + b"\n---\n", 2, "The front matter is nested too deeply."),
        (b"---\na: 1\n...\nb: 2\n---\n", 4, "The front matter must be one plain YAML document."),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(data: bytes, line: int, reason: str) -> None:
    with pytest.raises(RefusedAt) as refused:
        take_apart(data)
    assert (refused.value.line, str(refused.value)) == (line, reason)


def test_a_text_is_kept_composed_and_without_blank_lines_around() -> None:
    assert tidy_text("\n \n    code\nMo\u0308bius  \n\n") == "    code\nMöbius"
