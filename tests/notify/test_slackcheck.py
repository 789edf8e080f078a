"""What Slack says when it is asked whether all is well: a real server on the loopback."""

import socket

from tests.slack_server import SlackServer
from watcher.notify import slackcheck


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_good_token_is_known_with_its_scopes() -> None:
    with SlackServer() as slack:
        found = slackcheck.ask(slack.token, slack.url)
        assert (found.user, found.team, found.scopes) == ("watcher", "Test", ("chat:write", "channels:history"))
        assert (found.missing, found.refused, found.trouble) == ((), "", "")
        for scopes, missing in (
            (["chat:write"], ("channels:history",)),
            (["chat:write", "groups:history"], ()),
            (["channels:history"], ("chat:write",)),
            ([], ()),  # Slack does not always name them
        ):
            slack.scopes = scopes
            assert slackcheck.ask(slack.token, slack.url).missing == missing


def test_a_refused_token_and_an_answer_that_does_not_come_are_two_things() -> None:
    with SlackServer() as slack:
        assert "set WATCHER_SLACK_BOT_TOKEN" in slackcheck.ask("xoxb-other", slack.url).refused
        assert "set WATCHER_SLACK_APP_TOKEN" in slackcheck.ask_socket("xapp-other", slack.url)
    found = slackcheck.ask("xoxb-1", f"http://127.0.0.1:{closed_port()}/api/")
    assert (found.refused, found.trouble) == ("", "no usable answer from Slack (URLError)")


def test_a_channel_is_there_and_the_bot_is_in_it_or_not() -> None:
    channels = {"C1": "open", "C2": "not_in_channel", "C3": "is_archived"}
    with SlackServer(channels, scopes=["channels:read"]) as slack:
        one, two, three, four = (
            slackcheck.ask_channel(slack.token, name, slack.url) for name in ("C1", "C2", "C3", "C4")
        )
        assert (one.name, one.member, two.member) == ("policy-watch", True, False)
        assert three.trouble == "C3 is archived"
        assert "Slack shows the bot no channel C4" in four.trouble
        slack.scopes = []
        assert slackcheck.ask_channel(slack.token, "C1", slack.url) == slackcheck.Channel()
