import io
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from tests.notify.samples import AMAZON, Killed, Outbox, alerts
from tests.slack_server import Fault, SlackServer
from watcher.core.delivery import DeliveryState
from watcher.core.errors import DeliveryError
from watcher.core.message import Message, keys_of
from watcher.core.retry import LONGEST_WAIT, PATIENCE, STEPS_ASIDE_AFTER
from watcher.notify.slack import SlackNotifier
from watcher.notify.terminal import TerminalNotifier
from watcher.usecases.deliver import Delivered, deliver
from watcher.usecases.ports import Notifier

START = datetime(2020, 6, 10, 22, 0, tzinfo=UTC)
LONG = timedelta(hours=2)


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = START
        self.naps: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[SlackServer]:
    channels = dict.fromkeys(("C1", "C2", "C3"), "open")
    with SlackServer(channels, interval=1.0, clock=clock.seconds, page=7) as server:
        yield server


def everywhere(count: int, *channels: str) -> Outbox:
    return Outbox([(alert, channels) for alert in alerts(count)])


def keys(count: int) -> list[str]:
    return [alert.key for alert in alerts(count)]


def run(outbox: Outbox, slack: SlackServer, clock: Clock, **more: Any) -> Delivered:
    notifier = SlackNotifier(slack.token, slack.url, timeout=2)
    return deliver(outbox, lambda _: notifier, clock, clock.sleep, **{"linger": LONG, **more})


def test_each_alert_arrives_once_in_order_and_the_record_says_so(slack: SlackServer, clock: Clock) -> None:
    outbox = everywhere(5, "C1")
    done = run(outbox, slack, clock)
    assert slack.keys() == keys(5)
    assert done == Delivered(sent=5)
    assert outbox.states() == ["sent"] * 5
    assert [row.receipt for row in outbox.rows()] == [one["ts"] for one in slack.messages]


def test_a_second_run_sends_nothing(slack: SlackServer, clock: Clock) -> None:
    outbox = everywhere(3, "C1")
    run(outbox, slack, clock)
    assert run(outbox, slack, clock) == Delivered()
    assert len(slack.calls) == 3


def test_a_channel_gets_no_more_than_one_message_a_second_and_channels_take_turns(
    slack: SlackServer, clock: Clock
) -> None:
    run(everywhere(4, "C1", "C2", "C3"), slack, clock)
    assert sum(clock.naps) == pytest.approx(3.0)  # and not a single 429 from the server, whose clock is the same
    assert [one["channel"] for one in slack.messages] == ["C1", "C2", "C3"] * 4


def test_the_pace_holds_from_one_run_to_the_next(slack: SlackServer, clock: Clock) -> None:
    last: dict[str, datetime] = {}
    run(everywhere(1, "C1"), slack, clock, last=last)
    run(Outbox([(replace(AMAZON, key="amazon-next"), ["C1"])]), slack, clock, last=last)
    assert sum(clock.naps) == pytest.approx(1.0)
    assert len(slack.calls) == len(slack.messages) == 2


@pytest.mark.parametrize("fault", ["500", "500-accepted", "reset", "reset-accepted", "garbage-accepted"])
def test_a_message_of_unknown_outcome_is_looked_for_before_it_is_sent_again(
    slack: SlackServer, clock: Clock, fault: Any
) -> None:
    slack.faults.append(fault)
    outbox = everywhere(3, "C1")
    done = run(outbox, slack, clock)
    assert slack.keys() == keys(3)
    assert done == Delivered(sent=2, found=1) if fault.endswith("accepted") else Delivered(sent=3)
    assert [method for method, _ in slack.calls[:2]] == ["chat.postMessage", "conversations.history"]


def test_a_429_rests_the_channel_for_as_long_as_it_asks_and_no_other(slack: SlackServer, clock: Clock) -> None:
    slack.faults.append("429")
    slack.retry_after = 30
    run(everywhere(2, "C1", "C2"), slack, clock)
    first = {channel: slack_time(slack, channel) for channel in ("C1", "C2")}
    assert first["C2"] == START
    assert timedelta(seconds=30) <= first["C1"] - START <= timedelta(seconds=38)
    assert slack.keys("C1") == slack.keys("C2") == keys(2)


