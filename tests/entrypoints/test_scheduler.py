import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import START, Clock
from watcher.core.errors import FetchTrouble, StorageError
from watcher.core.health import Transition
from watcher.core.source import Health
from watcher.entrypoints.scheduler import (
    AFTER_ERROR,
    Beat,
    Report,
    Work,
    describe,
    describe_transition,
    one_round,
    run,
)
from watcher.usecases.deliver import Delivered
from watcher.usecases.read import ReadSummary
from watcher.usecases.round import Failure, Round

ROOT = Path(__file__).parents[2]
MINUTE = timedelta(minutes=1)
TIMEOUT = Failure("a", FetchTrouble.TIMEOUT, "no answer in 30 s")
LATER = Round(asked=2, answered=2, not_modified=2, next_due=START + 5 * MINUTE)


class Diary:
    """Work that only writes down what was asked of it."""

    def __init__(self, *rounds: Round | Exception, settles: int = 0, awaited: int = 0) -> None:
        self.done: list[str] = []
        self.awaited = awaited  # pages; one comes each time
        self.rounds = list(rounds)
        self.settles = settles
        self.polled = threading.Event()

    def work(self) -> Work:
        return Work(self.poll, self.read, self.deliver)

    def poll(self, tell: Callable[[], object], _stop: Callable[[], bool]) -> Round:
        self.done.append("poll")
        self.polled.set()
        for _ in range(self.settles):
            tell()
        found = self.rounds.pop(0) if len(self.rounds) > 1 else self.rounds[0]
        if isinstance(found, Exception):
            raise found
        return found

    def read(self, _stop: Callable[[], bool]) -> ReadSummary:
        self.done.append("read")
        left, self.awaited = self.awaited, max(0, self.awaited - 1)
        return ReadSummary(posts=1, reports=1, awaited=left)

    def deliver(self, _stop: Callable[[], bool]) -> Delivered:
        self.done.append("deliver")
        return Delivered(sent=1)


def test_a_round_polls_then_reads_then_delivers() -> None:
    diary = Diary(LATER)
    report = one_round(diary.work())
    assert diary.done == ["poll", "read", "deliver"]
    assert report == Report(LATER, (ReadSummary(posts=1, reports=1),), (Delivered(sent=1),))


def test_while_a_slow_source_is_awaited_what_came_is_read_and_delivered() -> None:
    diary = Diary(LATER, settles=1)
    one_round(diary.work())
    assert diary.done == ["poll", "read", "deliver", "read", "deliver"]


def test_a_round_alone_goes_on_until_no_page_is_awaited() -> None:
    diary = Diary(LATER, awaited=2)
    assert one_round(diary.work()).pages == 0
    assert diary.done == ["poll", *["read", "deliver"] * 3]


def test_a_stop_ends_the_wait_for_pages() -> None:
    diary = Diary(LATER, awaited=2)
    assert one_round(diary.work(), lambda: diary.done.count("read") == 1).pages == 2
    assert diary.done == ["poll", "read", "deliver"]


def test_a_round_of_many_leaves_the_pages_to_the_next_which_begins_with_the_next_tick() -> None:
    diary, clock = Diary(LATER, awaited=1), Clock()
    beat = Beat(diary.work(), clock, bool)
    for _ in range(3):
        beat.tick()
        clock.forward(timedelta(seconds=1))
    assert diary.done == [*["poll", "read", "deliver"] * 2, "deliver"]


def test_a_stopped_round_begins_nothing_more() -> None:
    diary = Diary(LATER)
    one_round(diary.work(), lambda: True)
    assert diary.done == ["poll"]


def test_without_a_network_one_line_says_so() -> None:
    lost = tuple(Failure(f"s{n}", FetchTrouble.NETWORK, "no name") for n in range(64))
    down = Round(asked=64, answered=64, failures=lost, network_down=True, next_due=START + 5 * MINUTE)
    assert describe(Report(down)) == (
        "64 of 64 sources could not be reached: this machine's own network seems to be down; next try at 12:05 UTC"
    )


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (Report(Round(asked=1, answered=1)), "1 source polled: nothing new"),
        (Report(LATER), "2 sources polled: 2 not modified; next at 12:05 UTC"),
        (
            Report(
                Round(asked=3, answered=3, new_posts=12, baseline=10, edits=1, partial=("b",), failures=(TIMEOUT,)),
                (ReadSummary(posts=13, reports=2),),
                (Delivered(sent=1, waiting=2, oldest=timedelta(minutes=16)),),
            ),
            (
                "3 sources polled: 12 new posts (10 of them as baseline), 1 edit, 1 cut short (b); "
                "1 failed: a (timeout: no answer in 30 s); 1 message sent, 2 waiting, the oldest for 16 min, "
                "2 reports joined earlier alerts"
            ),
        ),
        (
            Report(Round(asked=7, answered=7, failures=(TIMEOUT,) * 7)),
            "7 sources polled: nothing new; 7 failed: "
            + ", ".join(["a (timeout: no answer in 30 s)"] * 5)
            + " and 2 more",
        ),
    ],
)
def test_a_round_is_summed_up_in_one_line(report: Report, line: str) -> None:
    assert describe(report) == line


def test_a_change_of_health_is_told_with_its_reason() -> None:
    change = Transition("blog", Health.OK, Health.FAILING, START, "status 500")
    assert describe_transition(change) == "source blog: ok → failing (status 500)"


def beat(diary: Diary, clock: Clock) -> Beat:
    return Beat(diary.work(), clock, lambda: False)


