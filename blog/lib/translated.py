"""Templates whose words are looked up when they are compiled, not at every reading."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from jinja2 import nodes

from .words import gettext, language


class TranslatedEnvironment(Environment):
    """Compiles each template once per language, with the plain words of that language in it.

    Only `{{ _('words') }}` is folded; words with variables or plurals are looked up when they are shown.
    """

    _caches: dict[str, MutableMapping[Any, Any]]

    @property
    def cache(self) -> MutableMapping[Any, Any]:
        """Return the compiled templates of the language that is being spoken."""
        return self._caches.setdefault(language(), {})

    @cache.setter
    def cache(self, _made_by_jinja: object) -> None:
        self._caches = {}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        for output in template.find_all(nodes.Output):
            output.nodes = [_folded(node) for node in output.nodes]
        return template


def _folded(node: nodes.Expr) -> nodes.Expr:
    if (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name == "_"
        and len(node.args) == 1
        and isinstance(node.args[0], nodes.Const)
        and not node.kwargs
    ):
        return nodes.TemplateData(gettext(node.args[0].value), lineno=node.lineno)
    return node
