"""What a trial of newer code said is told in one line."""

import pytest

from blog.lib.reloading import reason_in

TRACEBACK = """\
Traceback (most recent call last):
  File "app.py", line 3, in <module>
    import nonsense
ModuleNotFoundError: No module named 'nonsense'
"""


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", ""),
        ("Not so.\n", "Not so."),
        ("Not so.\nNor so.\n", "Not so. Nor so."),
        ("Usage: run.py serve\n\n  No such option.\n", "Usage: run.py serve No such option."),
        (TRACEBACK, "ModuleNotFoundError: No module named 'nonsense'"),
    ],
)
def test_all_that_was_said_is_told_and_of_a_traceback_the_last_line(said: str, reason: str) -> None:
    assert reason_in(said) == reason
