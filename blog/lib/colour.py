"""Whether a colour can be read: the accent that the team chooses, made fit for light and dark paper."""

import colorsys
from functools import lru_cache

from .refusing import Refused

PAPER = "#f1efe8"
"""The darkest ground that links stand on in the light theme; static/css/10-tokens.css says the same."""
NIGHT = "#262c2e"
"""The lightest ground that links stand on in the dark theme."""
CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3."""


@lru_cache(maxsize=16)
def accents(chosen: str) -> tuple[str, str]:
    """Return the accent for light and for dark pages, both with enough contrast.

    The chosen colour serves the light theme as it is, or is refused with the nearest one that would do;
    the dark theme gets the same hue, lightened until it can be read.
    """
    if contrast(chosen, PAPER) < CONTRAST:
        darker = _until_readable(chosen, PAPER, -0.01)
        raise Refused(f"{chosen} is too pale to read on paper; the nearest that can be read is {darker}.")
    return chosen, _until_readable(chosen, NIGHT, 0.01)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _until_readable(colour: str, ground: str, step: float) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    while contrast(colour, ground) < CONTRAST:
        lightness = min(1.0, max(0.0, lightness + step))
        colour = "#" + "".join(
            f"{round(channel * 255):02x}" for channel in colorsys.hls_to_rgb(hue, lightness, saturation)
        )
    return colour


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
