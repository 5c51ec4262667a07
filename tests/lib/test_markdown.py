"""What authors write in Markdown is what readers see, feature by feature."""

import pytest

from blog.lib.markdown import Heading, Labels, Picture, Source, render

SLEEP = Picture(
    src="/media/sleep.0a1b.1600w.jpg",
    width=1600,
    height=1000,
    sources=(Source("image/webp", "/media/sleep.0a1b.400w.webp 400w, /media/sleep.0a1b.1600w.webp 1600w"),),
    srcset="/media/sleep.0a1b.400w.jpg 400w, /media/sleep.0a1b.1600w.jpg 1600w",
)
SIZES = 'sizes="(min-width: 48rem) 42rem, 100vw"'
SLEEP_HTML = (
    '<picture><source type="image/webp" '
    f'srcset="/media/sleep.0a1b.400w.webp 400w, /media/sleep.0a1b.1600w.webp 1600w" {SIZES}>'
    '<img src="/media/sleep.0a1b.1600w.jpg" '
    f'srcset="/media/sleep.0a1b.400w.jpg 400w, /media/sleep.0a1b.1600w.jpg 1600w" {SIZES} '
    'alt="A person asleep" width="1600" height="1000" loading="lazy" decoding="async"></picture>'
)


def picture(src: str) -> Picture | None:
    return SLEEP if src == "/media/sleep.jpg" else None


def html(source: str) -> str:
    return render(source, prefix="text-", picture=picture).html


def test_paragraphs_emphasis_and_code_are_what_they_are_everywhere() -> None:
    assert html("One *two* **three** ~~four~~ `<five>`  \nsix") == (
        "<p>One <em>two</em> <strong>three</strong> <s>four</s> <code>&lt;five&gt;</code><br>\nsix</p>\n"
    )


def test_a_heading_has_an_anchor_that_leads_to_itself() -> None:
    assert html("## Why we sleep") == (
        '<h2 id="text-why-we-sleep">Why we sleep <a class="anchor" href="#text-why-we-sleep" '
        'aria-label="Link to “Why we sleep”">#</a></h2>\n'
    )


def test_equal_headings_get_anchors_of_their_own() -> None:
    headings = render("## Dose\n## Dose\n## Dose 2\n## Dose", prefix="text-").headings
    assert [heading.anchor for heading in headings] == [
        "text-dose",
        "text-dose-2",
        "text-dose-2-2",
        "text-dose-3",
    ]


def test_anchors_keep_the_letters_of_every_script() -> None:
    headings = render("## Schlaf & Übung\n## Cafe\u0301\n## हिन्दी\n## 睡眠 1\n## !?", prefix="text-").headings
    assert [heading.anchor for heading in headings] == [
        "text-schlaf-übung",
        "text-café",
        "text-हिन्दी",
        "text-睡眠-1",
        "text-section",
    ]


def test_headings_stay_below_the_title_of_the_page() -> None:
    levels = [
        heading.level for heading in render("# A\n## B\n### C\n###### D\n### E", prefix="text-").headings
    ]
    assert levels == [2, 2, 3, 4, 3]


def test_headings_of_an_answer_stay_below_the_question() -> None:
    headings = render("### A\n### B\n## C\n### D", prefix="answer-1-", rank=4).headings
    assert headings == (
        Heading(4, "answer-1-a", "A"),
        Heading(4, "answer-1-b", "B"),
        Heading(4, "answer-1-c", "C"),
        Heading(5, "answer-1-d", "D"),
    )


def test_no_heading_is_deeper_than_six() -> None:
    levels = [
        heading.level for heading in render("## A\n### B\n#### C\n##### D", prefix="a-", rank=5).headings
    ]
    assert levels == [5, 6, 6, 6]


def test_headings_inside_quotes_are_not_in_the_contents() -> None:
    rendered = render("> ## Quoted\n\n## Own", prefix="text-")
    assert [heading.text for heading in rendered.headings] == ["Own"]
    assert 'id="text-quoted"' in rendered.html


def test_an_empty_heading_is_left_out() -> None:
    assert html("##\n\nText") == "<p>Text</p>\n"


def test_a_link_to_a_heading_of_the_same_text_finds_it() -> None:
    assert html("[down](#Schlaf-%C3%BCber)\n\n## Schlaf über").startswith(
        '<p><a href="#text-schlaf-über">down</a></p>'
    )


def test_a_link_to_something_else_on_the_page_stays() -> None:
    assert html("[questions](#faq)") == '<p><a href="#faq">questions</a></p>\n'


def test_links_that_leave_the_site_tell_nothing_about_the_reader() -> None:
    assert html(
        '[in](/about "About") [out](https://example.org/?a=1&b=2) [too](//example.org) [so](https:a.b)'
    ) == (
        '<p><a href="/about" title="About">in</a> '
        '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">out</a> '
        '<a href="//example.org" rel="noopener noreferrer">too</a> '
        '<a href="https:a.b" rel="noopener noreferrer">so</a></p>\n'
    )


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://example.org/a_b_(c).", "https://example.org/a_b_(c)"),
        ("(https://example.org/a).", "https://example.org/a"),
        ("**https://example.org**", "https://example.org"),
        ("“https://example.org/?q=1”, he said", "https://example.org/?q=1"),
        ("<https://example.org/x>", "https://example.org/x"),
    ],
)
def test_bare_addresses_become_links_without_the_marks_around_them(text: str, address: str) -> None:
    assert f'<a href="{address}" rel="noopener noreferrer">{address}</a>' in html(text)


