"""A process hears that it is to finish when it asks, or is broken off where it allows it."""

import subprocess
import sys

from blog.lib.environment import ROOT

BEGIN = """
import os, signal, time
from blog.lib.signals import Signals, Told, held_back
me = os.getpid()
"""


def run(script: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_signal_waits_until_it_is_asked_for() -> None:
    script = """
told = Told(signal.SIGTERM)
print(told.wait(0))
os.kill(me, signal.SIGTERM)
print(told.wait(), told.wait())
"""
    assert run(script) == (0, "False\nTrue True\n")


def test_signals_come_in_their_order_and_only_those_that_were_asked_for() -> None:
    script = """
signal.signal(signal.SIGUSR2, lambda *_: None)
signals = Signals(signal.SIGUSR1, signal.SIGTERM)
for number in (signal.SIGUSR2, signal.SIGTERM, signal.SIGUSR1):
    os.kill(me, number)
    time.sleep(0)
print(signals.wait(5)[0] == [signal.SIGTERM, signal.SIGUSR1])
print(signals.wait(0))
"""
    assert run(script) == (0, "True\n([], [])\n")


def test_the_end_of_the_lifeline_is_the_end() -> None:
    script = """
mine, theirs = os.pipe()
told = Told(signal.SIGTERM, lifeline=mine)
print(told.wait(0))
os.close(theirs)
print(told.wait())
"""
    assert run(script) == (0, "False\nTrue\n")


def test_what_may_be_broken_off_is() -> None:
    script = """
told = Told(signal.SIGTERM)
def sleep():
    os.kill(me, signal.SIGTERM)
    time.sleep(60)
    print("slept")
print(told.unless_told(sleep), told.wait(0))
"""
    assert run(script) == (0, "None True\n")


def test_an_error_that_follows_from_breaking_off_is_not_told() -> None:
    script = """
told = Told(signal.SIGTERM)
def clear_up():
    try:
        os.kill(me, signal.SIGTERM)
        time.sleep(60)
    finally:
        raise ValueError("in the middle of a commit")
print(told.unless_told(clear_up), told.wait(0))
"""
    assert run(script) == (0, "None True\n")


def test_an_error_of_its_own_is_told() -> None:
    script = """
told = Told(signal.SIGTERM)
try:
    told.unless_told(lambda: 1 / 0)
except ZeroDivisionError:
    print(told.wait(0))
"""
    assert run(script) == (0, "False\n")


def test_a_signal_strikes_at_any_moment_and_nothing_gets_out() -> None:
    script = """
broken = 0
for number in range(300):
    told = Told(signal.SIGALRM)
    signal.setitimer(signal.ITIMER_REAL, 0.0003 + number % 10 * 0.00001)
    while not told.wait(0):
        broken += told.unless_told(lambda: [other for other in range(500)]) is None
    signal.alarm(0)
print(0 < broken <= 300)
"""
    assert run(script) == (0, "True\n")


def test_signals_that_are_held_back_come_afterwards() -> None:
    script = """
signals = Signals(signal.SIGTERM)
with held_back(signal.SIGTERM):
    os.kill(me, signal.SIGTERM)
    print(signals.wait(0)[0])
print(signals.wait(5)[0] == [signal.SIGTERM])
"""
    assert run(script) == (0, "[]\nTrue\n")


def test_whoever_was_told_and_hangs_is_ended() -> None:
    script = """
told = Told(signal.SIGTERM)
os.kill(me, signal.SIGTERM)
told.wait()
print(0 < signal.alarm(0) <= 10)
"""
    assert run(script) == (0, "True\n")
