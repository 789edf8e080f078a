"""``doctor`` against real servers on the loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from storage.lock import writer_lock
from tests.entrypoints.conftest import Command
from tests.slack_server import SlackServer
from tests.smtp_talk import Greeter

FEED = b"""<rss version="2.0"><channel><title>The Wire</title>
<item><title>One</title><link>https://wire.example/1</link><guid>1</guid></item></channel></rss>"""
PAGES = {"/feed": FEED, "/policy": b"<main><h1>Terms</h1><p>You must not use it to identify people.</p></main>"}


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html" if self.path == "/policy" else "application/rss+xml")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the base class gives
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def feeds(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command) -> Command:
    """The command, with a feeds.yaml of a feed and a policy page that are there."""
    monkeypatch.setenv("WATCHER_ALLOW_PRIVATE_HOSTS", "true")
    write(
        tmp_path,
        f"  - {{id: wire, type: feed, url: '{site}/feed', kind: news}}",
        f"  - {{id: terms, type: policy, url: '{site}/policy', kind: vendor, vendor: amazon}}",
    )
    return command


def write(folder: Path, *sources: str) -> None:
    (folder / "feeds.yaml").write_text("\n".join(["sources:", *sources]), "utf-8")


def found(command: Command, status: int = 0) -> dict[str, tuple[str, str]]:
    ended = command("doctor", "--format", "json")
    assert ended.status == status, ended.err
    return {f"{one['about']} {one['name']}": (one["state"], one["detail"]) for one in json.loads(ended.out)}


def test_all_that_answers_is_well_and_what_is_not_set_up_is_skipped(feeds: Command) -> None:
    told = found(feeds)
    assert told["source wire"] == ("ok", "1 entry")
    assert told["source terms"][0] == "ok"
    assert told["slack token"] == ("skipped", "none is set: alerts go to the terminal")
    assert told["mail server"][0] == "skipped"
    (record,) = [value for name, value in told.items() if name.startswith("record") and "watcher.db" in name]
    assert record[0] == "warning"
    assert "none yet" in record[1]
    assert not list(Path().glob("watcher.db*"))


def test_a_record_shows_its_revision_and_who_polls_with_it(feeds: Command) -> None:
    feeds("db", "upgrade")
    assert found(feeds)["record lock"] == ("ok", "free: no watcher is polling with it")
    with writer_lock("sqlite:///watcher.db"):
        assert "another watcher is polling" in found(feeds)["record lock"][1]


def test_a_source_that_fails_is_named_and_the_status_is_1(
    feeds: Command, site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del capsys
    write(
        tmp_path,
        f"  - {{id: wire, type: feed, url: '{site}/feed', kind: news}}",
        f"  - {{id: lost, type: feed, url: '{site}/lost', kind: news}}",
        "  - {id: dead, type: feed, url: 'http://127.0.0.1:1/feed', kind: news}",
    )
    told = found(feeds, status=1)
    assert [told[f"source {name}"][0] for name in ("wire", "lost", "dead")] == ["ok", "failed", "failed"]
    assert told["source lost"][1].startswith("gone: ")
    ended = feeds("doctor")
    assert ended.status == 1
    assert "2 failed, 1 warning." in ended.out


def test_slack_is_asked_for_token_scopes_and_every_channel(feeds: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    scopes = ["chat:write", "channels:history", "channels:read"]
    with SlackServer({"C0123456789": "open", "C0OPERATORS": "not_in_channel"}, scopes=scopes) as slack:
        monkeypatch.setenv("WATCHER_SLACK_API_URL", slack.url)
        monkeypatch.setenv("WATCHER_SLACK_BOT_TOKEN", slack.token)
        monkeypatch.setenv("WATCHER_SLACK_CHANNEL", "C0123456789")
        monkeypatch.setenv("WATCHER_OPERATORS_CHANNEL", "C0OPERATORS")
        told = found(feeds, status=1)
        assert told["slack token"] == ("ok", "it is watcher of Test")
        assert told["slack scopes"] == ("ok", ", ".join(scopes))
        assert told["slack C0123456789"] == ("ok", "the bot is in #policy-watch")
        assert told["slack C0OPERATORS"][0] == "failed"
        assert slack.messages == []
        monkeypatch.setenv("WATCHER_SLACK_BOT_TOKEN", "xoxb-of-somebody-else")
        refused = found(feeds, status=1)
        assert refused["slack token"][0] == "failed"
        assert "xoxb-of-somebody-else" not in str(refused)


def test_the_mail_server_is_asked_and_gets_no_mail(feeds: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with Greeter() as server:
        monkeypatch.setenv("WATCHER_SMTP_URL", server.url("user:secret"))
        monkeypatch.setenv("WATCHER_MAIL_FROM", "watcher@example.org")
        assert found(feeds)["mail server"][0] == "ok"
        monkeypatch.setenv("WATCHER_SMTP_URL", server.url("user:hunter2"))
        state, detail = found(feeds, status=1)["mail server"]
        assert (state, "hunter2" in detail) == ("failed", False)
        assert not [line for line in server.lines if line.upper().startswith("MAIL")]
