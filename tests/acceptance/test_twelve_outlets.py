"""Twelve outlets tell of one announcement over two days, and the vendor itself on the second: one message in Slack."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.world import Installation, Runner
from tests.publishers import Publishers, Record
from tests.slack_server import Answer, SlackServer

pytestmark = pytest.mark.acceptance

FIRST = datetime.fromisoformat("2020-06-10T16:00:00+00:00")

# What each outlet makes of it: its words differ, the event is one.
OUTLETS = (
    "Amazon is banning police from using its facial recognition software, Rekognition, for one year.",
    "Amazon will halt police use of its facial recognition technology for a year, the company said on Wednesday.",
    "Amazon said Wednesday it is implementing a one-year moratorium on police use of its facial recognition technology.",
    "Amazon is suspending police use of Rekognition, its facial recognition service, for one year.",
    "Amazon announced a one-year moratorium on the use of its facial recognition technology by police.",
    "Amazon has paused police use of its facial recognition technology for a year.",
    "Amazon bars police from using its facial recognition technology for one year.",
    "Amazon has put a one-year moratorium on police use of its facial recognition software Rekognition.",
    "Amazon stops letting police use its facial recognition tool for a year.",
    "Amazon on Wednesday banned police from using its facial recognition technology for one year.",
    "Amazon announced on Wednesday that it is pausing police use of its facial recognition technology for one year.",
    "Amazon.com is halting police use of its facial recognition service for one year.",
)
ITSELF = "We're implementing a one-year moratorium on police use of Amazon's facial recognition technology."


def records() -> list[Record]:
    """An outlet every four hours; Amazon's own post after the sixth."""
    told = [_record(f"Outlet {n + 1}", "news", text, FIRST + n * timedelta(hours=4)) for n, text in enumerate(OUTLETS)]
    return [*told, _record("Amazon", "vendor", ITSELF, FIRST + timedelta(hours=22))]


def _record(publisher: str, kind: str, text: str, published: datetime) -> Record:
    name = publisher.lower().replace(" ", "-")
    title = f"{publisher} on police use of facial recognition"
    return Record(name, publisher, kind, f"https://{name}.example/pause", title, published, f"{text}\n", {})


@dataclass
class Seen:
    """The channel after each round: its messages, and how many replies stand beneath the first."""

    posts: list[Answer]
    replies: list[Answer]
    counts: list[tuple[int, int]]


def sources_of(message: Answer) -> int:
    """The count of sources that a message tells; one where it tells none."""
    told = [line for line in message["text"].splitlines() if line.startswith("Told by ")]
    return int(told[0].split()[2]) if told else 1


def watch(folder: Path, rounds: Sequence[datetime]) -> Seen:
    with SlackServer() as slack, Publishers(records()) as press:
        bot = Installation(folder, slack.url)
        bot.write(press.feeds_yaml())
        counts = []
        with Runner(bot, "--begin", "2020-06-01", "--fast") as runner:
            runner.round(press.move(FIRST - timedelta(hours=1)))
            for moment in rounds:
                runner.round(press.move(moment))
                first = slack.posts()[0]
                counts.append((sources_of(first), len(slack.replies(first["ts"]))))
        return Seen(slack.posts(), slack.replies(slack.posts()[0]["ts"]), counts)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    rounds = [FIRST + timedelta(hours=2 * number, minutes=5) for number in range(23)]
    return watch(tmp_path_factory.mktemp("outlets"), rounds)


def test_there_is_one_message(seen: Seen) -> None:
    assert len(seen.posts) == 1
    assert seen.posts[0]["text"].startswith("Amazon towards police: allow since 8 November 2018 → moratorium")


def test_its_count_rises_with_each_report_and_the_thread_holds_them(seen: Seen) -> None:
    assert seen.counts[0] == (1, 0)
    assert seen.counts == sorted(seen.counts)
    assert all(sources == replies + 1 for sources, replies in seen.counts)
    assert seen.counts[-1] == (13, 12)
    told = [reply["text"].splitlines()[0] for reply in seen.replies]
    assert [line for line in told if "Confirmed" not in line] == [
        f"Also reported by Outlet {number}, {10 + (16 + 4 * (number - 1)) // 24} June 2020" for number in range(2, 13)
    ]


def test_the_vendors_own_post_upgrades_it(seen: Seen) -> None:
    text = seen.posts[0]["text"]
    assert "Reported by Outlet 1 (press), 10 June 2020" in text
    assert "Confirmed by the vendor: Amazon says so itself, Amazon, 11 June 2020" in text.splitlines()


def test_reports_that_are_there_before_the_message_leaves_are_simply_in_it(tmp_path: Path) -> None:
    seen = watch(tmp_path, [FIRST + timedelta(hours=9)])
    assert seen.counts == [(3, 0)]
