"""A colour that the team chooses can be read in the light and in the dark, or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.lib.colour import CONTRAST, NIGHT, PAPER, accents, contrast
from blog.lib.refusing import Refused


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == 1
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert contrast("#0b5a5e", PAPER) == contrast(PAPER, "#0b5a5e")


def test_a_readable_colour_serves_light_pages_as_it_is() -> None:
    light, dark = accents("#0b5a5e")
    assert light == "#0b5a5e"
    assert contrast(dark, NIGHT) >= CONTRAST


def test_a_colour_that_is_light_enough_for_the_dark_stays_so_there() -> None:
    assert accents("#0b5a5e")[1] != "#0b5a5e"
    assert contrast(accents("#000000")[1], NIGHT) >= CONTRAST


def test_a_pale_colour_is_refused_with_one_that_can_be_read() -> None:
    with pytest.raises(Refused) as refused:
        accents("#ffff00")
    sentence = "#ffff00 is too pale to read on paper; the nearest that can be read is #"
    assert str(refused.value).startswith(sentence)
    nearest = str(refused.value).removesuffix(".")[-7:]
    assert contrast(nearest, PAPER) >= CONTRAST
    assert accents(nearest)[0] == nearest


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_is_readable_on_both_grounds_or_refused(number: int) -> None:
    try:
        light, dark = accents(f"#{number:06x}")
    except Refused:
        return
    assert contrast(light, PAPER) >= CONTRAST
    assert contrast(dark, NIGHT) >= CONTRAST
