"""Eight faults in feeds.yaml, and four sources in trouble beside one that is well."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.world import DEADLINE, Installation, Runner
from tests.fetch.server import WebServer, hang, text
from tests.publishers import Publishers, corpus
from tests.slack_server import SlackServer

pytestmark = pytest.mark.acceptance

EIGHT_FAULTS = """\
sources:
  - id: axios
    type: rss
    url: https://axios.example/feed
    kind: news
  - id: bgr
    type: feed
    url: bgr.example/feed
    kind: news
  - id: bgr
    type: feed
    url: https://bgr.example/other
    kind: news
  - id: amazon-news
    type: feed
    url: https://amazon.example/feed
    kind: vendor
  - id: ibm-news
    type: feed
    url: https://ibm.example/feed
    kind: vendor
    vendor: imb
  - id: verge
    type: feed
    url: https://verge.example/feed
    kind: news
    every: soon
    fulltext: always
routes:
  - channel: C0123456789
    changes: [loosend]
"""
# File and line, key, and a part of what was expected.
NAMED = [
    ("feeds.yaml:3: ", "sources[0].type (axios)", "feed, blog or policy"),
    ("feeds.yaml:8: ", "sources[1].url (bgr)", "https://"),
    ("feeds.yaml:10: ", "sources[2].id (bgr)", "stands once"),
    ("feeds.yaml:14: ", "sources[3].vendor (amazon-news)", "is missing"),
    ("feeds.yaml:22: ", "sources[4].vendor (ibm-news)", 'did you mean "ibm"'),
    ("feeds.yaml:27: ", "sources[5].every (verge)", "15m"),
    ("feeds.yaml:28: ", "sources[5].fulltext (verge)", 'did you mean "full_text"'),
    ("feeds.yaml:31: ", "routes[0].changes[0]", 'did you mean "loosened"'),
]


@pytest.mark.parametrize("command", ["check", "run", "poll"])
def test_eight_faults_are_all_named_with_place_key_and_expectation_and_nothing_starts(
    command: str, tmp_path: Path
) -> None:
    bot = Installation(tmp_path)
    bot.write(EIGHT_FAULTS)
    done = bot.watcher(command)
    head, *faults = done.stderr.strip().splitlines()
    assert (done.returncode, done.stdout, head) == (2, "", "watcher: 8 faults in the configuration")
    assert len(faults) == len(NAMED)
    for line, parts in zip(faults, NAMED, strict=True):
        assert [part for part in parts if part not in line] == [], line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["feeds.yaml"]


def test_faults_of_the_settings_are_named_together_with_those_of_feeds_yaml(tmp_path: Path) -> None:
    bot = Installation(tmp_path, settings={"WATCHER_LISTEN": "nowhere", "WATCHER_CHANEL": "C1"})
    bot.write(EIGHT_FAULTS)
    done = bot.watcher("check")
    assert done.returncode == 2
    assert "10 faults" in done.stderr
    assert "WATCHER_LISTEN" in done.stderr
    assert "WATCHER_CHANEL" in done.stderr


WALL = b"""<!doctype html><html><head><title>Just a moment...</title></head>
<body><p>Verify you are human by completing the action below.</p></body></html>"""
CUT = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Cut</title>
<item><title>A whole one</title><guid>1</guid><link>https://cut.example/1</link><description>Read me.</description></item>
<item><title>Half of o"""


@dataclass(frozen=True)
class Trouble:
    """What a round over one good source and four bad ones left behind. ``early``: what Slack had while one still hung."""

    bot: Installation
    slack: SlackServer
    early: list[str]
    report: dict[str, Any]


def _dead_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _bad(stack: ExitStack) -> tuple[list[dict[str, str]], WebServer]:
    pages = {"wall": text(WALL, content_type="text/html"), "cut": text(CUT, etag='"1"'), "hung": hang}
    urls = {"dead": f"http://127.0.0.1:{_dead_port()}/feed"}
    for name, page in pages.items():
        web = stack.enter_context(WebServer())
        web.pages["/feed"] = page
        urls[name] = web.url("/feed")
    return [{"id": name, "type": "feed", "url": url, "kind": "news"} for name, url in urls.items()], web


