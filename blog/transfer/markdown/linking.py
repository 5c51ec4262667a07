"""Links between files and paths of pictures: as a folder writes them, and as the site's addresses."""

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from blog.lib.frontmatter import RefusedAt
from blog.lib.markdown import RefusedAtLine, rewrite_destinations
from blog.lib.refusing import Refused
from blog.lib.slugs import slug_from
from blog.transfer.items import ArticleItem, Item, PageItem, PersonItem

from .folder import IMAGES

PREFIX = "s-"
"""What the anchors of headings begin with (content/rendering.py)."""
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[/#]|\Z")


def media_name(path: str) -> str:
    """Return the name that a picture gets in the media folder.

    `images/sleep/One Night.JPG` becomes `sleep-one-night.jpg`.
    """
    inner = PurePosixPath(path.removeprefix(f"{IMAGES}/"))
    ending = inner.suffix.lower() if re.fullmatch(r"\.[a-z0-9]{1,5}", inner.suffix.lower()) else ""
    return f"{slug_from('-'.join(inner.with_suffix('').parts)) or 'picture'}{ending}"


def file_of(item: Item) -> str:
    """Return the path that an item has in an exported folder."""
    folder = {ArticleItem: "articles", PersonItem: "people", PageItem: "pages"}.get(type(item), "questions")
    return f"{folder}/{item.slug}.md"


@dataclass
class Links:
    """What the links of a folder can lead to, and which pictures they turned out to need."""

    addresses: dict[str, str]
    """Path of a Markdown file: the address on the site, or "" where the file was refused."""
    pictures: dict[str, str]
    """Path of a picture: its name in the media folder."""
    used: dict[str, dict[str, int]] = field(default_factory=dict)
    """Path of a Markdown file: the pictures it needs, by their paths, with a line that names each."""

    def inward(self, source: str, path: str, line: int, *, as_is: bool = True) -> str:
        """Return the text with relative links as addresses of the site.

        `path` is the file that the text is in, `line` where it begins there; `as_is` tells that its lines
        are the file's, as those of a field need not be. Raises RefusedAt for a link that is dead.
        """
        if not re.search(r"\][(:]", source):
            return source
        try:
            return rewrite_destinations(source, lambda written: self.address(written, source, path, line))
        except RefusedAt:
            raise
        except RefusedAtLine as refused:
            raise RefusedAt(line + (refused.line - 1) * as_is, refused.reason) from None
        except Refused as refused:
            raise RefusedAt(line, str(refused)) from None

    def address(self, written: str, source: str, path: str, line: int) -> str:
        """Return the site's address for one link of a text; raises RefusedAt where it is dead."""
        if _ELSEWHERE.match(written) and not written.startswith(f"/{IMAGES}/"):
            return written
        target, mark = _parted(written)
        here = line + _line_of(written, source)
        found = self._found(unquote(target), path)
        if found in self.pictures:
            self.used.setdefault(path, {}).setdefault(found, here)
            return quote(f"/media/{self.pictures[found]}") + mark
        address = self.addresses.get(found)
        if address is None:
            raise RefusedAt(here, f"{written} is not in the folder{_hint(written)}.")
        if not address:
            raise RefusedAt(here, f"The link leads to {written}, which cannot be taken.")
        return quote(address) + (_in_page(mark) if not address.startswith("/faq/") else mark)

    def _found(self, target: str, path: str) -> str:
        """Return the path in the folder that is meant: beside its file, else from the top of the folder."""
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        known = beside in self.addresses or beside in self.pictures
        return beside if known else posixpath.normpath(target).lstrip("/")

    def picture(self, written: str, path: str, line: int) -> str:
        """Return the media name of a cover or photo; raises RefusedAt where there is no such picture."""
        if not written:
            return ""
        found = self._found(written, path)
        if found not in self.pictures:
            raise RefusedAt(line, f"The picture {written} is not in the folder{_hint(written)}.")
        self.used.setdefault(path, {}).setdefault(found, line)
        return self.pictures[found]


def _hint(written: str) -> str:
    """Return where a file of this kind belongs, if that is what is wrong."""
    path = PurePosixPath(written)
    is_picture = path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp")
    return f"; pictures belong into {IMAGES}/" if is_picture and IMAGES not in path.parts else ""


def _line_of(written: str, source: str) -> int:
    """Return how many lines down in the source a destination stands, as well as it can be told."""
    for spelling in (written, unquote(written)):
        if (at := source.find(spelling)) >= 0:
            return source.count("\n", 0, at)
    return 0


def outward(source: str, path: str, files: dict[str, str]) -> str:
    """Return the text with addresses of the site as relative links, where `inward` would bring them back.

    `files` maps decoded addresses (`/articles/sleep`, `/media/sleep.jpg`) to paths in the folder.
    """
    back = Links({file: address for address, file in files.items()}, {})

    def relative(written: str) -> str:
        target, mark = _parted(written)
        file = files.get(unquote(target))
        if file is None:
            return written
        changed = posixpath.relpath(file, posixpath.dirname(path)) + _in_file(mark)
        return changed if back.address(changed, "", path, 1) == written else written

    try:
        result = rewrite_destinations(source, relative)
        return result if result == source or back.inward(result, path, 1) == source else source
    except Refused:
        return source


def _parted(written: str) -> tuple[str, str]:
    """Return where a link leads, and which place there (with its # or ?)."""
    at = min((at for at in map(written.find, "?#") if at >= 0), default=len(written))
    return written[:at], written[at:]


def _in_page(mark: str) -> str:
    """Return the place in a page that a heading of its Markdown has: `#why` is `#s-why` there."""
    return f"#{PREFIX}{mark[1:]}" if re.match(r"#(?![stq]-).", mark) else mark


def _in_file(mark: str) -> str:
    return f"#{mark.removeprefix(f'#{PREFIX}')}" if mark.startswith(f"#{PREFIX}") else mark
