"""PNG files chunk by chunk: what makes the pixels, and what only tells about them."""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from blog.media.anatomy import Anatomy, Unfit, check_size

START = b"\x89PNG\r\n\x1a\n"

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PALETTE_COLOUR = 3
# What may stay beside the pixels, each once, with the lengths it can have.
_MAY_STAY = {
    b"tRNS": range(1, 257),
    b"gAMA": (4,),
    b"cHRM": (32,),
    b"sRGB": (1,),
    b"sBIT": (1, 2, 3, 4),
    b"bKGD": (1, 2, 6),
    b"pHYs": (9,),
}
# The seven passes of an interlaced picture: first column, first row, step to the right, step down.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_MAX_PROFILE = 4 * 1024 * 1024
_PIECE = 1024 * 1024


class _Chunk(NamedTuple):
    name: bytes
    payload: bytes
    raw: bytes


class _Header(NamedTuple):
    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool


def dissect_png(data: bytes) -> Anatomy:
    """Take a PNG apart, without what follows. Raise Unfit when it is cut off, damaged or animated."""
    chunks = _chunks(data)
    header = _read_header(next(chunks))
    kept = [data[: len(START) + 25]]
    pixels: list[bytes] = []
    seen: set[bytes] = set()
    exif = profile = b""
    for name, payload, raw in chunks:
        if name == b"IDAT" and header.colour == _PALETTE_COLOUR and b"PLTE" not in seen:
            raise _damaged()
        if name == b"acTL" and int.from_bytes(payload[:4]) > 1:
            raise Unfit("is animated, and only still pictures can be kept")
        if name == b"eXIf":
            exif = exif or payload
        elif name == b"iCCP":
            profile = profile or _read_profile(payload)
        elif _stays(name, payload, header.colour, seen):
            kept.append(raw)
            if name == b"IDAT":
                pixels.append(payload)
        seen.add(name)
    surplus = _has_surplus(b"".join(pixels), header)
    return Anatomy("PNG", header.width, header.height, b"".join(kept), exif, profile, redraw=surplus)


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Yield every chunk up to and with the last."""
    place, name = len(START), b""
    while name != b"IEND":
        length = int.from_bytes(data[place : place + 4])
        name, payload = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        check = data[place + 8 + length : place + 12 + length]
        if len(check) != 4:
            raise _cut_off()
        if not name.isalpha():
            raise _damaged()
        if name == b"IEND" and payload:
            raise _damaged()
        # A capital says that the picture cannot be shown without this chunk, so its checksum must be right.
        if name[:1].isupper() and zlib.crc32(payload, zlib.crc32(name)) != int.from_bytes(check):
            raise _damaged()
        yield _Chunk(name, payload, data[place : place + 12 + length])
        place += 12 + length


def _read_header(chunk: _Chunk) -> _Header:
    if chunk.name != b"IHDR" or len(chunk.payload) != 13:
        raise _damaged()
    width, height = int.from_bytes(chunk.payload[:4]), int.from_bytes(chunk.payload[4:8])
    depth, colour, compression, filtering, interlace = chunk.payload[8:]
    if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise _damaged()
    check_size(width, height)
    return _Header(width, height, depth, colour, interlaced=bool(interlace))


def _stays(name: bytes, payload: bytes, colour: int, seen: set[bytes]) -> bool:
    """Say whether the chunk belongs into the cleaned file; raise Unfit when it makes no sense there."""
    if name in (b"IDAT", b"IEND"):
        return True
    if name == b"PLTE":
        if name in seen or len(payload) % 3 or not 3 <= len(payload) <= 768:
            raise _damaged()
        return colour == _PALETTE_COLOUR  # elsewhere it is advice to screens with few colours
    if name[:1].isupper():
        raise Unfit("is a PNG of a kind that browsers do not show; save it as an ordinary PNG")
    if name == b"tRNS" and colour not in (0, 2, _PALETTE_COLOUR):
        return False
    return name not in seen and len(payload) in _MAY_STAY.get(name, ())


def _read_profile(payload: bytes) -> bytes:
    """Return the colour profile of an iCCP chunk: a name, a zero, the method (0), then deflated bytes."""
    try:
        return zlib.decompressobj().decompress(payload[payload.index(b"\x00") + 2 :], _MAX_PROFILE)
    except (ValueError, zlib.error):
        return b""  # browsers too show the picture as if it had none


def _has_surplus(stream: bytes, header: _Header) -> bool:
    """Say whether more is in the stream than the pixels; raise Unfit when it is less."""
    expected, length = _stream_length(header), 0
    inflater = zlib.decompressobj()
    try:
        while length <= expected and not inflater.eof:
            piece = inflater.decompress(stream, _PIECE)
            stream = inflater.unconsumed_tail
            length += len(piece)
            if not piece and not stream:
                break
    except zlib.error:
        raise _damaged() from None
    if length < expected:
        raise _cut_off()
    return length > expected or not inflater.eof or inflater.unused_data != b""


def _stream_length(header: _Header) -> int:
    """Return how many bytes the inflated picture has: every line is led by one byte that names its filter."""
    width, height, depth, colour, interlaced = header
    bits = depth * _CHANNELS[colour]
    total = 0
    for left, top, across, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns, lines = -((left - width) // across), -((top - height) // down)
        if columns > 0 and lines > 0:
            total += lines * (1 + (columns * bits + 7) // 8)
    return total


def _cut_off() -> Unfit:
    return Unfit("is cut off: the file ends before the picture does")


def _damaged() -> Unfit:
    return Unfit("is damaged and cannot be read as a PNG")
