import time

import pytest

from watcher.fetch.nesting import DEEPEST, flattened

DEEP = "<a>" * 300 + "x" + "</a>" * 300


def opened(text: str) -> int:
    return text.count("<a")


def test_what_nests_as_feeds_do_stays_as_it_is() -> None:
    feed = "<rss><channel>" + "<item><description><p>x<br>y</p></description></item>" * 1000 + "</channel></rss>"
    assert flattened(feed) == (feed, False)


def test_tags_that_stand_too_deep_go_and_their_text_stays() -> None:
    flat, passed = flattened(f"<item>{DEEP}</item><item><title>Two</title></item>")
    assert passed
    assert opened(flat) == flat.count("</a>") == DEEPEST - 1
    assert flat.count("x") == 1
    assert flat.endswith("<item><title>Two</title></item>")


def test_markup_inside_cdata_and_comments_nests_nothing() -> None:
    feed = f"<item><![CDATA[{'<a>' * 1000}]]><!--{'<a>' * 1000}--><title>One</title></item>"
    assert flattened(feed) == (feed, False)


def test_elements_without_content_nest_nothing() -> None:
    feed = "<item>" + "<media:content url='x'/><br><hr>" * 1000 + "</item>"
    assert flattened(feed) == (feed, False)


def test_what_one_entry_leaves_open_does_not_count_in_the_next() -> None:
    feed = f"<rss>{('<item>' + '<p>' * 100 + '</item>') * 100}</rss>"
    assert flattened(feed) == (feed, False)


def test_paragraphs_that_are_never_closed_leave_the_entrys_own_elements_whole() -> None:
    flat, passed = flattened(f"<item><description>{'<p>x' * 1000}</description><title>One</title></item>")
    assert passed
    assert flat.endswith("</description><title>One</title></item>")
    assert flat.count("x") == 1000


def test_a_tag_of_endless_attributes_loses_them() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(10_000))
    assert flattened(f"<item {attributes}><title>One</title><b {attributes}/></item>") == (
        "<item><title>One</title><b/></item>",
        False,
    )


@pytest.mark.parametrize(
    "piece", ["<a", "<a>", "<a ", "</a>", "<!--", "<![CDATA[", "<", "<a b='>", "<item>", "a", "<a/"]
)
def test_nothing_takes_longer_than_its_length(piece: str) -> None:
    begun = time.process_time()
    flattened(f"<rss>{piece * (2_000_000 // len(piece))}")
    assert time.process_time() - begun < 10
