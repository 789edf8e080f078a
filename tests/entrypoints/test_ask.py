"""Questions to a record made by hand: each as a table of 80 columns, and with the keys that programs rely on."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.migrate import upgrade
from storage.unit_of_work import SqlStore
from tests.entrypoints.conftest import Command
from tests.ledgers import NOON, alert_of, evidence, joined, post, reading, row, statement
from watcher.core.change import Change, Verdict
from watcher.core.delivery import Delivery, DeliveryState
from watcher.core.errors import FetchTrouble
from watcher.core.source import Health, HttpState, SourceState
from watcher.core.statement import Audience, Position
from watcher.usecases.lapse import lapse

LEDGER = (
    row(
        position=Position.ALLOW,
        held_from=date(2018, 1, 2),
        product="FaceGate",
        jurisdiction="US",
        confidence="memory-only",
        note="Day from memory.",
        quote=None,
    ),
    row(until=date(2021, 6, 10), condition="a federal law is in force", product="FaceGate", jurisdiction="US"),
    row(position=Position.ADVOCATE, held_from=date(2020, 6, 11), url=None, source=None),
    row(audience=Audience.EVERYONE, position=Position.EXIT, held_from=date(2020, 6, 20), own_voice=True),
    row(vendor="eastworks", audience=Audience.BUSINESS, withdrawn=True),
    row(vendor="eastworks", audience=Audience.POLICE, position=Position.ALLOW, deal=True),
)
FEEDS = """
vendors:
  - {id: northgate, name: Northgate, products: [FaceGate]}
  - {id: eastworks, name: Eastworks AG}
sources:
  - {id: northgate-blog, type: feed, kind: vendor, vendor: northgate, url: "https://northgate.example/feed", name: Northgate Blog}
  - {id: the-press, type: feed, kind: news, url: "https://press.example/feed"}
