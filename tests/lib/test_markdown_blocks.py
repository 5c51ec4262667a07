"""Tables, tasks, lists, code and footnotes."""

from blog.lib.markdown import render


def html(source: str) -> str:
    return render(source, prefix="text-").html


def test_a_table_scrolls_has_a_name_and_aligns_by_class() -> None:
    assert html("| Hours | *Age* |\n|:-:|--:|\n| 8 | 30 |") == (
        '<section class="table" tabindex="0" aria-label="Table: Hours, Age">\n<table>\n<thead>\n<tr>\n'
        '<th class="align-center" scope="col">Hours</th>\n'
        '<th class="align-right" scope="col"><em>Age</em></th>\n'
        "</tr>\n</thead>\n<tbody>\n<tr>\n"
        '<td class="align-center">8</td>\n<td class="align-right">30</td>\n'
        "</tr>\n</tbody>\n</table>\n</section>\n"
    )


def test_tables_with_the_same_header_have_names_of_their_own() -> None:
    twice = html("| A | B |\n|---|---|\n\n| A | B |\n|---|---|")
    assert 'aria-label="Table: A, B"' in twice
    assert 'aria-label="Table: A, B (2)"' in twice


def test_a_task_says_in_words_whether_it_is_done() -> None:
    assert html("- [x] Slept\n- [ ] Walked\n- Ate") == (
        '<ul class="tasks">\n'
        '<li class="task"><span class="task__mark task__mark--done" role="img" aria-label="Done">☑</span>'
        '<div class="task__text">Slept</div></li>\n'
        '<li class="task"><span class="task__mark task__mark--open" role="img" aria-label="To do">☐</span>'
        '<div class="task__text">Walked</div></li>\n<li>Ate</li>\n</ul>\n'
    )


def test_ordered_lists_begin_where_the_author_says() -> None:
    assert html("3. a\n4. b") == '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'


def test_a_term_has_its_definitions() -> None:
    assert html("REM\n: A phase of *sleep*\n: A band") == (
        "<dl>\n<dt>REM</dt>\n<dd>A phase of <em>sleep</em></dd>\n<dd>A band</dd>\n</dl>\n"
    )


def test_code_blocks_can_be_reached_by_keyboard_and_keep_their_language() -> None:
    assert html("```python x\na < b\n```\n\n    indented") == (
        '<pre tabindex="0"><code class="language-python">a &lt; b\n</code></pre>\n'
        '<pre tabindex="0"><code>indented\n</code></pre>\n'
    )


def test_a_footnote_leads_there_and_back_from_every_place_that_names_it() -> None:
    ref = '<a href="#text-note_1" role="doc-noteref" aria-label="Footnote 1">1</a>'
    back = '<a class="footnote-back" href="#text-ref_1_{}" role="doc-backlink" aria-label="{}">↩\ufe0e</a>'
    assert html("A[^n] and B[^n].\n\n[^n]: The note.\n[^unused]: Nothing.") == (
        f'<p>A<sup class="footnote-ref" id="text-ref_1_1">{ref}</sup> and '
        f'B<sup class="footnote-ref" id="text-ref_1_2">{ref}</sup>.</p>\n'
        '<div class="footnotes">\n<p class="footnotes__title">Footnotes</p>\n<ol>\n'
        f'<li id="text-note_1"><p>The note. {back.format(1, "Back to the text")} '
        f"{back.format(2, 'Back to the text 2')}</p>\n</li>\n</ol>\n</div>\n"
    )


def test_a_footnote_in_an_alternative_text_has_no_way_back() -> None:
    rendered = html("A[^n] ![B[^n]](/y.png)\n\n[^n]: The note.")
    assert "#text-ref_1_1" in rendered
    assert "#text-ref_1_2" not in rendered
