"""The two groups that the newsletter's commands belong to."""

import click


@click.group("newsletter")
def newsletter() -> None:
    """Issues and mail: write, test, send, look after."""


@click.group("subscribers")
def subscribers() -> None:
    """The people of the newsletter: bring in, take out, erase."""
