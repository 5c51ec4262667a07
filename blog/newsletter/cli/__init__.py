"""The newsletter's commands: `newsletter ...` for issues and mail, `subscribers ...` for people."""

from . import bounces, lists, mail  # noqa: F401 (attach their commands)
from .groups import newsletter, subscribers

COMMANDS = (newsletter, subscribers)
