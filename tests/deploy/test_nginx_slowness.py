"""Hundreds of visitors who never finish what they send keep nobody else waiting."""

from collections.abc import Iterator

import pytest

from .asking import Visitor
from .conftest import Journal
from .nginx import nginx
from .proxies import Proxy
from .slowness import addresses, dripping_bodies, dripping_headers

pytestmark = pytest.mark.proxy


@pytest.fixture(scope="module")
def proxy(journal: Journal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with nginx(tmp_path_factory.mktemp("slow") / "run", journal.door.port) as proxy:
        yield proxy


def test_slow_senders_stop_neither_readers_nor_signups_and_are_sent_away(
    journal: Journal, proxy: Proxy
) -> None:
    visitor = Visitor(proxy.secure, source="127.0.8.1")
    with (
        dripping_headers(proxy.secure, addresses(250, 10)) as headers,
        dripping_bodies(proxy.secure, addresses(250, 11)) as bodies,
    ):
        for number in range(5):
            headers.drip()
            bodies.drip()
            assert visitor.ask("/").status == 200
            assert visitor.sign_up(f"quick-{number}@example.org").status == 303
        assert (len(headers.connections), len(bodies.connections)) == (250, 250)
        # A header has ten seconds altogether; so has each piece of a body, and none came any more.
        assert headers.heard() == [b""] * 250
        assert bodies.heard() == [b""] * 250
        assert visitor.ask("/").status == 200
    assert journal.site.rows("SELECT count(*) FROM subscriber WHERE address LIKE 'quick-%'") == [(5,)]


def test_one_visitor_has_so_many_requests_under_way_and_no_more(proxy: Proxy) -> None:
    with dripping_bodies(proxy.secure, ["127.0.8.2"] * 100) as bodies:
        while (refused := Visitor(proxy.secure, source="127.0.8.2").ask("/").status) == 200:
            bodies.drip()  # not all of them have arrived
        assert (refused, Visitor(proxy.secure, source="127.0.8.3").ask("/").status) == (429, 200)
