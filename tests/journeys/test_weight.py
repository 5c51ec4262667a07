"""An article is light: what comes over the wire before any picture is small and little."""

from playwright.sync_api import Request

from .conftest import OpenVisit

MOST_BYTES = 40_000
MOST_REQUESTS = 5
WORTH_COMPRESSING = 512


def test_an_article_without_its_pictures_is_forty_kilobytes_in_five_requests(open_visit: OpenVisit) -> None:
    page = open_visit(viewport={"width": 1440, "height": 900}).page()
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto("/articles/sleep-and-memory", wait_until="networkidle")
    text = [request for request in asked if request.resource_type != "image"]
    sizes = {request.url: request.sizes() for request in text}
    weight = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())
    assert (len(text) <= MOST_REQUESTS, weight <= MOST_BYTES) == (True, True), sizes
    for request in text:
        response = request.response()
        assert response is not None
        if len(response.body()) > WORTH_COMPRESSING:
            assert response.header_value("content-encoding") == "gzip", request.url


def test_a_second_article_brings_only_itself(open_visit: OpenVisit) -> None:
    page = open_visit().page()
    page.goto("/articles/sleep-and-memory", wait_until="networkidle")
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto("/articles/coffee-and-your-heart", wait_until="networkidle")
    over_the_wire = [
        request.resource_type
        for request in asked
        if request.resource_type != "image" and request.sizes()["responseBodySize"] > 0
    ]
    assert over_the_wire == ["document"]
