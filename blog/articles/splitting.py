"""Where the first signup form stands in an article."""

from blog.content.shapes import ShownArticle


def split_after_first_third(article: ShownArticle) -> tuple[str, str]:
    """Return the article's HTML in two parts, cut before the section that starts nearest to its first third.

    Only sections of the text's own level count; with fewer than two of them the second part is empty, and
    the form stands after the text.
    """
    html = article.body_html
    starts = [
        html.find(f'<h2 id="{heading["anchor"]}"') for heading in article.headings if heading["level"] == 2
    ]
    inner = [start for start in starts if start > 0]
    if not inner:
        return html, ""
    cut = min(inner, key=lambda start: abs(start - len(html) / 3))
    return html[:cut], html[cut:]
