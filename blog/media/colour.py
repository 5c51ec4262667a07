"""Colours as every screen understands them: whatever a picture's profile says, turned into sRGB."""

import io
from itertools import product

from PIL import Image, ImageCms

# The modes of Pillow in which a profile of each colour space can be applied.
_MODES = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
# Profiles that mean sRGB round differently here and there; nobody sees two steps of 255.
_INVISIBLE = 2


def plain(picture: Image.Image) -> Image.Image:
    """Return the picture as L, RGB, RGBA or CMYK, without anything Pillow would carry into a saved file.

    A picture that is in one of these modes already is not copied: it may be a hundred megabytes.
    """
    picture.load()
    result = picture
    if picture.has_transparency_data:
        result = _opaque_if_possible(picture.convert("RGBA"))
    elif picture.mode.startswith("I"):
        # 16 bits of grey: Pillow's own conversion cuts off at 255 instead of scaling.
        result = picture.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    elif picture.mode not in ("L", "RGB", "CMYK"):
        result = picture.convert("L" if picture.mode == "1" else "RGB")
    result.info.clear()
    return result


def changes_colours(profile: bytes, mode: str) -> bool:
    """Say whether a picture of this mode (L, RGB, RGBA or CMYK) looks different with its profile."""
    transform = _transform(profile, mode)
    if transform is None:
        return False
    steps = range(0, 256, 51)
    if transform.input_mode == "L":
        sample = Image.frombytes("L", (256, 1), bytes(range(256)))
    elif transform.input_mode == "RGB":
        colours = bytes(value for colour in product(steps, repeat=3) for value in colour)
        sample = Image.frombytes("RGB", (len(colours) // 3, 1), colours)
    else:
        return True
    before, after = sample.convert("RGB").tobytes(), transform.apply(sample).tobytes()
    return any(abs(one - other) > _INVISIBLE for one, other in zip(before, after, strict=True))


def to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Return a plain picture in sRGB, as L, RGB or RGBA; a profile that cannot be used counts as none."""
    transform = _transform(profile, picture.mode)
    if transform is None:
        return picture.convert("RGB") if picture.mode == "CMYK" else picture
    if picture.mode == "RGBA":
        alpha = picture.getchannel("A")
        result = transform.apply(picture.convert("RGB"))
        result.putalpha(alpha)
    else:
        result = transform.apply(picture)
        result = result.convert("L") if picture.mode == "L" else result
    result.info.clear()
    return result


def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    if not profile:
        return None
    wanted = "RGB" if mode == "RGBA" else mode
    try:
        source = ImageCms.getOpenProfile(io.BytesIO(profile))
        if _MODES.get(source.profile.xcolor_space.strip()) != wanted:
            return None
        return ImageCms.buildTransform(source, _SRGB, wanted, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _opaque_if_possible(picture: Image.Image) -> Image.Image:
    """Drop an alpha channel that hides nothing."""
    lowest, _ = picture.getchannel("A").getextrema()
    return picture.convert("RGB") if lowest == 255 else picture
