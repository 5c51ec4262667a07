"""Nothing leaves the site in a picture but what can be seen in it."""

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from blog.lib.refusing import Refused
from blog.media.cleaning import clean

KINDS = ("JPEG", "PNG", "WEBP")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>XMP-SECRET</dc:creator></x:xmpmeta>'
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SECRETS = (
    b"XMP-SECRET",
    b"CAMERA-SECRET",
    b"COMMENT-SECRET",
    b"TAIL-SECRET",
    b"Exif",
    b"http",
    b"GPS",
    b"acsp",
)


def draw(mode: str = "RGB", size: tuple[int, int] = (60, 40), seed: int = 1) -> Image.Image:
    """Return a picture whose every corner is different."""
    width, height = size
    values = bytes(
        (x * 3 + y * 5 * seed + channel * 70) % 256
        for y in range(height)
        for x in range(width)
        for channel in range(4)
    )
    return Image.frombytes("RGBA", size, values).convert(mode)


def encode(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def decode(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def exif(orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "CAMERA-SECRET"
    tags.get_ifd(0x8825).update(
        {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0), 29: "GPS-SECRET"}
    )
    return tags.tobytes()


def telltale(kind: str) -> bytes:
    """Return a picture with a place, a camera, a comment, a profile and another file behind its end."""
    options: dict[str, object] = {"exif": exif(), "icc_profile": SRGB}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "COMMENT-SECRET")
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options["pnginfo"] = text
    elif kind == "JPEG":
        options.update(comment=b"COMMENT-SECRET", xmp=XMP)
    else:
        options["xmp"] = XMP
    return encode(draw(), kind, **options) + b"PK\x03\x04 TAIL-SECRET"


def profile_with_red_and_green_swapped() -> bytes:
    return SRGB.replace(b"rXYZ", b"----", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"----", b"gXYZ", 1)


@pytest.mark.parametrize("kind", KINDS)
def test_no_place_camera_comment_profile_or_second_file_stays_in_a_picture(kind: str) -> None:
    dirty = telltale(kind)
    result = clean(dirty, "walk.jpg")
    assert [secret for secret in SECRETS if secret in result] == []
    picture = decode(result)
    assert dict(picture.getexif()) == {}
    assert {"exif", "xmp", "comment", "icc_profile", "photoshop", "mp", "Comment"} & set(
        picture.info
    ) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_cutting_out_what_is_not_seen_leaves_every_pixel_as_it_was(kind: str) -> None:
    dirty = telltale(kind)
    assert decode(clean(dirty, "walk.jpg")).tobytes() == decode(dirty).tobytes()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_clean_picture_stays_the_same_file(kind: str, mode: str) -> None:
    tidy = encode(draw(mode), kind)
    assert clean(tidy, "tidy.png") == tidy


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_from_a_turned_camera_stands_upright(orientation: int) -> None:
    held = encode(draw(), "PNG", exif=exif(orientation))
    result = decode(clean(held, "held.png"))
    assert result.tobytes() == ImageOps.exif_transpose(decode(held)).tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_lies_on_its_side_swaps_width_and_height(kind: str) -> None:
    assert decode(clean(encode(draw(), kind, exif=exif(6)), "side.jpg")).size == (40, 60)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_of_another_profile_are_turned_into_those_of_every_screen(kind: str, mode: str) -> None:
    red = Image.new("RGBA", (16, 16), (255, 0, 0, 128)).convert("RGB" if kind == "JPEG" else mode)
    dirty = encode(red, kind, icc_profile=profile_with_red_and_green_swapped())
    pixel = decode(clean(dirty, "red.jpg")).convert("RGBA").getpixel((8, 8))
    assert isinstance(pixel, tuple)
    assert pixel[0] < 10
    assert pixel[1] > 240
    assert pixel[3] == (128 if red.mode == "RGBA" else 255)


def test_a_broken_profile_counts_as_none() -> None:
    tidy = encode(draw(), "JPEG")
    assert clean(encode(draw(), "JPEG", icc_profile=b"not a profile"), "odd.jpg") == tidy


def test_a_picture_made_for_print_becomes_one_for_screens() -> None:
    assert decode(clean(encode(draw("CMYK"), "JPEG"), "print.jpg")).mode == "RGB"


def test_a_thumbnail_in_the_first_segment_goes() -> None:
    tidy = encode(draw(), "JPEG")
    thumbnail = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01" + b"\x07\x07\x07"
    dirty = tidy[:2] + b"\xff\xe0" + struct.pack(">H", 2 + len(thumbnail)) + thumbnail + tidy[20:]
    assert clean(dirty, "thumb.jpg") == tidy


def test_a_second_picture_in_the_same_file_goes() -> None:
    first, second = encode(draw(), "JPEG"), encode(draw(seed=2), "JPEG")
    index = b"\xff\xe2\x00\x0cMPF\x00MM\x00*\x00\x00"
    assert clean(first[:20] + index + first[20:] + second, "two.jpg") == first


def test_transparency_of_a_palette_stays() -> None:
    tidy = encode(draw("RGB").quantize(8), "PNG", transparency=3)
    assert clean(tidy, "palette.png") == tidy


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_with_a_wrong_ending_is_taken_for_what_it_is(kind: str) -> None:
    assert clean(encode(draw(), kind), "anything.gif") == encode(draw(), kind)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), st.floats(0, 1, exclude_max=True), st.booleans())
def test_a_picture_that_ends_early_is_refused_wherever_it_ends(kind: str, part: float, tidy: bool) -> None:
    whole = clean(telltale(kind), "whole") if tidy else telltale(kind).split(b"PK\x03\x04")[0]
    with pytest.raises(Refused):
        clean(whole[: int(len(whole) * part)], "part")


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    mode=st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"]),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    orientation=st.integers(0, 9),
    profile=st.sampled_from([None, SRGB, profile_with_red_and_green_swapped(), b"x"]),
    tail=st.binary(max_size=20),
    seed=st.integers(1, 99),
)
def test_cleaning_twice_is_the_same_as_cleaning_once(
    kind: str,
    mode: str,
    size: tuple[int, int],
    orientation: int,
    profile: bytes | None,
    tail: bytes,
    seed: int,
) -> None:
    fits = {"JPEG": ("1", "L", "RGB", "CMYK"), "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")}.get(
        kind, ("RGB", "RGBA")
    )
    picture = draw("L" if mode == "I;16" else mode, size, seed).convert(mode if mode in fits else "RGB")
    dirty = encode(picture, kind, exif=exif(orientation), icc_profile=profile) + tail
    once = clean(dirty, "once.jpg")
    assert clean(once, "twice.jpg") == once
    assert clean(dirty, "again.jpg") == once


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_a_garbled_picture_is_refused_or_kept_but_never_an_accident(kind: str, data: st.DataObject) -> None:
    garbled = bytearray(telltale(kind))
    for _ in range(data.draw(st.integers(1, 4))):
        garbled[data.draw(st.integers(0, len(garbled) - 1))] = data.draw(st.integers(0, 255))
    try:
        once = clean(bytes(garbled), "garbled")
    except Refused:
        return
    assert clean(once, "twice") == once
