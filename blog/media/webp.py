"""WebP files chunk by chunk: what makes the pixels, and what only tells about them."""

from collections.abc import Iterator

from blog.media.anatomy import Anatomy, Unfit, check_size

_LOSSY, _LOSSLESS, _EXTENDED, _ALPHA = b"VP8 ", b"VP8L", b"VP8X", b"ALPH"
_HAS_ALPHA, _IS_ANIMATED = 0x10, 0x02


def is_webp(data: bytes) -> bool:
    """Say whether the file begins like a WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def dissect_webp(data: bytes) -> Anatomy:
    """Take a WebP apart, without what follows. Raise Unfit when it is cut off, damaged or animated."""
    found: dict[bytes, bytes] = {}
    for name, payload in _chunks(data):
        if name in (b"ANIM", b"ANMF") or (name == _EXTENDED and payload[:1] and payload[0] & _IS_ANIMATED):
            raise Unfit("is animated, and only still pictures can be kept")
        found.setdefault(name, payload)
    width, height = _frame_size(found)
    check_size(width, height)
    if _EXTENDED in found and found[_EXTENDED][4:10] != _canvas(width, height):
        raise _damaged()
    exif, profile = found.get(b"EXIF", b""), found.get(b"ICCP", b"")
    return Anatomy("WEBP", width, height, _kept(found, width, height), exif, profile)


def is_lossless(kept: bytes) -> bool:
    """Say whether a cleaned WebP holds its pixels without loss."""
    return kept[12:16] == _LOSSLESS


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise _cut_off()
    place = 12
    while place < end:
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        payload = data[place + 8 : min(place + 8 + length, end)]
        if place + 8 > end or len(payload) != length:
            raise _cut_off()
        yield data[place : place + 4], payload
        place += 8 + length + length % 2  # chunks begin at even places


def _frame_size(found: dict[bytes, bytes]) -> tuple[int, int]:
    """Return width and height as the compressed picture itself says them."""
    if (_LOSSY in found) == (_LOSSLESS in found):
        raise _damaged()
    if _LOSSY in found:
        frame = found[_LOSSY]
        if len(frame) < 10 or frame[3:6] != b"\x9d\x01\x2a" or frame[0] & 1:
            raise _damaged()
        width, height = int.from_bytes(frame[6:8], "little"), int.from_bytes(frame[8:10], "little")
        return width & 0x3FFF, height & 0x3FFF
    frame = found[_LOSSLESS]
    if len(frame) < 5 or frame[0] != 0x2F:
        raise _damaged()
    bits = int.from_bytes(frame[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _kept(found: dict[bytes, bytes], width: int, height: int) -> bytes:
    """Return the file in its simplest form: extended only where transparency stands in a chunk of its own."""
    if _LOSSLESS in found:
        body = _chunk(_LOSSLESS, found[_LOSSLESS])
    elif _ALPHA in found and _EXTENDED in found:
        flags = bytes((_HAS_ALPHA, 0, 0, 0))
        body = _chunk(_EXTENDED, flags + _canvas(width, height))
        body += _chunk(_ALPHA, found[_ALPHA]) + _chunk(_LOSSY, found[_LOSSY])
    else:
        body = _chunk(_LOSSY, found[_LOSSY])
    return b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP" + body


def _chunk(name: bytes, payload: bytes) -> bytes:
    return name + len(payload).to_bytes(4, "little") + payload + b"\x00" * (len(payload) % 2)


def _canvas(width: int, height: int) -> bytes:
    return (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def _cut_off() -> Unfit:
    return Unfit("is cut off: the file ends before the picture does")


def _damaged() -> Unfit:
    return Unfit("is damaged and cannot be read as a WebP")
