"""What a reader of files has found: items, the pictures they need, and every reason to refuse a file."""

from dataclasses import dataclass, field
from pathlib import Path

from .items import Item
from .outcomes import Refusal


@dataclass
class Reading:
    """What the files say; every one is either in `items` or in `refusals`."""

    items: dict[str, Item] = field(default_factory=dict)
    """Path to item, texts with the site's addresses in them."""
    lines: dict[str, dict[str, int]] = field(default_factory=dict)
    """Path to the lines of its fields."""
    pictures: dict[str, Path] = field(default_factory=dict)
    """Media name to file, of all pictures that items need."""
    picture_paths: dict[str, str] = field(default_factory=dict)
    """Media name to path in the folder."""
    uses: dict[str, dict[str, int]] = field(default_factory=dict)
    """Path of an item's file to the media names it needs, each with a line."""
    refusals: list[Refusal] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    advice: list[Refusal] = field(default_factory=list)
    """What is odd and taken all the same."""

    def refuse(self, path: str, line: int, reason: str) -> None:
        """Refuse a file that was good so far."""
        self.items.pop(path, None)
        self.refusals.append(Refusal(path, line, reason))

    def line(self, path: str, name: str) -> int:
        """Return the line of a field of a file."""
        lines = self.lines[path]
        return lines.get(name, lines[""])