def slack_time(slack: SlackServer, channel: str) -> datetime:
    ts = next(one["ts"] for one in slack.messages if one["channel"] == channel)
    return datetime.fromtimestamp(float(ts), UTC)


def test_what_is_due_later_than_the_run_may_linger_is_left_to_the_next(slack: SlackServer, clock: Clock) -> None:
    slack.faults.append("429")
    slack.retry_after = 60
    outbox = everywhere(2, "C1")
    left = run(outbox, slack, clock, linger=timedelta(seconds=30))
    assert (left.sent, left.waiting, clock.naps) == (0, 2, [])
    assert left.oldest == START - AMAZON.at
    assert left.trouble == {"C1": "Slack asks to slow down"}
    run(outbox, slack, clock, linger=timedelta(seconds=30))
    assert slack.messages == []  # asked again only after the 60 seconds
    clock.now += timedelta(minutes=2)
    assert run(outbox, slack, clock).sent == 2
    assert slack.keys() == keys(2)


def test_one_channels_trouble_holds_up_no_other(slack: SlackServer, clock: Clock) -> None:
    slack.channels["C1"] = "not_in_channel"
    outbox = everywhere(3, "C1", "C2")
    done = run(outbox, slack, clock, linger=timedelta(seconds=30))
    assert slack.keys("C2") == keys(3)
    assert (done.sent, done.waiting, done.given_up) == (3, 3, 0)
    assert "invite it there" in done.trouble["C1"]
    assert sum(arguments["channel"] == "C1" for _, arguments in slack.calls) == 1  # not once for each alert


def test_what_an_operator_mends_in_time_is_told_after_all(slack: SlackServer, clock: Clock) -> None:
    slack.channels["C1"] = "not_in_channel"
    outbox = everywhere(3, "C1")
    run(outbox, slack, clock, linger=timedelta(0))
    slack.channels["C1"] = "open"
    clock.now += LONGEST_WAIT
    assert run(outbox, slack, clock).sent == 3
    assert slack.keys() == keys(3)


def test_what_nobody_mends_is_given_up_in_the_end_with_the_reason(slack: SlackServer, clock: Clock) -> None:
    slack.channels["C1"] = "is_archived"
    outbox = everywhere(1, "C1")
    clock.now += PATIENCE
    done = run(outbox, slack, clock)
    assert (done.given_up, done.waiting) == (1, 0)
    (row,) = outbox.rows()
    assert row.state is DeliveryState.GIVEN_UP
    assert row.error == "C1 is archived: restore it, or name another channel (is_archived)"


def test_a_channel_that_nothing_reaches_keeps_its_alerts(clock: Clock) -> None:
    outbox = everywhere(2, "C1")
    done = deliver(outbox, lambda _: None, clock, clock.sleep)
    assert (done.waiting, done.trouble) == (2, {"C1": "nothing is set up that reaches the channel C1"})
    assert outbox.states() == ["pending"] * 2


class Scripted:
    """A notifier whose answers are written down beforehand; what is not, succeeds."""

    def __init__(self, *script: Exception, find: Exception | str | None = None) -> None:
        self.script = list(script)
        self.sent: list[tuple[str, str, bool]] = []
        self.edited: list[tuple[str, str, str]] = []
        self.answer = find
        self.while_sending: Callable[[], None] = lambda: None

    def send(self, message: Message, channel: str, *, plain: bool = False) -> str:
        self.while_sending()
        self.sent.append((keys_of(message)[0], channel, plain))
        if self.script:
            raise self.script.pop(0)
        return f"receipt {len(self.sent)}"

    def edit(self, message: Message, channel: str, receipt: str, *, plain: bool = False) -> None:
        self.edited.append((keys_of(message)[0], channel, receipt))
        del plain

    def find(self, keys: Collection[str], channel: str, since: datetime, thread: str | None = None) -> dict[str, str]:
        del channel, since, thread
        self.while_sending()
        if isinstance(self.answer, Exception):
            raise self.answer
        return dict.fromkeys(keys, self.answer) if self.answer else {}


