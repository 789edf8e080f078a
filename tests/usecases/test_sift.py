from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes import START, Clock, JsonParser, Web, WordReader, entry, source
from watcher.core.post import Post, first_version
from watcher.core.source import FullText
from watcher.usecases.memory import MemoryStore
from watcher.usecases.poll import poll
from watcher.usecases.sift import IRRELEVANT, Sift

NEWS = source("news")
ABOUT, OTHER = "On face recognition", "On bridges"


def _post(text: str, *, complete: bool = True) -> Post:
    return replace(first_version(entry("1"), "news", START), title="A title", text=text, complete=complete)


def _aside(post: Post, full_text: FullText = FullText.ON_MATCH) -> bool:
    return Sift(WordReader)(post, replace(NEWS, full_text=full_text), START) is not None


def test_a_post_that_names_the_technology_is_left_to_be_read() -> None:
    assert not _aside(_post(ABOUT))


def test_one_that_does_not_is_put_aside_and_the_reading_says_why() -> None:
    reading = Sift(WordReader)(_post(OTHER), NEWS, START)
    assert reading
    assert (reading.note, reading.read_at, reading.rules, reading.verdicts) == (IRRELEVANT, START, "fake", ())


def test_a_summary_whose_page_is_always_wanted_is_not_put_aside() -> None:
    assert not _aside(_post(OTHER, complete=False), FullText.ALWAYS)
    assert _aside(_post(OTHER, complete=False))


def test_a_headline_without_text_may_mean_anything() -> None:
    assert not _aside(_post("", complete=False))


def test_a_text_that_trips_the_rules_is_left_to_those_who_say_so() -> None:
    class Broken(WordReader):
        def relevant(self, title: str, text: str) -> bool:
            raise ZeroDivisionError(title, text)

    assert Sift(Broken)(_post(OTHER), NEWS, START) is None


def test_a_round_leaves_only_what_names_the_technology_to_be_read() -> None:
    store, web = MemoryStore(), Web()
    web.put(NEWS, replace(entry("1"), text=ABOUT), replace(entry("2"), text=OTHER))
    found = poll(store, web, JsonParser(), [NEWS], Clock(), alert_window=timedelta(days=3), sift=Sift(WordReader))
    with store.begin() as work:
        assert (found.new_posts, [post.text for post in work.posts.unread()]) == (2, [ABOUT])


def test_without_a_new_post_no_reader_is_made() -> None:
    def made() -> WordReader:
        pytest.fail("a reader was made")

    store, web = MemoryStore(), Web()
    web.put(NEWS)
    poll(store, web, JsonParser(), [NEWS], Clock(), alert_window=timedelta(days=3), sift=Sift(made))
