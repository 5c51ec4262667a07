"""The newsletter's commands: `newsletter ...` for issues and mail, `subscribers ...` for people."""

from . import bounces, lists, mail
from .groups import newsletter, subscribers

COMMANDS = (newsletter, subscribers)
JOINED = (bounces, lists, mail)
"""Modules whose commands joined the groups when they were imported."""
