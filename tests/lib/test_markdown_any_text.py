"""Any text at all renders, the same every time, to nothing that is not listed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from blog.lib.markdown import destinations, render, rewrite_destinations
from blog.lib.markdown.cleaning import clean
from blog.lib.refusing import Refused

from .listening import PREFIX, listen, picture

MARK_PIECES = (
    "# ## > - * 1. | |-| ``` ~~~ ` ** _ ~~ [ ] ( ) ![ ]( ][ ]: [^a] [^a]: [!NOTE] [x] < > & &lt; &#x3a; "
    '{credit=" "} {#id} : ~ javascript: data: https://example.org /a.jpg //example.org \\ " \' = --- *** '
    "<script> <img onerror=x> <!-- --> <a id=form> term é 睡 \u0000 \u200b \u202e \ud7ff \U0001f600"
)


MARKS = st.lists(
    st.one_of(
        st.sampled_from(MARK_PIECES.split()),
        st.sampled_from(
            ["\n", "\n\n", "    ", "\t", " ", "\r\n", "> [!URGENT]\n> ", "| a | b |\n|---|--:|\n| c |"]
        ),
        st.text(max_size=6),
    ),
    max_size=40,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(MARKS, st.text(max_size=200)))
def test_any_text_renders_to_what_is_listed_and_always_the_same(source: str) -> None:
    rendered = render(source, prefix=PREFIX, picture=picture)
    listen(rendered.html)
    assert render(source, prefix=PREFIX, picture=picture) == rendered
    assert clean(rendered.html, PREFIX) == rendered.html


@settings(max_examples=300, deadline=None)
@given(st.one_of(MARKS, st.text(max_size=200)))
def test_rewriting_any_text_changes_its_destinations_or_says_no(source: str) -> None:
    assert rewrite_destinations(source, lambda destination: destination) == source
    try:
        rewritten = rewrite_destinations(source, lambda destination: "/moved")
    except Refused:
        return
    assert len(destinations(rewritten)) == len(destinations(source))
