"""The newsletter's commands as a person runs them, without a process for each."""

from dataclasses import dataclass

from flask import Flask

from blog.lib.refusing import Refused


@dataclass
class Commander:
    """Runs commands of an application outside any context."""

    application: Flask

    def says(self, *words: str) -> list[str]:
        """Run a command that must end well; return its lines."""
        done = self.application.test_cli_runner().invoke(args=["newsletter", *words])
        assert done.exception is None, done.exception
        return str(done.output).splitlines()

    def refuses(self, *words: str) -> str:
        """Run a command that must be refused; return the sentence."""
        done = self.application.test_cli_runner().invoke(args=["newsletter", *words])
        assert isinstance(done.exception, Refused), (done.exception, done.output)
        return str(done.exception)
