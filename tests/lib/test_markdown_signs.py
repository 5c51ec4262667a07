"""Signs that are only links stay on the page they belong to."""

from blog.lib.markdown import render, without_signs


def test_permalinks_and_ways_back_are_left_out_and_nothing_else() -> None:
    html = render("## A\n\nText[^1] [b](/b)\n\n[^1]: Note.", prefix="s-").html
    plain = without_signs(html)
    assert (html.count("#s-a"), plain.count("#s-a")) == (1, 0)
    assert (html.count("footnote-back"), plain.count("footnote-back")) == (1, 0)
    assert plain.count('<a href="/b">b</a>') == 1
    assert plain.count('class="footnote-ref"') == 1
