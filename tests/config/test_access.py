from pathlib import Path

import pytest

from tests.config.test_feeds import refusal, source, understood
from watcher.config import access, environment
from watcher.config.values import Secret
from watcher.core.access import Access
from watcher.core.errors import ConfigError
from watcher.core.source import Source

FULL = """\
sources:
  - id: paper
    type: feed
    url: https://paper.example/feed
    kind: news
    headers:
      X-Key: ${WATCHER_SOURCE_KEY}
      Authorization: Bearer ${WATCHER_SOURCE_TOKEN}
      Accept-Language: de
    cookies: {session: "${WATCHER_SOURCE_SESSION}"}
    auth: WATCHER_SOURCE_LOGIN
    proxy: WATCHER_SOURCE_PROXY
"""
NAMES = ["KEY", "TOKEN", "SESSION", "LOGIN", "PROXY"]
GOOD = {
    "WATCHER_SOURCE_KEY": "k",
    "WATCHER_SOURCE_TOKEN": "t",
    "WATCHER_SOURCE_SESSION": "s",
    "WATCHER_SOURCE_LOGIN": "me:päss",
    "WATCHER_SOURCE_PROXY": "http://p.example:3128",
}


def paper() -> Source:
    return understood(FULL).sources[0]


def faults(**changed: str | None) -> list[str]:
    given = {**GOOD, **{f"WATCHER_SOURCE_{name}": value for name, value in changed.items()}}
    secrets = {name: Secret(value) for name, value in given.items() if value is not None}
    return [str(fault) for fault in access.check([paper()], secrets, "environment")]


def test_a_source_names_the_settings_that_its_requests_need() -> None:
    assert paper().access == Access(
        headers=(
            ("X-Key", "${WATCHER_SOURCE_KEY}"),
            ("Authorization", "Bearer ${WATCHER_SOURCE_TOKEN}"),
            ("Accept-Language", "de"),
        ),
        cookies=(("session", "${WATCHER_SOURCE_SESSION}"),),
        login="WATCHER_SOURCE_LOGIN",
        proxy="WATCHER_SOURCE_PROXY",
    )


def test_a_source_without_such_keys_is_asked_like_any_other() -> None:
    assert understood(source()).sources[0].access is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"headers": {"Authorization": "Bearer abc"}},
            "for Authorization a reference to a setting, ${WATCHER_SOURCE_X}",
        ),
        ({"headers": {"X": "${WATCHER_SLACK_BOT_TOKEN}"}}, "settings whose names begin with WATCHER_SOURCE_"),
        ({"headers": {"X": "${HOME}${WATCHER_SOURCE_A}"}}, "settings whose names begin with WATCHER_SOURCE_"),
        ({"headers": {"Host": "${WATCHER_SOURCE_A}"}}, "no Host: the watcher sets it itself"),
        ({"headers": {"cookie": "${WATCHER_SOURCE_A}"}}, "use cookies"),
        ({"headers": {"A b": "${WATCHER_SOURCE_A}"}}, "names of headers or cookies"),
        ({"headers": {"A": "x\r\nB: ${WATCHER_SOURCE_A}"}}, "names of headers or cookies"),
        ({"headers": ["X"]}, "a mapping"),
        ({"cookies": {"a": "abc"}}, "for a a reference to a setting"),
        ({"cookies": {"a": "${WATCHER_SOURCE_A}; b=c"}}, "for a a reference to a setting"),
        ({"auth": "me:hunter2"}, "the name of a setting, WATCHER_SOURCE_X: no secret stands in this file"),
        ({"auth": "WATCHER_SOURCE_A_FILE"}, "the name of a setting"),
        ({"proxy": "http://me:hunter2@p.example"}, "the name of a setting"),
        ({"auth": 5}, "put it in quotes"),
    ],
)
def test_no_secret_stands_in_the_file_and_none_in_the_message(changed: dict[str, object], expected: str) -> None:
    [told] = refusal(source(**changed))
    assert expected in told
    assert "hunter2" not in told
    assert "abc" not in told


def test_all_that_is_named_has_to_be_there_and_fit() -> None:
    assert faults() == []
    [told] = faults(KEY=None, KEYS="x")
    assert told == (
        'environment: WATCHER_SOURCE_KEY: is missing; did you mean "WATCHER_SOURCE_KEYS"?; the source paper names it under headers'
    )


@pytest.mark.parametrize(
    "changed",
    [{"KEY": "a\nb: c"}, {"TOKEN": "schlüssel"}, {"SESSION": "a; b=c"}, {"LOGIN": "hunter2"}, {"PROXY": "hunter2"}],
)
def test_a_setting_that_does_not_fit_is_told_without_its_value(changed: dict[str, str]) -> None:
    [told] = faults(**changed)
    assert f"WATCHER_SOURCE_{next(iter(changed))}" in told
    assert "hunter2" not in told


def test_settings_of_sources_come_from_the_environment_or_from_files(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t\n")
    given = {"WATCHER_SOURCE_KEY": "k", "WATCHER_SOURCE_TOKEN_FILE": str(tmp_path / "token"), "WATCHER_SOURCE_NONE": ""}
    settings = environment.load(given, None)
    assert {name: secret.reveal() for name, secret in settings.of_sources.items()} == {
        "WATCHER_SOURCE_KEY": "k",
        "WATCHER_SOURCE_TOKEN": "t",
    }
    assert "'k'" not in repr(settings)


@pytest.mark.parametrize(
    "given",
    [
        {"WATCHER_SOURCE_KEY": "k", "WATCHER_SOURCE_KEY_FILE": "f"},
        {"WATCHER_SOURCE_KEY_FILE": "/nowhere/at/all"},
        {"WATCHER_SOURCES_KEY": "k"},
        {"WATCHER_SOURCE_key": "k"},
    ],
)
def test_what_cannot_be_meant_is_a_fault(given: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        environment.load(given, None)


def test_what_is_known_of_a_source_shows_no_secret() -> None:
    assert "WATCHER_SOURCE_KEY" in repr(paper())