"""


@pytest.fixture
def record(tmp_path: Path, command: Command) -> Command:
    """A command line beside a record and a feeds.yaml."""
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    url = f"sqlite:///{tmp_path / 'watcher.db'}"
    upgrade(url)
    with SqlStore(url) as store, store.begin() as work:
        work.stances.add(LEDGER)
        for number in range(5):
            work.stances.add_evidence(evidence(LEDGER[1], f"post:{number}"))
        _posts(work)
        work.sources.save([_failing()])
        work.commit()
    return command


def _posts(work: Any) -> None:
    told, baseline, press = (
        post(),
        post("guid:2", baseline=True, url="https://northgate.example/old"),
        post("guid:3", url=None),
    )
    said = statement(condition="a law", product="FaceGate", jurisdiction="US", own_voice=True)
    alert = alert_of(said, told)
    work.posts.add_new([told, baseline, press, post("guid:4", url="https://northgate.example/unread")])
    work.alerts.add(alert, ("C1", "C2"))
    work.alerts.join(joined(alert, press))
    work.alerts.save_delivery(Delivery(alert.key, "C1", DeliveryState.SENT, NOON, NOON, 1, NOON, "1.2"))
    work.alerts.save_delivery(Delivery(alert.key, "C2", DeliveryState.GIVEN_UP, NOON, NOON, 3, error="invite the bot"))
    work.posts.save_reading(reading(told, Verdict(said, Change.TIGHTENED, "stricter", told=True, previous=LEDGER[0])))
    quiet = Verdict(statement(fresh=False), Change.BACKGROUND, "background of 2019")
    work.posts.save_reading(reading(baseline, quiet, note="only the summary"))
    work.posts.save_reading(reading(press, Verdict(said, Change.REITERATED, "another report", joins=alert.key)))


def _failing() -> SourceState:
    return SourceState(
        "the-press",
        HttpState(moved_to="https://press.example/new", moved_seen=3, moved_since=NOON - timedelta(days=2)),
        Health.FAILING,
        NOON,
        NOON + timedelta(days=40_000),
        NOON,
        NOON,
        NOON,
        failures=4,
        trouble=FetchTrouble.TIMEOUT,
        detail="no answer in 30 s",
        title="The Press",
    )


def words(record: Command, *question: str) -> str:
    """The answer as a table, its words joined by single blanks."""
    ended = record(*question)
    assert (ended.status, ended.err) == (0, "")
    assert max(len(line) for line in ended.out.splitlines() if "https://" not in line) <= 80
    assert all(line == line.rstrip() for line in ended.out.splitlines())
    return " ".join(ended.out.split())


def found(record: Command, *question: str) -> list[dict[str, Any]]:
    ended = record(*question, "--format", "jsonl")
    assert (ended.status, ended.err) == (0, "")
    return [json.loads(line) for line in ended.out.splitlines()]


def test_status_tells_terms_marks_what_has_passed_and_what_holds_for_each(record: Command) -> None:
    told = words(record, "status", "--on", "2021-07-01")
    assert "Stances on 2021-07-01" in told
    assert "(passed!)" in told
    assert "What is said of everyone holds for each" in told
    assert "wording withdrawn" in told
    assert "a single deal" in told
    assert "itself, 1 source" in told
    assert "reported, 6" in told


def test_status_names_the_moment_that_is_asked_for(record: Command) -> None:
    assert "as far as known on 2030-01-01 23:59 UTC" in words(record, "status", "--known-on", "2030-01-01")


def test_status_has_the_keys_that_programs_rely_on(record: Command) -> None:
    police = next(
        one for one in found(record, "status", "facegate", "--on", "2020-07-01") if one["audience"] == "police"
    )
    assert list(police) == [
        "vendor",
        "vendor_name",
        "audience",
        "position",
        "since",
        "changed",
        "until",
        "lapsed",
        "withdrawn",
        "deal",
        "condition",
        "product",
        "jurisdiction",
        "own_voice",
        "evidence",
        "covered_by",
        "source",
        "url",
        "quote",
        "confidence",
        "recorded_at",
    ]
    assert police["covered_by"] == {"audience": "everyone", "position": "exit", "since": "2020-06-20"}
    assert (police["evidence"], police["recorded_at"]) == (6, "2020-06-10T12:00:00+00:00")


def test_history_brings_every_row_with_source_link_quote_and_certainty(record: Command) -> None:
    told = words(record, "history", "northgate")
    assert "Northgate: 4 entries in the ledger, oldest first" in told
    assert "2018-01-02 allow towards police" in told
    assert "memory-only" in told
    assert "“We pause police use.”" in told
    assert "exit towards everyone (holds for each)" in told
    assert "Known since 2020-06-10 12:00 UTC" in told
    assert "and 2 more" in told
    assert "https://northgate.example/pause" in told


def test_history_has_the_keys_that_programs_rely_on(record: Command) -> None:
    rows = found(record, "history", "Northgate")
    assert list(rows[1]) == [
        "id",
        "vendor",
        "audience",
        "position",
        "held_from",
        "recorded_at",
        "until",
        "condition",
        "product",
        "jurisdiction",
        "own_voice",
        "withdrawn",
        "deal",
        "lapsed",
        "source",
        "url",
        "quote",
        "confidence",
        "note",
        "origin",
        "evidence",
    ]
    assert list(rows[1]["evidence"][0]) == ["stated_on", "source", "url", "quote", "own_voice", "recorded_at", "origin"]


def test_why_shows_quote_terms_rule_verdict_and_deliveries(record: Command) -> None:
    told = words(record, "why", "https://northgate.example/pause/#top")
    for piece in (
        "Answer an alert went out",
        "“We pause police use.”",
        "Until 2021-06-10",
        "Rule pauses (rules/en/stances.yaml:",
        "in the vendor's own voice",
        "Verdict tightened, told: stricter",
        "Before allow towards police since 2018-01-02",
        "C1: sent 2020-06-10 12:00 UTC",
        "C2: given-up; invite the bot",
    ):
        assert piece in told


@pytest.mark.parametrize(
    ("reference", "answer"),
    [
        (post("guid:2").id, "no alert: it is baseline"),
        (post("guid:3").id, "it reports what had been told already, and joined that alert"),
        ("https://northgate.example/unread", "not read yet"),
    ],
)
def test_why_not_is_answered_in_one_sentence(record: Command, reference: str, answer: str) -> None:
    assert answer in words(record, "why", reference)


def test_why_tells_of_a_lapse_also_where_no_post_had_named_the_end(record: Command, tmp_path: Path) -> None:
    pause = row(vendor="eastworks", audience=Audience.GOVERNMENT, until=date(2021, 6, 10))
    with SqlStore(f"sqlite:///{tmp_path / 'watcher.db'}") as store:
        with store.begin() as work:
            work.stances.add([pause])
            work.commit()
        (alert,) = lapse(store, str.title, lambda _alert: (), NOON + timedelta(days=400)).alerts
    assert "was to hold until 2021-06-10, and nothing newer was said" in words(record, "why", alert.key)
    (one,) = found(record, "why", alert.key)
    assert (one["id"], one["told"], one["readings"]) == (None, True, [])
    assert [(told["alert"], told["until"]) for told in one["lapses"]] == [(alert.key, "2021-06-10")]
    told = words(record, "history", "eastworks")
    assert "moratorium towards government until 2021-06-10 (lapsed)" in told


def test_why_has_the_keys_that_programs_rely_on(record: Command) -> None:
    (one,) = found(record, "why", post().id)
    (read,) = one["readings"]
    (verdict,) = read["verdicts"]
    assert list(one) == [
        "id",
        "title",
        "url",
        "published",
        "seen",
        "source",
        "version",
        "baseline",
        "complete",
        "told",
        "readings",
        "lapses",
    ]
    assert list(read) == ["version", "read_at", "rules", "note", "verdicts"]
    assert list(verdict) == [
        "statement",
        "change",
        "reason",
        "told",
        "previous",
        "joins",
        "alert",
        "deliveries",
        "review",
    ]
    assert list(verdict["deliveries"][0]) == [
        "channel",
        "state",
        "attempts",
        "due",
        "sent_at",
        "receipt",
        "error",
        "created",
    ]
    assert verdict["alert"] == alert_of(statement(), post()).key


def test_what_is_not_on_record_cannot_be_explained(record: Command) -> None:
    ended = record("why", "https://nowhere.example/")
    assert (ended.status, ended.out) == (1, "")
    assert "https://nowhere.example/" in ended.err


def test_alerts_show_where_they_went_and_who_joined(record: Command) -> None:
    told = words(record, "alerts")
    assert "Northgate: moratorium towards police until 2021-06-10 (announced)" in told
    assert "C2: given-up; invite the bot" in told
    assert "Joined by 1: The Press" in told
    assert "No alert of Eastworks AG is on record." in words(record, "alerts", "eastworks")


def test_alerts_say_how_long_the_oldest_has_waited_that_did_not_arrive(record: Command, tmp_path: Path) -> None:
    assert "not delivered" not in words(record, "alerts")
    with SqlStore(f"sqlite:///{tmp_path / 'watcher.db'}") as store, store.begin() as work:
        now = datetime.now(UTC)
        for number, age in enumerate((30, 200)):
            waiting = alert_of(statement(), post(f"guid:{50 + number}"))
            work.alerts.add(replace(waiting, at=now - timedelta(minutes=age)), ["C1"])
        work.commit()
    assert words(record, "alerts").startswith("2 messages not delivered yet, the oldest decided 3 h ago.")


def test_alerts_have_the_keys_that_programs_rely_on(record: Command) -> None:
    (one,) = found(record, "alerts", "northgate", "--limit", "5")
    assert list(one) == (
        [
            "key",
            "at",
            "vendor",
            "vendor_name",
            "changes",
            "reason",
            "rule",
            "own_voice",
            "post",
            "source",
            "severity",
            "deliveries",
            "reports",
            "muted",
            "review",
        ]
    )
    assert list(one["changes"][0]) == (
        [
            "change",
            "audience",
            "position",
            "previous",
            "previous_since",
            "product",
            "jurisdiction",
            "until",
            "condition",
            "announced",
            "quote",
            "before",
            "shift",
            "page_dated",
        ]
    )
    assert list(one["reports"][0]) == ["post", "source", "title", "url", "quote", "at", "own_voice"]


def test_sources_tell_who_is_well_and_what_stands_in_the_way_of_the_others(record: Command) -> None:
    told = words(record, "sources")
    assert "northgate-blog new never now" in told
    assert "timeout: no answer in 30 s" in told
    assert re.search(
        r"moved for good \(seen \d times since \d{4}-\d\d-\d\d\): change its url to https://press\.example/new", told
    )
    assert "2 sources: 1 new, 1 failing" in told


def test_sources_have_the_keys_that_programs_rely_on(record: Command) -> None:
    first, second = found(record, "sources")
    assert list(first) == [
        "id",
        "name",
        "type",
        "kind",
        "vendor",
        "url",
        "every",
        "health",
        "health_since",
        "trouble",
        "detail",
        "failures",
        "last_polled",
        "last_success",
        "last_new_post",
        "next_due",
        "polls",
        "not_modified",
        "moved_to",
        "moved_seen",
        "moved_since",
        "proposed_url",
    ]
    assert (second["name"], second["trouble"], second["failures"]) == ("The Press", "timeout", 4)