def _until(happens: Callable[[], object]) -> None:
    """Wait for what must happen soon."""
    end = time.monotonic() + DEADLINE
    while not happens() and time.monotonic() < end:
        time.sleep(0.02)


@pytest.fixture(scope="module")
def trouble(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trouble]:
    [told] = corpus("2020-06-08", "2020-06-08")
    recent = replace(told, published=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1))
    with ExitStack() as stack:
        slack = stack.enter_context(SlackServer())
        press = stack.enter_context(Publishers([recent]))
        now = press.move(datetime.now(UTC))
        bad, hung = _bad(stack)
        bot = Installation(tmp_path_factory.mktemp("trouble"), slack.url)
        bot.write(press.feeds_yaml(*bad))
        with Runner(bot, "--patience", "6") as runner:
            runner.begin(now)
            _until(lambda: slack.messages)
            early = slack.keys() if hung.open else []
            report = runner.await_("report")
        yield Trouble(bot, slack, early, report)


def health(trouble: Trouble) -> dict[str, tuple[str, str | None]]:
    return {one["id"]: (one["health"], one["trouble"]) for one in trouble.bot.answer("sources")}


def test_a_hung_server_delays_nobodys_alert(trouble: Trouble) -> None:
    assert len(trouble.early) == 1
    assert trouble.slack.keys() == trouble.early
    assert len(trouble.report["alerts"]) == 1


def test_four_kinds_of_trouble_are_told_apart_in_json(trouble: Trouble) -> None:
    assert health(trouble) == {
        "ibm-thinkpolicy": ("ok", None),
        "dead": ("failing", "network"),
        "wall": ("blocked", "blocked"),
        "cut": ("partial", None),
        "hung": ("failing", "timeout"),
    }


def test_four_kinds_of_trouble_are_told_apart_in_the_table(trouble: Trouble) -> None:
    shown = trouble.bot.watcher("sources").stdout
    rows = {line.split()[0]: line for line in shown.splitlines() if line.split()}
    for source, words in {
        "ibm-thinkpolicy": ["ok"],
        "dead": ["failing", "network"],
        "wall": ["blocked", "blocked"],
        "cut": ["partial", "cut"],
        "hung": ["failing", "timeout"],
    }.items():
        assert [word for word in words if word not in rows[source].removeprefix(source)] == [], rows[source]
    assert max(map(len, shown.splitlines())) <= 80


def test_what_stood_before_the_cut_is_read(trouble: Trouble) -> None:
    assert trouble.bot.rows("SELECT title FROM posts WHERE source_id = 'cut'") == [("A whole one",)]


def test_a_poll_with_failures_says_which_and_ends_with_1(trouble: Trouble) -> None:
    done = trouble.bot.watcher("poll", "dead", "wall", "cut", "ibm-thinkpolicy", "--all")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert [name for name in ("dead (network", "wall (blocked", "cut short (cut)") if name not in done.stderr] == []
    assert "ibm-thinkpolicy (" not in done.stderr


def test_a_source_that_comes_back_is_well_again(trouble: Trouble) -> None:
    feed = (
        b'<rss version="2.0"><channel><title>Back</title><item><title>One</title><guid>1</guid></item></channel></rss>'
    )
    [(dead,)] = [(one["url"],) for one in trouble.bot.answer("sources") if one["id"] == "dead"]
    with WebServer() as web:
        web.pages["/feed"] = text(feed)
        feeds = (trouble.bot.folder / "feeds.yaml").read_text("utf-8")
        trouble.bot.write(feeds.replace(dead, web.url("/feed")))
        done = trouble.bot.watcher("poll", "dead", "--all")
    assert done.returncode == 0, done.stderr
    assert "dead: failing → ok" in done.stderr
    assert health(trouble)["dead"] == ("ok", None)


def test_hostile_servers_are_named_and_cost_the_good_ones_nothing() -> None:
    """The table of ``benchmarks.hostile_servers`` without those that take long."""
    words = [sys.executable, "-m", "benchmarks.hostile_servers", "--good", "10", "--quick"]
    done = subprocess.run(
        words, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "good feeds read: 10 of 10" in done.stdout
    assert "faults: 0" in done.stdout
    assert "root:" not in done.stdout