def scripted(outbox: Outbox, notifier: Notifier, clock: Clock, **more: Any) -> Delivered:
    return deliver(outbox, lambda _: notifier, clock, clock.sleep, **{"linger": LONG, **more})


def test_blocks_that_slack_refuses_are_sent_again_at_once_as_plain_text(clock: Clock) -> None:
    notifier = Scripted(DeliveryError("invalid_blocks", transient=False, rendering=True))
    outbox = everywhere(1, "C1")
    assert scripted(outbox, notifier, clock) == Delivered(sent=1)
    assert [plain for _, _, plain in notifier.sent] == [False, True]
    assert clock.naps == []


def test_a_message_refused_even_as_plain_text_is_given_up_and_the_next_one_goes(clock: Clock) -> None:
    notifier = Scripted(*[DeliveryError("msg_too_long", transient=False, rendering=True)] * 2)
    outbox = everywhere(2, "C1")
    done = scripted(outbox, notifier, clock)
    assert (done.sent, done.given_up) == (1, 1)
    assert outbox.states() == ["given-up", "sent"]


def test_a_message_that_fails_for_ever_lets_the_others_pass(clock: Clock) -> None:
    class Poisoned(Scripted):
        def send(self, message: Message, channel: str, *, plain: bool = False) -> str:
            if keys_of(message)[0] == keys(1)[0]:
                raise DeliveryError("refused for no known reason", transient=True)
            return super().send(message, channel, plain=plain)

    done = scripted(everywhere(3, "C1"), Poisoned(), clock, linger=timedelta(minutes=10))
    assert (done.sent, done.waiting) == (2, 1)


