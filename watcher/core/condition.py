"""What is wrong with the watcher itself: told once when it begins, and once when it is mended.

A condition is on record from the moment in which it is told, so that a restart tells nothing twice. The sources share
one message for all that changed at one look: a burst is one event for those who must act.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.notice import Notice, NoticeKind
from watcher.core.severity import Severity
from watcher.core.source import Health, SourceState

SOURCE = "source:"  # before the id of a source, the name of its condition
MOVED = "moved"
SHOWN = 20  # sources that one message names; the others are counted

NETWORK, RULES, DISK, RECORD, TOKEN, UNDELIVERED, SOCKET = (
    "network",
    "configuration",
    "disk",
    "record",
    "slack-token",
    "undelivered",
    "slack-socket",
)
DEAF = frozenset({TOKEN, UNDELIVERED, SOCKET})  # what Slack itself cannot be told of
_TITLES = {
    NETWORK: ("This machine's own network seems to be down", "The network is back"),
    RULES: ("The changed configuration cannot be used; the old one stays", "The configuration was taken over"),
    DISK: ("The disk is nearly full", "There is room on the disk again"),
    RECORD: ("The record cannot be written", "The record can be written again"),
    TOKEN: ("Slack refuses the token", "Slack takes the token again"),
    UNDELIVERED: ("An alert has not arrived", "All alerts have arrived"),
    SOCKET: ("Slack's socket is deaf: commands and buttons get no answer", "Slack's socket hears again"),
}
_TROUBLED = frozenset({Health.FAILING, Health.BLOCKED, Health.GONE, Health.QUIET})


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is wrong, since when, and in which words it was told; ``mended``: when it was seen to be over."""

    name: str
    since: datetime
    detail: str
    mended: datetime | None = None

    @property
    def standing(self) -> bool:
        """Whether it is still so."""
        return self.mended is None


@dataclass(frozen=True, slots=True)
class Told:
    """A notice to the operators, and the name of the condition behind it."""

    name: str
    notice: Notice


@dataclass(frozen=True, slots=True)
class Decided:
    """What follows from one look: conditions to save, and what is told."""

    conditions: tuple[Condition, ...] = ()
    told: tuple[Told, ...] = ()


def decide(seen: Mapping[str, str | None], known: Mapping[str, Condition], now: datetime) -> Decided:
    """What begins and what is mended.

    Args:
        seen: what was looked at, by name: in which words it is wrong, or None when it is well. What was not looked at
            stays as it is.
        known: the conditions on record, by name.
        now: the moment, aware.
    """
    standing = {name: one for name, one in known.items() if one.standing}
    begun = [Condition(name, now, text) for name, text in seen.items() if text and _news(standing.get(name), text)]
    over = [replace(standing[name], mended=now) for name, text in seen.items() if text is None and name in standing]
    alone = [one for one in begun if not one.name.startswith(SOURCE)]
    well = [one for one in over if not one.name.startswith(SOURCE)]
    told = [*map(_fault, alone), *map(_mended, well), *_of_sources(begun, over, now)]
    return Decided((*begun, *over), tuple(told))


def _news(held: Condition | None, detail: str) -> bool:
    """Only of a source the words matter: from failing to gone is a change, one more gigabyte gone is none."""
    return held is None or (held.name.startswith(SOURCE) and _state(held.detail) != _state(detail))


def _state(detail: str) -> str:
    return detail.split(":", 1)[0]


def sources_seen(
    states: Mapping[str, SourceState], watched: Sequence[str], known: Mapping[str, Condition]
) -> dict[str, str | None]:
    """How the sources fare, as ``decide`` wants it; one that is watched no more is well, whatever it was."""
    seen: dict[str, str | None] = {name: None for name in known if name.startswith(SOURCE)}
    for source in watched:
        state = states.get(source)
        seen[f"{SOURCE}{source}"] = _trouble(state) if state else None
    return seen


def _trouble(state: SourceState) -> str | None:
    if state.health not in _TROUBLED:
        new = state.proposed_url
        return f"{MOVED}: its address leads for good to {new}; write that into feeds.yaml" if new else None
    if state.health is Health.QUIET:
        return f"quiet: it answers, but nothing new since {_day(state.last_new_post)}"
    last = f"; last good answer {_day(state.last_success)}" if state.last_success else "; it has never answered"
    return f"{state.health}: {state.detail or state.trouble or 'no answer'}{last}"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "it was first seen"


def _fault(one: Condition) -> Told:
    title = _TITLES[one.name][0] if one.name in _TITLES else one.name
    return Told(one.name, Notice(_key(one), NoticeKind.FAULT, one.since, title, (one.detail,), severity=Severity.HIGH))


def _mended(one: Condition) -> Told:
    title = _TITLES[one.name][1] if one.name in _TITLES else f"{one.name}: mended"
    at = one.mended or one.since
    line = f"It was so since {one.since:%Y-%m-%d %H:%M} UTC: {one.detail}"
    return Told(one.name, Notice(f"{_key(one)}-mended", NoticeKind.MENDED, at, title, (line,)))


def _key(one: Condition) -> str:
    return f"condition-{one.name}-{one.since:%Y%m%dT%H%M%S}"


def _of_sources(begun: Sequence[Condition], over: Sequence[Condition], now: datetime) -> list[Told]:
    """One message for all sources that changed."""
    ill = [one for one in begun if one.name.startswith(SOURCE)]
    well = [one for one in over if one.name.startswith(SOURCE)]
    if not ill and not well:
        return []
    lines = [f"{_source(one)}: {one.detail}" for one in ill] + [f"{_source(one)}: well again" for one in well]
    more = [f"and {len(lines) - SHOWN} more: watcher sources shows them all"] if len(lines) > SHOWN else []
    name = hashlib.sha256("\n".join([str(now), *lines]).encode()).hexdigest()[:12]
    notice = Notice(f"sources-{name}", NoticeKind.HEALTH, now, _title(ill, well), (*lines[:SHOWN], *more))
    return [Told(SOURCE, notice)]


def _source(one: Condition) -> str:
    return one.name.removeprefix(SOURCE)


def _title(ill: Sequence[Condition], well: Sequence[Condition]) -> str:
    moved = sum(_state(one.detail) == MOVED for one in ill)
    counts = {"in trouble": len(ill) - moved, "moved for good": moved, "well again": len(well)}
    return "; ".join(f"{_sources(number)} {what}" for what, number in counts.items() if number)


def _sources(number: int) -> str:
    return f"{number} source{'' if number == 1 else 's'}"
