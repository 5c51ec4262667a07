"""What a mailed link shows that is wrong, used or too old: the same, whoever it was for, if anybody."""

from flask import render_template


def broken_link() -> tuple[str, int]:
    """Return the page that says so, and how to get a link that works."""
    return render_template("newsletter/broken.html", robots="noindex", canonical=None), 404
