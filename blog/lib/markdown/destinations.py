"""What a document points at, and the same document pointing elsewhere."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.token import Token

from blog.lib.markdown.syntax import PARSER, parse
from blog.lib.refusing import Refused

# A definition begins its line, perhaps inside a quote or a list: [label]: destination
_DEFINITION = re.compile(
    r"^(?:[ \t>]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*\[(?!\^)(?:[^\[\]\\]|\\.)+\]:[ \t]*(?:\n[ \t>]*)?",
    re.MULTILINE,
)
_SPACES = re.compile(r"[ \t]*(?:\n[ \t>]*)?")
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]+;)")


@dataclass(frozen=True)
class _Place:
    """Where a destination is written in the source, as the text looks; the parser has the last word."""

    start: int
    end: int
    destination: str


def destinations(source: str) -> list[str]:
    """Return where the links and images lead, in document order, percent-encoded as in the rendered page."""
    tokens = parse(source)
    return [destination for token in _flat(tokens) if (destination := _destination(token)) is not None]


def rewrite_destinations(source: str, change: Callable[[str], str]) -> str:
    """Return the source with the destinations of links, images and definitions changed, and nothing else.

    `change` gets each destination as `destinations` gives it; what it returns unchanged stays as written.
    Bare and angle-bracketed addresses, code and escaped text are not touched. The result is parsed again:
    raises Refused, with the destination, if anything but the destinations would differ.
    """
    tokens = parse(source)
    written = [destination for token in _flat(tokens) if (destination := _written(token)) is not None]
    changed = {old: new for old in dict.fromkeys(written) if (new := change(old)) != old}
    if not changed:
        return source
    places = [place for place in _places(source) if place.destination in changed]
    result = _replace(
        source, ((place, _spelled(changed[place.destination])) for place in _real(source, places, written))
    )
    _verify(tokens, result, written, changed)
    return result


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        if token.children:
            yield from _flat(token.children)


def _destination(token: Token) -> str | None:
    if token.type == "link_open":
        return str(token.attrs["href"])
    return str(token.attrs["src"]) if token.type == "image" else None


def _written(token: Token) -> str | None:
    """Return the destination that is written where this token stands (not where a definition stands)."""
    if token.type == "definition":
        return str(token.meta["url"])
    if "label" in token.meta or token.info == "auto":
        return None
    return _destination(token)


def _places(source: str) -> list[_Place]:
    starts = [match.end() for match in _DEFINITION.finditer(source)]
    places = [_place(source, start) for start in starts]
    at = source.find("](")
    while at >= 0:
        place = _place(source, _SPACES.match(source, at + 2).end())  # type: ignore[union-attr]  # matches nothing, too
        if place is not None and _closes(source, place.end):
            places.append(place)
        at = source.find("](", at + 2)
    return sorted({place for place in places if place is not None}, key=lambda place: place.start)


def _place(source: str, start: int) -> _Place | None:
    read = parseLinkDestination(source, start, min(len(source), start + 4000))
    if not read.ok:
        return None
    destination = PARSER.normalizeLink(read.str)
    return _Place(start, read.pos, destination) if PARSER.validateLink(destination) else None


def _closes(source: str, at: int) -> bool:
    """Say whether a link's parenthesis closes here, perhaps after a title."""
    after = _SPACES.match(source, at).end()  # type: ignore[union-attr]  # matches nothing, too
    if source.startswith(")", after):
        return True
    title = parseLinkTitle(source, after, min(len(source), after + 4000))
    return title.ok and source.startswith(")", _SPACES.match(source, title.pos).end())  # type: ignore[union-attr]  # matches nothing, too


def _real(source: str, places: list[_Place], written: list[str]) -> list[_Place]:
    """Keep the places that the parser reads as destinations too: not those in code or behind a backslash.

    Each place gets a mark of its own; the marks that come out as destinations are the real ones.
    """
    salt = "place"
    while salt in source:
        salt += "z"
    marks = {f"{salt}-{number}": place for number, place in enumerate(places)}
    probe = _replace(source, ((place, mark) for mark, place in marks.items()))
    tokens = parse(probe)
    found = [destination for token in _flat(tokens) if (destination := _written(token)) is not None]
    if [marks[mark].destination if mark in marks else mark for mark in found] != written:
        raise Refused(
            f"The link to {places[0].destination} is written in a way that cannot be changed safely."
        )
    return [marks[mark] for mark in found if mark in marks]


def _replace(source: str, replacements: Iterable[tuple[_Place, str]]) -> str:
    pieces, at = [], 0
    for place, text in sorted(replacements, key=lambda pair: pair[0].start):
        pieces += [source[at : place.start], text]
        at = place.end
    return "".join([*pieces, source[at:]])


def _spelled(destination: str) -> str:
    """Write a destination so that Markdown reads it back: spaces and marks encoded, entities defused."""
    encoded = _ENTITY.sub(r"\\&", PARSER.normalizeLink(destination))
    depth = 0
    for char in encoded:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            break
    balanced = depth == 0 and encoded.count("(") <= 32
    return (encoded if balanced else encoded.replace("(", r"\(").replace(")", r"\)")) or "<>"


def _verify(before: list[Token], result: str, written: list[str], changed: dict[str, str]) -> None:
    after = parse(result)
    found = [destination for token in _flat(after) if (destination := _written(token)) is not None]
    for old, new in zip(written, found, strict=False):
        if PARSER.normalizeLink(changed.get(old, old)) != new:
            raise Refused(f"The link to {old} cannot become one to {changed.get(old, old)}.")
    if len(found) != len(written) or [_shape(token) for token in _flat(before)] != [
        _shape(token) for token in _flat(after)
    ]:
        raise Refused(f"The link to {next(iter(changed))} is written in a way that cannot be changed safely.")


def _shape(token: Token) -> tuple[object, ...]:
    """Return all of a token but its destination."""
    attributes = {name: value for name, value in token.attrs.items() if name not in ("href", "src")}
    meta = {name: value for name, value in token.meta.items() if name != "url"}
    # These two repeat the source of their children.
    content = "" if token.type in ("inline", "image") else token.content
    return (
        token.type,
        token.tag,
        token.nesting,
        token.level,
        token.map,
        content,
        token.markup,
        token.info,
        attributes,
        meta,
    )
