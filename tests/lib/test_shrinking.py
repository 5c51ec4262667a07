"""Styles and scripts lose what only people read, and nothing else."""

import pytest

from blog.lib.shrinking import shrink_css, shrink_js
from tests.architecture.reading import ROOT


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("a {\n  b: c;\n}\n", "a{b:c}"),
        ("/* why */ a { b: c; d: e }", "a{b:c;d:e}"),
        ("a/* not\n one word */b { c: d }", "a b{c:d}"),
        ("a > b,\nc  d { e: f }", "a>b,c d{e:f}"),
        ("a :is(b, c) { d: e }", "a :is(b,c){d:e}"),
        ("a { b: calc(1px + 2px); }", "a{b:calc(1px + 2px)}"),
        (
            "@media (min-width: 1em) and (hover: none) { a { b: c; } }",
            "@media (min-width:1em) and (hover:none){a{b:c}}",
        ),
        ('a { content: "; /* \\" } : "; }', 'a{content:"; /* \\" } : "}'),
        ("a { content: '> ,  '; b: c }", "a{content:'> ,  ';b:c}"),
        ("a { b: c !important; }", "a{b:c !important}"),
    ],
)
def test_a_style_keeps_its_meaning(written: str, sent: str) -> None:
    assert shrink_css(written) == sent


def test_a_style_that_is_small_already_stays_as_it_is() -> None:
    styles = "\n".join(path.read_text() for path in sorted(ROOT.joinpath("static/css").glob("*.css")))
    small = shrink_css(styles)
    assert shrink_css(small) == small


def test_a_script_loses_indents_empty_lines_and_lines_of_comment() -> None:
    written = "// why\n(() => {\n  // so\n\n  go('//x') // there\n})()\n"
    assert shrink_js(written) == "(() => {\ngo('//x') // there\n})()"


def test_no_script_of_ours_has_a_text_that_spans_lines() -> None:
    for path in ROOT.joinpath("static/js").glob("*.js"):
        for line in path.read_text().splitlines():
            assert line.count("`") % 2 == 0, (path.name, line)
