"""Jobs are kept at work: begun by forking, replaced when they die, told to finish, ended when they do not."""

import subprocess
import sys

from blog.lib.environment import ROOT

BEGIN = """
import os, signal, sys, time
from blog.lib.signals import Told
from blog.lib import supervising
from blog.lib.supervising import Job, supervise

def say(words):
    os.write(1, f"{words}\\n".encode())

def stop():
    os.kill(os.getppid(), signal.SIGTERM)
"""


def run(script: str) -> tuple[int, list[str], str]:
    """Run a supervisor with these jobs to its end; return its status, the lines that all said, and complaints."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def test_jobs_work_beside_each_other_until_all_are_told_to_finish() -> None:
    script = """
def work(told, ready):
    ready()
    told.wait()
    say("finished")

supervise([Job("one", work), Job("two", work)], announce=lambda: (say("all at work"), stop()))
say("over")
"""
    assert run(script) == (0, ["all at work", "finished", "finished", "over"], "")


def test_a_job_that_dies_is_done_again_at_once() -> None:
    script = """
def work(told, ready):
    if not os.path.exists(sys.argv[0]):
        say("dies")
        open(path, "w").close()
        os._exit(3)
    ready()
    told.wait()

import tempfile
path = sys.argv[0] = tempfile.mktemp()
supervise([Job("One", work)], announce=stop)
os.unlink(path)
"""
    status, said, complained = run(script)
    assert (status, said) == (0, ["dies"])
    assert complained.startswith("One (process ")
    assert complained.endswith(") ended with status 3; another takes its place.\n")


def test_a_job_that_dies_again_and_again_is_begun_more_and_more_slowly() -> None:
    script = """
def work(told, ready):
    say(f"{time.monotonic():.6f}")
    os._exit(1)

def patience(told, ready):
    ready()
    time.sleep(1.2)
    stop()
    told.wait()

supervise([Job("one", work), Job("two", patience)], announce=lambda: None)
"""
    status, said, _ = run(script)
    begun = [float(moment) for moment in said]
    assert status == 0
    assert 3 <= len(begun) <= 6
    assert begun[-1] - begun[-2] > begun[2] - begun[1] or len(begun) == 3


def test_a_job_that_fails_says_how() -> None:
    script = """
def work(told, ready):
    ready()
    time.sleep(0.3)
    raise ValueError("no more paper")

supervise([Job("one", work)], announce=lambda: (time.sleep(0.6), stop()))
"""
    status, said, complained = run(script)
    assert (status, said) == (0, [])
    assert "ValueError: no more paper\n" in complained


def test_a_job_that_does_not_finish_is_ended() -> None:
    script = """
supervising.FINISH_SECONDS = 0.2

def work(told, ready):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready()
    while True:
        time.sleep(60)

supervise([Job("one", work)], announce=stop)
say("over")
"""
    assert run(script) == (0, ["over"], "")


def test_asking_twice_to_stop_ends_all_at_once() -> None:
    script = """
def work(told, ready):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready()
    while True:
        time.sleep(60)

supervise([Job("one", work)], announce=lambda: (stop(), time.sleep(0.2), stop()))
say("over")
"""
    assert run(script) == (0, ["over"], "")


def test_a_child_shares_what_was_loaded_and_keeps_its_own_socket_alone() -> None:
    script = """
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]

def work(number):
    def work(told, ready):
        say(f"{number} {[one.fileno() >= 0 for one in sockets]}")
        ready()
        told.wait()
    return work

supervise([Job("a", work(1), sockets[0]), Job("b", work(2), sockets[1]), Job("c", work(3))], announce=stop)
"""
    status, said, complained = run(script)
    assert (status, complained) == (0, "")
    assert sorted(said) == ["1 [True, False]", "2 [False, True]", "3 [False, False]"]
