"""Reports collected: from a Maildir, or one as it is piped in."""

from collections import Counter
from pathlib import Path

from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.refusing import Refused
from blog.outbox.maildir import bounce_maildir, take_new
from blog.outbox.reports import LARGEST, read_reports

from .bouncing import Became, count_report

NO_REPORT = "no reports"
"""What is counted of messages that report nothing, such as an answer by a machine."""


def take_report(raw: bytes) -> Counter[str]:
    """Count what a message reports; return how often which of it became what. Opens its own write()."""
    try:
        reports = read_reports(raw)
    except Refused:
        return Counter({NO_REPORT: 1})
    at = now()
    with write():
        return Counter(count_report(report, at=at).value for report in reports)


def collect(folder: Path) -> Counter[str]:
    """Take every new message of a Maildir; a report that was counted before counts nothing a second time."""
    sums: Counter[str] = Counter()
    take_new(folder, lambda raw: sums.update(take_report(raw)), largest=LARGEST)
    return sums


def collect_returned_mail() -> None:
    """Take what lies in the Maildir of the setting, if there is one (a chore)."""
    if bounce_maildir.get():
        collect(Path(bounce_maildir.get()))


def told(sums: Counter[str]) -> str:
    """Return the sums in words."""
    kinds = [*Became, NO_REPORT]
    return ", ".join(f"{kind} {sums[kind]}" for kind in kinds if sums[kind]) or "nothing new"
