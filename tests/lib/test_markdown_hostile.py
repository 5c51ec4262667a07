"""Whatever somebody writes, a reader's browser gets only what this product lists."""

import pytest

from blog.lib.markdown import Picture, Source, render
from blog.lib.markdown.cleaning import clean

from .listening import PREFIX, listen, picture

SCRIPTS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "<javascript:alert(1)>",
    "< javascript:alert(1)>",
    "<java\tscript:alert(1)>",
    "<\tjavascript:alert(1)>",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A&#x61;vascript:alert(1)",
    "<java&Tab;script:alert(1)>",
    "<java&NewLine;script:alert(1)>",
    "<&#1;javascript:alert(1)>",
    "<&#0;javascript:alert(1)>",
    "<&nbsp;javascript:alert(1)>",
    "<&#x200b;javascript:alert(1)>",
    "java%0ascript:alert(1)",
    "%6aavascript:alert(1)",
    "javascript%3Aalert(1)",
    "javascript\\:alert(1)",
    "j\\avascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "vbscript:msgbox(1)",
    "VBScript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "data:image/png;base64,iVBORw0KGgo=",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "blob:https://example.org/x",
    "file:///etc/passwd",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "x-javascript:alert(1)",
    "intent://x#Intent;end",
]


@pytest.mark.parametrize("address", SCRIPTS)
@pytest.mark.parametrize(
    "form", ["[x]({0})", "![x]({0})", "[x][r]\n\n[r]: {0}", "![x][r]\n\n[r]: {0}", "<{0}>", '[x]({0} "t")']
)
def test_no_spelling_of_a_script_becomes_an_address(form: str, address: str) -> None:
    listen(render(form.format(address), prefix=PREFIX, picture=picture).html)


@pytest.mark.parametrize(
    "tag",
    [
        "<script>alert(1)</script>",
        "<ScRiPt src=//example.org/x.js></sCrIpT>",
        "<img src=x onerror=alert(1)>",
        "<img/src='x'/onerror=alert(1)>",
        '<a href="javascript:alert(1)" onclick=alert(1)>x</a>',
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<style>@import '//example.org/x.css'</style>",
        '<p style="position:fixed">x</p>',
        '<link rel="stylesheet" href="//example.org/x.css">',
        '<meta http-equiv="refresh" content="0;url=//example.org">',
        '<base href="//example.org/">',
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
        '<object data="//example.org/x.swf"></object>',
        '<embed src="//example.org/x.swf">',
        '<form action="//example.org"><input name="email"></form>',
        '<div hx-get="//example.org" hx-trigger="load">x</div>',
        '<div data-hx-get="/desk" data-hx-trigger="load">x</div>',
        '<div hx-on:load="alert(1)">x</div>',
        '<a id="document" name="form">x</a>',
        '<video poster="//example.org/x"></video>',
        "<template><script>alert(1)</script></template>",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "<!--><script>alert(1)</script>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?php echo 1 ?>",
        "<plaintext>",
        "</p></div></main>",
    ],
)
@pytest.mark.parametrize(
    "form", ["{0}", "a {0} b", "> {0}", "- {0}", "# {0}", "| {0} |\n|---|\n| {0} |", "[{0}](/x)"]
)
def test_html_in_the_text_is_shown_and_does_nothing(form: str, tag: str) -> None:
    rendered = render(form.format(tag), prefix=PREFIX)
    listen(rendered.html)
    assert "&lt;" in rendered.html


@pytest.mark.parametrize(
    "source",
    [
        '[x](/a "\\" onmouseover=alert(1) x=\\"")',
        "[x](/a '\" onmouseover=\"alert(1)')",
        '![x" onerror="alert(1)](/a.jpg)',
        '![x](/a.jpg "&quot; onerror=&quot;alert(1)"){credit="&quot;><script>alert(1)</script>"}',
        '![x](/a.jpg){credit="<img src=x onerror=alert(1)>"}',
        '![x](/a.jpg){srcset="//example.org/x 1x" onerror="alert(1)"}',
        "![x](/a.jpg){#document .x style=color:red}",
        "## form {#document onclick=alert(1)}",
        "{#form}\n\nText",
        "[text]{#form onclick=alert(1)}",
        '```"><script>alert(1)</script>\nx\n```',
        "``` js onclick=alert(1)\nx\n```",
        '[^"><script>]: x\n\na[^"><script>]',
        "[^note_1]: x\n\na[^note_1]\n\n## note_1\n\n## ref_1_1",
        "# form\n# document\n# body\n# __proto__\n# constructor\n# getElementById",
        '# "><script>alert(1)</script>',
        '| "><script>alert(1)</script> |\n|---|\n| x |',
        '> [!NOTE" onclick="alert(1)]\n> x',
        "[x](/\\example.org) ![x](/\\example.org/a.png)",
        "![x](//example.org/a.jpg2) ![x](\\\\example.org/a.png)",
        "![x](/a.png%20//example.org/x)",
    ],
)
def test_no_title_text_or_attribute_breaks_out(source: str) -> None:
    listen(render(source, prefix=PREFIX, picture=picture).html)


def test_headings_cannot_take_the_ids_of_the_page() -> None:
    rendered = render("# form\n# document\n# email\n# note_1[^a]\n\n[^a]: x", prefix=PREFIX)
    ids = listen(rendered.html).ids
    assert ids == [
        "text-form",
        "text-document",
        "text-email",
        "text-note-1",
        "text-ref_1_1",
        "text-note_1",
    ]


def test_no_image_asks_another_host() -> None:
    source = (
        "![a](https://example.org/a.png) ![a](//example.org/a.png) ![a](<\\\\example.org/a.png>) ![a](a.png)"
    )
    assert "<img" not in render(source + "\n\n![a](http://example.org/a.png)", prefix=PREFIX).html


def test_a_picture_with_addresses_of_another_host_loses_them() -> None:
    bad = Picture(
        "//example.org/a.jpg", 1, 1, (Source("text/html", "https://example.org/a 1w"),), "/a 1w, //b 2w"
    )
    assert render("![a](/a.jpg)", prefix=PREFIX, picture=lambda _src: bad).html == (
        '<figure class="figure"><picture><source sizes="(min-width: 48rem) 42rem, 100vw">'
        '<img loading="lazy" decoding="async" sizes="(min-width: 48rem) 42rem, 100vw" '
        'alt="a" width="1" height="1">'
        "</picture></figure>\n"
    )


def test_the_last_gate_holds_by_itself() -> None:
    dirty = (
        '<p onclick="x" style="y" id="form" class="modal" hx-get="/" data-hx-get="/" title="t">a</p>'
        '<script>b</script><svg><a xlink:href="javascript:x">c</a></svg><form><input name="d"></form>'
        '<a href="data:text/html,x" target="_blank" id="text-e" rel="opener" name="f">g</a><!-- h -->'
        '<img src="https://example.org/i.png" srcset="/j 1x" loading="eager"><h1>k</h1>'
    )
    assert clean(dirty, PREFIX) == '<p>a</p><a id="text-e">g</a><img>k'
