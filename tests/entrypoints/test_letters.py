"""The letter by the command line, over real SMTP."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.migrate import upgrade
from storage.unit_of_work import SqlStore
from tests.entrypoints.conftest import Command
from tests.smtp_server import MailServerOf
from tests.storage.samples import alert


@pytest.fixture
def mail(command: Command, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServerOf]:
    del command  # it clears the settings first
    with MailServerOf(refused={"gone@example.org"}) as server:
        monkeypatch.setenv("WATCHER_SMTP_URL", server.url)
        monkeypatch.setenv("WATCHER_MAIL_FROM", "Watcher <watcher@example.org>")
        monkeypatch.setenv("WATCHER_PUBLIC_URL", "https://watcher.example")
        yield server


@pytest.fixture
def record(command: Command, tmp_path: Path) -> Path:
    """A record with one alert of the week that is over, in the working folder."""
    del command  # it changes to the folder
    upgrade("sqlite:///watcher.db")
    now = datetime.now(UTC)
    monday = now - timedelta(days=now.weekday())
    moment = monday.replace(hour=9, minute=0, second=0, microsecond=0)
    moment -= timedelta(days=7 if moment > now else 0) + timedelta(days=2)
    with SqlStore("sqlite:///watcher.db") as store, store.begin() as work:
        work.alerts.add(replace(alert(), at=moment, published=moment), [])
        work.commit()
    return tmp_path


pytestmark = pytest.mark.usefixtures("record")


def test_a_reader_is_taken_in_listed_served_and_let_go(command: Command, mail: MailServerOf) -> None:
    assert command("subscribers", "list").out.startswith("No readers")
    assert command(
        "subscribers", "add", "Anna@Example.org", "--vendors", "Rekognition, ibm", "--zone", "Europe/Berlin"
    ).out
    (row,) = json.loads(command("subscribers", "list", "--format", "json").out)
    assert (row["address"], row["vendors"], row["zone"], row["week"]) == (
        "anna@example.org",
        ["amazon", "ibm"],
        "Europe/Berlin",
        None,
    )
    sent = command("digest", "send")
    assert (sent.status, sent.out) == (0, "1 letter sent, 0 refused, 0 waiting\n")
    assert command("digest", "send").out == "0 letters sent, 0 refused, 0 waiting\n"
    (taken,) = mail.messages
    assert taken.address == "anna@example.org"
    assert taken.message["List-Unsubscribe"].startswith("<https://watcher.example/unsubscribe?t=")
    assert "Amazon" in taken.message["Subject"]
    assert "sent" in command("subscribers", "list").out
    assert command("subscribers", "remove", "anna@example.org").status == 0
    assert command("subscribers", "remove", "anna@example.org").status == 1
    assert "stopped" in command("subscribers", "list").out


@pytest.mark.usefixtures("mail")
def test_a_refused_reader_is_named_and_the_run_says_that_something_failed(command: Command) -> None:
    for address in ("gone@example.org", "anna@example.org"):
        command("subscribers", "add", address)
    sent = command("digest", "send")
    assert (sent.status, sent.out) == (1, "1 letter sent, 1 refused, 0 waiting\n")
    assert "gone@example.org: the mail server says: 550" in sent.err


def test_a_preview_sends_nothing(command: Command, mail: MailServerOf) -> None:
    shown = command("digest", "preview")
    assert shown.status == 0
    assert "Amazon" in shown.out
    assert command("digest", "preview", "--format", "html").out.startswith("<!doctype html>")
    assert "Content-Type: multipart/alternative" in command("digest", "preview", "--format", "eml").out
    assert json.loads(command("digest", "preview", "--format", "json").out)["changes"] == [alert().key]
    assert not mail.messages


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("subscribers", "add", "nobody"), "no mail address"),
        (("subscribers", "add", "a@example.org\nBcc: b@example.org"), "no mail address"),
        (("subscribers", "add", "a@example.org", "--zone", "Mars/Base"), "no zone"),
        (("subscribers", "add", "a@example.org", "--vendors", "Amazn"), "did you mean amazon"),
        (("digest", "preview", "--week", "2020-99"), "2020-W24"),
        (("digest", "preview", "--for", "a@example.org"), "is no reader"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_said(command: Command, words: tuple[str, ...], told: str) -> None:
    done = command(*words)
    assert done.status == 2
    assert told in " ".join(done.err.split())


def test_without_a_mail_server_it_is_said_which_setting_is_missing(command: Command) -> None:
    done = command("digest", "send")
    assert done.status == 2
    assert "WATCHER_SMTP_URL" in done.err
