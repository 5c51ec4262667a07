"""The newsletter's commands: `newsletter ...` for issues and mail, `subscribers ...` for people."""

from . import bounces, erasing, issues, lists, mail, sending  # noqa: F401 (attach their commands)
from .groups import newsletter, subscribers

COMMANDS = (newsletter, subscribers)
