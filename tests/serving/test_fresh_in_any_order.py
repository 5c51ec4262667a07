"""Whatever a team does in whatever order, no reader sees a state that is older than the last committed one."""

from datetime import datetime
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.lib.clock import now

from .live import Live
from .reading import Answer, Reader
from .telling import ARTICLES, Page, Story, words_in

ENCODINGS = ("identity", "gzip", "br")
OF_AN_ARTICLE = ("publish", "publish", "unpublish", "schedule", "edit", "rename")
OF_THE_SITE = ("rename_topic", "set_notice")

acts = st.one_of(
    st.tuples(st.sampled_from(OF_AN_ARTICLE), st.integers(0, ARTICLES - 1)),
    st.tuples(st.sampled_from(OF_THE_SITE), st.just(0)),
    st.tuples(st.just("read"), st.integers(0, 5)),
)


class Visit:
    """Readers who come back with the tags that they were given, and remember what belonged to them."""

    def __init__(self, live: Live, story: Story) -> None:
        self.live, self.story = live, story
        self.remembered: dict[tuple[str, str], Answer] = {}
        self.turn = 0

    def do(self, verb: str, number: int) -> None:
        """Do one thing to the site, or look at all of it in one of the encodings, with tags or without."""
        if verb == "read":
            self.read_all(ENCODINGS[number % 3], with_tags=number < 3)
        elif verb in OF_THE_SITE:
            self.live.write(getattr(self.story, verb))
        else:
            self.live.write(partial(getattr(self.story, verb), self.story.articles[number]))

    def read_all(self, encoding: str, *, with_tags: bool) -> None:
        """Read every place, each with the next reader."""
        readers = self.live.readers
        for place in self.story.pages(now()):
            self.turn += 1
            before = now()
            answer = self.read(readers[self.turn % len(readers)], place, encoding, with_tags)
            after = now()
            moments = [before, after, *(turn for turn in self.story.turns() if before < turn <= after)]
            wrong = [self.what_is_wrong(place, answer, self.story.pages(at)[place], at=at) for at in moments]
            assert "" in wrong, (place, encoding, wrong)

    def read(self, reader: Reader, place: str, encoding: str, with_tag: bool) -> Answer:
        last = self.remembered.get((place, encoding))
        wanted = [("If-None-Match", last.tag)] if with_tag and last else []
        answer = reader.ask(place, [("Accept-Encoding", encoding), *wanted])
        if answer.status == 304 and last:
            return last
        if answer.status == 200:
            self.remembered[place, encoding] = answer
        return answer

    def what_is_wrong(self, place: str, answer: Answer, page: Page, *, at: datetime) -> str:
        words, location = words_in(answer.text), answer.header("location")
        if (answer.status, location) != (page.status, page.location):
            return f"{answer.status} {location}, not {page.status} {page.location}"
        if page.status == 301:
            return ""
        missing, old = page.words - words, words - self.story.allowed(at) if page.status == 200 else set()
        return f"missing {missing}, old {old}" if missing or old else ""


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(story_acts=st.lists(acts, min_size=4, max_size=20))
def test_no_reader_sees_anything_but_the_last_committed_state(
    live: Live, story_acts: list[tuple[str, int]]
) -> None:
    story = Story()
    visit = Visit(live, story)
    live.write(story.begin)
    try:
        for verb, number in story_acts:
            visit.do(verb, number)
        for _reader in live.readers:
            visit.turn += 1
            for encoding in ENCODINGS:
                visit.read_all(encoding, with_tags=True)
    finally:
        live.write(story.end)
