"""JPEG files segment by segment: what makes the pixels, and what only tells about them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from blog.media.anatomy import Anatomy, Unfit, check_size

START = b"\xff\xd8"

_END_MARK, _SCAN, _TABLES, _QUANTA, _RESTART = 0xD9, 0xDA, 0xC4, 0xDB, 0xDD
_JFIF, _EXIF, _PROFILE, _ADOBE, _ARITHMETIC = 0xE0, 0xE1, 0xE2, 0xEE, 0xCC
_WITHOUT_PAYLOAD = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {_TABLES, 0xC8, _ARITHMETIC}
# Baseline, extended and progressive Huffman: the frames that every browser draws.
_COMMON_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
# A scan costs the decoder a pass over the whole picture, however few bytes it has; real files have about ten.
_MAX_SCANS = 64
# In the data of a scan, FF is followed by 00 (a real FF), a restart mark or more FF; anything else ends it.
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class _Segment(NamedTuple):
    mark: int
    payload: bytes
    scan: bytes  # the compressed data that follows the header of a scan


def dissect_jpeg(data: bytes) -> Anatomy:
    """Take a JPEG apart; everything after its end is left out. Raise Unfit when it is cut off or damaged."""
    kept = [START]
    frames: list[_Segment] = []
    seen: set[int] = set()
    exif, profile, scans = b"", {}, 0
    for segment in _segments(data):
        mark, payload, _ = segment
        if mark in _FRAMES:
            frames.append(segment)
            check_size(*_frame_size(segment))
        scans += mark == _SCAN
        if scans > _MAX_SCANS or len(frames) > 1 or (scans and not frames):
            raise _damaged()
        if mark == _EXIF and payload.startswith(b"Exif\x00\x00"):
            exif = exif or payload
        elif mark == _PROFILE and payload.startswith(b"ICC_PROFILE\x00") and len(payload) > 14:
            profile[payload[12]] = payload[14:]
        elif mark not in seen or mark not in (_JFIF, _ADOBE):
            kept.append(_kept(segment))
            if kept[-1]:
                seen.add(mark)
    if not scans:
        raise _damaged()
    width, height = _frame_size(frames[0])
    joined = b"".join(profile[number] for number in sorted(profile))
    return Anatomy("JPEG", width, height, b"".join(kept), exif, joined, redraw=_is_uncommon(frames[0]))


def _segments(data: bytes) -> Iterator[_Segment]:
    """Yield every segment up to and with the end mark."""
    place = len(START)
    while True:
        if data[place : place + 1] not in (b"\xff", b""):
            raise _damaged()
        while data[place : place + 1] == b"\xff":  # any number of FF may stand before a mark
            place += 1
        if place >= len(data):
            raise _cut_off()
        mark = data[place]
        place += 1
        if mark == _END_MARK:
            yield _Segment(mark, b"", b"")
            return
        if mark in _WITHOUT_PAYLOAD:
            continue
        length = int.from_bytes(data[place : place + 2])
        payload = data[place + 2 : place + length]
        if length < 2 and place + 2 <= len(data):
            raise _damaged()
        if len(payload) != length - 2:
            raise _cut_off()
        place += length
        scan = _scan_data(data, place) if mark == _SCAN else b""
        place += len(scan)
        yield _Segment(mark, payload, scan)


def _scan_data(data: bytes, place: int) -> bytes:
    end = _SCAN_END.search(data, place)
    if end is None:
        raise _cut_off()
    return data[place : end.start()]


def _kept(segment: _Segment) -> bytes:
    """Return the segment as it stands in the cleaned file: empty when it says nothing about the pixels."""
    mark, payload, scan = segment
    if mark == _END_MARK:
        return b"\xff\xd9"
    if mark == _JFIF and payload.startswith(b"JFIF\x00") and len(payload) >= 14:
        payload = payload[:12] + b"\x00\x00"  # the last two bytes are the size of a thumbnail
    elif mark == _ADOBE and payload.startswith(b"Adobe") and len(payload) >= 12:
        payload = payload[:12]  # says whether the three channels are RGB
    elif mark in (_SCAN, _TABLES, _QUANTA, _RESTART) or mark in _FRAMES:
        if not _is_well_formed(mark, payload):
            raise _damaged()
    elif mark != _ARITHMETIC:
        return b""
    return bytes((0xFF, mark)) + (len(payload) + 2).to_bytes(2) + payload + scan


def _is_well_formed(mark: int, payload: bytes) -> bool:
    """Say whether the segment is as long as its content needs, so that nothing hides behind it."""
    if mark in (_TABLES, _QUANTA):
        return _tables_fill(mark, payload)
    if mark == _RESTART:
        return len(payload) == 2
    if mark == _SCAN:
        return len(payload) > 0 and len(payload) == 4 + 2 * payload[0]
    return len(payload) > 5 and len(payload) == 6 + 3 * payload[5]


def _tables_fill(mark: int, payload: bytes) -> bool:
    place = 0
    while place < len(payload):
        if mark == _QUANTA:
            place += 129 if payload[place] >> 4 else 65
        else:
            place += 17 + sum(payload[place + 1 : place + 17])
    return place == len(payload)


def _frame_size(frame: _Segment) -> tuple[int, int]:
    if not _is_well_formed(frame.mark, frame.payload):
        raise _damaged()
    return int.from_bytes(frame.payload[3:5]), int.from_bytes(frame.payload[1:3])


def _is_uncommon(frame: _Segment) -> bool:
    """Say whether some browser would not draw it, or draw it in wrong colours (CMYK)."""
    precision, channels = frame.payload[0], frame.payload[5]
    return frame.mark not in _COMMON_FRAMES or precision != 8 or channels not in (1, 3)


def _cut_off() -> Unfit:
    return Unfit("is cut off: the file ends before the picture does")


def _damaged() -> Unfit:
    return Unfit("is damaged and cannot be read as a JPEG")
