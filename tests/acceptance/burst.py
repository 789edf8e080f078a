"""Hundreds of changes at once, a Slack that fails in every way, and a process that is killed again and again.

The bot is a real process (``tests.acceptance.deliverer``), killed by SIGKILL at random moments of its work; Slack is a
strict server on loopback that paces each channel; the record is a SQLite file.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from storage.migrate import upgrade
from storage.unit_of_work import SqlStore
from tests.acceptance.world import Installation
from tests.slack_server import Answer, Fault, SlackServer, keys_of
from watcher.core.alert import Alert, Told
from watcher.core.change import Change
from watcher.core.folding import MOST
from watcher.core.severity import Severity, severity_of
from watcher.core.statement import Audience, Position

CHANNELS = ("C0000000001", "C0000000002", "C0000000003")
# What a call meets that is not spared. "hang" costs the client its whole time-out, so there are few of them.
FAULTS: tuple[Fault, ...] = ("429", "500", "500-accepted", "reset", "reset-accepted", "garbage-accepted")
LATENCY = 0.01  # seconds, of Slack before and after it takes a message: room for a kill
LONGEST = 900.0  # seconds; what takes longer has failed

_FEEDS = """
sources:
  - {id: nobody, type: feed, url: "http://127.0.0.1:9/feed", kind: news}
"""


@dataclass(frozen=True)
class Plan:
    """How many alerts of each severity, how often the bot is killed, which part of the calls fails, how many hang.

    ``speed``: how much faster than ours the day of bot and Slack passes; 1 keeps Slack's real pace, a message a second.
    """

    high: int = 200
    normal: int = 200
    low: int = 100
    kills: int = 10
    failing: float = 0.15
    hanging: int = 2
    speed: float = 20.0
    seed: int = 1


@dataclass(frozen=True)
class Channel:
    """What became of the alerts of one channel; ``messages`` counts posts, ``folded`` those with several alerts."""

    name: str
    due: int
    messages: int
    folded: int
    lost: int
    twice: int
    out_of_order: int


@dataclass(frozen=True)
class Outcome:
    """What a burst came to. ``ages``: how old the last alert of each severity was when it arrived, in seconds."""

    channels: tuple[Channel, ...]
    faults: Counter[str]
    kills: int
    killed_while_sending: int
    seconds: float
    ages: dict[str, float]
    calls: int

    @property
    def flawless(self) -> bool:
        """Each alert in its channel exactly once, in order of severity."""
        return not any(one.lost or one.twice or one.out_of_order for one in self.channels)


class UnreliableSlack(SlackServer):
    """Takes its time, and fails as planned; ``met`` counts the faults that calls met."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(dict.fromkeys(CHANNELS, "open"), interval=1 / plan.speed, page=200)
        self.met: Counter[str] = Counter()
        dice = random.Random(plan.seed)
        calls = 20 + 2 * (plan.high + plan.normal + plan.low)
        self._planned: dict[int, Fault] = {
            number: dice.choice(FAULTS) for number in range(1, calls) if dice.random() < plan.failing
        }
        self._planned |= dict.fromkeys(dice.sample(range(5, max(plan.high, 20)), plan.hanging), "hang")
        self.numbered = self._planned

    def fault(self) -> Fault | None:
        found = super().fault()
        if found:
            self.met[found] += 1
        return found

    def answer(self, method: str, arguments: Answer) -> Answer:
        time.sleep(LATENCY)
        answer = super().answer(method, arguments)
        time.sleep(LATENCY)
        return answer

    def hang(self) -> None:
        """Longer than any client waits."""
        self._released.wait(30)


def burst(folder: Path, plan: Plan) -> Outcome:
    """Write the alerts down, let the bot deliver them, kill it on its way, and count."""
    began = time.time()
    told = _alerts(plan, datetime.fromtimestamp(began, UTC))
    with UnreliableSlack(plan) as slack:
        bot = Installation(folder, slack.url, {"WATCHER_SLACK_CHANNEL": CHANNELS[0]})
        bot.write(_FEEDS)
        _write(folder, told)
        fallen = _deliver(bot, slack, plan, began)
        channels = tuple(_count(slack, name, told) for name in CHANNELS)
        calls = len(slack.calls)
        met = slack.met
    return Outcome(channels, met, len(fallen), sum(fallen), time.time() - began, _ages(bot, told), calls)


def _write(folder: Path, told: dict[Alert, tuple[str, ...]]) -> None:
    url = f"sqlite:///{folder / 'watcher.db'}"
    upgrade(url)
    with SqlStore(url) as store, store.begin() as work:
        for alert, channels in told.items():
            work.alerts.add(alert, channels)
        work.commit()


