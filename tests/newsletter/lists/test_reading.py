"""Lists are read as other products write them; what cannot be read is refused with its line."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.lib.refusing import Refused
from blog.newsletter.lists.reading import read_list
from blog.newsletter.lists.rows import Bad, Row, Standing

AT = datetime(2026, 3, 1, tzinfo=UTC)


def read(text: str | bytes, given_state: Standing | None = None) -> list[Row | Bad]:
    raw = text if isinstance(text, bytes) else text.encode()
    return list(read_list(io.BytesIO(raw), at=AT, given=given_state))


def standings(text: str, given_state: Standing | None = None) -> list[str]:
    return [
        f"{item.address.key} {item.standing}" if isinstance(item, Row) else f"{item.line}: {item.reason}"
        for item in read(text, given_state)
    ]


MAILCHIMP = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP"
LEFT_MAILCHIMP = f"{MAILCHIMP},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,TAGS"
CLEANED_MAILCHIMP = f"{MAILCHIMP},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,LEID"


def test_lists_of_mailchimp_are_read_each_by_its_own_columns() -> None:
    subscribed = f"{MAILCHIMP}\ndee@example.org,Dee,Doe,3,2024-05-01 10:00:00,192.0.2.1,2024-05-01 10:05:00,192.0.2.1\n"
    (dee,) = read(subscribed)
    assert isinstance(dee, Row)
    assert (dee.standing, dee.asked_at, dee.confirmed_at) == (
        Standing.CONFIRMED,
        datetime(2024, 5, 1, 10, tzinfo=UTC),
        datetime(2024, 5, 1, 10, 5, tzinfo=UTC),
    )
    (left,) = read(f'{LEFT_MAILCHIMP}\ncy@example.org,,,2,,,,,2024-06-01 08:00:00,May,7,"N (by an admin)",\n')
    assert isinstance(left, Row)
    assert (left.standing, left.left_at) == (Standing.LEFT, datetime(2024, 6, 1, 8, tzinfo=UTC))
    assert standings(f"{CLEANED_MAILCHIMP}\neve@example.org,,,1,,,,,2024-06-01 08:00:00,May,7,9\n") == [
        "eve@example.org bounced"
    ]
    assert standings(f"{LEFT_MAILCHIMP}\ndee@example.org,,,1,,,,,,,,,\n") == [
        "2: The list has columns of people who left, and this line says nothing in them."
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,"
            "labels,tiers\n1,dee@example.org,Dee,,true,false,,2024-01-15T10:00:00.000Z,,,\n"
            "2,cy@example.org,Cy,,false,false,,2024-01-15T10:00:00.000Z,,,\n"
            "3,eve@example.org,Eve,,true,true,,2024-01-15T10:00:00.000Z,2024-02-01T00:00:00.000Z,,\n",
            ["dee@example.org confirmed", "cy@example.org left", "eve@example.org left"],
        ),
        (
            "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\n"
            "dee@example.org,false,,other,false,2023-03-04T05:06:07.890Z,\n"
            "cy@example.org,true,,other,true,2023-03-04T05:06:07.890Z,\n",
            ["dee@example.org confirmed", "cy@example.org left"],
        ),
        (
            'uuid,email,name,attributes,status,created_at,updated_at\nu,dee@example.org,Dee,"{""city"": ""X""}",'
            "enabled,2024-01-15 10:00:00.123456 +0000 UTC,\nu,cy@example.org,Cy,{},blocklisted,,\n"
            "u,eve@example.org,Eve,{},disabled,,\n",
            ["dee@example.org confirmed", "cy@example.org left", "eve@example.org left"],
        ),
        (
            "Email,Notes,Tags,Creation date,Type\ndee@example.org,,,2024-01-15T10:00:00Z,regular\n"
            "cy@example.org,,,2024-01-15,unactivated\neve@example.org,,,,undeliverable\nann@example.org,,,,complained\n"
            "ben@example.org,,,,removed\n",
            [
                "dee@example.org confirmed",
                "cy@example.org pending",
                "eve@example.org bounced",
                "ann@example.org complained",
                "ben@example.org left",
            ],
        ),
    ],
    ids=["ghost", "substack", "listmonk", "buttondown"],
)
def test_exports_of_other_products_are_read(text: str, expected: list[str]) -> None:
    assert standings(text) == expected


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separator_byte_order_mark_and_line_ends_make_no_difference(
    separator: str, mark: bytes, end: str
) -> None:
    lines = [["Name", "E-Mail", "State"], ['"Doe, Dee; and so on"', "Dee@Example.org", "subscribed"], []]
    (dee,) = read(mark + end.join(separator.join(line) for line in lines).encode())
    assert isinstance(dee, Row)
    assert (dee.line, dee.address.typed, dee.standing) == (2, "Dee@Example.org", Standing.CONFIRMED)


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    text = 'email,note\n"dee@example.org","two\nlines"\n\nnobody\n,\n,x\n'
    assert standings(text) == [
        "dee@example.org confirmed",
        "5: Its address is none that mail can be sent to.",
        "7: It has no address.",
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("dee@example.org,perhaps,", "“perhaps” is no state that is known here."),
        ("dee@example.org,,", "It does not say whether this person is subscribed."),
        (
            "dee@example.org,active,5/13/24 2:30 pm",
            "“5/13/24 2:30 pm” is no date such as 2025-02-07 09:30:00.",
        ),
        ("dee@example.org,active,2031-01-01", "“2031-01-01” cannot be when it happened."),
        ("dee@example.org,active,0001-01-01", "“0001-01-01” cannot be when it happened."),
        ("dee@example.org,active,2024-01-01,more", "It has 4 cells, and there are 3 columns."),
        ("=?utf-8?q?dee?=@example.org,active,", "Its address is none that mail can be sent to."),
    ],
)
def test_a_row_that_leaves_a_doubt_is_bad_with_its_reason(cells: str, reason: str) -> None:
    assert standings(f"email,state,created_at\n{cells}\n") == [f"2: {reason}"]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The first line must name the columns, and one of them must be called email."),
        (b"dee@example.org\n", "The first line must name the columns, and one of them must be called email."),
        (
            "email,name\ndee@example.org,Ren\u00e9\n".encode("cp1252"),
            "Line 2 is not UTF-8, but perhaps Windows-1252: save the file as CSV in UTF-8.",
        ),
        ("email\n".encode("utf-16"), "The file is UTF-16: save it as CSV in UTF-8."),
        (b'email\n"dee@example.org\n', "Line 2 cannot be read as CSV: unexpected end of data."),
        (b'email,n\na@example.org,"a"b\n', "Line 2 cannot be read as CSV: ',' expected after '\"'."),
        (
            b"email\ndee@example.org\n" + b'"cy@example.org\n",' * 80_000,
            "The row that begins in line 3 does not end: look for a quotation mark.",
        ),
        (b"email\n" + b"x" * 600_000, "Line 2 is longer than 524288 bytes: this is no list."),
    ],
)
def test_a_file_that_is_no_list_is_refused_where_it_stops_being_one(raw: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read(raw)
    assert str(refused.value) == sentence


def test_what_takes_somebody_out_outweighs_everything_else() -> None:
    text = "email,status,subscribed,deleted_at,left_at\n"
    lines = [
        "a@example.org,active,true,,2024-01-01",
        "b@example.org,complained,true,,2024-01-01",
        "c@example.org,bounced,no,,",
        "d@example.org,pending,yes,,",
    ]
    assert standings(text + "\n".join(lines)) == [
        "a@example.org left",
        "b@example.org complained",
        "c@example.org bounced",
        "d@example.org pending",
    ]


def test_who_has_no_time_of_confirmation_where_others_have_one_never_confirmed() -> None:
    text = "email,confirm_time\ndee@example.org,2024-01-01\ncy@example.org,\n"
    assert standings(text) == ["dee@example.org confirmed", "cy@example.org pending"]
    assert standings(text, Standing.CONFIRMED)[1] == "cy@example.org confirmed"


@settings(max_examples=80, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400), st.text(max_size=200).map(lambda text: f"email,state\n{text}".encode())
    )
)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        found = read(raw)
    except Refused:
        return
    assert all(isinstance(item, Row | Bad) for item in found)
