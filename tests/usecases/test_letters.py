"""Once a week and person, whatever clocks and restarts do."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes import Killed, Mortal
from tests.storage.samples import alert
from watcher.core.delivery import DeliveryState
from watcher.core.digest import Digest
from watcher.core.errors import DeliveryError
from watcher.core.letter import Letter, Subscriber
from watcher.core.source import Health, Source, SourceKind, SourceState, SourceType
from watcher.core.week import Schedule
from watcher.usecases.letters import Office, Posted, send_due, send_week, subscribe, unsubscribe
from watcher.usecases.memory import MemoryStore
from watcher.usecases.ports import Store
from watcher.usecases.summarise import Watched

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
START = datetime(2020, 6, 1, 12, tzinfo=UTC)
MONDAY = datetime(2020, 6, 8, 9, tzinfo=UTC)
AMAZON = Source("amazon", SourceType.FEED, "https://amazon.example/feed", SourceKind.VENDOR, vendor="amazon")


@dataclass
class Mailbox:
    """A postman who keeps what he is given. ``moods``: what happens to the next letters, in order."""

    moods: list[DeliveryError | Exception | None] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    digests: list[Digest] = field(default_factory=list)

    def post(
        self, digest: Digest, letter: Letter, zone: str, unsubscribe: str | None, last_step: Callable[[], object]
    ) -> None:
        del zone, unsubscribe
        mood = self.moods.pop(0) if self.moods else None
        if mood is not None:
            raise mood
        last_step()
        self.taken.append((letter.address, letter.week.key))
        self.digests.append(digest)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def office(*readers: str, zone: str = "UTC") -> Office:
    return Office(Watched((AMAZON,), {}), Schedule(), zone, readers)


def run(store: Store, box: Mailbox, now: datetime, where: Office | None = None) -> Posted:
    return send_due(store, box, where or office("anna@example.org"), lambda: now)


def letters(store: Store, address: str = "anna@example.org") -> list[tuple[str, DeliveryState]]:
    with store.begin() as work:
        return [(one.week.key, one.state) for one in work.letters.of(address)]


def test_the_first_letter_comes_at_the_end_of_the_first_week_and_once(store: MemoryStore) -> None:
    box = Mailbox()
    moments = [START, MONDAY - timedelta(seconds=1), MONDAY, MONDAY + HOUR, MONDAY + 6 * DAY]
    assert [run(store, box, now).sent for now in moments] == [0, 0, 1, 0, 0]
    assert box.taken == [("anna@example.org", "2020-W23")]


def test_a_letter_that_was_missed_comes_late_and_the_next_one_on_time(store: MemoryStore) -> None:
    box = Mailbox()
    run(store, box, START)
    assert run(store, box, MONDAY + 3 * DAY).sent == 1
    assert run(store, box, MONDAY + WEEK).sent == 1
    assert [week for _, week in box.taken] == ["2020-W23", "2020-W24"]


def test_after_half_a_year_of_silence_four_letters_come_and_the_oldest_covers_the_rest(store: MemoryStore) -> None:
    box = Mailbox()
    run(store, box, START)
    assert run(store, box, MONDAY + 26 * WEEK).sent == 4
    assert box.digests[0].week.begin == START


def test_a_year_with_both_clock_changes_and_a_week_switched_off_has_a_letter_for_each_week() -> None:
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"):
        store, box = MemoryStore(), Mailbox()
        off = (datetime(2021, 3, 24, tzinfo=UTC), datetime(2021, 3, 31, tzinfo=UTC))
        now = datetime(2020, 12, 31, 23, tzinfo=UTC)
        while now < datetime(2021, 12, 30, 23, tzinfo=UTC):
            if not off[0] <= now < off[1]:
                run(store, box, now, office("anna@example.org", zone=zone))
            now += HOUR
        weeks = Counter(week for _, week in box.taken)
        assert len(weeks) == 52
        assert set(weeks.values()) == {1}


def test_a_refused_recipient_is_named_and_the_others_are_served(store: MemoryStore) -> None:
    where = office("anna@example.org", "ben@example.org", "carla@example.org")
    box = Mailbox([None, DeliveryError("550 no such mailbox", transient=False)])
    run(store, box, START, where)
    done = run(store, box, MONDAY, where)
    assert (done.sent, done.waiting, done.refused) == (2, 0, (("ben@example.org", "550 no such mailbox"),))
    assert run(store, box, MONDAY + HOUR, where).sent == 0
    assert letters(store, "ben@example.org") == [("2020-W23", DeliveryState.GIVEN_UP)]


def test_greylisting_is_tried_again_after_minutes(store: MemoryStore) -> None:
    box = Mailbox([DeliveryError("451 later", transient=True)])
    run(store, box, START)
    times = [timedelta(0), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=3)]
    assert [run(store, box, MONDAY + time).sent for time in times] == [0, 0, 1, 0]


def test_a_mail_server_that_is_away_holds_all_letters_back_and_costs_none_of_their_tries(store: MemoryStore) -> None:
    where = office("anna@example.org", "ben@example.org")
    run(store, Mailbox(), START, where)
    away = DeliveryError("the mail server cannot be reached", transient=True, everyone=True)
    for minute in range(0, 60, 10):
        box = Mailbox([away])
        done = run(store, box, MONDAY + timedelta(minutes=minute), where)
        assert (done.sent, done.waiting, done.trouble) == (0, 2, "the mail server cannot be reached")
    assert run(store, Mailbox(), MONDAY + HOUR, where).sent == 2


def test_a_letter_that_nobody_can_deliver_for_days_is_given_up(store: MemoryStore) -> None:
    run(store, Mailbox(), START)
    for hour in range(24 * 6):
        run(store, Mailbox([DeliveryError("451 later", transient=True)]), MONDAY + hour * HOUR)
    assert letters(store) == [("2020-W23", DeliveryState.GIVEN_UP)]


def test_when_the_answer_got_lost_the_letter_is_sent_again_under_the_same_name(store: MemoryStore) -> None:
    box = Mailbox([DeliveryError("no answer", transient=True, unknown=True)])
    run(store, box, START)
    run(store, box, MONDAY)
    assert letters(store) == [("2020-W23", DeliveryState.UNKNOWN)]
    with store.begin() as work:
        before = work.letters.of("anna@example.org")[0].message_id
    assert run(store, box, MONDAY + HOUR).sent == 1
    with store.begin() as work:
        assert work.letters.of("anna@example.org")[0].message_id == before


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 6))
def test_whenever_the_process_dies_every_reader_gets_the_week(at: int, after: bool) -> None:
    where = office("anna@example.org", "ben@example.org")
    whole, box = MemoryStore(), Mailbox()
    run(whole, box, START, where)
    with pytest.raises(Killed):
        run(Mortal(whole, at, after=after), box, MONDAY, where)
    run(whole, box, MONDAY + timedelta(minutes=1), where)
    assert {address for address, _ in box.taken} == {"anna@example.org", "ben@example.org"}
    again = 1 if (at, after) in {(3, False), (5, False)} else 0  # taken by the server, and then death before "sent"
    assert len(box.taken) == 2 + again
    assert letters(whole) == [("2020-W23", DeliveryState.SENT)]


def test_who_unsubscribes_gets_nothing_more_and_who_comes_back_starts_anew(store: MemoryStore) -> None:
    box, where = Mailbox(), office()
    assert subscribe(store, Subscriber("anna@example.org", START))
    assert run(store, box, MONDAY, where).sent == 1
    assert unsubscribe(store, "anna@example.org", MONDAY + DAY)
    assert not unsubscribe(store, "anna@example.org", MONDAY + DAY)
    assert run(store, box, MONDAY + 3 * WEEK, where).sent == 0
    assert subscribe(store, Subscriber("anna@example.org", MONDAY + 3 * WEEK + HOUR))
    assert run(store, box, MONDAY + 3 * WEEK + HOUR, where).sent == 0
    assert run(store, box, MONDAY + 4 * WEEK, where).sent == 1


def test_to_change_ones_vendors_neither_repeats_nor_skips_a_letter(store: MemoryStore) -> None:
    box, where = Mailbox(), office()
    subscribe(store, Subscriber("anna@example.org", START))
    assert not subscribe(store, Subscriber("anna@example.org", MONDAY - HOUR, ("ibm",)))
    assert run(store, box, MONDAY, where).sent == 1
    assert not subscribe(store, Subscriber("anna@example.org", MONDAY + HOUR))
    assert run(store, box, MONDAY + HOUR, where).sent == 0


def test_whom_the_settings_name_no_more_gets_no_letter(store: MemoryStore) -> None:
    box = Mailbox()
    run(store, box, START)
    assert run(store, box, MONDAY, office()).sent == 0
    assert run(store, box, MONDAY + HOUR).sent == 1


def test_a_week_asked_for_by_hand_goes_to_those_who_do_not_have_it(store: MemoryStore) -> None:
    box, where = Mailbox(), office("anna@example.org", "ben@example.org")
    run(store, box, START, where)
    run(store, box, MONDAY, where)
    subscribe(store, Subscriber("carla@example.org", MONDAY + HOUR))
    with store.begin() as work:
        weeks = [work.letters.of("anna@example.org")[0].week]
    done = send_week(store, box, where, lambda _zone: weeks[0], lambda: MONDAY + HOUR)
    assert (done.sent, box.taken[-1]) == (1, ("carla@example.org", "2020-W23"))


def told(store: Store, *moments: datetime) -> None:
    with store.begin() as work:
        for number, moment in enumerate(moments, 1):
            work.alerts.add(replace(alert(number), at=moment, published=moment), [])
        work.sources.save([SourceState("amazon", health=Health.OK, polls=1)])
        work.commit()


def test_a_letter_tells_what_was_told_in_its_week_and_nothing_else(store: MemoryStore) -> None:
    told(store, MONDAY - WEEK - HOUR, MONDAY - HOUR, MONDAY)
    box = Mailbox()
    subscribe(store, Subscriber("anna@example.org", MONDAY - WEEK))
    run(store, box, MONDAY, office())
    (digest,) = box.digests
    assert [news.alert.at for chapter in digest.chapters for news in chapter.news] == [MONDAY - HOUR]
    assert sum(month.total for month in digest.year) == 2


def test_a_reader_hears_of_the_vendors_asked_for_and_of_no_others(store: MemoryStore) -> None:
    told(store, MONDAY - HOUR)
    box = Mailbox()
    subscribe(store, Subscriber("anna@example.org", START, ("ibm",)))
    subscribe(store, Subscriber("ben@example.org", START, ("amazon",)))
    run(store, box, MONDAY, office())
    assert [(one, digest.changes) for (one, _), digest in zip(box.taken, box.digests, strict=True)] == [
        ("anna@example.org", 0),
        ("ben@example.org", 1),
    ]


def test_stopping_ends_the_run_between_two_letters(store: MemoryStore) -> None:
    where, box = office("anna@example.org", "ben@example.org"), Mailbox()
    run(store, box, START, where)
    stop: Callable[[], bool] = lambda: len(box.taken) == 1  # noqa: E731  (as short as it is)
    done = send_due(store, box, where, lambda: MONDAY, stopping=stop)
    assert (done.sent, done.waiting) == (1, 1)
