"""What the application logs shows no address of a mailed link: whoever reads it could use the link."""

import logging
import re

from flask import Flask

_LINKS = re.compile(r"(/(?:newsletter/+(?:confirm|leave|preferences)|preview)[/?])[^\s'\"]+", re.IGNORECASE)
"""The addresses that the configurations in deploy/ mask in a proxy's log."""


def without_links(text: str) -> str:
    """Return the text with everything left out that follows the path of a mailed link."""
    return _LINKS.sub(r"\1***", text)


def mask_secrets(app: Flask) -> None:
    """Let the application's own log name no such link; Flask writes the path of every request that fails."""
    app.logger.addFilter(_mask)


def _mask(record: logging.LogRecord) -> bool:
    record.msg, record.args = without_links(record.getMessage()), ()
    return True
