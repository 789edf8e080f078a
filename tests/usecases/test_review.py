"""A person's word, from the alert to the ledger, and what reading heeds of it."""

from datetime import UTC, timedelta

import pytest

from tests.fakes import DAY, HOUR, START, Clock, WordReader, entry, source
from watcher.core.alert import Alert
from watcher.core.delivery import DeliveryKind
from watcher.core.digest import Digest
from watcher.core.post import first_version
from watcher.core.review import ECHO_WINDOW, LONGEST_MUTE, Person, Review, Ruling
from watcher.core.source import SourceKind
from watcher.core.statement import Position
from watcher.core.week import Week
from watcher.usecases.answer import status
from watcher.usecases.memory import MemoryStore
from watcher.usecases.mute import mute, tell_ended, unmute
from watcher.usecases.propose import backtested, exclusion, propose
from watcher.usecases.read import read_unread
from watcher.usecases.review import pending, rule
from watcher.usecases.summarise import Watched, summarise

ANN = Person("Ann", "U1")
BLOG = source("blog", SourceKind.VENDOR, vendor="amazon")
PRESS, PAPER, WIRE = source("press"), source("paper"), source("wire")
SOURCES = (BLOG, PRESS, PAPER, WIRE)
BAN = "On face recognition: amazon ban police"


class Newsroom:
    """A record into which posts come, and people's words."""

    def __init__(self) -> None:
        self.store, self.clock, self.reader = MemoryStore(), Clock(), WordReader()
        self.presses = 0

    def publish(self, source_id: str, text: str = BAN, name: str = "a") -> Alert | None:
        """A post comes in and is read; its alert, if there is one."""
        post = first_version(entry(name, text, START - self.clock.now), source_id, self.clock.now)
        with self.store.begin() as work:
            work.posts.add_new([post])
            work.commit()
        found = read_unread(self.store, self.reader, SOURCES, lambda _: ("C1",), self.clock)
        self.clock.forward(HOUR)
        return found.alerts[0] if found.alerts else None

    def say(self, alert: Alert, ruling: Ruling, by: Person = ANN, request: str = "") -> int:
        """Somebody presses a button; how many rows of the ledger that moved."""
        self.presses += 1
        said = Review(alert.key, ruling, by, self.clock.now, request or f"press-{self.presses}")
        done = rule(self.store, said)
        self.clock.forward(HOUR)
        assert done
        return done.rows

    def positions(self, known_on: timedelta | None = None) -> list[Position]:
        known = None if known_on is None else START + known_on
        day = self.clock.now.date()
        return [one.position for one in status(self.store, {}, day, vendor="amazon", known_on=known)]


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


def told(newsroom: Newsroom, source_id: str = "press", text: str = BAN, name: str = "a") -> Alert:
    alert = newsroom.publish(source_id, text, name)
    assert alert
    return alert


def test_a_rejection_takes_the_stance_back_and_leaves_what_was_known_before(newsroom: Newsroom) -> None:
    alert = told(newsroom)
    assert newsroom.positions() == [Position.BAN]
    assert newsroom.say(alert, Ruling.NOT_A_CHANGE) == 1
    assert newsroom.positions() == []
    assert newsroom.positions(known_on=timedelta(minutes=30)) == [Position.BAN]


def test_a_rejection_brings_back_what_held_before_the_alert(newsroom: Newsroom) -> None:
    told(newsroom, "blog", "On face recognition: amazon moratorium police")
    newsroom.clock.forward(20 * DAY)
    second = told(newsroom, name="b", text="On face recognition: amazon allow police")
    assert newsroom.positions() == [Position.ALLOW]
    newsroom.say(second, Ruling.NOT_THIS_VENDOR)
    assert newsroom.positions() == [Position.MORATORIUM]


def test_a_rejection_takes_the_rows_of_reports_that_completed_the_alert_back_too(newsroom: Newsroom) -> None:
    alert = told(newsroom)
    assert newsroom.publish("blog", name="b") is None  # the vendor's own page joins, and outranks the press
    assert newsroom.say(alert, Ruling.NOT_A_CHANGE) == 2
    assert newsroom.positions() == []


def test_the_last_word_counts_however_often_it_changes(newsroom: Newsroom) -> None:
    alert = told(newsroom)
    said = (Ruling.CONFIRM, Ruling.NOT_A_CHANGE, Ruling.NOT_THIS_VENDOR, Ruling.CONFIRM, Ruling.CONFIRM)
    assert [newsroom.say(alert, ruling) for ruling in said] == [0, 1, 0, 1, 0]
    assert newsroom.positions() == [Position.BAN]
    assert newsroom.say(alert, Ruling.NOT_A_CHANGE) == 1
    assert newsroom.positions() == []
    assert newsroom.say(alert, Ruling.CONFIRM) == 1
    assert newsroom.positions() == [Position.BAN]