def test_a_fault_of_our_own_in_one_alert_stops_nothing(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    outbox = everywhere(2, "C1")
    notifier = Scripted(ZeroDivisionError("a bug"))
    assert scripted(outbox, notifier, clock) == Delivered(sent=2)
    assert "a bug" in caplog.text


def test_an_alert_is_repeated_rather_than_lost_where_the_history_may_never_be_read(clock: Clock) -> None:
    unknown = DeliveryError("reset", transient=True, unknown=True)
    notifier = Scripted(unknown, find=DeliveryError("missing scope", transient=False))
    assert scripted(everywhere(1, "C1"), notifier, clock) == Delivered(sent=1)
    assert len(notifier.sent) == 2


def test_the_doubt_about_a_message_outlives_a_refused_token(slack: SlackServer, clock: Clock) -> None:
    slack.faults.append("reset-accepted")
    outbox = everywhere(1, "C1")
    run(outbox, slack, clock, linger=timedelta(0))
    refused = SlackNotifier("xoxb-revoked", slack.url, timeout=2)
    clock.now += LONGEST_WAIT
    done = scripted(outbox, refused, clock, linger=timedelta(0))
    assert "WATCHER_SLACK_BOT_TOKEN" in done.trouble["C1"]
    clock.now += LONGEST_WAIT
    assert run(outbox, slack, clock) == Delivered(found=1)
    assert slack.keys() == keys(1)


def test_while_the_history_cannot_be_read_nothing_is_sent_again(clock: Clock) -> None:
    unknown = DeliveryError("reset", transient=True, unknown=True)
    notifier = Scripted(unknown, find=DeliveryError("no network", transient=True))
    outbox = everywhere(1, "C1")
    done = scripted(outbox, notifier, clock, linger=timedelta(minutes=5))
    assert (done.waiting, done.trouble) == (1, {"C1": "no network"})
    assert len(notifier.sent) == 1
    assert outbox.states() == ["unknown"]
    notifier.answer = "found after all"
    assert scripted(outbox, notifier, clock) == Delivered(found=1)
    assert len(notifier.sent) == 1


def test_no_transaction_is_open_while_a_channel_is_spoken_to(clock: Clock) -> None:
    outbox = everywhere(2, "C1")
    notifier = Scripted(DeliveryError("reset", transient=True, unknown=True))
    seen: list[int] = []
    notifier.while_sending = lambda: seen.append(outbox.open_transactions)
    scripted(outbox, notifier, clock)
    assert seen == [0, 0, 0, 0]


def test_sending_is_on_record_before_the_request_leaves(clock: Clock) -> None:
    outbox = everywhere(1, "C1")
    notifier = Scripted()
    seen: list[list[str]] = []
    notifier.while_sending = lambda: seen.append(outbox.states())
    scripted(outbox, notifier, clock)
    assert seen == [["sending"]]


def test_a_stop_is_heard_between_two_messages(clock: Clock) -> None:
    notifier = Scripted()
    done = scripted(everywhere(5, "C1"), notifier, clock, stopping=lambda: len(notifier.sent) == 2)
    assert (done.sent, done.waiting) == (2, 3)


def test_a_clock_that_stands_still_does_not_stop_the_run() -> None:
    outbox = everywhere(3, "C1")
    slept: list[float] = []
    done = deliver(outbox, lambda _: Scripted(), lambda: START, slept.append, linger=LONG)
    assert done.sent == 3
    assert sum(slept) == pytest.approx(2.0)


def test_the_terminal_needs_no_pace(clock: Clock) -> None:
    screen = io.StringIO()
    assert scripted(everywhere(3, "terminal"), TerminalNotifier(screen), clock) == Delivered(sent=3)
    assert clock.naps == []
    assert screen.getvalue().count("Amazon: moratorium") == 3


class KilledAt:
    """Kills at the n-th of all places at which a process can be killed: around each commit and each request."""

    def __init__(self, place: int) -> None:
        self.left = place

    def __call__(self, _: str = "") -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


class Watched(SlackNotifier):
    def __init__(self, slack: SlackServer, kill: KilledAt) -> None:
        super().__init__(slack.token, slack.url, timeout=2)
        self.kill = kill

    def send(self, message: Message, channel: str, *, plain: bool = False) -> str:
        self.kill()
        receipt = super().send(message, channel, plain=plain)
        self.kill()
        return receipt


@pytest.mark.parametrize(("place", "fault"), list(product(range(1, 18), [None, "reset-accepted", "500"])))
def test_killed_at_any_place_and_run_again_each_alert_arrives_exactly_once(
    slack: SlackServer, clock: Clock, place: int, fault: Any
) -> None:
    slack.faults = [None, fault]
    outbox = everywhere(2, "C1")
    outbox.kill = KilledAt(place)
    with suppress(Killed):
        scripted(outbox, Watched(slack, outbox.kill), clock)
    outbox.kill = lambda _: None
    run(outbox, slack, clock)
    assert slack.keys() == keys(2)
    assert outbox.states() == ["sent"] * 2


def test_a_burst_with_all_kinds_of_faults_and_kills_arrives_once_and_in_order(slack: SlackServer, clock: Clock) -> None:
    kinds: list[Fault] = ["429", "500", "reset-accepted", "500-accepted"]
    slack.numbered = dict(enumerate(kinds * 6, 3))
    outbox = everywhere(20, "C1", "C2", "C3")
    for place in (3, 8, 13, 21, 34, 40):
        outbox.kill = KilledAt(place)
        with suppress(Killed):
            scripted(outbox, Watched(slack, outbox.kill), clock)
    outbox.kill = lambda _: None
    run(outbox, slack, clock)
    assert [slack.keys(channel) for channel in ("C1", "C2", "C3")] == [keys(20)] * 3


@pytest.mark.parametrize("fault", ["429", "not_in_channel"])
def test_the_channels_own_trouble_rests_it_even_behind_a_delivery_that_steps_aside(
    slack: SlackServer, clock: Clock, fault: Any
) -> None:
    outbox = everywhere(3, "C1")
    outbox.put(replace(outbox.rows()[0], attempts=STEPS_ASIDE_AFTER))
    slack.retry_after = 60
    if fault == "429":
        slack.faults.append(fault)
    else:
        slack.channels["C1"] = fault
    assert run(outbox, slack, clock, linger=timedelta(seconds=30)).waiting == 3
    assert len(slack.calls) == 1
