"""A body that comes in chunks obeys the same limit as one that says its length."""

from io import BytesIO

import pytest
from flask import Flask, request

from tests.conftest import Reader

LIMIT = 64 * 1024


class Dripping(BytesIO):
    """A body that comes a little at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 1000) if size and size > 0 else 1000)


@pytest.fixture
def client(application: Flask) -> Reader:
    @application.route("/length", methods=["GET", "POST"])
    def length() -> str:
        return str(len(request.get_data()))

    @application.post("/last")
    def last() -> str:
        return request.form["last"]

    return Reader(application, application.response_class, use_cookies=False)


def chunked(body: bytes) -> dict[str, object]:
    """Return what a server hands on for a body that came in chunks."""
    return {
        "wsgi.input": Dripping(body),
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": "",
        "HTTP_TRANSFER_ENCODING": "chunked",
    }


@pytest.mark.parametrize(
    ("length", "status"), [(0, 200), (1, 200), (LIMIT, 200), (LIMIT + 1, 413), (10 * LIMIT, 413)]
)
def test_the_limit_is_the_same_with_and_without_a_length(client: Reader, length: int, status: int) -> None:
    body = b"x" * length
    unsaid = client.post("/length", environ_overrides=chunked(body))
    said = client.post("/length", data=body)
    assert (unsaid.status_code, said.status_code) == (status, status)
    if status == 200:
        assert (unsaid.text, said.text) == (str(length), str(length))


def test_a_form_in_chunks_is_read_to_its_last_field(client: Reader) -> None:
    body = b"first=" + b"x" * 5000 + b"&last=kept"
    overrides = {**chunked(body), "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    assert client.post("/last", environ_overrides=overrides).text == "kept"


def test_nothing_is_read_of_a_question(client: Reader) -> None:
    overrides = chunked(b"x" * 100)
    assert client.get("/length", environ_overrides=overrides).status_code == 200