def test_one_press_that_slack_repeats_counts_once(newsroom: Newsroom) -> None:
    alert = told(newsroom)
    assert newsroom.say(alert, Ruling.NOT_A_CHANGE, request="trigger-1") == 1
    newsroom.say(alert, Ruling.CONFIRM)
    assert newsroom.say(alert, Ruling.NOT_A_CHANGE, request="trigger-1") == 0
    assert newsroom.positions() == [Position.BAN]


def test_a_review_of_an_unknown_alert_is_none(newsroom: Newsroom) -> None:
    assert rule(newsroom.store, Review("amazon-x", Ruling.CONFIRM, ANN, START, "1")) is None


def test_the_messages_of_an_alert_go_on_to_say_who_took_it_back(newsroom: Newsroom) -> None:
    alert = told(newsroom)
    with newsroom.store.begin() as work:
        (sent,) = work.alerts.deliveries(alert.key)
        work.alerts.save_delivery(sent.begin(START).done(START, "171.1"))
        work.commit()
    newsroom.say(alert, Ruling.NOT_THIS_VENDOR)
    with newsroom.store.begin() as work:
        assert work.alerts.remarks(alert.key) == ["Taken back by Ann on 2020-06-10: not this vendor"]
        assert [one.kind for one in work.alerts.open_deliveries()] == [DeliveryKind.EDIT]


def test_an_alert_taken_back_absorbs_no_later_report(newsroom: Newsroom) -> None:
    alert = told(newsroom)
    newsroom.say(alert, Ruling.NOT_A_CHANGE)
    assert newsroom.publish("paper", "On face recognition today: so amazon ban police. amazon ban business", "b")


def test_a_rejected_sentence_is_no_statement_again_in_the_outlets_that_copy_it(newsroom: Newsroom) -> None:
    alert = told(newsroom)
    newsroom.say(alert, Ruling.NOT_A_CHANGE)
    assert newsroom.publish("paper", name="b") is None
    assert newsroom.publish("wire", name="c") is None
    (echo,) = pending(newsroom.store, newsroom.clock.now).echoes
    assert (echo.alert, echo.posts, echo.review.by) == (alert, 2, ANN)
    with newsroom.store.begin() as work:
        (reading,) = work.posts.readings(first_version(entry("b"), "paper", START).id)
    assert reading.note == "a sentence that Ann took back on 2020-06-10 (not-a-change) stands here again"
    assert newsroom.positions() == []


def test_the_vendors_own_word_is_heard_after_a_rejection_of_the_press(newsroom: Newsroom) -> None:
    newsroom.say(told(newsroom), Ruling.NOT_A_CHANGE)
    assert newsroom.publish("blog", name="b")


def test_a_rejected_sentence_is_heard_again_after_its_window(newsroom: Newsroom) -> None:
    newsroom.say(told(newsroom), Ruling.NOT_A_CHANGE)
    newsroom.clock.forward(ECHO_WINDOW)
    assert newsroom.publish("paper", name="b")


def test_what_one_outlet_reports_waits_until_somebody_says_yes_or_no(newsroom: Newsroom) -> None:
    alert = told(newsroom)
    assert [one.alert for one in pending(newsroom.store, newsroom.clock.now).alerts] == [alert]
    newsroom.say(alert, Ruling.CONFIRM)
    assert pending(newsroom.store, newsroom.clock.now).empty


def test_a_muted_vendor_is_recorded_and_sent_nowhere(newsroom: Newsroom) -> None:
    made = mute(newsroom.store, "amazon", None, ANN, newsroom.clock.now, "1")
    alert = told(newsroom)
    with newsroom.store.begin() as work:
        assert work.alerts.deliveries(alert.key) == []
    (silence,) = pending(newsroom.store, newsroom.clock.now).silences
    assert (silence.mute, silence.held) == (made, (alert,))
    assert newsroom.publish("press", "On face recognition: ibm ban police", "b")
    with newsroom.store.begin() as work:
        assert [one.channel for one in work.alerts.open_deliveries()] == ["C1"]


def test_unmuting_tells_what_came_meanwhile_and_ends_the_silence(newsroom: Newsroom) -> None:
    mute(newsroom.store, "amazon", newsroom.clock.now + 7 * DAY, ANN, newsroom.clock.now, "1")
    alert = told(newsroom)
    ended = unmute(newsroom.store, "amazon", ANN, newsroom.clock.now, "2")
    assert ended.held == (alert,)
    assert unmute(newsroom.store, "amazon", ANN, newsroom.clock.now, "3").mute is None
    assert pending(newsroom.store, newsroom.clock.now).silences == ()


