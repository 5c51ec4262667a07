"""Codes and handles are made from seeds, and none opens what it was not made for."""

import pytest
from flask import Flask

from blog.lib.db import db
from blog.newsletter.links import fresh_link
from blog.newsletter.models import MailedLink, Purpose, SignupRequest
from blog.newsletter.signup.codes import code_of, confirm_url, handle_of, is_code_of, request_of
from tests.newsletter.asking import asked, asked_and_mailed, last_link


def test_a_code_is_six_digits_and_the_same_whenever_it_is_asked_for(app: Flask) -> None:
    links = [
        MailedLink(id=number, seed=f"{number:016x}", purpose=Purpose.CONFIRM) for number in range(1, 200)
    ]
    codes = [code_of(link) for link in links]
    assert codes == [code_of(link) for link in links]
    assert {len(code) for code in codes} == {6}
    assert all(code.isascii() and code.isdigit() for code in codes)
    assert len(set(codes)) > 190


def test_another_seed_is_another_code_for_the_same_number(app: Flask) -> None:
    first = MailedLink(id=1, seed="a", purpose=Purpose.CONFIRM)
    second = MailedLink(id=1, seed="b", purpose=Purpose.CONFIRM)
    assert code_of(first) != code_of(second)


@pytest.mark.parametrize("form", ["{0}{1}", "{0} {1}", " {0}-{1}\t", "{0}\u00a0{1}", "{0} – {1}"])
def test_spaces_and_dashes_in_a_code_count_for_nothing(app: Flask, form: str) -> None:
    asked_and_mailed()
    code = code_of(last_link())
    assert is_code_of(last_link(), form.format(code[:3], code[3:]))


@pytest.mark.parametrize("typed", ["", " ", "12345", "١٢٣٤٥٦", "0" * 5000, "\ud800"])
def test_what_is_no_code_is_none(app: Flask, typed: str) -> None:
    asked_and_mailed()
    assert not is_code_of(last_link(), typed)


def test_a_handle_finds_its_request_and_no_other(app: Flask) -> None:
    first, second = asked(), asked("cy@example.org")
    assert [getattr(request_of(handle), "id", None) for handle in (first, second)] == [1, 2]
    assert request_of(handle_of(1, db.session.get_one(SignupRequest, 2).seed)) is None
    for wrong in ("", "x", first[:-1], first + "A", first.swapcase(), "A" * 30, "é" * 30):
        assert request_of(wrong) is None


def test_the_token_of_a_link_is_no_handle_and_opens_nothing_but_the_confirmation(app: Flask) -> None:
    handle = asked_and_mailed()
    token = confirm_url(last_link()).rpartition("/")[2]
    assert confirm_url(last_link()) == f"https://journal.example.org/newsletter/confirm/{token}"
    assert fresh_link(Purpose.CONFIRM, token) is last_link()
    assert (request_of(token), fresh_link(Purpose.CONFIRM, handle)) == (None, None)
    others = [purpose for purpose in Purpose if purpose is not Purpose.CONFIRM]
    assert [fresh_link(purpose, token) for purpose in others] == [None] * len(others)
