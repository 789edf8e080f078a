"""What a channel of Slack is told, as a Slack message: rendering only, nothing is sent from here.

Text of a feed stands only in elements in which Slack interprets nothing (``plain_text``, ``rich_text``), and, escaped,
in the plain fallback. https://docs.slack.dev/reference/block-kit
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watcher.core.alert import Alert, Told
from watcher.core.message import Batch, Bulletin, Message, Reply, keys_of
from watcher.core.notice import Notice
from watcher.notify.plain import clean, cut, host_of, web_link
from watcher.notify.wording import (
    after,
    also,
    before,
    circumstances,
    count,
    day,
    glance,
    headline,
    joined,
    speaker,
    standing,
    term_facts,
)

ALERT_EVENT, NOTICE_EVENT, REPORT_EVENT = "watcher_alert", "watcher_notice", "watcher_report"

# The buttons beneath an alert; each carries the alert's key as its value.
ACTIONS_BLOCK = "alert-actions"
ACTIONS = {
    "confirm": "Confirm",
    "not-a-change": "Not a change",
    "not-this-vendor": "Not this vendor",
    "snooze": "Snooze this vendor",
    "history": "History",
}

# Slack's limits, in characters and counts. https://docs.slack.dev/reference/block-kit/blocks and .../block-elements
MOST_BLOCKS = 50
LONGEST_TEXT = 40_000
_LONGEST = {"header": 150, "button": 75, "fields": 2_000}  # of a text, by block type or by the key it stands under
_LONGEST_OTHER = 3_000
_MOST = {"fields": 10, "context": 10, "actions": 25}  # entries, by key or by the block type that holds elements

# Slack also refuses a message whose blocks are too long together (msg_blocks_too_long). The sum is not documented;
# 9,597 characters were seen accepted and 11,341 refused: https://github.com/slackapi/bolt-js/issues/2867
# These shares keep a message under 9,000, and readable on a phone.
_QUOTE, _TERM, _TITLE, _REASON, _ALSO, _MOST_ALSO = 1_200, 400, 200, 500, 300, 8
_LINE, _MOST_LINES = 200, 4  # of what came to an alert since
_NOTICE, _MOST_NOTICE = 300, 16  # of a line of a notice, and how many
_FOLDED, _HOST = 120, 60  # of each part of an alert among others, and of the name of a host

_COMMAND = re.compile(r"<(?=[!@#])")
_SHOUT = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Payload:
    """What ``chat.postMessage`` takes. ``text`` is complete by itself, for notifications and where blocks fail."""

    text: str
    blocks: list[Block]
    metadata: dict[str, Any]


def payload(message: Message, *, buttons: bool = False) -> Payload:
    """The whole message, within all of Slack's limits; ``buttons``: with a row of them beneath an alert."""
    if isinstance(message, Bulletin):
        return _made(_bulletin_text(message), _bulletin(message, buttons=buttons), ALERT_EVENT, message)
    if isinstance(message, Batch):
        return _made(_batch_text(message), _batch(message), ALERT_EVENT, message)
    if isinstance(message, Reply):
        return _made(_reply_text(message), [_reply(message)], REPORT_EVENT, message)
    return _made(_notice_text(message), _notice(message), NOTICE_EVENT, message)


def _made(lines: Iterable[str], blocks: Sequence[Block], event: str, message: Message) -> Payload:
    text = "\n".join(escape(line) for line in lines if line)
    keys = keys_of(message)
    # Slack takes texts, numbers, truth values and objects in a payload, and lists of objects only.
    named: dict[str, Any] = {"alerts": [{"key": key} for key in keys]} if len(keys) > 1 else {"key": keys[0]}
    return Payload(
        text=cut(text, LONGEST_TEXT),
        blocks=[fit(block) for block in blocks[:MOST_BLOCKS]],
        metadata={"event_type": event, "event_payload": named},
    )


def keys_in(metadata: Mapping[str, Any]) -> list[str]:
    """The keys that the metadata of a posted message names; none where another app wrote it."""
    if metadata.get("event_type") not in {ALERT_EVENT, NOTICE_EVENT, REPORT_EVENT}:
        return []
    named = metadata.get("event_payload") or {}
    each = [one.get("key") for one in named.get("alerts") or [named] if isinstance(one, Mapping)]
    return [key for key in each if isinstance(key, str)]


def fit(block: Mapping[str, Any]) -> Block:
    """The block with each text cut, and each list ended, at what Slack takes."""
    kind = str(block.get("type"))
    return {key: _fitted(value, key, _LONGEST.get(kind, _LONGEST_OTHER), kind) for key, value in block.items()}