def test_no_silence_is_for_ever(newsroom: Newsroom) -> None:
    made = mute(newsroom.store, "amazon", newsroom.clock.now + 9999 * DAY, ANN, newsroom.clock.now, "1")
    assert made.until == newsroom.clock.now + LONGEST_MUTE


def test_when_a_mute_runs_out_what_it_kept_back_is_told_once(newsroom: Newsroom) -> None:
    mute(newsroom.store, "amazon", newsroom.clock.now + 2 * DAY, ANN, newsroom.clock.now, "1")
    told(newsroom)

    def ended() -> list[str]:
        found = tell_ended(newsroom.store, str.title, lambda _: ("C1",), newsroom.clock.now)
        return [f"{notice.title}: {', '.join(notice.lines)}" for notice in found]

    assert ended() == []
    newsroom.clock.forward(2 * DAY)
    assert ended() == [
        "Amazon is heard again; 1 alert was recorded meanwhile: 2020-06-10: ban towards police (announced), press"
    ]
    assert ended() == []
    with newsroom.store.begin() as work:
        assert [one.channel for one in work.alerts.open_deliveries()] == ["C1"]


def test_a_mute_that_somebody_ended_or_that_kept_nothing_back_ends_without_a_word(newsroom: Newsroom) -> None:
    for vendor in ("amazon", "ibm"):
        mute(newsroom.store, vendor, newsroom.clock.now + 2 * DAY, ANN, newsroom.clock.now, "1")
    told(newsroom)
    unmute(newsroom.store, "amazon", ANN, newsroom.clock.now, "2")
    newsroom.clock.forward(2 * DAY)
    assert tell_ended(newsroom.store, str.title, lambda _: ("C1",), newsroom.clock.now) == []


# --- what rules should learn


def proposed(newsroom: Newsroom) -> list[tuple[str | None, int, int, int]]:
    made = propose(newsroom.store, lambda: newsroom.reader, SOURCES, lambda _: ("C1",), newsroom.clock.now)
    return [(one.phrase, one.posts, len(one.removed), len(one.confirmed)) for one in made]


def test_two_rejections_of_one_kind_propose_an_exclusion_with_its_back_test_once(newsroom: Newsroom) -> None:
    newsroom.say(told(newsroom), Ruling.NOT_A_CHANGE)
    assert proposed(newsroom) == []
    newsroom.clock.forward(ECHO_WINDOW)
    newsroom.say(told(newsroom, "paper", name="b"), Ruling.NOT_A_CHANGE)
    assert proposed(newsroom) == [("amazon ban police", 2, 1, 0)]
    assert proposed(newsroom) == []
    with newsroom.store.begin() as work:
        (notice,) = work.alerts.notices()
        assert [one.channel for one in work.alerts.open_deliveries() if one.kind is DeliveryKind.NOTICE] == ["C1"]
    assert notice.title == "Rule fake: 2 alerts were taken back as not-a-change"
    assert len(pending(newsroom.store, newsroom.clock.now).proposals) == 1


def test_a_proposal_says_whether_it_would_have_removed_what_somebody_confirmed(newsroom: Newsroom) -> None:
    right = told(newsroom, text="On face recognition: ibm ban police", name="r")
    newsroom.say(right, Ruling.CONFIRM)
    newsroom.say(told(newsroom), Ruling.NOT_A_CHANGE)
    newsroom.say(told(newsroom, text="On face recognition: microsoft ban police", name="c"), Ruling.NOT_A_CHANGE)
    (made,) = propose(newsroom.store, lambda: newsroom.reader, SOURCES, lambda _: (), newsroom.clock.now)
    assert (made.phrase, len(made.removed), made.confirmed) == (None, 3, (right.key,))
    assert backtested(made) == ("Over 3 stored posts it would have removed 3 alerts (1 of them confirmed by a person).")
    assert exclusion(made).endswith("what could be left out is the rule fake as a whole.")


# --- the weekly letter


def letter(newsroom: Newsroom) -> Digest:
    week = Week("2020-W24", START - DAY, newsroom.clock.now)
    return summarise(newsroom.store, Watched(SOURCES, newsroom.reader.vendors), week, UTC)


def test_the_letter_tells_what_waits_and_who_is_muted(newsroom: Newsroom) -> None:
    alert = told(newsroom)
    mute(newsroom.store, "amazon", START + 7 * DAY, ANN, START, "1")
    assert letter(newsroom).waiting == (
        f"Amazon: ban towards police (announced), reported by press alone; right or wrong? ({alert.key})",
        "Amazon is muted until 2020-06-17; 1 alert was kept back",
    )


def test_what_was_taken_back_is_no_news_of_the_week(newsroom: Newsroom) -> None:
    alert = told(newsroom)
    assert letter(newsroom).changes == 1
    newsroom.say(alert, Ruling.NOT_A_CHANGE)
    assert (letter(newsroom).changes, letter(newsroom).waiting) == (0, ())
