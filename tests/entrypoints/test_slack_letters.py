"""The weekly letter, asked for and ended without the command line."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.entrypoints.talking import Talk, listening
from tests.slack_workspace import command, request
from watcher.bootstrap.letters import signing_key
from watcher.usecases.unsubscribe import link

ANN = "ann@example.org"


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    with listening(tmp_path, letters=True) as talk:
        yield talk


def readers(talk: Talk) -> dict[str, bool]:
    with talk.store.begin() as work:
        return {one.address: one.stopped is None for one in work.letters.subscribers()}


@pytest.mark.parametrize("way", ["socket", "http"])
def test_the_letter_is_asked_for_and_ended_in_slack(talk: Talk, way: str) -> None:
    for text, expected, left in [
        (f"subscribe <mailto:{ANN}|{ANN}>", "gets the letter from next week on.", True),
        (f"subscribe {ANN.upper()}", "is a reader already.", True),
        ("subscribe nobody", "nobody is no address.", True),
        (f"unsubscribe {ANN}", "gets no further letter.", False),
        (f"unsubscribe {ANN}", "is no reader.", False),
    ]:
        talk.ask(way, "slash_commands", command(text))
        assert expected in talk.slack.answered()["text"]
        assert readers(talk) == {ANN: left}


def test_the_link_of_a_letter_shows_a_page_and_its_button_ends_the_letters(talk: Talk) -> None:
    talk.ask("socket", "slash_commands", command(f"subscribe {ANN}"))
    talk.slack.answered()
    parts = urlsplit(link("https://watcher.example.org", signing_key(talk.store), ANN))
    page = f"{talk.site}{parts.path}?{parts.query}"
    status, body = request(page, None, {})
    assert (status, b"<form" in body, readers(talk)) == (200, True, {ANN: True})
    one_click = b"List-Unsubscribe=One-Click"
    for _ in range(2):
        assert request(page, one_click, {"Content-Type": "application/x-www-form-urlencoded"})[0] == 200
        assert readers(talk) == {ANN: False}


def test_a_link_that_was_not_made_here_ends_nothing(talk: Talk) -> None:
    talk.ask("socket", "slash_commands", command(f"subscribe {ANN}"))
    talk.slack.answered()
    parts = urlsplit(link("https://watcher.example.org", "another key", ANN))
    assert request(f"{talk.site}{parts.path}?{parts.query}", b"x", {})[0] == 404
    assert readers(talk) == {ANN: True}
