"""Markdown as people read it without any HTML: paragraphs, lists, quotes, and every link in full."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count

from markdown_it.tree import SyntaxTreeNode as Node

from blog.lib.markdown.shapes import ENGLISH, Labels
from blog.lib.markdown.syntax import parse

Address = Callable[[str], str]
"""Gives the address to show for a destination, or nothing where the link's words are enough."""


def as_text(source: str, *, address: Address = str, labels: Labels = ENGLISH) -> str:
    """Return the document as plain text: one empty line between blocks, no line broken that the author did not break.

    `address` gets each link's destination as `destinations` gives it. Raises Refused for a text past the limits.
    """
    return _Reader(address, labels).blocks(Node(parse(source)).children)


class _Reader:
    def __init__(self, address: Address, labels: Labels) -> None:
        self.address = address
        self.labels = labels

    def blocks(self, nodes: Iterable[Node], between: str = "\n\n") -> str:
        return between.join(text for node in nodes if (text := self.block(node)).strip())

    def block(self, node: Node) -> str:
        kind = getattr(self, node.type, None)
        if kind is not None:
            return str(kind(node))
        return self.blocks(node.children) if node.children else ""

    def inline(self, node: Node) -> str:
        return "".join(self.within(node.children)).strip()

    def heading(self, node: Node) -> str:
        text = self.blocks(node.children).replace("\n", " ")
        return f"{text}\n{'-' * min(len(text), 60)}" if node.level == 0 else text

    def bullet_list(self, node: Node) -> str:
        return self._items(node, iter(lambda: "- ", ""))

    def ordered_list(self, node: Node) -> str:
        return self._items(node, (f"{number}. " for number in count(int(node.attrs.get("start", 1)))))

    def _items(self, node: Node, marks: Iterator[str]) -> str:
        items = [_hanging(_task(item) + self.blocks(item.children), next(marks)) for item in node.children]
        return ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)

    def blockquote(self, node: Node) -> str:
        return _indented(self.blocks(node.children), "> ")

    def callout(self, node: Node) -> str:
        title = getattr(self.labels, node.info)
        return f"{title}:\n{_indented(self.blocks(node.children), '> ')}"

    def fence(self, node: Node) -> str:
        return _indented(node.content.rstrip("\n"), "    ")

    code_block = fence

    def hr(self, _node: Node) -> str:
        return "* * *"

    def table(self, node: Node) -> str:
        rows = [row for part in node.children for row in part.children]
        return "\n".join(" | ".join(self.blocks(cell.children) for cell in row.children) for row in rows)

    def figure(self, node: Node) -> str:
        image = node.children[0].children[0]
        words = (str(image.attrs.get("title") or "").strip(), str(image.meta.get("credit", "")))
        return "\n".join(text for text in (self.inline(node.children[0]), *words) if text)

    def footnote_block(self, node: Node) -> str:
        return "\n".join([self.labels.footnotes, *(self.block(note) for note in node.children)])

    def footnote(self, node: Node) -> str:
        return _hanging(self.blocks(node.children), f"[{node.meta['id'] + 1}] ")

    def dl(self, node: Node) -> str:
        return self.blocks(node.children, "\n")

    def dd(self, node: Node) -> str:
        return _indented(self.blocks(node.children), "    ")

    def within(self, nodes: Iterable[Node]) -> Iterator[str]:
        for node in nodes:
            if node.type == "softbreak":
                yield " "
            elif node.type == "hardbreak":
                yield "\n"
            elif node.type == "image":
                words = self.inline(node)
                yield f"[{words}]" if words else ""
            elif node.type == "footnote_ref":
                yield f"[{node.meta['id'] + 1}]"
            elif node.type == "link":
                yield self.link(node)
            elif node.children:
                yield from self.within(node.children)
            else:
                yield node.content

    def link(self, node: Node) -> str:
        words, address = self.inline(node), self.address(str(node.attrs["href"]))
        if not address or words == address.partition(":")[2]:  # a mail address says more without its scheme
            return words
        if words in (address, address.partition("//")[2]):
            return address
        return f"{words} <{address}>"


def _task(item: Node) -> str:
    checked = item.meta.get("checked")
    return "" if checked is None else "[x] " if checked else "[ ] "


def _indented(text: str, mark: str) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))


def _hanging(text: str, mark: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([f"{mark}{first}".rstrip(), *(f"{' ' * len(mark)}{line}".rstrip() for line in rest)])
