"""The whole conversation, with a real ``watcher run``: an alert is posted, somebody presses its buttons, it is edited."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.migrate import upgrade
from storage.unit_of_work import SqlStore
from tests.acceptance.test_first_run import Run, running
from tests.acceptance.world import CHANNEL, DEADLINE, Installation
from tests.entrypoints.talking import recorded
from tests.slack_server import SlackServer
from tests.slack_workspace import APP_TOKEN, SECRET, Workspace, button, command
from watcher.core.alert import Alert

pytestmark = pytest.mark.acceptance

VENDORS = """
vendors:
  - {id: northgate, name: Northgate}
sources:
  - {id: press, type: feed, kind: news, url: "http://127.0.0.1:9/feed"}
"""


class Office:
    """A watcher at work, Slack, and the alert that it is about to post."""

    def __init__(self, bot: Installation, slack: Workspace, kept: SlackServer, run: Run, alert: Alert) -> None:
        self.bot, self.slack, self.kept, self.run, self.alert = bot, slack, kept, run, alert
        heard = run.wait_for("listening:")
        self.site = f"http://{heard.rpartition('HTTP on ')[2].strip()}"
        slack.await_line()

    def message(self, words: str) -> dict[str, Any]:
        """The alert's message, once it holds these words."""
        found = _eventually(lambda: [one for one in self.kept.messages if words in str(one)])
        assert isinstance(found[0], dict)
        return found[0]

    def press(self, action: str) -> None:
        """Press a button as it stands in the message."""
        (row,) = [block for block in self.message(self.alert.key)["blocks"] if block["type"] == "actions"]
        (found,) = [one for one in row["elements"] if one["action_id"] == action]
        self.slack.over_socket("interactive", button(action, found["value"], block_id=row["block_id"]))

    def ask(self, text: str) -> str:
        status, _, _ = self.slack.over_http(self.site, "slash_commands", command(text))
        assert status == 200
        return str(self.slack.answered()["text"])


def _eventually(found: Callable[[], list[Any]]) -> list[Any]:
    deadline = time.monotonic() + DEADLINE
    while not (made := found()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return made


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    url = f"sqlite:///{tmp_path / 'watcher.db'}"
    upgrade(url)
    with SqlStore(url) as store:
        alert = recorded(store, channel=CHANNEL, sent=False)
    with SlackServer() as kept, Workspace(kept) as slack:
        listening = {
            "WATCHER_SLACK_APP_TOKEN": APP_TOKEN,
            "WATCHER_SLACK_SIGNING_SECRET": SECRET,
            "WATCHER_LISTEN": "127.0.0.1:0",
        }
        bot = Installation(tmp_path, slack.url, listening)
        bot.write(VENDORS)
        with running(bot) as run:
            yield Office(bot, slack, kept, run, alert)


def test_an_alert_is_posted_with_buttons_taken_back_edited_and_confirmed_again(office: Office) -> None:
    posted = office.message(office.alert.key)
    assert "Northgate" in posted["text"]
    assert "Northgate: moratorium towards police" in office.ask("status northgate on 2020-07-01")
    office.press("not-a-change")
    assert office.slack.answered()["text"].startswith("Taken back by ann on")
    edited = office.message("Taken back by ann on")
    assert edited["ts"] == posted["ts"]
    assert "No stance" in office.ask("status on 2020-07-01")
    office.press("confirm")
    assert office.slack.answered()["text"].startswith("Confirmed by ann on")
    office.message("Confirmed by ann on")
    assert "Northgate: moratorium towards police" in office.ask("status northgate on 2020-07-01")
    assert len(office.kept.messages) == 1
    assert office.run.stop() == 0
    assert [line for line in office.run.said if "Traceback" in line or "ERROR" in line] == []


def test_the_command_line_and_slack_say_the_same(office: Office) -> None:
    office.message(office.alert.key)
    done = office.bot.watcher("review", office.alert.key, "--reject", "not-this-vendor", "--by", "Bob")
    assert done.returncode == 0, done.stderr
    office.message("Taken back by Bob on")
    (line,) = office.bot.answer("alerts")
    assert line["review"]["ruling"] == "not-this-vendor"
    assert "Nothing waits for a yes or no" in office.ask("pending")
