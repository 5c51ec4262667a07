"""Public pages of questions and answers."""

from dataclasses import dataclass, field
from urllib.parse import quote_plus

from flask import abort, render_template, request

from blog.content import reading
from blog.content.shapes import Answered, Topic
from blog.lib.answering import public_blueprint
from blog.lib.paging import Pager, asked_page
from blog.lib.store import reads
from blog.lib.words import gettext as _

from .linked_data import faq_graph, question_graph
from .queries import MOST, on_page, public_question, related_questions

blueprint = public_blueprint("faq", __name__)

RELATED = 6
ARTICLES = 6


@dataclass
class Group:
    """The questions of one category on this page; None is for those without one."""

    category: Topic | None
    questions: list[Answered] = field(default_factory=list)


@blueprint.get("/faq")
@reads("page", free=("q",))
def index() -> str:
    """List questions by category, narrowed by what the reader typed."""
    typed = " ".join(request.args.get("q", "").split())[:100]
    page = asked_page()
    questions, size = on_page(typed, page)
    if page > size.pages:
        abort(404)
    return render_template(
        "faq/index.html",
        groups=_grouped(questions),
        q=typed,
        pager=Pager(page, size.pages, size.total, f"/faq?q={quote_plus(typed)}" if typed else "/faq"),
        total=size.total,
        many=bool(typed) and size.total >= MOST,
        linked_data=faq_graph(questions),
        robots="noindex" if typed else None,
    )


@blueprint.get("/faq/<slug:slug>")
def show(slug: str) -> str:
    """Show one question with its answer and the articles that use it."""
    question = public_question(slug) or abort(404)
    breadcrumb = [{"name": _("Questions and answers"), "path": "/faq"}]
    return render_template(
        "faq/show.html",
        question=question,
        articles=reading.articles_with_question.part(ARTICLES, question=question.id),
        related=related_questions(question, RELATED),
        breadcrumb=breadcrumb,
        linked_data=question_graph(question, breadcrumb),
    )


def _grouped(questions: list[Answered]) -> list[Group]:
    groups: list[Group] = []
    for question in questions:
        if not groups or groups[-1].category != question.category:
            groups.append(Group(question.category))
        groups[-1].questions.append(question)
    return groups
