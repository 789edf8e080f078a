"""An answer of some entries as Slack blocks: rendering only.

Words that are not ours (quotes, titles, names, what somebody typed) stand in ``rich_text`` and ``plain_text`` alone,
where Slack interprets nothing, and escaped in the plain fallback.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from watcher.core.alert import Alert
from watcher.notify.blocks import ACTIONS, LONGEST_TEXT, defuse, escape, fit
from watcher.notify.plain import cut, size, web_link

# Slack refuses messages whose blocks are too long together; see ``blocks``. Entries that do not fit are counted.
_ROOM, _HEAD, _DETAIL, _QUOTE = 6_000, 200, 300, 400
_MOST_ENTRIES = 20  # each is two blocks at most, of the 50 that a message may have
_YES_OR_NO = ("confirm", "not-a-change", "not-this-vendor")
_ASKED = "asked:"  # begins the id of a row of buttons

SNOOZE = "snooze:"  # begins the block's id; a date picker carries no value of its own, so the alert's key follows

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in an answer: a line in bold, lines beneath it, the sentence that proves it, and where it stands.

    ``asks``: the key of the alert on which a yes or no is wanted.
    """

    head: str
    details: tuple[str, ...] = ()
    quote: str | None = None
    url: str | None = None
    asks: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """An answer in words, for whoever lays it out."""

    title: str
    entries: tuple[Entry, ...] = ()
    foot: str | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """A page as Slack takes it; ``text`` is complete by itself."""

    text: str
    blocks: list[Block]


def laid(content: Page) -> Laid:
    """A page within Slack's limits; entries that have no room are counted."""
    shown = _room(content)
    left = len(content.entries) - len(shown)
    foot = " ".join(part for part in (f"And {left} more." if left else "", content.foot or "") if part)
    blocks = [_rich(_section(_text(cut(defuse(content.title), _HEAD), bold=True)))]
    blocks += [block for entry in shown for block in _entry(entry)]
    blocks += [{"type": "context", "elements": [_plain(defuse(foot))]}] if foot else []
    lines = [content.title, *(line for entry in shown for line in _lines(entry)), foot]
    text = "\n".join(escape(line) for line in lines if line)
    return Laid(cut(text, LONGEST_TEXT), [fit(block) for block in blocks])


def _room(content: Page) -> Sequence[Entry]:
    used = 0
    for number, entry in enumerate(content.entries[:_MOST_ENTRIES]):
        used += sum(size(line) for line in _lines(entry))
        if used > _ROOM and number:
            return content.entries[:number]
    return content.entries[:_MOST_ENTRIES]


def _lines(entry: Entry) -> list[str]:
    """The lines of an entry, each no longer than it is shown."""
    quote = [f"“{cut(defuse(entry.quote), _QUOTE)}”"] if entry.quote else []
    address = [found] if (found := web_link(entry.url)) else []
    return [cut(defuse(entry.head), _HEAD), *(cut(defuse(one), _DETAIL) for one in entry.details), *quote, *address]


def _entry(entry: Entry) -> list[Block]:
    laid_out = _rich(*_parts(entry))
    if entry.asks is None:
        return [laid_out]
    buttons: list[Block] = [
        {"type": "button", "text": _plain(ACTIONS[action]), "action_id": action, "value": entry.asks}
        for action in _YES_OR_NO
    ]
    return [laid_out, {"type": "actions", "block_id": f"{_ASKED}{entry.asks}", "elements": buttons}]


def _parts(entry: Entry) -> list[Block]:
    details = "".join(f"\n{cut(defuse(one), _DETAIL)}" for one in entry.details)
    parts = [_section(_text(cut(defuse(entry.head), _HEAD), bold=True), *([_text(details)] if details else []))]
    if entry.quote:
        parts.append({"type": "rich_text_quote", "elements": [_text(f"“{cut(defuse(entry.quote), _QUOTE)}”")]})
    if address := web_link(entry.url):
        parts.append(_section({"type": "link", "url": address}))
    return parts


def _rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def _text(text: str, *, bold: bool = False) -> Block:
    return {"type": "text", "text": text or " ", **({"style": {"bold": True}} if bold else {})}


def choices(alert: Alert) -> list[Block]:
    """How long a vendor is to be silent: asked of whoever pressed the button."""
    buttons: list[Block] = [
        {"type": "button", "text": _plain(f"{days} days"), "action_id": f"snooze-{days}", "value": alert.key}
        for days in (7, 30)
    ]
    until = {"type": "datepicker", "action_id": "snooze-until", "placeholder": _plain("Until…")}
    asked = _rich(_section(_text(f"Send no alerts of {defuse(alert.vendor_name)} for")))
    return [asked, {"type": "actions", "block_id": f"{SNOOZE}{alert.key}", "elements": [*buttons, until]}]


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
