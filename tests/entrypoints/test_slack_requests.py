"""Requests that are not Slack's, or not now: each refused, none with an effect."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit

import pytest

from tests.entrypoints.talking import Talk, listening
from tests.slack_workspace import SECRET, button, command, encoded, mention, request, signed
from watcher.entrypoints.web import MOST_BODY

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
ROUND_TIME = 300  # seconds: what Slack recommends


@dataclass(frozen=True)
class Bad:
    """One bad request; ``headers`` of None are left out."""

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    expected: int = 401
    method: str = "POST"


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    with listening(tmp_path_factory.mktemp("requests"), socket=False) as talk:
        yield talk


def good(kind: str = "interactive", key: str = "") -> Bad:
    """A request that would be served: each bad one is this, spoilt in one place."""
    body = {"slash_commands": command("mute northgate"), "events_api": mention("mute northgate")}
    path, content, raw = encoded(kind, body.get(kind) or button("not-a-change", key))
    return Bad(path, raw, {"Content-Type": content, **signed(raw)})


def headers(made: Bad, **changes: str | None) -> Bad:
    names = {"signature": "X-Slack-Signature", "timestamp": "X-Slack-Request-Timestamp", "kind": "Content-Type"}
    changed = {names[name]: value for name, value in changes.items()}
    kept = {**made.headers, **changed}
    return replace(made, headers={name: value for name, value in kept.items() if value is not None})


def resigned(made: Bad, body: bytes, **how: object) -> Bad:
    """The request with another body, properly signed."""
    return replace(made, body=body, headers={**made.headers, **signed(body, **how)})  # type: ignore[arg-type]  # by name


def spoilt(kind: str, key: str) -> dict[str, Bad]:
    """The ways in which any request can be wrong."""
    fine, now = good(kind, key), time.time()
    signature, moment = fine.headers["X-Slack-Signature"], fine.headers["X-Slack-Request-Timestamp"]
    return {
        "no signature": headers(fine, signature=None),
        "no timestamp": headers(fine, timestamp=None),
        "neither": headers(fine, signature=None, timestamp=None),
        "another secret": resigned(fine, fine.body, secret="0" * 32),
        "an empty signature": headers(fine, signature=""),
        "a signature cut short": headers(fine, signature=signature[:-1]),
        "one digit turned": headers(fine, signature=signature[:-1] + ("0" if signature[-1] != "0" else "1")),
        "another version": headers(fine, signature=signature.replace("v0=", "v1=")),
        "capitals": headers(fine, signature=signature.upper()),
        "letters that are none": headers(fine, signature="v0=" + "\u00e9" * 64),
        "a signature of nothing": headers(fine, signature=signed(b"")["X-Slack-Signature"]),
        "a body that was changed": replace(fine, body=fine.body + b"&x=1" if b"=" in fine.body else fine.body + b" "),
        "stale": resigned(fine, fine.body, at=now - ROUND_TIME - 60),
        "of yesterday": resigned(fine, fine.body, at=now - 86_400),
        "of the future": resigned(fine, fine.body, at=now + ROUND_TIME + 60),
        "a timestamp moved": headers(fine, timestamp=str(int(moment) + 1)),
        "a timestamp that is no number": headers(fine, timestamp="soon"),
        "a timestamp below nothing": headers(fine, timestamp="-1"),
        "an endless timestamp": headers(fine, timestamp="9" * 40),
        "a timestamp with a fraction": headers(fine, timestamp=f"{moment}.5"),
        "plain text": replace(headers(fine, kind="text/plain"), expected=415),
        "no content type": replace(headers(fine, kind=None), expected=415),
        "looked at": replace(fine, method="GET", body=b"", expected=405),
        "put": replace(fine, method="PUT", expected=405),
    }


def odd(key: str) -> dict[str, Bad]:
    """What is wrong with a body, though it is signed as Slack would; and what is asked for nowhere."""
    form, event = good("slash_commands"), good("events_api")
    deep = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
    pressed = good("interactive", key)
    return {
        "broken JSON": replace(resigned(event, b'{"type": "event_callback", '), expected=400),
        "JSON that is a list": replace(resigned(event, b"[1, 2]"), expected=400),
        "JSON that is a word": replace(resigned(event, b'"help"'), expected=400),
        "nested without end": replace(resigned(event, deep), expected=400),
        "no UTF-8": replace(resigned(form, b"text=\xff\xfe"), expected=400),
        "a payload that is broken": replace(resigned(pressed, b"payload=%7B%22type"), expected=400),
        "a payload that is a list": replace(resigned(pressed, urlencode({"payload": "[]"}).encode()), expected=400),
        "a number too long to be one": replace(resigned(event, b'{"a": ' + b"9" * 5_000 + b"}"), expected=400),
        "an oversize body": replace(resigned(form, b"text=" + b"a" * MOST_BODY), expected=413),
        "an oversize body, unsigned": Bad("/slack/commands", b"a" * (2 * MOST_BODY), {"Content-Type": FORM}, 413),
        "an ssl_check that nobody signed": Bad("/slack/commands", b"ssl_check=1", {"Content-Type": FORM}),
        "a challenge that nobody signed": Bad(
            "/slack/events", b'{"type": "url_verification", "challenge": "x"}', {"Content-Type": JSON}
        ),
        "JSON where a form is due": replace(event, path="/slack/commands", expected=415),
        "another path": replace(form, path="/slack/else", expected=404),
        "a path that goes up": replace(form, path="/slack/../commands", expected=404),
        "no path": replace(form, path="/", expected=404),
        "a view that we never opened": replace(
            resigned(pressed, urlencode({"payload": json.dumps({"type": "view_submission", "view": {}})}).encode()),
            expected=404,
        ),
    }


CASES = [
    *(
        (f"{kind}: {name}", kind, name)
        for kind in ("interactive", "slash_commands", "events_api")
        for name in spoilt(kind, "")
    ),
    *((name, "", name) for name in odd("")),
]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 50


def send(site: str, bad: Bad) -> tuple[int, bytes]:
    """As it stands: urllib would mend some of it."""
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=20)
    try:
        connection.putrequest(bad.method, bad.path, skip_accept_encoding=True)
        for name, value in bad.headers.items():
            connection.putheader(name, value.encode("latin-1", "replace"))
        connection.putheader("Content-Length", str(len(bad.body)))
        connection.endheaders(bad.body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(("kind", "name"), [pytest.param(kind, name, id=title) for title, kind, name in CASES])
def test_a_bad_request_is_refused_and_has_no_effect(talk: Talk, kind: str, name: str) -> None:
    bad = (spoilt(kind, talk.alert.key) if kind else odd(talk.alert.key))[name]
    status, body = send(talk.site, bad)
    assert status == bad.expected
    assert b"Traceback" not in body
    assert len(body) < 200
    nothing_happened(talk)


def nothing_happened(talk: Talk) -> None:
    assert talk.slack.silence(0.02)
    with talk.store.begin() as work:
        assert (work.reviews.all(), work.reviews.mutes()) == ([], [])


@pytest.mark.parametrize("kind", ["interactive", "slash_commands", "events_api"])
def test_what_was_spoilt_is_served_when_it_is_whole_and_refused_when_it_is_replayed(
    talk: Talk, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del monkeypatch
    body = {"slash_commands": command("help"), "events_api": mention("help")}.get(kind) or button("history", "x")
    path, content, raw = encoded(kind, {**body, "response_url": f"{talk.slack.root}/respond/x"})
    whole = Bad(path, raw, {"Content-Type": content, **signed(raw)})
    assert send(talk.site, whole)[0] == 200
    answered = talk.slack.posted if kind == "events_api" else talk.slack.answered
    answered()
    for _ in range(2):
        assert send(talk.site, whole)[0] == 401
    nothing_happened(talk)
    assert talk.slack.posts.empty()


def test_one_address_may_do_for_everything(talk: Talk) -> None:
    _, content, raw = encoded("slash_commands", command("help", response_url=f"{talk.slack.root}/respond/x"))
    assert send(talk.site, Bad("/slack/events", raw, {"Content-Type": content, **signed(raw)}))[0] == 200
    assert "What can be asked" in talk.slack.answered()["text"]


def test_an_answer_goes_to_no_host_but_slacks(talk: Talk) -> None:
    path, content, raw = encoded("slash_commands", command("help", response_url="http://localhost:1/steal"))
    assert send(talk.site, Bad(path, raw, {"Content-Type": content, **signed(raw)}))[0] == 200
    assert talk.slack.posted()["method"] == "chat.postEphemeral"


@pytest.mark.parametrize(
    ("body", "kind", "path", "expected"),
    [
        (b"ssl_check=1&token=x", FORM, "/slack/commands", b""),
        (b'{"type": "url_verification", "challenge": "abc"}', JSON, "/slack/events", b'{"challenge": "abc"}'),
    ],
)
def test_slacks_own_checks_are_answered(talk: Talk, body: bytes, kind: str, path: str, expected: bytes) -> None:
    assert request(talk.site + path, body, {"Content-Type": kind, **signed(body)}) == (200, expected)


def test_health_is_told_to_whoever_asks(talk: Talk) -> None:
    status, body = request(f"{talk.site}/health", None, {})
    assert status == 200
    assert json.loads(body) == {
        "status": "ok",
        "last_poll": None,
        "undelivered": 0,
        "oldest_undelivered_seconds": None,
    }


def test_a_slow_body_holds_nobody_up(talk: Talk) -> None:
    site = urlsplit(talk.site)
    with socket.create_connection((site.hostname or "", site.port or 0), timeout=20) as slow:
        slow.sendall(b"POST /slack/commands HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\ntext=")
        assert request(f"{talk.site}/health", None, {})[0] == 200


@pytest.mark.parametrize("secret", [SECRET])
def test_no_answer_and_no_log_holds_a_secret(talk: Talk, secret: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "watcher")
    checks: list[Callable[[], Bad]] = [
        lambda: headers(good("slash_commands"), signature="v0=" + "0" * 64),
        lambda: good("slash_commands"),
    ]
    for made in checks:
        status, body = send(talk.site, replace(made(), path="/slack/commands"))
        assert status in {200, 401}
        assert secret.encode() not in body
    assert secret not in caplog.text
    assert "xoxb-" not in caplog.text
