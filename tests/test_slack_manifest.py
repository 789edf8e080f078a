"""What the manifests ask of an administrator is what the code needs, and no more."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
# Scopes of each method that the code calls: https://docs.slack.dev/reference/methods
NEEDS = {
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history"},
    "conversations_replies": {"channels:history", "groups:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "auth_test": set(),
    "apps_connections_open": set(),  # by the app's own token
}
FEATURES = {"commands", "app_mentions:read"}
DOCTOR = {"channels:read", "groups:read"}  # asks whether the bot is in its channels
MANIFESTS = ("slack-manifest.yaml", "slack-manifest-http.yaml")


def called() -> set[str]:
    """The methods that the code calls, as slack-sdk names them."""
    text = "\n".join(file.read_text() for file in (ROOT / "watcher").rglob("*.py"))
    return set(re.findall(r"\.((?:chat|conversations|users|auth|apps|views|reactions|files|team|bots)_\w+)\(", text))


def manifest(name: str) -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load((ROOT / "docs" / name).read_text())
    return made


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_scopes_are_those_of_the_methods_that_are_called(name: str) -> None:
    assert called() <= set(NEEDS), "name the scopes of the new method here, and in the manifests"
    needed = FEATURES.union(DOCTOR, *(NEEDS[method] for method in called()))
    assert set(manifest(name)["oauth_config"]["scopes"]["bot"]) == needed


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_app_has_the_command_the_buttons_and_the_event(name: str) -> None:
    made = manifest(name)
    (command,) = made["features"]["slash_commands"]
    assert command["command"] == "/stance"
    assert len(command["description"]) <= 2000
    assert made["settings"]["interactivity"]["is_enabled"]
    assert made["settings"]["event_subscriptions"]["bot_events"] == ["app_mention"]
    assert len(made["display_information"]["description"]) <= 140
    assert len(made["display_information"]["name"]) <= 35


def test_one_manifest_is_for_socket_mode_and_the_other_names_the_paths_that_are_served() -> None:
    line, http = map(manifest, MANIFESTS)
    assert line["settings"]["socket_mode_enabled"]
    assert "example.org" not in str(line)
    assert not http["settings"]["socket_mode_enabled"]
    host = "https://watcher.example.org"
    assert http["features"]["slash_commands"][0]["url"] == f"{host}/slack/commands"
    assert http["settings"]["event_subscriptions"]["request_url"] == f"{host}/slack/events"
    assert http["settings"]["interactivity"]["request_url"] == f"{host}/slack/interactive"


def test_the_manifests_differ_in_addresses_and_socket_mode_alone() -> None:
    line, http = map(manifest, MANIFESTS)
    del http["features"]["slash_commands"][0]["url"]
    del http["settings"]["event_subscriptions"]["request_url"], http["settings"]["interactivity"]["request_url"]
    line["settings"]["socket_mode_enabled"] = False
    assert line == http