@pytest.mark.parametrize(
    "text", ["xhttps://example.org", "https://", "`https://example.org`", "www.example.org"]
)
def test_what_only_looks_like_an_address_stays_text(text: str) -> None:
    assert "<a" not in html(text)


def test_an_image_alone_in_its_paragraph_is_a_figure_with_caption_and_credit() -> None:
    assert html('![A *person* asleep](/media/sleep.jpg "One night & more"){credit="Ann \\"Fo\\" <Li>"}') == (
        f'<figure class="figure">{SLEEP_HTML}<figcaption>One night &amp; more '
        '<span class="credit">Ann "Fo" &lt;Li&gt;</span></figcaption></figure>\n'
    )


def test_a_figure_without_caption_and_credit_is_only_the_picture() -> None:
    assert html("![A person asleep](/media/sleep.jpg)") == f'<figure class="figure">{SLEEP_HTML}</figure>\n'


def test_an_image_in_a_line_stays_in_the_line() -> None:
    assert html("Look: ![A person asleep](/media/sleep.jpg) there.") == f"<p>Look: {SLEEP_HTML} there.</p>\n"


def test_an_image_of_another_site_becomes_a_link_so_that_no_request_goes_there() -> None:
    foreign = '<a href="https://example.org/a.png" rel="noopener noreferrer">A chart</a>'
    assert html("![A chart](https://example.org/a.png)") == f"<p>{foreign}</p>\n"
    assert html("So ![A chart](https://example.org/a.png)!") == f"<p>So {foreign}!</p>\n"
    assert html("[![A chart](https://example.org/a.png)](/x)") == '<p><a href="/x">A chart</a></p>\n'
    assert html("![](//example.org/a.png)") == (
        '<p><a href="//example.org/a.png" rel="noopener noreferrer">//example.org/a.png</a></p>\n'
    )


def test_an_image_of_this_site_without_a_known_size_is_shown() -> None:
    assert html("![Map](/static/map.png)") == (
        '<figure class="figure"><img src="/static/map.png" alt="Map" loading="lazy" decoding="async">'
        "</figure>\n"
    )


def test_other_attributes_in_braces_are_text() -> None:
    assert html("![A person asleep](/media/sleep.jpg){#form .x onload=y}") == (
        f"<p>{SLEEP_HTML}{{#form .x onload=y}}</p>\n"
    )


@pytest.mark.parametrize(
    ("mark", "kind", "title"),
    [
        ("NOTE", "note", "Note"),
        ("Tip", "tip", "Tip"),
        ("important", "important", "Important"),
        ("WARNING", "warning", "Warning"),
        ("CAUTION", "caution", "Caution"),
        ("URGENT", "urgent", "Urgent"),
        ("Emergency", "emergency", "Emergency"),
    ],
)
def test_a_quote_that_begins_with_a_mark_is_a_callout(mark: str, kind: str, title: str) -> None:
    assert html(f"> [!{mark}]\n> Call *now*.\n>\n> - one") == (
        f'<div class="callout callout--{kind}" role="note">\n<p class="callout__title">{title}</p>\n'
        "<p>Call <em>now</em>.</p>\n<ul>\n<li>one</li>\n</ul>\n</div>\n"
    )


def test_a_mark_may_stand_in_a_paragraph_of_its_own() -> None:
    assert html("> [!TIP]\n>\n> Rest.") == (
        '<div class="callout callout--tip" role="note">\n<p class="callout__title">Tip</p>\n'
        "<p>Rest.</p>\n</div>\n"
    )


def test_unknown_marks_and_marks_with_more_on_their_line_are_quotes() -> None:
    assert html("> [!FUN]\n> a") == "<blockquote>\n<p>[!FUN]\na</p>\n</blockquote>\n"
    assert html("> [!NOTE] a") == "<blockquote>\n<p>[!NOTE] a</p>\n</blockquote>\n"


def test_every_added_word_can_be_translated() -> None:
    labels = Labels(
        urgent="Dringend",
        footnotes="Fußnoten",
        footnote="Fußnote {}",
        back_to_text="Zurück",
        task_done="Erledigt",
        anchor="Link zu „{}“",
        table="Tabelle",
    )
    source = "## A\n\n> [!URGENT]\n> b[^1]\n\n- [x] c\n\n| d |\n|---|\n| e |\n\n[^1]: f"
    german = render(source, prefix="text-", labels=labels).html
    for word in ("Dringend", "Fußnoten", "Fußnote 1", "Zurück", "Erledigt", "Link zu „A“", "Tabelle: d"):
        assert word in german


def test_search_reads_the_words_without_their_marks() -> None:
    rendered = render(
        '## Dose *now*\n\n> [!TIP]\n> Take `two`[^1].\n\n![A pill](/a.jpg "Caption"){credit="Ann"}\n\n'
        "| a | b |\n|---|---|\n| 3.5 | well-being |\n\n[^1]: Or one.",
        prefix="text-",
    )
    assert rendered.text == "Dose now\nTake two.\nA pill\nCaption\nAnn\na\nb\n3.5\nwell-being\nOr one."
    assert rendered.words == 14


def test_an_empty_text_is_an_empty_rendering() -> None:
    assert (html(""), html(" \n\n")) == ("", "")


@pytest.mark.parametrize("prefix", ["", "text", "-", "a b-", '"-'])
def test_a_prefix_that_would_not_keep_ids_apart_is_a_mistake_of_the_caller(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        render("a", prefix=prefix)


@pytest.mark.parametrize("rank", [1, 7])
def test_a_rank_outside_the_page_is_a_mistake_of_the_caller(rank: int) -> None:
    with pytest.raises(ValueError, match="rank"):
        render("a", prefix="text-", rank=rank)
