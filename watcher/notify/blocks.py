"""An alert as a Slack message: rendering only, nothing is sent from here.

Text of a feed stands only in elements in which Slack interprets nothing (``plain_text``, ``rich_text``), and, escaped,
in the plain fallback. The only ``mrkdwn`` is made of our own words. https://docs.slack.dev/reference/block-kit
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watcher.core.alert import Alert
from watcher.notify.plain import clean, cut, host_of, web_link
from watcher.notify.wording import also, headline, speaker, stance_facts, term_facts

EVENT_TYPE = "watcher_alert"

# Slack's limits, in characters and counts. https://docs.slack.dev/reference/block-kit/blocks and .../block-elements
MOST_BLOCKS = 50
LONGEST_TEXT = 40_000
_LONGEST = {"header": 150, "button": 75, "fields": 2_000}  # of a text, by block type or by the key it stands under
_LONGEST_OTHER = 3_000
_MOST = {"fields": 10, "context": 10, "actions": 25}  # entries, by key or by the block type that holds elements

# Slack also refuses a message whose blocks are too long together (msg_blocks_too_long). The sum is not documented;
# 9,597 characters were seen accepted and 11,341 refused: https://github.com/slackapi/bolt-js/issues/2867
# These shares keep a message under 7,000, and readable on a phone.
_QUOTE, _TERM, _TITLE, _REASON, _ALSO, _MOST_ALSO = 1_200, 400, 200, 500, 300, 8

_COMMAND = re.compile(r"<(?=[!@#])")
_SHOUT = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """What ``chat.postMessage`` takes. ``text`` is complete by itself, for notifications and where blocks fail."""

    text: str
    blocks: list[Block]
    metadata: dict[str, Any]


def message(alert: Alert) -> Message:
    """The whole alert, within all of Slack's limits."""
    blocks = [_header(alert), _stance(alert), *_terms(alert), _proof(alert), *_also(alert), _why(alert)]
    return Message(
        text=cut(_fallback(alert), LONGEST_TEXT),
        blocks=[fit(block) for block in blocks[:MOST_BLOCKS]],
        metadata={"event_type": EVENT_TYPE, "event_payload": {"key": alert.key}},
    )


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


def _header(alert: Alert) -> Block:
    return {"type": "header", "text": _plain(headline(alert))}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": defuse(text), "emoji": False}


def _stance(alert: Alert) -> Block:
    facts = stance_facts(alert.main)
    fields = [{"type": "mrkdwn", "text": f"*{label}*\n{escape(value)}", "verbatim": True} for label, value in facts]
    return {"type": "section", "fields": fields}


def _rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def _text(text: str, *, bold: bool = False) -> Block:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def _terms(alert: Alert) -> list[Block]:
    lines = [
        _section(_text(f"{label}: ", bold=True), _text(cut(defuse(value), _TERM)))
        for label, value in term_facts(alert.main)
    ]
    return [_rich(*lines)] if lines else []


def _proof(alert: Alert) -> Block:
    """The sentence, who said it, when, and where to read it."""
    quote = cut(defuse(alert.main.quote), _QUOTE)
    quoted = [{"type": "rich_text_quote", "elements": [_text(f"“{quote}”")]}] if quote else []
    return _rich(*quoted, _section(_text(f"{cut(defuse(speaker(alert)), _TERM)}: "), *_link(alert)))


def _link(alert: Alert) -> list[Block]:
    title = cut(defuse(alert.title), _TITLE) or "untitled"
    address = web_link(alert.url)
    if address is None:
        return [_text(title)]
    # A title can claim to be another address, so the host that the link leads to stands beside it.
    return [{"type": "link", "url": address, "text": title}, _text(f" ({host_of(address)})")]


def _also(alert: Alert) -> list[Block]:
    """What the same post changes besides."""
    lines = [cut(defuse(also(told)), _ALSO) for told in alert.changes[1 : _MOST_ALSO + 1]]
    left = len(alert.changes) - 1 - _MOST_ALSO
    bullets = [_section(_text(line)) for line in [*lines, *([f"and {left} more"] if left > 0 else [])]]
    return [_rich({"type": "rich_text_list", "style": "bullet", "elements": bullets})] if bullets else []


def _why(alert: Alert) -> Block:
    reason = cut(defuse(alert.reason), _REASON)
    name = f"rule {alert.rule} · {alert.key}"
    return {"type": "context", "elements": [_plain(f"Why: {reason}"), _plain(name)]}


def _fallback(alert: Alert) -> str:
    """The same in plain lines, escaped, each part short enough that no cut can lose the link below it."""
    main = alert.main
    lines = [headline(alert), *(f"{label}: {value}" for label, value in stance_facts(main))]
    lines += [f"{label}: {cut(value, _TERM)}" for label, value in term_facts(main)]
    lines += [f"“{cut(clean(main.quote), _QUOTE)}”"] if clean(main.quote) else []
    lines += [cut(speaker(alert), _TERM), cut(clean(alert.title), _TITLE), web_link(alert.url) or ""]
    lines += [f"Also: {cut(also(told), _ALSO)}" for told in alert.changes[1 : _MOST_ALSO + 1]]
    lines += [f"Why: {cut(clean(alert.reason), _REASON)}", alert.key]
    return "\n".join(escape(line) for line in lines if line)
