from datetime import timedelta

from tests.storage.samples import NOW, alert
from watcher.core.condition import DISK, NETWORK, UNDELIVERED, Condition
from watcher.core.delivery import Delivery
from watcher.core.source import Health, SourceState
from watcher.usecases.memory import MemoryStore
from watcher.usecases.notices import note, note_sources, overdue, standing

MINUTE = timedelta(minutes=1)


def operators(name: str) -> tuple[str, ...]:
    return (f"ops-{name.split(':', maxsplit=1)[0]}",)


def test_a_fault_is_on_record_with_its_message_and_told_once() -> None:
    store = MemoryStore()
    (told,) = note(store, {DISK: "12 MB are free"}, operators, NOW)
    assert note(store, {DISK: "12 MB are free"}, operators, NOW + MINUTE) == ()
    assert standing(store) == [Condition(DISK, NOW, "12 MB are free")]
    with store.begin() as work:
        assert work.alerts.notices() == [told]
        assert [one.channel for one in work.alerts.open_deliveries()] == ["ops-disk"]
    assert len(note(store, {DISK: None}, operators, NOW + MINUTE)) == 1
    assert standing(store) == []


def test_sources_are_not_blamed_while_our_own_network_is_down() -> None:
    store = MemoryStore()
    with store.begin() as work:
        work.sources.save([SourceState("a", health=Health.FAILING)])
        work.commit()
    note(store, {NETWORK: "5 of 5 sources could not be reached"}, operators, NOW)
    assert note_sources(store, ["a"], operators, NOW) == ()
    note(store, {NETWORK: None}, operators, NOW)
    assert [one.title for one in note_sources(store, ["a"], operators, NOW)] == ["1 source in trouble"]
    assert note_sources(store, ["a"], operators, NOW + MINUTE) == ()


def test_an_alert_that_waits_for_a_quarter_of_an_hour_is_a_fault_until_it_has_arrived() -> None:
    store, told = MemoryStore(), alert()
    with store.begin() as work:
        work.alerts.add(told, ["C1", "C2"])
        work.commit()
    assert overdue(store, told.at + 15 * MINUTE) == {UNDELIVERED: None}
    late = overdue(store, told.at + 16 * MINUTE)[UNDELIVERED]
    assert late == f"{told.key} to C1 waits since {told.at:%H:%M} UTC, and 1 more"
    with store.begin() as work:
        for channel in ("C1", "C2"):
            work.alerts.save_delivery(Delivery(told.key, channel, created=told.at).done(NOW, "1"))
        work.commit()
    assert overdue(store, told.at + 16 * MINUTE) == {UNDELIVERED: None}
