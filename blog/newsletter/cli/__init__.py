"""The newsletter's commands: `newsletter ...` for issues and mail, `subscribers ...` for people."""

from . import mail  # noqa: F401 (attaches its commands)
from .groups import newsletter, subscribers

COMMANDS = (newsletter, subscribers)
