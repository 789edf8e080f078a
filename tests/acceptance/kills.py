"""The same June twice: once undisturbed, once killed (SIGKILL) at random moments of its rounds and started again.

Feeds and Slack are slow in the second one, so that a kill can fall between a request and its answer, between an answer
and its transaction, between a message and the note that it was sent.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.acceptance.world import Installation, Rows, Runner
from tests.publishers import Publishers, corpus
from tests.slack_server import Answer, SlackServer

BEGIN = "2020-06-01"
# Three announcements with a dozen reports each, and then five in one post; the gap before it counts as an outage.
EVENINGS = tuple(
    datetime.fromisoformat(f"2020-{day}T23:59:00+00:00")
    for day in ("06-07", "06-08", "06-10", "06-11", "07-02", "07-03")
)
LATENCY = 0.2  # seconds, of Slack before and after it takes a message
# Seconds between the answers of slower and slower feeds. What comes in a quarter of a second after the rest is read
# after the rest, whenever it was published: another report of the event may then have been told.
FEEDS_APART = 0.05
# How long the stages of a round take at that latency; a kill comes at any moment of one.
STAGES = {"poll": 0.3, "read": 0.3, "deliver": 2.5}


class SlowSlack(SlackServer):
    """Takes its time before a message is accepted, and after."""

    def answer(self, method: str, arguments: Answer) -> Answer:
        time.sleep(LATENCY)
        answer = super().answer(method, arguments)
        time.sleep(LATENCY)
        return answer


@dataclass(frozen=True)
class Hit:
    """Where a kill fell, and what stood on record then; ``arrived`` counts the messages at Slack."""

    evening: datetime
    stage: str
    after: float
    posts: int
    unread: int
    deliveries: Counter[str]
    arrived: int


@dataclass(frozen=True)
class Outcome:
    """What a run left behind: the record, the keys at Slack in order, and where it was killed."""

    record: dict[str, Rows]
    told: list[str]
    hits: list[Hit]


@dataclass(frozen=True)
class World:
    """The parts of one run."""

    bot: Installation
    press: Publishers
    slack: SlackServer


@contextmanager
def world(folder: Path, slack: SlackServer, latency: float) -> Iterator[World]:
    """Everything but the bot's processes."""
    records = [*corpus(BEGIN, "2020-06-12"), *corpus("2020-07-03", "2020-07-03")]
    with slack, Publishers(records, delay=latency) as press:
        bot = Installation(folder, slack.url)
        bot.write(press.feeds_yaml())
        yield World(bot, press, slack)


def undisturbed(folder: Path) -> Outcome:
    """One process, from the first round to the last."""
    with world(folder, SlackServer(), 0.0) as one, Runner(one.bot, "--begin", BEGIN, "--fast") as runner:
        for evening in EVENINGS:
            runner.round(one.press.move(evening))
        return Outcome(one.bot.dump(), one.slack.keys(), [])


def disturbed(folder: Path, seed: int, kills: int, tell: Callable[[Hit], object] = lambda _: None) -> Outcome:
    """A process for each round, and another one for each time that it is killed.

    A kill that comes too late, because the round has ended, is tried again in the next round.
    """
    dice = random.Random(seed)
    due = sorted(dice.randrange(len(EVENINGS)) for _ in range(kills))
    hits: list[Hit] = []
    with world(folder, SlowSlack(), FEEDS_APART) as one:
        for number, evening in enumerate(EVENINGS):
            one.press.move(evening)
            shift = evening - datetime.now(UTC)
            done = False
            while not done:
                plan = _plan(dice) if len(hits) < sum(place <= number for place in due) else None
                hit, done = _attempt(one, evening, datetime.now(UTC) + shift, plan)
                hits += [hit] if hit else []
                if hit:
                    tell(hit)
        return Outcome(one.bot.dump(), one.slack.keys(), hits)


def dead_at(folder: Path, boundary: int) -> tuple[Outcome, bool]:
    """A process that dies just before or just after one of its commits, and another that finishes; did the first die?"""
    with world(folder, SlackServer(), 0.0) as one:
        left = list(EVENINGS)
        with Runner(one.bot, "--begin", BEGIN, "--fast", "--die-at", str(boundary)) as runner:
            while left and runner.survives(one.press.move(left[0])):
                left.pop(0)
        if not left:
            return Outcome(one.bot.dump(), one.slack.keys(), []), False
        with Runner(one.bot, "--begin", BEGIN, "--fast") as runner:
            for evening in left:
                runner.round(one.press.move(evening))
        return Outcome(one.bot.dump(), one.slack.keys(), []), True


def _plan(dice: random.Random) -> tuple[str, float]:
    stage = dice.choice(list(STAGES))
    return stage, dice.uniform(0, STAGES[stage])


def _attempt(one: World, evening: datetime, now: datetime, plan: tuple[str, float] | None) -> tuple[Hit | None, bool]:
    """Begin or go on with a round; where the kill fell, if it fell in time, and whether the round is done."""
    with Runner(one.bot, "--begin", BEGIN) as runner:
        if plan is None:
            runner.round(now)
            return None, True
        stage, after = plan
        runner.begin(now)
        runner.await_("stage", stage)
        time.sleep(after)
        runner.process.kill()
        rest = list(runner.lines())
    if any("report" in line for line in rest):
        return None, True
    reached = [line["stage"] for line in rest if "stage" in line]
    return _hit(one, evening, reached[-1] if reached else stage, after), False


def _hit(one: World, evening: datetime, stage: str, after: float) -> Hit:
    [(posts, unread)] = one.bot.rows("SELECT count(*), coalesce(sum(unread), 0) FROM posts")
    states: Counter[str] = Counter(dict(one.bot.rows("SELECT state, count(*) FROM deliveries GROUP BY state")))
    return Hit(evening, stage, after, posts, unread, states, len(one.slack.messages))


def differences(expected: Outcome, found: Outcome) -> dict[str, Any]:
    """What two outcomes do not agree on: by name, the rows of the one that the other lacks, both ways."""
    names = {**expected.record, "told": expected.told}
    pairs = {name: (_of(expected, name), _of(found, name)) for name in names}
    return {name: (_lacking(a, b), _lacking(b, a)) for name, (a, b) in pairs.items() if a != b}


def _of(outcome: Outcome, name: str) -> Sequence[Any]:
    return outcome.told if name == "told" else outcome.record[name]


def _lacking(those: Sequence[Any], these: Sequence[Any]) -> list[Any]:
    return [one for one in those if one not in these]
