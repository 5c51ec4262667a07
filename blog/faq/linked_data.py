"""What a page of the FAQ says to programs."""

from markupsafe import Markup

from blog.content.shapes import Answered
from blog.lib.canonical import absolute
from blog.lib.linked_data import Thing, breadcrumbs, graph


def faq_graph(questions: list[Answered]) -> Markup | None:
    """Return the graph of a page that lists these questions; nothing where it lists none."""
    if not questions:
        return None
    url = absolute("/faq")
    page = {
        "@type": "FAQPage",
        "@id": f"{url}#faq",
        "url": url,
        "mainEntity": [_thing(row) for row in questions],
    }
    return graph([page])


def question_graph(question: Answered, breadcrumb: list[dict[str, str]]) -> Markup:
    """Return the graph of one question's page."""
    url = absolute(question.path)
    steps = [(step["name"], absolute(step["path"])) for step in breadcrumb]
    return graph(
        [
            {"@type": "FAQPage", "@id": f"{url}#faq", "url": url, "mainEntity": [_thing(question)]},
            breadcrumbs(url, [*steps, (question.question, url)]),
        ]
    )


def _thing(question: Answered) -> Thing:
    return {
        "@type": "Question",
        "name": question.question,
        "url": absolute(question.path),
        "acceptedAnswer": {"@type": "Answer", "text": question.answer_text},
    }
