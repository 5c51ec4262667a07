"""The processes of a served site: replaced when they die, reloaded without a pause, never left behind."""

import os
import signal
import socket
from contextlib import closing
from pathlib import Path

from .processes import asking, children, eventually, free_port, is_there, serving


def test_a_web_worker_that_is_killed_is_replaced_and_only_its_requests_are_lost(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "2") as served:
        served.line()
        first, second, worker = served.children(3)
        with asking(served, threads=4) as wrong:
            os.kill(first, signal.SIGKILL)
            assert eventually(lambda: first not in served.children(3))
            assert served.get() == (200, b"ok\n")
        assert set(served.children(3)) > {second, worker}
        assert len(wrong) <= 4, wrong  # each reader has one request at a time
        status, said, complained = served.end()
    assert (status, said) == (0, "")
    assert complained == (f"Web worker 1 (process {first}) was ended by signal 9; another takes its place.\n")


def test_a_background_worker_that_is_killed_is_replaced_and_nobody_notices(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "2") as served:
        served.line()
        first, second, worker = served.children(3)
        with asking(served) as wrong:
            os.kill(worker, signal.SIGKILL)
            assert eventually(lambda: worker not in served.children(3))
        assert served.children(3)[:2] == [first, second]
        assert wrong == []
        complained = served.end()[2]
    assert complained == (
        f"Background worker (process {worker}) was ended by signal 9; another takes its place.\n"
    )


def test_a_reload_loses_no_request(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "2") as served:
        said = served.line()
        before = served.children(3)
        with asking(served) as wrong:
            served.tell(signal.SIGHUP)
            assert served.line() == said
            assert eventually(lambda: not set(before) & set(served.children(3)))
        assert wrong == []
        assert served.end() == (0, "", "")


def test_two_reloads_at_once_are_no_more_than_one(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "1") as served:
        served.line()
        before = served.children(2)
        with asking(served, threads=2) as wrong:
            served.tell(signal.SIGHUP)
            served.tell(signal.SIGHUP)
            assert eventually(lambda: not set(before) & set(served.children(2)))
        assert wrong == []
        assert served.end()[0] == 0


def test_a_site_that_is_told_to_stop_while_it_reloads_stops(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "1") as served:
        said = served.line()
        left = served.children(2)
        served.tell(signal.SIGHUP)
        assert eventually(
            lambda: served.get()[0] == 200 and len(children(served.process.pid)) == 3
        )  # the trial
        assert eventually(lambda: len(children(served.process.pid)) == 2)  # newer code takes over
        status, more, complained = served.end()
        assert (status, complained) == (0, "")
        assert more in ("", said)
        assert not any(is_there(process) for process in left)


def test_a_reload_reads_the_settings_anew(tmp_path: Path) -> None:
    port = free_port()
    settings = tmp_path / "settings.env"
    settings.write_text(f"BLOG_SITE_URL=http://one.example:{port}\n", "utf-8")
    with serving(tmp_path, port, "--workers", "1") as served:
        served.line()
        assert served.get(host=f"one.example:{port}")[0] == 200
        before = served.children(2)
        settings.write_text(f"BLOG_SITE_URL=http://two.example:{port}\n", "utf-8")
        served.tell(signal.SIGHUP)
        assert served.line().startswith(f"Broadsheet is ready at http://two.example:{port} ")
        assert eventually(lambda: not set(before) & set(served.children(2)))
        assert served.get(host=f"one.example:{port}")[0] == 400
        assert served.get(host=f"two.example:{port}")[0] == 200


def test_a_reload_that_cannot_be_leaves_everything_as_it_was(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "1") as served:
        served.line()
        before = served.children(2)
        (tmp_path / "settings.env").write_text("BLOG_TRUSTED_PROXIES=many\nBLOG_PAGE_STORE_MB=x\n", "utf-8")
        served.tell(signal.SIGHUP)
        assert served.complaint() == (
            "Not reloaded; the site goes on as it was: "
            "BLOG_TRUSTED_PROXIES must be the number of proxies in front, from 0 to 9. "
            "BLOG_PAGE_STORE_MB must be a number of megabytes, from 0 (no page store) to 99999.\n"
        )
        assert (served.children(2), served.get()) == (before, (200, b"ok\n"))
        assert served.end() == (0, "", "")


def test_nothing_is_left_behind_when_the_one_that_keeps_the_others_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "2") as served:
        served.line()
        left = served.children(3)
        with asking(served):
            served.tell(signal.SIGKILL)
            assert eventually(lambda: not any(is_there(process) for process in left))
        with closing(socket.socket()) as next_one:
            next_one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            next_one.bind(("127.0.0.1", served.port))


def test_the_background_worker_can_be_left_out(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "2", "--no-worker") as served:
        served.line()
        assert len(served.children(2)) == 2


def test_a_trial_says_whether_the_site_could_be_served_and_serves_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--check") as served:
        assert served.ended() == (0, "", "")
    with serving(tmp_path, free_port(), "--check", BLOG_SITE_URL="nonsense") as served:
        status, said, complained = served.ended()
    assert (status, said, complained.count("\n")) == (1, "", 1)
