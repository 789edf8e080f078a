import os
import queue
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fetch.conformance.suite import READ
from tests.fetch.conftest import NOW
from watcher.core.capture import Capture
from watcher.core.errors import FetchTrouble
from watcher.core.source import Source, SourceKind, SourceType
from watcher.fetch.parser import WebParser
from watcher.fetch.parserchild import Task, Unread
from watcher.fetch.parserpool import Outcome, ParserPool
from watcher.usecases.ports import Fetched, Parsed

URL = "https://example.org/feed"
FEED = Source("feed", SourceType.FEED, URL, SourceKind.NEWS)
BODY = b"<rss version='2.0'><channel><title>News</title><item><title>One</title><link>/1</link></item></channel></rss>"
PATIENCE = 60  # seconds; only a hang takes so long


def task(body: bytes = BODY, source: Source = FEED) -> Task:
    return Task(source, Fetched(source.id, URL, status=200, body=body, final_url=URL), NOW)


def outcomes(pool: ParserPool, *tasks: Task) -> list[Outcome]:
    found: queue.SimpleQueue[tuple[int, Outcome]] = queue.SimpleQueue()
    for number, one in enumerate(tasks):
        pool.submit(one, lambda outcome, number=number: found.put((number, outcome)))  # type: ignore[misc]  # its default
    return [outcome for _, outcome in sorted((found.get(timeout=PATIENCE) for _ in tasks), key=lambda pair: pair[0])]


def children() -> list[int]:
    """The processes that read for this one."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes()
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        if parent == os.getpid() and b"parserchild" in words:
            found.append(int(entry.name))
    return found


@pytest.fixture
def pool() -> Iterator[ParserPool]:
    made = ParserPool(1)
    yield made
    made.close()


def test_a_child_reads_what_the_caller_would_have_read(pool: ParserPool) -> None:
    tasks = [task(BODY.replace(b"One", str(number).encode())) for number in range(20)]
    parser = WebParser(lambda: NOW)
    assert outcomes(pool, *tasks) == [parser.entries(FEED, one.answer) for one in tasks]


def test_a_policy_page_comes_back_as_a_capture(pool: ParserPool) -> None:
    source = replace(FEED, type=SourceType.POLICY, vendor="northgate")
    body = b"<html><body><main><h1>Terms</h1><p>You may not use it to identify people.</p></main></body></html>"
    [capture] = outcomes(pool, task(body, source))
    assert isinstance(capture, Capture)
    assert "identify people" in capture.text


def test_what_is_no_feed_comes_back_as_its_trouble(pool: ParserPool) -> None:
    [found] = outcomes(pool, task(b"<html><body>Welcome</body></html>"))
    assert isinstance(found, Unread)
    assert found.trouble is FetchTrouble.UNREADABLE
    assert not found.trace


def test_a_deadline_ends_the_reading_and_the_next_body_is_read() -> None:
    pool = ParserPool(1, seconds=0.001)  # shorter than a child takes to start
    try:
        [found] = outcomes(pool, task())
        assert found == Unread(FetchTrouble.UNREADABLE, "could not be read in 0 s")
        assert children() == []
        pool._seconds = PATIENCE
        [found] = outcomes(pool, task())
        assert isinstance(found, Parsed)
    finally:
        pool.close()


def test_a_body_that_wants_more_memory_than_it_may_have_costs_itself_only() -> None:
    pool = ParserPool(1, memory=300 * 1024**2)
    try:
        found = outcomes(
            pool,
            task(b"<rss><channel><item><title>" + b"x" * 60_000_000 + b"</title></item></channel></rss>"),
            task(),
        )
    finally:
        pool.close()
    assert isinstance(found[0], Unread)
    assert isinstance(found[1], Parsed)


def test_a_page_that_memory_does_not_suffice_for_is_not_taken_for_none() -> None:
    pool = ParserPool(1, memory=200 * 1024**2)
    source = replace(FEED, type=SourceType.POLICY, vendor="northgate")
    page = b"<html><body><h1>Terms</h1>" + b"<p>You may not use it to identify people.</p>" * 500_000
    try:
        [found] = outcomes(pool, task(page, source))
    finally:
        pool.close()
    assert isinstance(found, Unread)
    assert found.detail == "takes more memory to read than any feed or page needs"
    assert not found.trace


def test_all_that_is_good_is_read_within_the_memory_that_a_child_has(pool: ParserPool) -> None:
    """The feeds of the suite, one of 100,000 entries, and two as large as a body may be."""
    many = b"".join(b"<item><guid>%d</guid><title>x</title></item>" % number for number in range(100_000))
    long = b"<item><title>x</title><category domain='a' scheme='b'>y</category><description>%s</description></item>"
    words = b"&lt;p&gt;They said so. " * 800
    page = b"<item><title>x</title><description><![CDATA[%s]]></description></item>" % (words * 1000)
    bodies = [
        *(case.body for case in READ),
        *(b"<rss><channel>%s</channel></rss>" % items for items in (many, long % words * 1000, page)),
    ]
    assert max(map(len, bodies)) > 18_000_000
    found = outcomes(pool, *map(task, bodies))
    assert [one for one in found if not isinstance(one, Parsed)] == []


def test_a_child_that_dies_costs_its_body_at_most(pool: ParserPool) -> None:
    assert isinstance(outcomes(pool, task())[0], Parsed)
    for child in children():
        os.kill(child, signal.SIGKILL)
    found = outcomes(pool, task(), task())
    assert found[0] == Unread(FetchTrouble.UNREADABLE, "ended the process that read it")
    assert isinstance(found[1], Parsed)


def test_closing_ends_every_child_and_what_was_handed_in_is_answered() -> None:
    pool = ParserPool(2)
    found: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    for _ in range(10):
        pool.submit(task(), found.put)
    pool.close()
    assert all(isinstance(found.get_nowait(), Parsed | None) for _ in range(10))
    assert children() == []


def test_a_child_without_work_ends_and_another_follows_when_there_is_some(
    pool: ParserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.fetch.parserpool.IDLE", 0.05)
    assert isinstance(outcomes(pool, task())[0], Parsed)
    for thread in list(pool._threads):
        thread.join(PATIENCE)
    assert children() == []
    assert isinstance(outcomes(pool, task())[0], Parsed)


def test_a_child_is_replaced_after_many_bodies(pool: ParserPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.fetch.parserpool.TASKS", 2)
    assert all(isinstance(found, Parsed) for found in outcomes(pool, *[task()] * 5))


def test_without_processes_the_caller_reads_himself(pool: ParserPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert outcomes(pool, task()) == [None]
