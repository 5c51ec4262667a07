"""On a terminal, Send asks for the number of people, and takes no other."""

import os
import pty
import subprocess
import sys

from flask import Flask

from blog.lib.environment import ROOT
from tests.newsletter.issues.issuing import drafted, may_send

HANGING = 60
"""Seconds after which a test gives up on a process."""


def type_count(application: Flask, typed: str) -> tuple[int, str]:
    """Run `newsletter send` on a terminal and type a line; return the exit status and what it printed."""
    environment = {**os.environ, "BLOG_INSTANCE": str(application.config["INSTANCE"])}
    environment["BLOG_SITE_URL"] = "https://journal.example.org"
    ours, theirs = pty.openpty()
    command = [sys.executable, str(ROOT / "app.py"), "newsletter", "send", "spring"]
    process = subprocess.Popen(
        command, env=environment, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    os.write(ours, f"{typed}\n".encode())
    said, refused = process.communicate(timeout=HANGING)
    os.close(ours)
    os.close(theirs)
    return process.returncode, said + refused


def test_the_number_is_asked_for_and_only_the_right_one_sends(application: Flask) -> None:
    with application.app_context():
        may_send()
        drafted()
    status, said = type_count(application, "4")
    assert (status, said.splitlines()[0]) == (1, "“Spring” goes to 3 people: everybody.")
    assert said.endswith("It goes to 3 people, not to 4; nothing was sent.\n")
    status, said = type_count(application, "3")
    assert (status, "spring: goes out at" in said) == (0, True)
