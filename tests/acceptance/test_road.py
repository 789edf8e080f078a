"""The whole road: publishers' feeds over HTTP, polled round by round, to messages at a server that speaks Slack's API."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.world import CHANNEL, Installation, Runner
from tests.publishers import Publishers, Record, corpus
from tests.slack_server import SlackServer

pytestmark = pytest.mark.acceptance

_WHOLE = pytest.mark.skipif(not os.environ.get("WHOLE_CORPUS"), reason="takes a minute: set WHOLE_CORPUS=1")
SPANS = [
    pytest.param(("2020-06-01", "2020-07-03"), id="June 2020"),
    pytest.param(("2018-01-01", "2020-12-31"), id="whole corpus", marks=_WHOLE),
]


@dataclass(frozen=True)
class Road:
    """A road that was gone once, and what it left behind. ``again`` is the round after the last one."""

    records: dict[str, Record]
    bot: Installation
    slack: SlackServer
    rounds: list[dict[str, Any]]
    told: list[str]
    again: dict[str, Any]
    answers_again: Counter[int]
    before: dict[str, Any]

    @property
    def alerts(self) -> list[tuple[str, str, str, str]]:
        """Key, vendor, record and moment of publication of each alert, in the order in which they reached Slack."""
        query = "SELECT a.key, a.vendor, p.key, a.published FROM alerts a JOIN posts p ON p.id = a.post_id"
        found = {
            key: (key, vendor, post.removeprefix("guid:"), when) for key, vendor, post, when in self.bot.rows(query)
        }
        return [found[key] for key in self.told]


def evenings(records: list[Record]) -> list[datetime]:
    """The evenings of the days with posts, and those before them, so that no feed is new when its first post comes."""
    days = {one.published.astimezone(UTC).date() for one in records}
    return [datetime.combine(day, time(23, 59), UTC) for day in sorted(days | {day - timedelta(1) for day in days})]


@pytest.fixture(scope="module", params=SPANS)
def road(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    first, last = request.param
    records = corpus(first, last)
    with SlackServer() as slack, Publishers(records) as press:
        bot = Installation(tmp_path_factory.mktemp("road"), slack.url)
        bot.write(press.feeds_yaml())
        with Runner(bot, "--begin", first, "--fast") as runner:
            rounds = [runner.round(press.move(evening)) for evening in evenings(records)]
        told, before = slack.keys(), bot.dump()
        press.answers.clear()
        with Runner(bot, "--fast") as runner:
            again = runner.round(press.at + timedelta(hours=1))
        answers = press.answers.copy()
        yield Road({one.id: one for one in records}, bot, slack, rounds, told, again, answers, before)


def test_every_post_is_taken_in_once_and_no_round_has_trouble(road: Road) -> None:
    assert sum(one["new_posts"] for one in road.rounds) == len(road.records)
    assert [one for one in road.rounds if one["failed"] or one["trouble"] or one["partial"] or one["edits"]] == []
    assert {key.removeprefix("guid:") for (key,) in road.bot.rows("SELECT key FROM posts")} == set(road.records)


def test_the_announcements_of_june_2020_reach_slack_in_their_channel(road: Road) -> None:
    events = {event for _, vendor, record, _ in road.alerts for event in road.records[record].events.get(vendor, ())}
    assert events >= {"ibm-2020-06-exit", "amazon-2020-06-police-moratorium", "microsoft-2020-06-no-police-sales"}
    assert {message["channel"] for message in road.slack.messages} == {CHANNEL}


def test_each_alert_arrives_once_and_all_of_them_do(road: Road) -> None:
    assert Counter(road.slack.keys()) == Counter(key for (key,) in road.bot.rows("SELECT key FROM alerts"))
    assert set(road.bot.rows("SELECT state FROM deliveries")) == {("sent",)}


def test_one_event_alerts_once_however_many_outlets_report_it(road: Road) -> None:
    told = Counter(
        (vendor, event) for _, vendor, record, _ in road.alerts for event in road.records[record].events.get(vendor, ())
    )
    assert {event: times for event, times in told.items() if times > 1} == {}
    assert sum(one["joined"] for one in road.rounds) > len(told)


def test_alerts_arrive_in_the_order_of_publication(road: Road) -> None:
    published = [when for _, _, _, when in road.alerts]
    assert published == sorted(published)


def test_a_second_run_over_the_same_feeds_sends_nothing_and_changes_nothing_on_record(road: Road) -> None:
    assert (road.again["alerts"], road.again["sent"], road.again["new_posts"], road.again["edits"]) == ([], 0, 0, 0)
    assert road.slack.keys() == road.told
    assert road.bot.dump() == road.before


def test_conditional_requests_are_answered_304_and_cost_no_parsing(road: Road) -> None:
    assert road.answers_again == {304: road.again["asked"]}
    assert road.again["not_modified"] == road.again["asked"]
    assert road.bot.rows("SELECT count(*) FROM post_versions") == [(0,)]
    assert road.bot.rows("SELECT count(*) FROM source_states WHERE not_modified = 0") == [(0,)]


def test_the_command_itself_tells_posts_of_today_and_is_silent_the_second_time(tmp_path: Path) -> None:
    old = corpus("2020-06-08", "2020-06-10")
    shift = datetime.now(UTC) - timedelta(hours=1) - old[-1].published  # the dates inside the texts stay behind
    records = [replace(one, published=(one.published + shift).replace(microsecond=0)) for one in old]
    with SlackServer(interval=0.9) as slack, Publishers(records) as press:
        press.move(datetime.now(UTC))
        bot = Installation(tmp_path, slack.url)
        bot.write(press.feeds_yaml())
        first = bot.watcher("poll")
        assert (first.returncode, first.stdout) == (0, ""), first.stderr
        told = slack.keys()
        assert {"ibm", "amazon"} <= {key.rpartition("-")[0] for key in told}
        assert len(told) == len(set(told)) == len(bot.answer("alerts"))
        again = bot.watcher("poll", "--all", "--format", "json")
        assert again.returncode == 0, again.stderr
        assert f'"not_modified": {len(press.webs)}' in again.stdout
        assert slack.keys() == told