def _fitted(value: object, key: str, longest: int, kind: str) -> object:
    if isinstance(value, str):
        return cut(value, longest) if key == "text" else value
    if isinstance(value, Mapping):
        longest = _LONGEST.get(str(value.get("type")), longest)
        return {name: _fitted(item, name, longest, kind) for name, item in value.items()}
    if isinstance(value, Sequence):
        most = _MOST.get(kind if key == "elements" else key, len(value))
        return [_fitted(item, "", _LONGEST.get(key, longest), "") for item in value[:most]]
    return value


def defuse(text: str) -> str:
    """One clean line in which nothing can ring a channel, whatever reads it later.

    Slack's commands are ``<!channel>``, ``<@U123>``, ``<#C123>``; old clients and bridges also take a bare @here.
    The look-alikes keep the quote readable.
    """
    return _SHOUT.sub("\uff20", _COMMAND.sub("\u2039", clean(text)))


def escape(text: str) -> str:
    """A defused line for a text in which Slack interprets ``&``, ``<`` and ``>``."""
    return defuse(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# --- the parts that blocks are made of


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": defuse(text), "emoji": False}


def _header(text: str) -> Block:
    return {"type": "header", "text": _plain(text)}


def _context(*lines: str) -> Block:
    return {"type": "context", "elements": [_plain(line) for line in lines if defuse(line)]}


def _rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def _text(text: str, *, bold: bool = False) -> Block:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def _bullets(lines: Sequence[str]) -> list[Block]:
    items = [_section(_text(line)) for line in lines]
    return [_rich({"type": "rich_text_list", "style": "bullet", "elements": items})] if items else []


def _link(title: str, url: str | None) -> list[Block]:
    title = cut(defuse(title), _TITLE) or "untitled"
    address = web_link(url)
    if address is None:
        return [_text(title)]
    # A title can claim to be another address, so the host that the link leads to stands beside it.
    # Of a long name the end is shown: it says who owns it.
    host = host_of(address) or ""
    return [{"type": "link", "url": address, "text": title}, _text(f" ({'…' * (len(host) > _HOST)}{host[-_HOST:]})")]


# --- an alert


def _bulletin(bulletin: Bulletin, *, buttons: bool) -> list[Block]:
    alert = bulletin.alert
    return [
        _header(headline(alert)),
        *_since(circumstances(bulletin)),
        _rich(_stance(alert.main), *_terms(alert.main)),
        _proof(alert),
        *_since(standing(bulletin)),
        *_also(alert),
        _context(f"Why: {cut(defuse(alert.reason), _REASON)}", f"rule {cut(defuse(alert.rule), _TITLE)} · {alert.key}"),
        *([_actions(alert)] if buttons else []),
    ]


def _stance(told: Told) -> Block:
    """From what to what, and since when."""
    announced = [_text(f", announced {day(told.announced)}")] if told.announced else []
    return _section(_text(f"{before(told)} → "), _text(after(told), bold=True), *announced)


def _terms(told: Told) -> list[Block]:
    return [
        _section(_text(f"{label}: ", bold=True), _text(cut(defuse(value), _TERM))) for label, value in term_facts(told)
    ]


def _proof(alert: Alert) -> Block:
    """The sentence, who said it, when, and where to read it."""
    quote = cut(defuse(alert.main.quote), _QUOTE)
    quoted = [{"type": "rich_text_quote", "elements": [_text(f"“{quote}”")]}] if quote else []
    said = _text(f"{cut(defuse(speaker(alert)), _TERM)}: ")
    return _rich(*quoted, _section(said, *_link(alert.title, alert.url)))


def _since(lines: Sequence[str]) -> list[Block]:
    """What has come to the alert since, a line each."""
    shown = [cut(defuse(line), _LINE) for line in lines[-_MOST_LINES:] if defuse(line)]
    return [_rich(*(_section(_text(line, bold=True)) for line in shown))] if shown else []


def _also(alert: Alert) -> list[Block]:
    """What the same post changes besides."""
    lines = [cut(defuse(also(told)), _ALSO) for told in alert.changes[1 : _MOST_ALSO + 1]]
    left = len(alert.changes) - 1 - _MOST_ALSO
    return _bullets([*lines, *([f"and {left} more"] if left > 0 else [])])


def _actions(alert: Alert) -> Block:
    buttons = [
        {"type": "button", "text": _plain(label), "action_id": action, "value": alert.key}
        for action, label in ACTIONS.items()
    ]
    return {"type": "actions", "block_id": ACTIONS_BLOCK, "elements": buttons}


def _bulletin_text(bulletin: Bulletin) -> list[str]:
    """The same in plain lines, each part short enough that no cut can lose the link below it."""
    alert, main = bulletin.alert, bulletin.alert.main
    return [
        cut(glance(alert), _TERM),
        *(cut(line, _LINE) for line in circumstances(bulletin)[-_MOST_LINES:]),
        *([f"Announced: {day(main.announced)}"] if main.announced else []),
        *(f"{label}: {cut(value, _TERM)}" for label, value in term_facts(main)),
        *([f"“{cut(clean(main.quote), _QUOTE)}”"] if clean(main.quote) else []),
        *(cut(speaker(alert), _TERM), cut(clean(alert.title), _TITLE), web_link(alert.url) or ""),
        *(cut(line, _LINE) for line in standing(bulletin)),
        *(f"Also: {cut(also(told), _ALSO)}" for told in alert.changes[1 : _MOST_ALSO + 1]),
        *(f"Why: {cut(clean(alert.reason), _REASON)}", alert.key),
    ]


# --- several alerts in one message


def _batch(batch: Batch) -> list[Block]:
    told = [_rich(_folded(bulletin)) for bulletin in batch.bulletins]
    return [_header(_batch_title(batch)), *told]


def _folded(bulletin: Bulletin) -> Block:
    alert = bulletin.alert
    quote = cut(defuse(alert.main.quote), _FOLDED)
    known = [*circumstances(bulletin)[-1:], *standing(bulletin)[-1:]]
    return _section(
        _text(cut(defuse(glance(alert)), _FOLDED), bold=True),
        *([_text(f"\n“{quote}”")] if quote else []),
        _text(f"\n{cut(defuse(speaker(alert)), _FOLDED)}: "),
        *_link(cut(defuse(alert.title), _FOLDED // 2), alert.url),
        *(_text(f"\n{cut(defuse(line), _FOLDED // 2)}") for line in known),
        _text(f"\n{alert.key}"),
    )


def _batch_title(batch: Batch) -> str:
    vendors = dict.fromkeys(clean(bulletin.alert.vendor_name) for bulletin in batch.bulletins)
    return f"{count(len(batch.bulletins), 'change')} at once: {', '.join(vendors)}"


def _batch_text(batch: Batch) -> list[str]:
    lines = [cut(_batch_title(batch), _LINE)]
    for bulletin in batch.bulletins:
        alert = bulletin.alert
        quote = cut(clean(alert.main.quote), _LINE)
        lines += [cut(glance(alert), _LINE), f"“{quote}”" if quote else "", cut(speaker(alert), _LINE)]
        lines += [cut(clean(alert.title), _TITLE), web_link(alert.url) or "", alert.key]
    return lines


# --- a later report, and what is no alert


def _reply(reply: Reply) -> Block:
    report, quote = reply.report, cut(defuse(reply.report.quote), _QUOTE)
    quoted = [{"type": "rich_text_quote", "elements": [_text(f"“{quote}”")]}] if quote else []
    return _rich(_section(_text(f"{cut(defuse(joined(reply)), _TERM)}: "), *_link(report.title, report.url)), *quoted)


def _reply_text(reply: Reply) -> list[str]:
    report = reply.report
    head = [cut(joined(reply), _TERM), cut(clean(report.title), _TITLE), web_link(report.url) or ""]
    return [*head, f"“{cut(clean(report.quote), _QUOTE)}”" if clean(report.quote) else ""]


def _notice(notice: Notice) -> list[Block]:
    lines = [cut(defuse(line), _NOTICE) for line in notice.lines if defuse(line)]
    left = len(lines) - _MOST_NOTICE
    shown = [*lines[:_MOST_NOTICE], *([f"and {left} more"] if left > 0 else [])]
    linked = [_rich(_section(*_link(notice.url or "", notice.url)))] if web_link(notice.url) else []
    return [_header(defuse(notice.title) or notice.kind), *_bullets(shown), *linked, _context(notice.key)]


def _notice_text(notice: Notice) -> list[str]:
    lines = [cut(clean(line), _NOTICE) for line in notice.lines[:_MOST_NOTICE]]
    return [cut(clean(notice.title), _NOTICE) or notice.kind, *lines, web_link(notice.url) or "", notice.key]
