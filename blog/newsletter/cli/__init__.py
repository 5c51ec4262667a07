"""The newsletter's commands: `newsletter ...` for issues and mail, `subscribers ...` for people."""

from . import erasing, issues, mail, sending
from .groups import newsletter, subscribers

COMMANDS = (newsletter, subscribers)

__all__ = ["COMMANDS", "erasing", "issues", "mail", "sending"]
