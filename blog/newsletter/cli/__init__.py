"""The newsletter's commands: `newsletter ...` for issues and mail, `subscribers ...` for people."""

from . import bounces, lists
from .groups import newsletter, subscribers

COMMANDS = (newsletter, subscribers)
JOINED = (bounces, lists)
"""Modules whose commands joined the groups when they were imported."""
