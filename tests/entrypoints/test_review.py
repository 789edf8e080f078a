"""``review`` on the command line: the same as the buttons do."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage.migrate import upgrade
from storage.unit_of_work import SqlStore
from tests.entrypoints.conftest import Command
from tests.entrypoints.talking import recorded
from tests.ledgers import reading, statement
from watcher.core.alert import Alert
from watcher.core.change import Change, Verdict
from watcher.core.review import Person, Review, Ruling
from watcher.entrypoints.clock import utc_now
from watcher.usecases.mute import mute
from watcher.usecases.review import rule


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    url = f"sqlite:///{tmp_path / 'watcher.db'}"
    upgrade(url)
    with SqlStore(url) as store:
        return store


def test_nothing_waits_on_an_empty_record(command: Command, store: SqlStore) -> None:
    del store
    ended = command("review")
    assert (ended.status, ended.out) == (0, "Nothing waits for a yes or no, and nothing is kept back.\n")


def test_what_waits_is_listed_with_how_to_say_yes_or_no(command: Command, store: SqlStore) -> None:
    alert = recorded(store)
    ended = command("review")
    assert ended.status == 0
    assert f"Alert       {alert.key}" in ended.out
    assert "watcher review ALERT --confirm" in ended.out
    (line,) = map(json.loads, command("review", "--format", "jsonl").out.splitlines())
    assert (line["waits"], line["key"], line["reports"]) == ("alert", alert.key, 0)


@pytest.mark.parametrize(
    ("options", "ruling", "told", "rows"),
    [
        (["--confirm"], "confirm", "Confirmed by Bob on", 0),
        (["--reject", "not-a-change"], "not-a-change", "Taken back by Bob on", 1),
        (["--reject", "not-this-vendor", "--note", "another Northgate"], "not-this-vendor", "(another Northgate)", 1),
    ],
)
def test_a_yes_or_no_is_recorded_and_shown(
    command: Command, store: SqlStore, options: list[str], ruling: str, told: str, rows: int
) -> None:
    alert = recorded(store)
    ended = command("review", alert.key, *options, "--by", "Bob")
    assert ended.status == 0
    assert told in ended.out.replace("\n", " ")
    assert ("1 entry of the ledger taken back" in ended.out) is (rows == 1)
    (line,) = json.loads(command("alerts", "--format", "json").out)
    assert (line["review"]["ruling"], line["review"]["by"], line["muted"]) == (ruling, "Bob", False)
    assert len(json.loads(command("status", "--format", "json").out)) == 1 - rows
    assert "Review" in command("alerts").out
    read(store, alert)
    (told_of,) = json.loads(command("why", alert.key, "--format", "json").out)
    assert told_of["readings"][0]["verdicts"][0]["review"]["ruling"] == ruling
    assert "Review" in command("why", alert.key).out


def test_who_says_so_is_the_login_unless_named(
    command: Command, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "carol")
    alert = recorded(store)
    done = json.loads(command("review", alert.key, "--confirm", "--format", "json").out)
    assert [(one["by"], one["rows"]) for one in done] == [("carol", 0)]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["K", "--confirm", "--reject", "not-a-change"], "either confirmed or rejected"),
        (["K"], "say what is to become of K"),
        (["--confirm"], "name the alert"),
        (["K", "--reject", "confirm"], "is none of not-a-change, not-this-vendor"),
        (["K", "--confirm", "--export", "x"], "--export stands alone"),
    ],
)
def test_options_that_do_not_go_together_are_refused(command: Command, arguments: list[str], fault: str) -> None:
    ended = command("review", *arguments)
    assert ended.status == 2
    assert fault in ended.err.replace("\n", " ")


def test_an_alert_that_nobody_knows_is_said_to_be_none(command: Command, store: SqlStore) -> None:
    recorded(store)
    ended = command("review", "amazon-000000000000", "--confirm")
    assert (ended.status, "watcher alerts lists them" in ended.err) == (1, True)


def test_muted_vendors_and_rejected_sentences_are_listed_with_window_and_count(
    command: Command, store: SqlStore
) -> None:
    now, alert = utc_now(), recorded(store)
    said = Review(alert.key, Ruling.NOT_A_CHANGE, by := Person("Ann", "U1"), now, "1")
    rule(store, said)
    with store.begin() as work:
        work.reviews.add_echo(said, alert.post_id)
        work.commit()
    mute(store, "northgate", None, by, now, "1")
    out = command("review").out
    assert "northgate is muted until" in out
    assert "0 alerts" in out
    assert "A sentence that is not read again until" in out
    assert "1 post" in out
    waiting = [json.loads(line)["waits"] for line in command("review", "--format", "jsonl").out.splitlines()]
    assert waiting == ["mute", "sentence"]


def test_an_alert_of_a_muted_vendor_says_that_it_went_nowhere(command: Command, store: SqlStore) -> None:
    alert = recorded(store)
    with store.begin() as work:
        work.alerts.add(replace(alert, key="northgate-000000000001"), [])
        work.commit()
    assert "none: the vendor was muted when it came" in command("alerts").out
    assert [line["muted"] for line in json.loads(command("alerts", "--format", "json").out)] == [True, False]


# --- labelled posts


def labelled(command: Command, tmp_path: Path) -> list[dict[str, object]]:
    assert command("review", "--export", "cases.jsonl").status == 0
    return [json.loads(line) for line in (tmp_path / "cases.jsonl").read_text().splitlines()]


def read(store: SqlStore, alert: Alert) -> None:
    """What was read in the alert's post: the statement of the alert, and one that is another vendor's."""
    mine = statement(own_voice=False, quote=alert.main.quote)
    other = statement(vendor="eastworks", quote="Eastworks does, too.")
    with store.begin() as work:
        (post,) = work.posts.find(alert.post_id)
        verdicts = [Verdict(said, Change.ANNOUNCED, "no stance was on record", told=True) for said in (mine, other)]
        work.posts.save_reading(reading(post, *verdicts))
        work.commit()


def test_a_rejected_alert_becomes_a_post_without_its_statement(
    command: Command, store: SqlStore, tmp_path: Path
) -> None:
    alert = recorded(store)
    read(store, alert)
    command("review", alert.key, "--reject", "not-a-change", "--by", "Bob")
    (case,) = labelled(command, tmp_path)
    assert {"id", "url", "title", "published", "text", "source", "statements"} <= set(case)
    assert case["source"] == {"name": "Northgate Blog", "kind": "news"}
    statements = case["statements"]
    assert isinstance(statements, list)
    assert [(one["vendor"], one["new"]) for one in statements] == [("eastworks", True)]


def test_a_confirmed_alert_becomes_a_post_with_its_statement(command: Command, store: SqlStore, tmp_path: Path) -> None:
    alert = recorded(store)
    read(store, alert)
    command("review", alert.key, "--confirm", "--by", "Bob")
    (case,) = labelled(command, tmp_path)
    statements = case["statements"]
    assert isinstance(statements, list)
    assert [(one["vendor"], one["event"]) for one in statements] == [("northgate", alert.key), ("eastworks", None)]
    assert set(statements[0]) == {
        *("vendor", "position", "audience", "product", "until", "condition", "announced", "new", "event", "locator")
    }


def test_a_file_that_cannot_be_written_is_named(command: Command, store: SqlStore) -> None:
    recorded(store)
    ended = command("review", "--export", "no/such/folder/cases.jsonl")
    assert (ended.status, "cases.jsonl cannot be written" in ended.err) == (1, True)
