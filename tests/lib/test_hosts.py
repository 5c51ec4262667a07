"""The site answers to its own name, and a client is known by the network that it comes from."""

import logging
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.environment import Environment
from blog.lib.hosts import client_network
from tests.conftest import Start, environment_in

IGNORED = "A request came with X-Forwarded headers, which are ignored"


def status_for(app: Flask, host: str, path: str = "/healthz") -> int:
    return app.test_client().get(path, environ_overrides={"HTTP_HOST": host}).status_code


def behind(start: Start, folder: Path, proxies: int) -> Flask:
    """Return an application behind so many proxies that tells what it takes for the client's network."""
    plain = environment_in(folder)
    told = Environment(folder, plain.site_url, plain.secret_key, plain.database, proxies)
    app = start(told)
    app.add_url_rule("/network", view_func=client_network)
    return app


def network_of(app: Flask, forwarded: str = "", address: str = "10.0.0.1") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    overrides = {"REMOTE_ADDR": address, "HTTP_HOST": "journal.example.org"}
    return app.test_client().get("/network", headers=headers, environ_overrides=overrides).text


@pytest.mark.parametrize("host", ["journal.example.org", "Journal.Example.ORG", "journal.example.org:443"])
def test_the_site_answers_to_its_name(application: Flask, host: str) -> None:
    assert status_for(application, host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "journal.example.org:80",
        "journal.example.org.evil.example",
        "evil.example:443",
        "journal.example.org@evil.example",
        "127.0.0.1",
        "[::1",
        "a b",
        "journal.example.org:abc",
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/", "/nothing-here", "/articles/", "/static/site.0.css"])
def test_another_name_is_refused_before_anything_else(application: Flask, host: str, path: str) -> None:
    assert status_for(application, host, path) == 400


def test_the_refusal_does_not_repeat_the_name(application: Flask) -> None:
    answer = application.test_client().get("/", environ_overrides={"HTTP_HOST": "evil.example"})
    assert (
        answer.text
        == "This server does not answer for that host name, only for https://journal.example.org.\n"
    )
    assert answer.mimetype == "text/plain"


def test_a_site_without_an_address_answers_to_any_name(app: Flask, start: Start) -> None:
    nowhere = start(environment_in(app.config["INSTANCE"], site_url=""))
    assert status_for(nowhere, "anything.example") == 200


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("198.51.100.7:50000", "198.51.100.7"),
        ("[2001:db8:1:2::1]:50000", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_client_is_an_ipv4_address_or_a_64_network(app: Flask, address: str, network: str) -> None:
    with app.test_request_context("/", environ_overrides={"REMOTE_ADDR": address}):
        assert client_network() == network


@pytest.mark.parametrize(
    ("proxies", "network"), [(0, "10.0.0.1"), (1, "203.0.113.2"), (2, "203.0.113.1"), (3, "198.51.100.9")]
)
def test_only_the_proxies_of_the_team_are_believed(
    start: Start, tmp_path: Path, proxies: int, network: str
) -> None:
    forwarded = "198.51.100.9, 203.0.113.1, 203.0.113.2"
    assert network_of(behind(start, tmp_path, proxies), forwarded) == network


def test_a_proxy_does_not_choose_the_name_of_the_site(start: Start, tmp_path: Path) -> None:
    headers = {"X-Forwarded-Host": "journal.example.org", "X-Forwarded-For": "203.0.113.1"}
    answer = behind(start, tmp_path, 1).test_client().get("/network", headers=headers)
    assert answer.status_code == 400


def test_headers_of_an_unknown_proxy_are_warned_of_once(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = behind(start, tmp_path, 0)
    with caplog.at_level(logging.WARNING):
        networks = [network_of(app, "203.0.113.1") for _ in range(3)]
    assert networks == ["10.0.0.1"] * 3
    assert [record.message.startswith(IGNORED) for record in caplog.records] == [True]


@pytest.mark.parametrize(("proxies", "forwarded"), [(0, ""), (1, "203.0.113.1")])
def test_what_is_expected_is_not_warned_of(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture, proxies: int, forwarded: str
) -> None:
    network_of(behind(start, tmp_path, proxies), forwarded)
    assert caplog.records == []
