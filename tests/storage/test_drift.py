"""Any history of units of work leaves the same record in memory as in a database."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.unit_of_work import SqlStore
from tests.storage.samples import (
    HOUR,
    NOW,
    alert,
    capture,
    edited,
    everything,
    evidence,
    mute,
    notice,
    post,
    reading,
    report,
    review,
    stance,
    statement,
)
from watcher.core.absence import Absence, seen
from watcher.core.change import Change, Verdict
from watcher.core.delivery import Delivery, DeliveryKind, DeliveryState
from watcher.core.errors import StorageError
from watcher.core.post import Post
from watcher.core.review import Ruling
from watcher.core.source import SourceState
from watcher.usecases.memory import MemoryStore
from watcher.usecases.ports import Store, UnitOfWork

Step = Callable[[UnitOfWork], object]

NUMBERS = st.integers(1, 4)
HOURS = st.integers(0, 3)
VERDICT = Verdict(statement(), Change.ANNOUNCED, "new", told=True)


def _version(number: int, version: int) -> Post:
    made = post(number)
    while made.version < version:
        made = edited(made, url=f"https://example.org/{number % 3}")
    return made


def _add(numbers: list[int]) -> Step:
    return lambda work: work.posts.add_new([post(number) for number in numbers])


def _edit(number: int, version: int) -> Step:
    return lambda work: work.posts.add_version(_version(number, version))


def _read(number: int, version: int) -> Step:
    return lambda work: work.posts.save_reading(reading(_version(number, version), *[VERDICT] * (number % 2)))


def _complete(number: int, version: int) -> Step:
    return lambda work: work.posts.set_text(replace(_version(number, version), text="All of it."))


def _poll(number: int) -> Step:
    return lambda work: work.sources.save([SourceState(f"feed{number % 2}", polls=number)])


def _hold(number: int) -> Step:
    return lambda work: work.stances.add([stance(origin=f"post:{number}", recorded_at=NOW + number * HOUR)])


def _prove(number: int, hours: int) -> Step:
    held = stance(origin=f"post:{number}", recorded_at=NOW + number * HOUR)
    return lambda work: work.stances.add_evidence(evidence(held, recorded_at=NOW + hours * HOUR))


def _tell(number: int, channels: list[str]) -> Step:
    return lambda work: work.alerts.add(alert(number), channels)


def _join(number: int, hours: int) -> Step:
    return lambda work: work.alerts.join(report(alert(number).key, hours))


def _deliver(number: int, state: DeliveryState) -> Step:
    return lambda work: work.alerts.save_delivery(Delivery(alert(number).key, "C1", state, attempts=number))


def _notify(number: int, channels: list[str]) -> Step:
    return lambda work: work.alerts.add_notice(notice(number), channels)


def _remark(number: int, hours: int) -> Step:
    return lambda work: work.alerts.remark(alert(number).key, NOW + hours * HOUR, f"Remark {hours}.")


def _edit_done(number: int, hours: int) -> Step:
    edit = Delivery(alert(number).key, "C1", created=NOW + hours * HOUR, kind=DeliveryKind.EDIT)
    return lambda work: work.alerts.save_delivery(edit.done(NOW, "1.0"))


def _take(hours: int) -> Step:
    return lambda work: work.captures.add(capture(taken=NOW + hours * HOUR, text=f"Text {hours}."))


def _touch(hours: int) -> Step:
    return lambda work: work.captures.touch(capture(seen_last=NOW + hours * HOUR))


def _go(hours: int, *, back: bool) -> Step:
    went = Absence("policy", f"Text {hours}.", NOW + hours * HOUR)
    return lambda work: work.captures.save_absences([seen(went, NOW + 9 * HOUR) if back else went])


def _say(number: int, ruling: Ruling) -> Step:
    return lambda work: work.reviews.add(review(number, ruling=ruling))


def _mute(hours: int) -> Step:
    return lambda work: work.reviews.add_mute(mute(until=NOW + hours * HOUR, request=f"r{hours}"))


STEPS = st.one_of(
    st.builds(_add, st.lists(NUMBERS, max_size=5)),
    st.builds(_edit, NUMBERS, st.integers(2, 3)),
    st.builds(_read, NUMBERS, st.integers(1, 3)),
    st.builds(_complete, NUMBERS, st.integers(1, 3)),
    st.builds(_poll, NUMBERS),
    st.builds(_hold, NUMBERS),
    st.builds(_prove, NUMBERS, HOURS),
    st.builds(_tell, NUMBERS, st.lists(st.sampled_from(["C1", "C2"]), max_size=2)),
    st.builds(_join, NUMBERS, HOURS),
    st.builds(_deliver, NUMBERS, st.sampled_from(DeliveryState)),
    st.builds(_notify, NUMBERS, st.lists(st.sampled_from(["C1", "terminal"]), max_size=2)),
    st.builds(_remark, NUMBERS, HOURS),
    st.builds(_edit_done, NUMBERS, HOURS),
    st.builds(_take, HOURS),
    st.builds(_touch, HOURS),
    st.builds(_go, HOURS, back=st.booleans()),
    st.builds(_say, NUMBERS, st.sampled_from(Ruling)),
    st.builds(_mute, HOURS),
)


def _work(store: Store, steps: list[Step], *, commit: bool) -> bool:
    """One unit of work; whether it was saved."""
    try:
        with store.begin() as work:
            for step in steps:
                step(work)
            if commit:
                work.commit()
    except StorageError:
        return False
    return commit


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(history=st.lists(st.tuples(st.lists(STEPS, max_size=6), st.booleans()), max_size=6))
def test_any_history_leaves_the_same_record(sqlite_template: Path, history: list[tuple[list[Step], bool]]) -> None:
    memory = MemoryStore()
    with TemporaryDirectory() as folder:
        file = shutil.copy(sqlite_template, folder)
        with SqlStore(f"sqlite:///{file}") as database:
            for steps, commit in history:
                assert _work(memory, steps, commit=commit) == _work(database, steps, commit=commit)
                assert everything(memory) == everything(database)