def test_between_due_times_a_tick_only_delivers() -> None:
    diary, clock = Diary(LATER), Clock()
    metronome = beat(diary, clock)
    metronome.tick()
    clock.forward(4 * MINUTE)
    metronome.tick()
    assert diary.done == ["poll", "read", "deliver", "deliver"]
    clock.forward(MINUTE)
    metronome.tick()
    assert diary.done.count("poll") == 2


def test_a_bug_is_logged_with_its_traceback_once_and_the_watch_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    diary, clock = Diary(ZeroDivisionError("a bug")), Clock()
    metronome = beat(diary, clock)
    for _ in range(3):
        metronome.tick()
        clock.forward(AFTER_ERROR)
    assert diary.done == ["poll"] * 3
    assert caplog.text.count("Traceback") == 1
    assert caplog.text.count("the same error again (ZeroDivisionError in poll,") == 2


def test_a_full_disk_is_told_without_a_traceback_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    diary, clock = Diary(StorageError("the disk is full"), LATER), Clock()
    metronome = beat(diary, clock)
    metronome.tick()
    metronome.tick()
    assert [record.message for record in caplog.records] == ["the disk is full"]
    clock.forward(AFTER_ERROR)
    metronome.tick()
    assert diary.done.count("poll") == 2


def test_rounds_without_an_event_are_shown_once_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    diary, clock = Diary(LATER), Clock()
    metronome = beat(diary, clock)
    for _ in range(3):
        metronome.tick()
        clock.forward(10 * MINUTE)
    assert diary.done.count("poll") == 3
    assert len(caplog.records) == 1


def test_changes_of_health_notes_and_trouble_have_a_line_each(caplog: pytest.LogCaptureFixture) -> None:
    change = Transition("blog", Health.NEW, Health.GONE, START, None)
    diary = Diary(Round(asked=1, answered=1, transitions=(change,), notes=("a note",), next_due=START))
    diary.deliver = lambda _stop: Delivered(trouble={"C1": "the token is refused"})  # type: ignore[method-assign]  # a fake
    beat(diary, Clock()).tick()
    told = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert told == ["source blog: new → gone", "a note", "C1: the token is refused"]


def test_what_stands_beside_the_rounds_is_done_at_each_tick_also_when_a_round_fails() -> None:
    diary, clock, done = Diary(StorageError("the disk is full"), LATER), Clock(), []
    work = Work(diary.poll, diary.read, diary.deliver, lambda now, _stop: done.append(now))
    metronome = Beat(work, clock, lambda: False)
    for _ in range(3):
        metronome.tick()
        clock.forward(AFTER_ERROR)
    assert done == [START, START + AFTER_ERROR, START + 2 * AFTER_ERROR]


def test_sources_that_were_added_are_polled_at_the_next_tick() -> None:
    diary, clock, changes = Diary(LATER), Clock(), [False, True, False, False]
    metronome = Beat(Work(diary.poll, diary.read, diary.deliver, changed=changes.pop), clock, lambda: False)
    for _ in range(4):
        metronome.tick()
        clock.forward(timedelta(seconds=5))
    assert diary.done.count("poll") == 2


def test_it_works_until_it_is_stopped() -> None:
    diary, stopping = Diary(LATER), threading.Event()
    thread = threading.Thread(
        target=lambda: run(diary.work(), clock=Clock(), tick=timedelta(milliseconds=20), stopping=stopping)
    )
    thread.start()
    assert diary.polled.wait(20)
    stopping.set()
    thread.join(20)
    assert not thread.is_alive()


PROGRAM = """
    import sys, time
    from watcher.entrypoints.scheduler import Work, run
    from watcher.usecases.deliver import Delivered
    from watcher.usecases.round import Round
    from watcher.usecases.read import ReadSummary

    def poll(tell, stop):
        print("polling", flush=True)
        while not stop():
            time.sleep(0.01)
        print("finishing", flush=True)
        return Round(stopped=True)

    run(Work(poll, lambda stop: ReadSummary(), lambda stop: Delivered()))
    print("ended", flush=True)
"""


RELOADED = """
    import threading
    from watcher.entrypoints.scheduler import Work, run
    from watcher.usecases.deliver import Delivered
    from watcher.usecases.round import Round
    from watcher.usecases.read import ReadSummary

    reloading, stopping = threading.Event(), threading.Event()

    def poll(tell, stop):
        print("polling", flush=True)
        reloading.wait(20)
        print("asked", reloading.is_set(), flush=True)
        stopping.set()
        return Round()

    work = Work(poll, lambda stop: ReadSummary(), lambda stop: Delivered())
    run(work, stopping=stopping, reloading=reloading)
"""


def test_a_hangup_asks_for_the_files_to_be_read_again_and_ends_nothing() -> None:
    program = [sys.executable, "-c", textwrap.dedent(RELOADED)]
    with subprocess.Popen(program, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "polling\n"
        process.send_signal(signal.SIGHUP)
        out, _ = process.communicate(timeout=30)
    assert (out, process.returncode) == ("asked True\n", 0)


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_it_finish_what_it_began_and_end_with_status_0(name: signal.Signals) -> None:
    program = [sys.executable, "-c", textwrap.dedent(PROGRAM)]
    with subprocess.Popen(program, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "polling\n"
        process.send_signal(name)
        out, _ = process.communicate(timeout=30)
    assert (out, process.returncode) == ("finishing\nended\n", 0)


def test_a_signal_that_comes_twice_at_once_is_one_wish() -> None:
    """Who ends a process and then its group, as timeout does, sends two."""
    program = [sys.executable, "-c", textwrap.dedent(PROGRAM)]
    with subprocess.Popen(program, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "polling\n"
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert (out, process.returncode) == ("finishing\nended\n", 0)
