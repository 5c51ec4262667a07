"""The newsletter's commands: `newsletter ...` for issues and mail, `subscribers ...` for people."""

from .groups import newsletter, subscribers

COMMANDS = (newsletter, subscribers)
