"""The settings of the process are read once, and each that is wrong is one sentence."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from blog.lib.environment import ROOT, BadSettings, Environment, read_environment

KEY = "sixteen letters!"
ADDRESS = "BLOG_SITE_URL must be an address such as https://journal.example.org, without a path."
PROXIES = "BLOG_TRUSTED_PROXIES must be the number of proxies in front, from 0 to 9."
SQLITE = "BLOG_DATABASE_URL must be sqlite:///PATH; Broadsheet keeps its data in one SQLite file."
SHORT = "BLOG_SECRET_KEY must have at least 16 characters."


def read(folder: Path, **given: str) -> Environment:
    return read_environment({"BLOG_INSTANCE": str(folder), **given})


def problems(folder: Path, **given: str) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        read(folder, **given)
    return refused.value.problems


def test_without_any_setting_there_is_a_default_for_each(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.instance, found.site_url, found.trusted_proxies) == (tmp_path, "", 0)
    assert (found.database, found.media) == (tmp_path / "blog.sqlite3", tmp_path / "media")


def test_the_data_folder_stands_beside_the_application() -> None:
    assert read_environment({"BLOG_SECRET_KEY": KEY}).instance == ROOT / "instance"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://journal.example.org", "https://journal.example.org"),
        ("https://journal.example.org/", "https://journal.example.org"),
        ("https://Journal.Example.ORG", "https://journal.example.org"),
        ("https://journal.example.org:443", "https://journal.example.org"),
        ("http://journal.example.org:80/", "http://journal.example.org"),
        ("https://journal.example.org:80", "https://journal.example.org:80"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
    ],
)
def test_the_address_of_the_site_is_kept_as_browsers_write_it(tmp_path: Path, given: str, kept: str) -> None:
    assert read(tmp_path, BLOG_SITE_URL=given).site_url == kept


@pytest.mark.parametrize(
    "given",
    [
        "journal.example.org",
        "ftp://journal.example.org",
        "https://",
        "https://journal.example.org/blog",
        "https://journal.example.org?x=1",
        "https://journal.example.org#top",
        "https://ann:secret@journal.example.org",
        "https://journal.example.org:port",
        "https://journal.example.org:99999",
        "https://[::1",
        "https://jour nal.example.org",
        "https://münchen.example",
    ],
)
def test_what_browsers_could_not_send_is_no_address(tmp_path: Path, given: str) -> None:
    assert problems(tmp_path, BLOG_SITE_URL=given) == [ADDRESS]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("sqlite:///other.sqlite3", "other.sqlite3"), ("sqlite:////srv/b.sqlite3", "/srv/b.sqlite3")],
)
def test_the_database_may_stand_elsewhere(tmp_path: Path, given: str, kept: str) -> None:
    assert read(tmp_path, BLOG_DATABASE_URL=given).database == tmp_path / kept


@pytest.mark.parametrize(
    "given", ["postgresql://localhost/blog", "blog.sqlite3", "sqlite:///", "sqlite:///:memory:"]
)
def test_another_kind_of_database_is_refused(tmp_path: Path, given: str) -> None:
    assert problems(tmp_path, BLOG_DATABASE_URL=given) == [SQLITE]


@pytest.mark.parametrize("given", ["-1", "10", "one", "", "1.5", "٣"])
def test_a_wrong_number_of_proxies_is_refused(tmp_path: Path, given: str) -> None:
    assert problems(tmp_path, BLOG_TRUSTED_PROXIES=given) == [PROXIES]


def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    given = {
        "BLOG_SITE_URL": "x",
        "BLOG_DATABASE_URL": "x",
        "BLOG_TRUSTED_PROXIES": "x",
        "BLOG_SECRET_KEY": "x",
    }
    assert problems(tmp_path, **given) == [ADDRESS, SQLITE, PROXIES, SHORT]


def test_lines_of_the_settings_file_are_read(tmp_path: Path) -> None:
    lines = ["# ours", "", "BLOG_SITE_URL = 'https://journal.example.org'", "export BLOG_TRUSTED_PROXIES=2"]
    (tmp_path / "settings.env").write_text("\n".join(lines), "utf-8")
    found = read(tmp_path)
    assert (found.site_url, found.trusted_proxies) == ("https://journal.example.org", 2)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_text("BLOG_TRUSTED_PROXIES=2\n", "utf-8")
    assert read(tmp_path, BLOG_TRUSTED_PROXIES="1").trusted_proxies == 1


def test_a_line_that_is_no_setting_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.env"
    path.write_text("BLOG_TRUSTED_PROXIES=1\nnonsense\nPATH=/bin\n", "utf-8")
    sentence = "write NAME=value with a name that starts with BLOG_."
    assert problems(tmp_path) == [f"{path}, line 2: {sentence}", f"{path}, line 3: {sentence}"]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_bytes(b"BLOG_SITE_URL=\xff\xfe")
    (problem,) = problems(tmp_path)
    assert problem.startswith(f"{tmp_path / 'settings.env'} cannot be read (")
    assert problem.endswith("; make it a readable UTF-8 file or remove it.")


def test_a_given_key_is_taken_and_none_is_made(tmp_path: Path) -> None:
    assert read(tmp_path, BLOG_SECRET_KEY="1234567890123456").secret_key == "1234567890123456"
    assert list(tmp_path.iterdir()) == []


def test_a_key_in_a_file_of_its_own_is_taken_without_the_line_end(tmp_path: Path) -> None:
    (tmp_path / "given").write_text(f"{KEY}\n", "utf-8")
    assert read(tmp_path, BLOG_SECRET_KEY_FILE=str(tmp_path / "given")).secret_key == KEY


@pytest.mark.parametrize("content", ["", "\n", "short"])
def test_a_key_file_without_a_real_key_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "given").write_text(content, "utf-8")
    assert problems(tmp_path, BLOG_SECRET_KEY_FILE=str(tmp_path / "given")) == [SHORT]


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, BLOG_SECRET_KEY_FILE=str(tmp_path / "none"))
    assert problem.startswith("BLOG_SECRET_KEY_FILE cannot be read: ")


def test_the_first_start_makes_a_key_that_only_its_owner_may_read(tmp_path: Path) -> None:
    found = read(tmp_path / "new")
    kept = tmp_path / "new" / "secret_key"
    assert (kept.read_text("utf-8"), len(found.secret_key)) == (found.secret_key, 64)
    assert kept.stat().st_mode & 0o777 == 0o600


def test_the_next_start_takes_the_same_key(tmp_path: Path) -> None:
    assert read(tmp_path).secret_key == read(tmp_path).secret_key


@pytest.fixture
def restless() -> Iterator[None]:
    """Let threads interrupt each other as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_starts_at_once_agree_on_one_key_and_leave_nothing_else(tmp_path: Path) -> None:
    together = Barrier(8)

    def start(number: int) -> str:
        together.wait(timeout=30)
        return read(tmp_path / str(number // 8)).secret_key

    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(start, range(8 * 20)))
    for number in range(20):
        folder = tmp_path / str(number)
        assert set(keys[number * 8 : number * 8 + 8]) == {(folder / "secret_key").read_text("utf-8")}
        assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_a_key_that_was_emptied_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    assert problems(tmp_path) == [f"{tmp_path / 'secret_key'} holds no key; remove it and a new one is made."]


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (problem,) = problems(tmp_path / "file" / "instance")
    assert problem.startswith(f"The data folder {tmp_path / 'file' / 'instance'} cannot be written (")
    assert problem.endswith("); BLOG_INSTANCE names it.")


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as refusal:
        read_environment({"BLOG_INSTANCE": str(tmp_path), "BLOG_SITE_ULR": "https://a.example"})
    assert refusal.value.problems == [
        "BLOG_SITE_ULR is not a setting; did you mean BLOG_SITE_URL? docs/settings.md lists them all."
    ]


def test_the_home_of_nobody_is_no_data_folder() -> None:
    with pytest.raises(BadSettings, match="BLOG_INSTANCE does not name a folder"):
        read_environment({"BLOG_INSTANCE": "~nobody-of-this-name/x"})
