"""The product asks one module for the time, so that tests and schedules can trust it."""

import ast
from collections.abc import Iterator

import pytest

from .reading import PACKAGE, broken, calls, product_modules

CLOCK = PACKAGE / "lib" / "clock.py"

SYSTEM_CLOCK = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "email.utils.localtime",
    "sqlalchemy.func.now",
    "sqlalchemy.func.current_timestamp",
    "sqlalchemy.func.current_date",
}
NOW_IF_NOT_TOLD = {"time.gmtime", "time.localtime", "time.ctime", "email.utils.formatdate"}
"""These take the system's time when they are given none."""

SQL = ("current_timestamp", "current_date", "current_time", "datetime('now'", "date('now'", "'now')")


def clock_calls(source: str) -> Iterator[str]:
    for node, name in calls(source):
        if name in SYSTEM_CLOCK or (name in NOW_IF_NOT_TOLD and not node.args and not node.keywords):
            yield f"line {node.lineno} calls {name}; ask blog.lib.clock.now()"
    for text in ast.walk(ast.parse(source)):
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and _asks_in_sql(text.value):
            yield f"line {text.lineno} asks the database for the time; pass clock.now() in"


def _asks_in_sql(text: str) -> bool:
    lowered = text.lower()
    return "\n\n" not in text and any(word in lowered for word in SQL)


def test_nothing_but_the_clock_module_asks_the_system_for_the_time() -> None:
    assert broken([path for path in product_modules() if path != CLOCK], clock_calls) == []


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "import datetime as dt\ndt.date.today()",
        "from datetime import datetime, UTC\ndatetime.now(UTC)",
        "from datetime import datetime as moment\nmoment.utcnow()",
        "from time import time\ntime()",
        "import time\ntime.strftime('%Y', time.gmtime())",
        "from sqlalchemy import func\nfunc.now()",
        "text(\"SELECT 1 WHERE at < datetime('now')\")",
        "mapped_column(server_default='CURRENT_TIMESTAMP')",
    ],
)
def test_every_way_to_the_system_clock_is_seen(source: str) -> None:
    assert len(list(clock_calls(source))) == 1


def test_durations_and_given_moments_are_no_question_for_the_clock() -> None:
    source = "import time\nfrom .clock import now\ntime.monotonic(); time.gmtime(3); now(); time.sleep(1)"
    assert list(clock_calls(source)) == []
