"""Slack is away for a while: the alert goes out by mail, once, and is in Slack when it is back; real SMTP, real processes."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.test_twelve_outlets import FIRST, records
from tests.acceptance.world import CHANNEL, Installation, Runner
from tests.publishers import Publishers
from tests.slack_server import SlackServer
from tests.smtp_server import MailServerOf

pytestmark = pytest.mark.acceptance


def minutes(number: int) -> datetime:
    return FIRST + timedelta(minutes=number)


def test_what_slack_does_not_take_for_a_quarter_of_an_hour_is_mailed_once_and_told_there_later(tmp_path: Path) -> None:
    with SlackServer() as slack, MailServerOf() as mail, Publishers(records()) as press:
        settings = {
            "WATCHER_SMTP_URL": mail.url,
            "WATCHER_MAIL_FROM": "Watcher <watcher@example.org>",
            "WATCHER_ALERT_MAIL": "Night Desk <night@example.org>, ben@example.org",
        }
        bot = Installation(tmp_path, slack.url, settings)
        bot.write(press.feeds_yaml())
        slack.channels[CHANNEL] = "internal_error"
        with Runner(bot, "--begin", "2020-06-01", "--fast") as runner:
            runner.round(press.move(minutes(-60)))
            report = runner.round(press.move(minutes(5)))
            assert (report["waiting"], len(mail.messages)) == (1, 0)
            assert "Slack is in trouble" in report["trouble"][CHANNEL]
            runner.round(press.move(minutes(25)))
            assert sorted(one.address for one in mail.messages) == ["ben@example.org", "night@example.org"]
        with Runner(bot, "--fast") as runner:
            runner.round(press.move(minutes(60)))
            slack.channels[CHANNEL] = "open"
            report = runner.round(press.move(minutes(90)))
    text = str(mail.messages[0].message.get_content())
    assert "By mail because Slack could not be reached since 10 June 2020, 16:0" in text
    assert "“Amazon is banning police from using its facial recognition software" in text
    assert len(mail.messages) == 2
    (message,) = slack.posts()
    assert "Late by 1 hour" in message["text"]
    assert (report["waiting"], report["trouble"]) == (0, {})