def _deliver(bot: Installation, slack: SlackServer, plan: Plan, began: float) -> list[bool]:
    """The bot's lives, one after the other; for each kill whether a message was on its way."""
    dice, fallen = random.Random(plan.seed), list[bool]()
    messages = plan.high + (plan.normal + plan.low) // MOST
    marks = sorted(dice.sample(range(1, max(messages, plan.kills + 1)), plan.kills))
    while _life(bot, slack, plan, began, marks[len(fallen)] if len(fallen) < plan.kills else None, dice):
        fallen.append(bool(bot.rows("SELECT 1 FROM deliveries WHERE state = 'sending'")))
        if time.time() - began > LONGEST:
            raise AssertionError(f"not done after {LONGEST:.0f} s")
    return fallen


def _life(
    bot: Installation, slack: SlackServer, plan: Plan, began: float, mark: int | None, dice: random.Random
) -> bool:
    """One process, from its start to its end, or to its kill once ``mark`` messages are at Slack; was it killed?"""
    arguments = ("--since", str(began), "--speed", str(plan.speed))
    with bot.start(*arguments, module="tests.acceptance.deliverer") as process:
        while process.poll() is None and (mark is None or len(slack.messages) < mark):
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.05))
        killed = process.poll() is None
        process.kill()
        _, err = process.communicate()
    if not killed and process.returncode:
        raise AssertionError(err)
    return killed


def _ages(bot: Installation, told: dict[Alert, tuple[str, ...]]) -> dict[str, float]:
    severities = {alert.key: severity_of(alert).value for alert in told}
    ages: dict[str, float] = {}
    for key, age in bot.rows(
        "SELECT alert_key, (julianday(sent_at) - julianday(created)) * 86400 FROM deliveries WHERE sent_at IS NOT NULL"
    ):
        ages[severities[key]] = max(age, ages.get(severities[key], 0.0))
    return ages


def _count(slack: SlackServer, channel: str, told: dict[Alert, tuple[str, ...]]) -> Channel:
    due = {alert.key: severity_of(alert) for alert, channels in told.items() if channel in channels}
    posts = [keys_of(one) for one in slack.posts(channel)]
    came = [key for keys in posts for key in keys]
    ranks = [due[key].rank for key in dict.fromkeys(came) if key in due]
    return Channel(
        name=channel,
        due=len(due),
        messages=len(posts),
        folded=sum(len(keys) > 1 for keys in posts),
        lost=len(set(due) - set(came)),
        twice=len(came) - len(set(came)),
        out_of_order=sum(later < earlier for earlier, later in pairwise(ranks)),
    )


def _alerts(plan: Plan, now: datetime) -> dict[Alert, tuple[str, ...]]:
    """Alerts of all severities, mixed, each for one channel or, every tenth, for all of them."""
    kinds = [Severity.HIGH] * plan.high + [Severity.NORMAL] * plan.normal + [Severity.LOW] * plan.low
    random.Random(plan.seed).shuffle(kinds)
    made = [_alert(number, severity, now) for number, severity in enumerate(kinds)]
    return {alert: CHANNELS if number % 10 == 0 else (CHANNELS[number % 3],) for number, alert in enumerate(made)}


def _alert(number: int, severity: Severity, now: datetime) -> Alert:
    change = {Severity.HIGH: Change.LOOSENED, Severity.NORMAL: Change.ANNOUNCED, Severity.LOW: Change.AMENDED}[severity]
    told = Told(
        change=change,
        audience=Audience.POLICE,
        position=Position.MORATORIUM,
        previous=Position.BAN,
        previous_since=date(2020, 6, 10),
        product=None,
        jurisdiction=None,
        until=date(2021, 6, 10),
        condition="until there is a law & <rules>",
        announced=now.date(),
        quote=f"Vendor {number} pauses police use of its facial recognition for a year.",
    )
    first = Alert(
        key=f"vendor{number}-{number:012x}",
        vendor=f"vendor{number}",
        vendor_name=f"Vendor {number}",
        changes=(told,),
        reason="It held another stance.",
        at=now,
        post_id=f"{number:016x}",
        title=f"Vendor {number} pauses police use",
        url=f"https://vendor{number}.example/pause",
        source_id="press",
        source_name="The Press",
        source_kind="news",
        published=now - timedelta(hours=1),
        own_voice=False,
        rule="pauses-police-use",
    )
    return replace(first, at=now + timedelta(milliseconds=number))
