"""Programs read the questions and answers that the page shows, word for word."""

from flask.testing import FlaskClient

from tests.building import PAST, article, category, question, save
from tests.journal import SITE
from tests.markup import Shown

HOW = f"{SITE}/faq/how-much"


def publish() -> None:
    answer = "**Seven**, `or` *more*.\n\n- at night"
    save(
        article("A", category=category("Sleep"), questions=[question("How much?", answer)]),
        question("Why <b>?", "Since `</script>`.", stands_alone=True, published_at=PAST),
    )


def test_the_list_is_one_faq_page(client: FlaskClient) -> None:
    publish()
    shown = Shown(client.get("/faq").text)
    (graph,) = shown.graphs
    (page,) = graph["@graph"]
    assert (page["@type"], page["url"]) == ("FAQPage", f"{SITE}/faq")
    said = [(entry["name"], entry["acceptedAnswer"]["text"], entry["url"]) for entry in page["mainEntity"]]
    assert said == [
        ("How much?", "Seven, or more. at night", HOW),
        ("Why <b>?", "Since </script>.", f"{SITE}/faq/why-b"),
    ]
    assert [name for name, answer, _ in said if f"{name} {answer}" not in shown.text] == []


def test_a_page_says_only_its_own_questions(client: FlaskClient) -> None:
    save(*(question(f"Q {n:02}?", stands_alone=True, published_at=PAST) for n in range(21)))
    names = [
        [entry["name"] for entry in Shown(client.get(path).text).things("FAQPage")[0]["mainEntity"]]
        for path in ("/faq", "/faq?page=2", "/faq?q=03")
    ]
    assert names == [[f"Q {n:02}?" for n in range(20)], ["Q 20?"], ["Q 03?"]]


def test_one_question_is_a_page_with_the_way_to_it_that_readers_see(client: FlaskClient) -> None:
    publish()
    shown = Shown(client.get("/faq/how-much").text)
    (page,) = shown.things("FAQPage")
    (trail,) = shown.things("BreadcrumbList")
    assert page == {
        "@type": "FAQPage",
        "@id": f"{HOW}#faq",
        "url": HOW,
        "mainEntity": [
            {
                "@type": "Question",
                "name": "How much?",
                "url": HOW,
                "acceptedAnswer": {"@type": "Answer", "text": "Seven, or more. at night"},
            }
        ],
    }
    steps = [(step["name"], step["item"]) for step in trail["itemListElement"]]
    assert steps == [("Questions and answers", f"{SITE}/faq"), ("How much?", HOW)]
    assert "Questions and answers How much? Seven, or more. at night" in shown.text
