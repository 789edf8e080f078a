"""What people type and press in Slack: each both ways, through Bolt, against a local Slack."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.talking import Talk, day, listening
from tests.slack_workspace import Body, button, command, mention, request
from watcher.core.review import Ruling
from watcher.usecases.answer import status

ACK = 3.0  # seconds: Slack's own limit
WAYS = ("socket", "http")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """One watcher for all questions that change nothing."""
    with listening(tmp_path_factory.mktemp("shared")) as talk:
        yield talk


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    with listening(tmp_path) as talk:
        yield talk


def text_of(answer: Body) -> str:
    return str(answer["text"])


QUESTIONS = [
    ("", "What can be asked"),
    ("help", "status [VENDOR]"),
    ("status", "Stances on"),
    ("status northgate", "Stances of Northgate on"),
    ("status Northgate on 2020-07-01", "Stances of Northgate on 1 July 2020\nNorthgate: moratorium towards police"),
    ("status northgate on 2019-01-01", "No stance of Northgate is on record for 1 January 2019."),
    ("FaceGate", "Stances of Northgate"),
    ("history northgate", "Northgate: 1 entry, newest first"),
    ("sources", "1 of 1 source healthy"),
    ("pending", "1 alert waiting for a yes or no"),
    ("digest", "1 change told in the seven days"),
    ("statsu northgate", "Did you mean: /stance status northgate"),
    ("status norhtgate", "Did you mean: /stance status northgate"),
    ("status northgate on 1.7.2020", "is no date: write it as 2020-07-01"),
    ("history", "History needs a vendor."),
    ("subscribe ann@example.org", "No weekly letter is sent from here"),
    ("unmute northgate", "Northgate was not muted."),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("text", "expected"), QUESTIONS)
def test_each_question_is_acknowledged_and_answered_to_the_one_who_asked(
    shared: Talk, way: str, text: str, expected: str
) -> None:
    assert shared.ask(way, "slash_commands", command(text)) < ACK
    answer = shared.slack.answered()
    assert expected in text_of(answer)
    assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)


@pytest.mark.parametrize("way", WAYS)
def test_beneath_each_alert_that_waits_stand_the_buttons_for_yes_and_no(shared: Talk, way: str) -> None:
    shared.ask(way, "slash_commands", command("pending"))
    (row,) = [block for block in shared.slack.answered()["blocks"] if block["type"] == "actions"]
    pressed = [(one["action_id"], one["value"]) for one in row["elements"]]
    assert pressed == [(name, shared.alert.key) for name in ("confirm", "not-a-change", "not-this-vendor")]


@pytest.mark.parametrize("way", WAYS)
def test_what_a_feed_says_rings_nobody(shared: Talk, way: str) -> None:
    shared.ask(way, "slash_commands", command("history northgate"))
    answer = shared.slack.answered()
    assert "&lt;!channel&gt;" not in text_of(answer)
    assert "<!channel>" not in str(answer)
    assert "sources said" in text_of(answer)


@pytest.mark.parametrize("way", WAYS)
def test_a_mention_is_answered_in_its_thread(shared: Talk, way: str) -> None:
    assert shared.ask(way, "events_api", mention("status northgate on 2020-07-01")) < ACK
    posted = shared.slack.posted()
    assert (posted["method"], posted["channel"], posted["thread_ts"]) == ("chat.postMessage", "C1", "5.0")
    assert "Northgate: moratorium towards police" in posted["text"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("event", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"user": ""}])
def test_bots_and_edits_get_no_answer(shared: Talk, way: str, event: Body) -> None:
    assert shared.ask(way, "events_api", mention("status", **event)) < ACK
    time.sleep(0.2)
    assert shared.slack.posts.empty()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "body", [button("open-link"), button("snooze-until", selected_date="soon", block_id="snooze:x"), button("")]
)
def test_a_button_that_is_none_of_ours_is_acknowledged_and_that_is_all(shared: Talk, way: str, body: Body) -> None:
    assert shared.ask(way, "interactive", body) < ACK
    assert shared.slack.silence()


@pytest.mark.parametrize("way", WAYS)
def test_a_button_beneath_an_alert_that_nobody_knows_says_so(shared: Talk, way: str) -> None:
    shared.ask(way, "interactive", button("confirm", "northgate-unknown"))
    assert text_of(shared.slack.answered()).startswith("This alert is not on the record")


@pytest.mark.parametrize("way", WAYS)
def test_the_history_button_shows_the_ledger(shared: Talk, way: str) -> None:
    assert shared.ask(way, "interactive", button("history", shared.alert.key)) < ACK
    assert text_of(shared.slack.answered()).startswith("Northgate: 1 entry, newest first")


@pytest.mark.parametrize("way", WAYS)
def test_the_snooze_button_asks_for_how_long(shared: Talk, way: str) -> None:
    assert shared.ask(way, "interactive", button("snooze", shared.alert.key)) < ACK
    answer = shared.slack.answered()
    actions = answer["blocks"][-1]
    assert [one["action_id"] for one in actions["elements"]] == ["snooze-7", "snooze-30", "snooze-until"]
    assert [one.get("value") for one in actions["elements"]] == [shared.alert.key, shared.alert.key, None]
    assert actions["block_id"].endswith(shared.alert.key)


# --- what changes the record


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("action", "expected", "held"),
    [
        ("confirm", "Confirmed by ann on", 1),
        ("not-a-change", "Taken back by ann on", 0),
        ("not-this-vendor", "Taken back by ann on", 0),
    ],
)
def test_a_persons_word_is_recorded_and_the_message_goes_on_to_say_it(
    talk: Talk, way: str, action: str, expected: str, held: int
) -> None:
    assert talk.ask(way, "interactive", button(action, talk.alert.key)) < ACK
    assert text_of(talk.slack.answered()).startswith(expected)
    with talk.store.begin() as work:
        (said,) = work.reviews.all()
        (remark,) = work.alerts.remarks(talk.alert.key)
        edits = [one.channel for one in work.alerts.open_deliveries()]
    assert (said.ruling, said.by.name, said.by.id) == (Ruling(action), "ann", "U1")
    assert remark.startswith(expected)
    assert edits == ["C1"]
    assert len(status(talk.store, {}, talk.alert.at.date())) == held


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "press",
    [
        lambda key: button("snooze-7", key),
        lambda key: button("snooze-until", block_id=f"snooze:{key}", selected_date=day(7)),
    ],
)
def test_a_vendor_is_snoozed_by_a_button(talk: Talk, way: str, press: object) -> None:
    assert callable(press)
    assert talk.ask(way, "interactive", press(talk.alert.key)) < ACK
    assert text_of(talk.slack.answered()).startswith("Northgate is muted until")
    with talk.store.begin() as work:
        (made,) = work.reviews.mutes()
    assert (made.vendor, made.until.date().isoformat(), made.by.id) == ("northgate", day(7), "U1")


def test_a_vendor_is_not_snoozed_until_a_day_that_has_passed(talk: Talk) -> None:
    press = button("snooze-until", block_id=f"snooze:{talk.alert.key}", selected_date=day(-7))
    talk.ask("socket", "interactive", press)
    assert text_of(talk.slack.answered()).startswith("A vendor can only be muted until a day to come.")


@pytest.mark.parametrize("way", WAYS)
def test_a_vendor_is_muted_listed_and_heard_again_by_commands(talk: Talk, way: str) -> None:
    for text, expected in [
        (f"mute northgate until {day(-3)}", "has passed already"),
        (f"mute northgate until {day(10)}", "Northgate is muted until"),
        ("pending", "Northgate is muted until"),
        ("unmute northgate", "Northgate is heard again; nothing came meanwhile."),
        ("mute nobody", "No vendor is known as 'nobody'"),
    ]:
        assert talk.ask(way, "slash_commands", command(text)) < ACK
        assert expected in text_of(talk.slack.answered())


@pytest.mark.parametrize("way", WAYS)
def test_a_request_that_slack_repeats_is_acknowledged_and_has_no_second_effect(talk: Talk, way: str) -> None:
    said = button("confirm", talk.alert.key)
    for age in (60, 0):  # signed anew each time
        assert talk.ask(way, "interactive", said, age) < ACK
    talk.slack.answered()
    asked = mention("status")
    for age in (60, 0):
        assert talk.ask(way, "events_api", asked, age) < ACK
    talk.slack.posted()
    assert talk.slack.silence()
    assert talk.slack.posts.empty()


def test_an_envelope_that_comes_again_is_acknowledged_and_has_no_second_effect(talk: Talk) -> None:
    for _ in range(2):
        ack, _ = talk.slack.over_socket("slash_commands", command("help"), "envelope-1")
        assert ack == {"envelope_id": "envelope-1"}
    talk.slack.answered()
    assert talk.slack.silence()


def test_two_rejections_of_one_kind_become_a_proposal_without_being_asked(talk: Talk) -> None:
    from tests.entrypoints.talking import recorded  # noqa: PLC0415  (only here)

    for alert in (talk.alert, recorded(talk.store, 1)):
        talk.ask("socket", "interactive", button("not-a-change", alert.key))
        talk.slack.answered()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with talk.store.begin() as work:
            proposals, notices = work.reviews.proposals(), work.alerts.notices()
        if proposals:
            break
        time.sleep(0.1)
    assert [(one.rule, one.phrase) for one in proposals] == [
        ("pauses", "northgate pauses police use sources said channel")
    ]
    assert len(notices) == 1


# --- the database is busy


@pytest.mark.parametrize("way", WAYS)
def test_while_a_round_writes_for_long_each_is_acknowledged_and_questions_are_answered(talk: Talk, way: str) -> None:
    released = threading.Event()
    began = threading.Event()

    def long_round() -> None:
        with talk.store.begin() as work:
            work.stances.add([])
            work.alerts.remark(talk.alert.key, talk.alert.at, "a long round")
            began.set()
            released.wait(30)
            work.commit()

    writer = threading.Thread(target=long_round)
    writer.start()
    assert began.wait(10)
    try:
        assert talk.ask(way, "interactive", button("not-a-change", talk.alert.key)) < ACK
        assert talk.ask(way, "slash_commands", command("mute northgate")) < ACK
        for text, expected in QUESTIONS[:6]:
            began_at = time.monotonic()
            assert talk.ask(way, "slash_commands", command(text)) < ACK
            assert expected in text_of(talk.slack.answered())
            assert time.monotonic() - began_at < ACK
    finally:
        released.set()
        writer.join()
    told = sorted(text_of(talk.slack.answered()) for _ in range(2))
    assert told[0].startswith("Northgate is muted until")
    assert told[1].startswith("Taken back by ann")


def test_a_record_that_cannot_be_read_is_owned_up_to(talk: Talk) -> None:
    with talk.store.begin() as work:
        work.alerts.get("x")
    database = talk.app.settings.database_url.reveal().removeprefix("sqlite:///")
    talk.store.close()
    Path(database).rename(f"{database}.away")
    assert talk.ask("http", "slash_commands", command("status")) < ACK
    assert text_of(talk.slack.answered()).startswith("The record cannot be asked at the moment")
    status, body = request(f"{talk.site}/health", None, {})
    assert (status, json.loads(body)) == (503, {"status": "the record cannot be read"})
