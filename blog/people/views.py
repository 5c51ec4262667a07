"""The public page of a person."""

from flask import abort, render_template

from blog.content import queries, reading
from blog.content.links import without_hidden_links
from blog.content.models import CreditRole, Person
from blog.content.shapes import Card
from blog.lib.answering import public_blueprint
from blog.lib.canonical import absolute
from blog.lib.db import db
from blog.lib.linked_data import Thing, graph
from blog.lib.paging import asked_page, pager_for
from blog.lib.store import reads

blueprint = public_blueprint("people", __name__)

PER_PAGE = 12


@blueprint.get("/people/<slug:slug>")
@reads("page")
def show(slug: str) -> str:
    """Show who someone is, what they wrote and what they reviewed."""
    person = db.session.scalar(queries.shown_person(slug)) or abort(404)
    written, reviewed = (Credited(person.id, role) for role in (CreditRole.AUTHOR, CreditRole.REVIEWER))
    page = asked_page()
    pager = pager_for(max(written.count, reviewed.count), page, size=PER_PAGE, path=person.path)
    return render_template(
        "people/show.html",
        person=person,
        body_html=without_hidden_links(person.body_html),
        written=written.on_page(page),
        reviewed=reviewed.on_page(page),
        pager=pager,
        feed=f"{person.path}/feed.xml",
        linked_data=graph([_profile(person)]),
    )


class Credited:
    """The articles that someone wrote, or reviewed; both lists turn their pages together."""

    def __init__(self, person: int, role: CreditRole) -> None:
        self._of = {"person": person, "role": role}
        self.count = reading.articles_by_person.count(**self._of)

    def on_page(self, page: int) -> list[Card]:
        """Return the cards of one page."""
        return reading.articles_by_person.part(PER_PAGE, (page - 1) * PER_PAGE, **self._of)


def _profile(person: Person) -> Thing:
    url = absolute(person.path)
    links = [link["url"] for link in person.links if link["url"].startswith("http")]
    orcid = [f"https://orcid.org/{person.orcid}"] if person.orcid else []
    about = {
        "@type": "Person",
        "@id": f"{url}#person",
        "name": person.name,
        "honorificSuffix": person.credentials,
        "jobTitle": person.role,
        "url": url,
        "image": absolute(person.photo.picture.src) if person.photo else "",
        "sameAs": links + orcid,
    }
    return {
        "@type": "ProfilePage",
        "url": url,
        "mainEntity": {key: value for key, value in about.items() if value},
    }
