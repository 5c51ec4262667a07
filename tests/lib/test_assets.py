"""Many small files in the tree are one hashed file for readers."""

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from blog.lib.assets import Assets
from blog.lib.db import write
from blog.lib.prefetching import RULES
from blog.settings.declaring import choose
from tests.architecture.reading import ROOT

FOREVER = "public, max-age=31536000, immutable"
KINDS = {
    "favicon.svg": "image/svg+xml; charset=utf-8",
    "htmx.js": "text/javascript; charset=utf-8",
    "site.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "theme.js": "text/javascript; charset=utf-8",
}


def tree(folder: Path, **files: str) -> Path:
    """Write a static folder of these files, named like `css__a` for css/a."""
    for kind in ("css", "js", "vendor"):
        folder.joinpath(kind).mkdir(parents=True, exist_ok=True)
    folder.joinpath("js", "theme.js").write_text("early()")
    folder.joinpath("favicon.svg").write_text("<svg/>")
    for name, content in files.items():
        kind, _, stem = name.partition("__")
        ending = "js" if kind == "vendor" else kind
        folder.joinpath(kind, f"{stem}.{ending}").write_text(content)
    return folder


def made(folder: Path, name: str, accents: tuple[str, str] = ("#111111", "#eeeeee")) -> str:
    return Assets(folder, lambda: accents).made(name)[1].decode()


def addresses(client: FlaskClient) -> dict[str, str]:
    """Return the address that a page gives for each file."""
    found = re.findall(r'"(/static/([a-z]+)\.[0-9a-f]{12}\.([a-z]+))"', client.get("/").text)
    return {f"{stem}.{ending}": path for path, stem, ending in found}


def test_styles_are_joined_in_the_order_of_their_names_without_comments(tmp_path: Path) -> None:
    folder = tree(tmp_path, css__10="a {\n  b: c;\n}", css__20="/* why\n*/ d { e: f }")
    assert made(folder, "site.css") == (":root{--accent-light:#111111;--accent-dark:#eeeeee}a{b:c}d{e:f}")


def test_scripts_are_joined_without_the_early_one_and_the_one_that_comes_when_needed(tmp_path: Path) -> None:
    folder = tree(tmp_path, **{"js__b": "b()", "js__a": "// why\na()", "vendor__htmx-9": "v()"})
    assert made(folder, "site.js") == "a()\n;b()"
    assert made(folder, "htmx.js") == "v()"


def test_the_script_holds_the_rules_whose_hash_the_policy_names(tmp_path: Path) -> None:
    folder = tree(tmp_path, js__a='put("PREFETCH_RULES")')
    assert made(folder, "site.js") == f"put({json.dumps(RULES)})"
    assert made(folder, "theme.js") == "early()"


def test_another_colour_is_another_stylesheet_and_nothing_else(tmp_path: Path) -> None:
    folder = tree(tmp_path, css__a="x")
    colours = [("#111111", "#eeeeee")]
    assets = Assets(folder, lambda: colours[-1])
    before = {name: assets.address(name) for name in KINDS}
    colours.append(("#222222", "#dddddd"))
    assert [name for name in KINDS if assets.address(name) != before[name]] == ["site.css"]


def test_pages_name_files_that_are_there_and_may_be_kept_for_ever(client: FlaskClient) -> None:
    found = addresses(client)
    assert sorted(found) == sorted(KINDS)
    for name, path in found.items():
        for answer in (client.get(path), client.head(path)):
            assert (answer.status_code, answer.content_type) == (200, KINDS[name])
            assert answer.headers["Cache-Control"] == FOREVER


def test_a_page_from_before_the_last_change_gets_todays_file_which_nobody_keeps(client: FlaskClient) -> None:
    for name, path in addresses(client).items():
        old = client.get("/static/{}.000000000000.{}".format(*name.split(".")))
        assert (old.status_code, old.data) == (200, client.get(path).data)
        assert old.headers["Cache-Control"] == "no-cache"


def test_the_teams_colour_reaches_readers(client: FlaskClient) -> None:
    before = addresses(client)["site.css"]
    with write():
        choose("site.accent", "#7a1f5c")
    after = addresses(client)["site.css"]
    assert after != before
    assert "--accent-light:#7a1f5c" in client.get(after).text


@pytest.mark.parametrize(
    "path",
    [
        "/static/theme.0.css",
        "/static/site.0.map",
        "/static/favicon.0.js",
        "/static/other.0.js",
        "/static/../app.py",
        "/static/",
        "/static/css/",
    ],
)
def test_nothing_else_is_joined_or_listed(client: FlaskClient, path: str) -> None:
    assert client.get("/", environ_overrides={"PATH_INFO": path}).status_code in (308, 404)


def test_the_early_script_stays_tiny() -> None:
    assert ROOT.joinpath("static/js/theme.js").stat().st_size < 300
