"""What travels beside single alerts: replies, edits, notices, folded bursts, and mail in Slack's place."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.notify.samples import AMAZON, NOTICE, Killed, Outbox, alerts, news, report, told
from tests.slack_server import Answer, SlackServer, keys_of
from tests.usecases.test_deliver import LONG, START, Clock, KilledAt, Scripted, Watched
from watcher.core.alert import Alert
from watcher.core.change import Change
from watcher.core.delivery import DeliveryKind
from watcher.core.errors import DeliveryError
from watcher.core.folding import FEW, MOST
from watcher.core.message import Bulletin, Message
from watcher.core.retry import LONGEST_WAIT
from watcher.notify.slack import SlackNotifier
from watcher.notify.wording import circumstances
from watcher.usecases.backlog import Backlog, backlog
from watcher.usecases.deliver import Delivered, deliver
from watcher.usecases.ports import Notifier

MAIL = "mailto:anna@example.org"
BBC = news(1)
EDIT, REPLY = DeliveryKind.EDIT, DeliveryKind.REPORT


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[SlackServer]:
    with SlackServer(dict.fromkeys(("C1", "C2"), "open"), interval=1.0, clock=clock.seconds, page=7) as server:
        yield server


def run(outbox: Outbox, slack: SlackServer, clock: Clock, post: Notifier | None = None, **more: Any) -> Delivered:
    notifier = SlackNotifier(slack.token, slack.url, timeout=2)
    speakers = {MAIL: post, "terminal": Scripted()}
    return deliver(outbox, lambda one: speakers.get(one, notifier), clock, clock.sleep, **{"linger": LONG, **more})


def join(outbox: Outbox, alert: Alert, *numbers: int, **changes: Any) -> None:
    for number in numbers:
        outbox.write(lambda work, n=number: work.alerts.join(report(alert, n, **changes)))  # type: ignore[misc]  # bound now


def first_lines(answers: list[Answer]) -> list[str]:
    return [one["text"].splitlines()[0] for one in answers]


# --- later reports


def test_reports_that_come_before_the_message_left_are_simply_in_it(slack: SlackServer, clock: Clock) -> None:
    outbox = Outbox([(BBC, ["C1"])])
    join(outbox, BBC, 1, 2)
    assert run(outbox, slack, clock) == Delivered(sent=1)
    (message,) = slack.messages
    assert "Told by 3 sources: BBC News, Outlet 1, Outlet 2" in message["text"]


def test_a_later_report_stands_beneath_the_message_whose_count_rises(slack: SlackServer, clock: Clock) -> None:
    outbox = Outbox([(BBC, ["C1", "C2"])])
    run(outbox, slack, clock)
    join(outbox, BBC, 1)
    assert run(outbox, slack, clock) == Delivered(replies=2, edits=2)
    for message in slack.posts():
        assert "Told by 2 sources: BBC News, Outlet 1" in message["text"]
        assert first_lines(slack.replies(message["ts"])) == ["Also reported by Outlet 1, 10 June 2020"]
    assert len(slack.posts()) == 2
    assert run(outbox, slack, clock) == Delivered()


def test_twelve_reports_are_one_message_and_one_edit_for_all_that_came_together(
    slack: SlackServer, clock: Clock
) -> None:
    outbox = Outbox([(BBC, ["C1"])])
    run(outbox, slack, clock)
    join(outbox, BBC, *range(1, 12))
    assert run(outbox, slack, clock) == Delivered(replies=11, edits=1)
    (message,) = slack.posts()
    assert "Told by 12 sources: BBC News, Outlet 1, Outlet 2, Outlet 3, Outlet 4 and 7 more" in message["text"]
    assert len(slack.replies(message["ts"])) == 11
    assert slack.keys() == [BBC.key]


def test_the_vendors_own_post_upgrades_a_report_to_confirmed(slack: SlackServer, clock: Clock) -> None:
    outbox = Outbox([(BBC, ["C1"])])
    run(outbox, slack, clock)
    assert "Reported by BBC News (press)" in slack.messages[0]["text"]
    assert "onfirmed" not in slack.messages[0]["text"]
    join(outbox, BBC, 1, own_voice=True, source_name="About Amazon")
    run(outbox, slack, clock)
    confirmed = "Confirmed by the vendor: Amazon says so itself, About Amazon, 10 June 2020"
    assert confirmed in slack.messages[0]["text"].splitlines()
    assert first_lines(slack.replies(slack.messages[0]["ts"])) == [confirmed]


def test_edits_and_replies_keep_the_pace_and_let_alerts_go_first(slack: SlackServer, clock: Clock) -> None:
    last: dict[str, Any] = {}
    outbox = Outbox([(BBC, ["C1"])])
    run(outbox, slack, clock, last=last)
    join(outbox, BBC, 1)
    outbox.write(lambda work: work.alerts.add(AMAZON, ["C1"]))
    run(outbox, slack, clock, last=last)
    assert sum(clock.naps) == pytest.approx(3.0)
    posted = [method for method, _ in slack.calls]
    assert posted == ["chat.postMessage", "chat.postMessage", "chat.update", "chat.postMessage"]
    assert slack.keys() == [BBC.key, AMAZON.key]


def test_a_reply_waits_for_its_message_and_follows_it_in_the_same_run(slack: SlackServer, clock: Clock) -> None:
    slack.faults.append("reset-accepted")
    outbox = Outbox([(BBC, ["C1"])])
    run(outbox, slack, clock, linger=timedelta(0))
    assert outbox.states() == ["unknown"]
    join(outbox, BBC, 1)
    assert run(outbox, slack, clock) == Delivered(found=1, replies=1, edits=1)
    assert len(slack.replies(slack.messages[0]["ts"])) == 1


@pytest.mark.parametrize("fault", ["500", "500-accepted", "reset", "reset-accepted", "garbage-accepted"])
def test_a_reply_of_unknown_outcome_is_looked_for_in_its_thread(slack: SlackServer, clock: Clock, fault: Any) -> None:
    outbox = Outbox([(BBC, ["C1"])])
    run(outbox, slack, clock)
    join(outbox, BBC, 1, 2)
    slack.faults.append(fault)
    assert run(outbox, slack, clock).replies == 2
    assert len(slack.replies(slack.messages[0]["ts"])) == 2
    assert "conversations.replies" in [method for method, _ in slack.calls]


@pytest.mark.parametrize("fault", ["500", "500-accepted", "reset-accepted", "429"])
def test_an_edit_is_tried_until_slack_has_the_newest(slack: SlackServer, clock: Clock, fault: Any) -> None:
    outbox = Outbox([(BBC, ["C1"])])
    run(outbox, slack, clock)
    join(outbox, BBC, 1)
    slack.update_faults.append(fault)
    assert run(outbox, slack, clock) == Delivered(replies=1, edits=1)
    assert "Told by 2 sources" in slack.messages[0]["text"]


def test_a_message_that_somebody_deleted_is_let_go(slack: SlackServer, clock: Clock) -> None:
    outbox = Outbox([(BBC, ["C1"])])
    run(outbox, slack, clock)
    slack.delete(slack.messages[0]["ts"])
    join(outbox, BBC, 1)
    assert run(outbox, slack, clock).given_up == 2
    assert outbox.states(EDIT, REPLY) == ["given-up"] * 2
    assert run(outbox, slack, clock) == Delivered()


def test_what_belongs_to_a_message_that_was_given_up_is_given_up_too(slack: SlackServer, clock: Clock) -> None:
    outbox = Outbox([(BBC, ["C1"])])
    run(outbox, slack, clock)
    join(outbox, BBC, 1)
    outbox.put(outbox.rows()[0].give_up("nobody mended it"))
    assert run(outbox, slack, clock) == Delivered()
    assert outbox.states(EDIT, REPLY) == ["given-up"] * 2


def test_a_remark_is_written_into_the_message(slack: SlackServer, clock: Clock) -> None:
    outbox = Outbox([(BBC, ["C1"])])
    run(outbox, slack, clock)
    outbox.write(lambda work: work.alerts.remark(BBC.key, clock.now, "Rejected by <@U1>: not a change"))
    assert run(outbox, slack, clock) == Delivered(edits=1)
    assert "Rejected by ‹@U1&gt;: not a change" in slack.messages[0]["text"].splitlines()


def test_the_terminal_tells_a_later_report_and_edits_nothing(clock: Clock) -> None:
    outbox, screen = Outbox([(BBC, ["terminal"])]), Scripted()
    for number in (1, 2):
        deliver(outbox, lambda _: screen, clock, clock.sleep)
        join(outbox, BBC, number)
    assert len(screen.sent) == 2
    assert screen.edited == []


@pytest.mark.parametrize("place", range(1, 14))
@pytest.mark.parametrize("fault", [None, "reset-accepted", "500"])
def test_killed_at_any_place_each_reply_arrives_exactly_once(
    slack: SlackServer, clock: Clock, place: int, fault: Any
) -> None:
    outbox = Outbox([(BBC, ["C1"])])
    run(outbox, slack, clock)
    join(outbox, BBC, 1, 2)
    slack.faults = [None, fault]
    outbox.kill = KilledAt(place)
    with suppress(Killed):
        deliver(outbox, lambda _: Watched(slack, outbox.kill), clock, clock.sleep, linger=LONG)  # type: ignore[arg-type]  # the kill is a KilledAt
    outbox.kill = lambda _: None
    run(outbox, slack, clock)
    (message,) = slack.posts()
    assert len(slack.replies(message["ts"])) == 2
    assert "Told by 3 sources" in message["text"]


# --- notices


def test_a_notice_travels_the_same_road_once(slack: SlackServer, clock: Clock) -> None:
    outbox = Outbox()
    outbox.write(lambda work: work.alerts.add_notice(NOTICE, ["C1", "terminal"]))
    slack.faults.append("reset-accepted")
    assert run(outbox, slack, clock) == Delivered(sent=1, found=1)
    outbox.write(lambda work: work.alerts.add_notice(NOTICE, ["C1", "terminal"]))
    assert run(outbox, slack, clock) == Delivered()
    assert slack.keys() == [NOTICE.key]
    assert first_lines(slack.messages) == ["Amazon's moratorium ends in 30 days"]


# --- order and bursts


def test_the_severe_goes_first_on_each_channel(slack: SlackServer, clock: Clock) -> None:
    low = replace(told(change=Change.AMENDED), key="amazon-low", at=AMAZON.at - timedelta(hours=1))
    run(Outbox([(low, ["C1", "C2"]), (BBC, ["C1"]), (AMAZON, ["C1", "C2"])]), slack, clock)
    assert slack.keys("C1") == [AMAZON.key, BBC.key, low.key]
    assert slack.keys("C2") == [AMAZON.key, low.key]


def burst(count: int) -> Outbox:
    return Outbox([(news(number), ["C1"]) for number in range(count)])


def test_a_few_reports_are_a_message_each(slack: SlackServer, clock: Clock) -> None:
    run(burst(FEW), slack, clock)
    assert len(slack.messages) == FEW


def test_a_burst_is_folded_into_few_messages_that_name_each_alert(slack: SlackServer, clock: Clock) -> None:
    outbox = burst(40)
    assert run(outbox, slack, clock) == Delivered(sent=40)
    assert [len(keys_of(one)) for one in slack.messages] == [MOST, MOST, MOST, 1, 1, 1, 1]
    assert slack.keys() == [news(number).key for number in range(40)]
    assert all(one["text"].count("https://www.aboutamazon.com/") == len(keys_of(one)) for one in slack.messages)
    assert {row.receipt for row in outbox.rows()} == {one["ts"] for one in slack.messages}


def test_the_severe_stand_alone_in_a_burst(slack: SlackServer, clock: Clock) -> None:
    outbox = Outbox([(one, ["C1"]) for one in [*(news(number) for number in range(20)), *alerts(12)]])
    run(outbox, slack, clock)
    assert [len(keys_of(one)) for one in slack.messages] == [1] * 12 + [MOST] + [1] * 8


@pytest.mark.parametrize("fault", ["500", "500-accepted", "reset-accepted", "429"])
def test_a_folded_message_of_unknown_outcome_is_found_by_any_of_its_keys(
    slack: SlackServer, clock: Clock, fault: Any
) -> None:
    slack.faults = [fault, None, fault]
    run(burst(40), slack, clock)
    assert sorted(slack.keys()) == [news(number).key for number in range(40)]


@pytest.mark.parametrize("place", range(1, 10))
@pytest.mark.parametrize("fault", [None, "reset-accepted", "500"])
def test_killed_at_any_place_each_alert_of_a_burst_arrives_exactly_once(
    slack: SlackServer, clock: Clock, place: int, fault: Any
) -> None:
    slack.faults = [fault]
    outbox = burst(20)
    outbox.kill = KilledAt(place)
    with suppress(Killed):
        deliver(outbox, lambda _: Watched(slack, outbox.kill), clock, clock.sleep, linger=LONG)  # type: ignore[arg-type]  # the kill is a KilledAt
    outbox.kill = lambda _: None
    run(outbox, slack, clock)
    assert sorted(slack.keys()) == [news(number).key for number in range(20)]
    assert outbox.states() == ["sent"] * 20


def test_a_folded_message_that_is_refused_is_sent_one_by_one(clock: Clock) -> None:
    refused = DeliveryError("msg_too_long", transient=False, rendering=True)
    notifier, outbox = Scripted(refused, refused), burst(20)
    assert deliver(outbox, lambda _: notifier, clock, clock.sleep, linger=LONG) == Delivered(sent=20)
    assert len({key for key, _, plain in notifier.sent if not plain}) == 20


def test_a_report_about_an_alert_in_a_folded_message_is_told_beneath_it_and_in_it(
    slack: SlackServer, clock: Clock
) -> None:
    outbox = burst(12)
    run(outbox, slack, clock)
    join(outbox, news(3), 1)
    assert run(outbox, slack, clock) == Delivered(replies=1, edits=1)
    (message,) = slack.posts()
    assert len(keys_of(message)) == 12
    assert "Told by 2 sources: BBC News, Outlet 1" in str(message["blocks"])
    assert len(slack.replies(message["ts"])) == 1


# --- mail in Slack's place


NIGHT = replace(AMAZON, at=START)


class Post(Scripted):
    """Mail: keeps what was sent."""

    def __init__(self, *script: Exception) -> None:
        super().__init__(*script)
        self.letters: list[Message] = []

    def send(self, message: Message, channel: str, *, plain: bool = False) -> str:
        self.letters.append(message)
        return super().send(message, channel, plain=plain)


def wait(outbox: Outbox, slack: SlackServer, clock: Clock, post: Post, minutes: int) -> None:
    """Runs, a minute apart."""
    for _ in range(minutes):
        run(outbox, slack, clock, post, mail=[MAIL], linger=timedelta(0))
        clock.now += timedelta(minutes=1)


@pytest.mark.parametrize("trouble", ["internal_error", "ratelimited", "not_in_channel", "invalid_auth"])
def test_after_a_quarter_of_an_hour_without_slack_the_alert_goes_out_by_mail_and_says_so(
    slack: SlackServer, clock: Clock, trouble: str
) -> None:
    slack.channels["C1"] = trouble
    outbox, post = Outbox([(NIGHT, ["C1"])]), Post()
    wait(outbox, slack, clock, post, 15)
    assert post.letters == []
    wait(outbox, slack, clock, post, 1)
    (letter,) = post.letters
    assert isinstance(letter, Bulletin)
    assert (letter.alert, letter.silent, letter.late) == (NIGHT, START, None)
    assert circumstances(letter) == ["By mail because Slack could not be reached since 10 June 2020, 22:00 UTC"]


def test_when_slack_is_back_the_alert_is_there_too_marked_late_and_no_second_mail_goes_out(
    slack: SlackServer, clock: Clock
) -> None:
    slack.channels["C1"] = "internal_error"
    outbox, post = Outbox([(NIGHT, ["C1"])]), Post()
    wait(outbox, slack, clock, post, 60)
    slack.channels["C1"] = "open"
    wait(outbox, slack, clock, post, 20)
    assert len(post.letters) == 1
    (message,) = slack.messages
    assert message["text"].splitlines()[1].startswith("Late by 1 hour: decided 10 June 2020, 22:00 UTC")
    assert outbox.states() == ["sent", "sent"]


def test_one_mail_stands_in_for_all_silent_channels_of_an_alert(slack: SlackServer, clock: Clock) -> None:
    slack.channels |= dict.fromkeys(("C1", "C2"), "internal_error")
    outbox, post = Outbox([(NIGHT, ["C1", "C2"])]), Post()
    wait(outbox, slack, clock, post, 40)
    assert len(post.letters) == 1


def test_after_a_rest_of_the_watchers_own_slack_is_tried_before_mail_is_sent(slack: SlackServer, clock: Clock) -> None:
    slack.channels["C1"] = "internal_error"
    outbox, post = Outbox([(NIGHT, ["C1"])]), Post()
    wait(outbox, slack, clock, post, 2)
    clock.now += timedelta(hours=9)
    slack.channels["C1"] = "open"
    wait(outbox, slack, clock, post, 2)
    assert (len(slack.messages), len(post.letters)) == (1, 0)


def test_what_comes_in_while_slack_is_away_goes_out_by_mail_in_its_turn(slack: SlackServer, clock: Clock) -> None:
    slack.channels["C1"] = "internal_error"
    outbox, post = Outbox([(NIGHT, ["C1"])]), Post()
    wait(outbox, slack, clock, post, 20)
    outbox.write(lambda work: work.alerts.add(replace(BBC, at=clock.now), ["C1"]))
    wait(outbox, slack, clock, post, 15)
    assert len(post.letters) == 1
    wait(outbox, slack, clock, post, 1)
    assert [letter.alert.key for letter in post.letters if isinstance(letter, Bulletin)] == [
        NIGHT.key,
        BBC.key,
    ]


def test_a_mail_of_unknown_outcome_is_not_sent_twice(slack: SlackServer, clock: Clock) -> None:
    slack.channels["C1"] = "internal_error"
    outbox, post = Outbox([(NIGHT, ["C1"])]), Post(DeliveryError("cut off after DATA", transient=True, unknown=True))
    wait(outbox, slack, clock, post, 60)
    assert len(post.letters) == 1
    assert outbox.states() == ["unknown", "given-up"]


def test_a_notice_that_goes_by_mail_alone_is_sent_again_rather_than_lost(slack: SlackServer, clock: Clock) -> None:
    outbox, post = Outbox(), Post(DeliveryError("cut off after DATA", transient=True, unknown=True))
    outbox.write(lambda work: work.alerts.add_notice(NOTICE, [MAIL]))
    assert run(outbox, slack, clock, post) == Delivered(sent=1)
    assert post.letters == [NOTICE, NOTICE]


def test_a_mail_that_was_being_sent_when_the_process_died_is_not_sent_twice(slack: SlackServer, clock: Clock) -> None:
    slack.channels["C1"] = "internal_error"
    outbox, post = Outbox([(NIGHT, ["C1"])]), Post()
    wait(outbox, slack, clock, post, 16)
    outbox.put(outbox.rows()[1].begin(clock.now))
    wait(outbox, slack, clock, post, 16)
    assert len(post.letters) == 1


def test_a_mail_that_the_mail_server_puts_off_is_tried_again_but_not_once_slack_has_the_alert(
    slack: SlackServer, clock: Clock
) -> None:
    slack.channels["C1"] = "internal_error"
    greylisted = [DeliveryError("greylisted", transient=True)] * 3
    outbox, post = Outbox([(NIGHT, ["C1"])]), Post(*greylisted)
    wait(outbox, slack, clock, post, 17)
    assert outbox.states() == ["unknown", "pending"]
    slack.channels["C1"] = "open"
    clock.now += LONGEST_WAIT
    wait(outbox, slack, clock, post, 5)
    assert outbox.states() == ["sent", "given-up"]
    assert outbox.rows()[1].error == "Slack has the alert by now"


def test_without_anybody_who_sends_mail_none_is_planned(slack: SlackServer, clock: Clock) -> None:
    slack.channels["C1"] = "internal_error"
    outbox = Outbox([(NIGHT, ["C1"])])
    for _ in range(20):
        deliver(
            outbox,
            lambda channel: None if channel == MAIL else SlackNotifier(slack.token, slack.url, timeout=2),
            clock,
            clock.sleep,
            mail=[MAIL],
            linger=timedelta(0),
        )
        clock.now += timedelta(minutes=1)
    assert len(outbox.rows()) == 1


def test_later_reports_are_not_mailed(slack: SlackServer, clock: Clock) -> None:
    slack.channels["C1"] = "internal_error"
    outbox, post = Outbox([(NIGHT, ["C1"])]), Post()
    wait(outbox, slack, clock, post, 16)
    join(outbox, NIGHT, 1)
    wait(outbox, slack, clock, post, 30)
    assert len(post.letters) == 1
    slack.channels["C1"] = "open"
    wait(outbox, slack, clock, post, 10)
    assert len(slack.replies(slack.posts()[0]["ts"])) == 1


def test_the_age_of_the_oldest_that_waits_is_known(slack: SlackServer, clock: Clock) -> None:
    slack.channels["C1"] = "internal_error"
    outbox = Outbox([(NIGHT, ["C1"]), (replace(BBC, at=START + timedelta(minutes=3)), ["C1"])])
    clock.now += timedelta(minutes=5)
    done = run(outbox, slack, clock, linger=timedelta(0))
    assert (done.waiting, done.oldest) == (2, timedelta(minutes=5))
    assert backlog(outbox) == Backlog(2, START)
    slack.channels["C1"] = "open"
    clock.now += LONGEST_WAIT
    run(outbox, slack, clock)
    assert backlog(outbox) == Backlog(0, None)
