"""Pictures, as readers get them."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog.lib.db import write
from blog.media.models import Media
from tests.building import FUTURE, article, save
from tests.counting import number_of_questions
from tests.journal import picture


@pytest.fixture
def kept(client: FlaskClient) -> Media:
    with write():
        return picture("sleep.png")


def test_every_size_of_a_picture_is_kept_for_ever(client: FlaskClient, kept: Media) -> None:
    with write() as session:
        renditions = session.merge(kept).renditions
    assert renditions
    for size in renditions:
        answer = client.get(f"/media/{size['file']}")
        assert (answer.status_code, answer.mimetype) == (200, size["media_type"])
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert len(answer.data) == int(answer.headers["Content-Length"])


def test_a_picture_by_its_name_is_asked_for_again_each_time(client: FlaskClient, kept: Media) -> None:
    answer = client.get("/media/sleep.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.data.startswith(b"\x89PNG")
    again = client.get("/media/sleep.png", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "public, no-cache"


def test_part_of_a_picture_can_be_asked_for(client: FlaskClient, kept: Media) -> None:
    answer = client.get("/media/sleep.png", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (206, b"\x89PNG")


def test_a_picture_that_was_replaced_is_another(client: FlaskClient, kept: Media) -> None:
    tags = [client.get("/media/sleep.png").headers["ETag"]]
    with write():
        picture("sleep.png", colour="#775533")
    tags.append(client.get("/media/sleep.png").headers["ETag"])
    assert len({*tags, *(tag.removeprefix("W/") for tag in tags)}) == 2


def test_a_size_costs_no_question_to_the_database(client: FlaskClient, kept: Media) -> None:
    size = kept.renditions[0]["file"]
    client.get("/media/sleep.png")  # what is asked once in a process
    assert number_of_questions(client, f"/media/{size}") == 0


@pytest.mark.parametrize(
    "name",
    [
        *("unknown.png", "sleep", "..", ".", "%2e%2e%2fblog.sqlite3", "..%2fsecret_key", "%2fetc%2fpasswd"),
        *(
            "sleep.0123456789.480w.webp",
            ".incoming-x",
            "sleep.png%00.webp",
            "x" * 300 + ".0123456789.480w.webp",
        ),
        *("..%5cblog.sqlite3", "a\\b.0123456789.480w.webp", "..%2f.0123456789.480w.webp"),
    ],
)
def test_nothing_else_is_served(client: FlaskClient, kept: Media, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404


def test_a_file_that_no_row_knows_is_served_by_no_name_of_its_own(client: FlaskClient, app: Flask) -> None:
    media = Path(app.config["MEDIA"])
    media.mkdir()
    media.joinpath("private.png").write_bytes(b"x")
    media.joinpath(f"{'0' * 64}.png").write_bytes(b"x")
    for name in ("private.png", f"{'0' * 64}.png"):
        assert client.get(f"/media/{name}").status_code == 404


def test_a_picture_whose_file_is_gone_is_not_there(client: FlaskClient, app: Flask, kept: Media) -> None:
    for path in Path(app.config["MEDIA"]).iterdir():
        path.unlink()
    assert client.get("/media/sleep.png").status_code == 404


def test_the_cover_of_something_hidden_is_not_found_by_its_name(client: FlaskClient) -> None:
    names = ("hidden.png", "shown.png", "spare.png")
    with write():
        hidden, shown, _ = (picture(name) for name in names)
    save(article("Hidden", published_at=FUTURE, cover_id=hidden.id), article("Shown", cover_id=shown.id))
    answers = [client.get(f"/media/{name}").status_code for name in names]
    assert answers == [404, 200, 200]
