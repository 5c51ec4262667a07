"""The public page of a person."""

from flask import abort, render_template

from blog.content import queries, reading
from blog.content.models import CreditRole, Person
from blog.lib.answering import public_blueprint
from blog.lib.canonical import absolute
from blog.lib.db import db
from blog.lib.linked_data import Thing, graph
from blog.lib.paging import paged

blueprint = public_blueprint("people", __name__)

WRITTEN_PER_PAGE = 12
REVIEWED = 12


@blueprint.get("/people/<slug:slug>")
def show(slug: str) -> str:
    """Show who someone is, what they wrote and what they reviewed."""
    person = db.session.scalar(queries.shown_person(slug)) or abort(404)
    theirs = reading.articles_by_person
    written, pager = paged(
        theirs, size=WRITTEN_PER_PAGE, path=person.path, person=person.id, role=CreditRole.AUTHOR
    )
    return render_template(
        "people/show.html",
        person=person,
        written=written,
        reviewed=theirs.part(REVIEWED, person=person.id, role=CreditRole.REVIEWER),
        pager=pager,
        feed=f"{person.path}/feed.xml",
        linked_data=graph([_profile(person)]),
    )


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
