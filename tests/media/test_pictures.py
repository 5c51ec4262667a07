"""Every picture comes in the sizes that pages choose from."""

import hashlib
import io

import pytest
from PIL import Image

from blog.lib.refusing import Refused
from blog.media.cleaning import clean
from blog.media.pictures import PreparedPicture, prepare_picture


def encode(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def gradient(width: int, height: int) -> Image.Image:
    across = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, across.transpose(Image.Transpose.ROTATE_180), across))


def sizes(prepared: PreparedPicture) -> list[tuple[int, int, str]]:
    return [(each.width, each.height, each.media_type) for each in prepared.renditions]


def test_a_cover_comes_in_five_widths_each_as_webp_and_jpeg() -> None:
    prepared = prepare_picture(encode(gradient(2000, 1250), "JPEG"), "sleep-cycles.jpg")
    assert sizes(prepared) == [
        (240, 150, "image/webp"),
        (240, 150, "image/jpeg"),
        (400, 250, "image/webp"),
        (400, 250, "image/jpeg"),
        (750, 469, "image/webp"),
        (750, 469, "image/jpeg"),
        (1100, 688, "image/webp"),
        (1100, 688, "image/jpeg"),
        (1600, 1000, "image/webp"),
        (1600, 1000, "image/jpeg"),
    ]
    digest = hashlib.sha256(prepared.data).hexdigest()
    assert (prepared.name, prepared.digest) == ("sleep-cycles.jpg", digest)
    assert (prepared.width, prepared.height, prepared.media_type) == (2000, 1250, "image/jpeg")
    assert [each.file for each in prepared.renditions] == [
        f"sleep-cycles.{digest[:10]}.{width}w.{ending}"
        for width in (240, 400, 750, 1100, 1600)
        for ending in ("webp", "jpg")
    ]


def test_every_size_is_what_it_says_and_holds_nothing_but_pixels() -> None:
    tags = Image.Exif()
    tags[0x010F] = "CAMERA-SECRET"
    dirty = (
        encode(gradient(900, 600), "JPEG", exif=tags.tobytes(), comment=b"COMMENT-SECRET") + b"TAIL-SECRET"
    )
    for each in prepare_picture(dirty, "walk.jpg").renditions:
        picture = Image.open(io.BytesIO(each.data))
        assert (picture.size, picture.get_format_mimetype()) == ((each.width, each.height), each.media_type)
        assert b"SECRET" not in each.data
        assert clean(each.data, each.file) == each.data


@pytest.mark.parametrize(
    ("own", "widths"),
    [
        (1, [1]),
        (240, [240]),
        (250, [240]),
        (300, [240, 300]),
        (400, [240, 400]),
        (450, [240, 400]),
        (500, [240, 400, 500]),
        (800, [240, 400, 750]),
        (900, [240, 400, 750, 900]),
        (1100, [240, 400, 750, 1100]),
        (1599, [240, 400, 750, 1100, 1599]),
        (1600, [240, 400, 750, 1100, 1600]),
        (3000, [240, 400, 750, 1100, 1600]),
    ],
)
def test_no_size_is_wider_than_the_picture_or_almost_like_another(own: int, widths: list[int]) -> None:
    prepared = prepare_picture(encode(Image.new("L", (own, 3)), "PNG"), "line.png")
    assert [each.width for each in prepared.renditions] == [
        width for width in widths for _ in ("webp", "jpg")
    ]


def test_a_picture_with_transparency_gets_png_instead_of_jpeg() -> None:
    picture = gradient(500, 300)
    picture.putalpha(Image.linear_gradient("L").resize((500, 300)))
    prepared = prepare_picture(encode(picture, "PNG"), "logo.png")
    assert sizes(prepared) == [
        (240, 144, "image/webp"),
        (240, 144, "image/png"),
        (400, 240, "image/webp"),
        (400, 240, "image/png"),
        (500, 300, "image/webp"),
        (500, 300, "image/png"),
    ]
    assert [Image.open(io.BytesIO(each.data)).mode for each in prepared.renditions] == ["RGBA"] * 6


def test_an_alpha_channel_that_hides_nothing_does_not_count_as_transparency() -> None:
    picture = gradient(40, 30)
    picture.putalpha(255)
    prepared = prepare_picture(encode(picture, "PNG"), "solid.png")
    assert sizes(prepared) == [(40, 30, "image/webp"), (40, 30, "image/jpeg")]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_shows_the_grey_that_it_holds(mode: str) -> None:
    if mode == "I;16":
        picture = Image.new("I;16", (30, 20), 128 * 257)
    elif mode == "1":
        picture = Image.new("1", (30, 20), 1)
    elif mode == "P":
        picture = Image.new("RGB", (30, 20), (128, 128, 128)).quantize(2)
    else:
        picture = Image.new("RGB", (30, 20), (128, 128, 128)).convert(mode)
    for each in prepare_picture(encode(picture, "PNG"), "grey.png").renditions:
        value = Image.open(io.BytesIO(each.data)).convert("L").getpixel((10, 10))
        assert value == pytest.approx(255 if mode == "1" else 128, abs=2)


def test_a_picture_made_for_print_shows_in_the_colours_of_screens() -> None:
    prepared = prepare_picture(encode(Image.new("CMYK", (30, 20), (0, 255, 255, 0)), "JPEG"), "print.jpg")
    for each in prepared.renditions:
        red, green, blue = Image.open(io.BytesIO(each.data)).convert("RGB").resize((1, 1)).tobytes()
        assert red > 240
        assert green < 15
        assert blue < 15


def test_a_very_wide_picture_keeps_at_least_one_line() -> None:
    prepared = prepare_picture(encode(Image.new("RGB", (20_000, 10)), "PNG"), "wide.png")
    assert [(each.width, each.height) for each in prepared.renditions[::2]] == [
        (240, 1),
        (400, 1),
        (750, 1),
        (1100, 1),
        (1600, 1),
    ]


def test_a_picture_too_tall_for_webp_comes_as_jpeg_alone() -> None:
    prepared = prepare_picture(encode(Image.new("RGB", (10, 20_000)), "PNG"), "tall.png")
    assert sizes(prepared) == [(10, 20_000, "image/jpeg")]


def test_pure_noise_can_be_kept_too() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((700, 700), 200) for _ in "RGB"])
    prepared = prepare_picture(encode(noise, "JPEG", quality=95, subsampling=0), "noise.jpg")
    assert [each.width for each in prepared.renditions] == [240, 240, 400, 400, 700, 700]


def test_a_wrong_ending_stays_in_the_name_while_the_media_type_tells_the_truth() -> None:
    prepared = prepare_picture(encode(gradient(40, 30), "PNG"), "really-a-png.jpg")
    assert (prepared.name, prepared.media_type) == ("really-a-png.jpg", "image/png")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_exported_picture_that_is_imported_again_gives_the_same_files(kind: str) -> None:
    tags = Image.Exif()
    tags[0x0112] = 6
    first = prepare_picture(encode(gradient(500, 300), kind, exif=tags.tobytes()), "again.jpg")
    assert prepare_picture(first.data, "again.jpg") == first


def test_what_is_not_a_picture_is_refused_by_name() -> None:
    with pytest.raises(Refused, match=r"^page\.jpg is a web page; use a JPEG, PNG or WebP\.$"):
        prepare_picture(b"<html><body>", "page.jpg")
