"""Slack's documented limits on blocks, checked one by one: what makes ``chat.postMessage`` answer ``invalid_blocks``.

https://docs.slack.dev/reference/block-kit/blocks, .../block-elements, .../composition-objects/text-object
A fault is a sentence with a JSON pointer, as Slack words it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

MOST_BLOCKS = 50
# Not documented; 9,597 characters of text were seen accepted, 11,341 refused (slackapi/bolt-js issue 2867).
MOST_TEXT = 10_000

Faults = Iterator[str]
_STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
_INLINE = {
    "text": {"text"},
    "link": {"url"},
    "user": {"user_id"},
    "channel": {"channel_id"},
    "usergroup": {"usergroup_id"},
    "broadcast": {"range"},
    "emoji": {"name"},
    "date": {"timestamp", "format"},
    "color": {"value"},
}


def faults(blocks: Any) -> list[str]:
    """All that Slack would refuse in these blocks."""
    if not isinstance(blocks, list):
        return ["blocks must be a list [json-pointer:/blocks]"]
    found = [f"no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]"] if len(blocks) > MOST_BLOCKS else []
    for number, block in enumerate(blocks):
        found += _block(block, f"/blocks/{number}")
    names = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    return found + (["block_id must be unique [json-pointer:/blocks]"] if len(names) != len(set(names)) else [])


def text_size(node: Any) -> int:
    """The characters of all texts in the blocks together."""
    if isinstance(node, dict):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(text_size(value) for value in node.values())
    return sum(text_size(value) for value in node) if isinstance(node, list) else 0


def _block(block: Any, at: str) -> Faults:
    if not isinstance(block, dict) or block.get("type") not in _BLOCKS:
        yield f"unsupported type [json-pointer:{at}/type]"
        return
    check, required, optional = _BLOCKS[block["type"]]
    yield from _keys(block, {"type", *required}, {"block_id", *optional}, at)
    yield from _length(block.get("block_id", "x"), 255, f"{at}/block_id")
    yield from check(block, at)


def _keys(node: Mapping[str, Any], required: set[str], optional: set[str], at: str) -> Faults:
    for key in sorted(required - set(node)):
        yield f"missing required field: {key} [json-pointer:{at}]"
    for key in sorted(set(node) - required - optional):
        yield f"additional property not allowed: {key} [json-pointer:{at}]"


def _length(value: Any, most: int, at: str) -> Faults:
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{at}]"
    elif not value:
        yield f"must be more than 0 characters [json-pointer:{at}]"
    elif len(value) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{at}]"


def _count(value: Any, most: int, at: str) -> Faults:
    if not isinstance(value, list) or not value:
        yield f"must be a list of at least one item [json-pointer:{at}]"
    elif len(value) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"


def _text(node: Any, most: int, at: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Faults:
    if not isinstance(node, dict) or node.get("type") not in kinds:
        yield f"must be one of {', '.join(kinds)} [json-pointer:{at}/type]"
        return
    extra = {"emoji"} if node["type"] == "plain_text" else {"verbatim"}
    yield from _keys(node, {"type", "text"}, extra, at)
    yield from _length(node.get("text"), most, f"{at}/text")


def _header(block: Mapping[str, Any], at: str) -> Faults:
    yield from _text(block.get("text"), 150, f"{at}/text", ("plain_text",))


def _section(block: Mapping[str, Any], at: str) -> Faults:
    if "text" not in block and "fields" not in block:
        yield f"text or fields is required [json-pointer:{at}]"
    if "text" in block:
        yield from _text(block["text"], 3000, f"{at}/text")
    if "fields" in block:
        yield from _each(block["fields"], 10, f"{at}/fields", lambda node, place: _text(node, 2000, place))


def _each(nodes: Any, most: int, at: str, check: Callable[[Any, str], Faults]) -> Faults:
    yield from _count(nodes, most, at)
    for number, node in enumerate(nodes if isinstance(nodes, list) else []):
        yield from check(node, f"{at}/{number}")


def _context(block: Mapping[str, Any], at: str) -> Faults:
    yield from _each(block.get("elements"), 10, f"{at}/elements", _context_element)


def _context_element(node: Any, at: str) -> Faults:
    if isinstance(node, dict) and node.get("type") == "image":
        yield from _image(node, at)
    else:
        yield from _text(node, 3000, at)


def _image(node: Mapping[str, Any], at: str) -> Faults:
    yield from _length(node.get("image_url"), 3000, f"{at}/image_url")
    yield from _length(node.get("alt_text"), 2000, f"{at}/alt_text")


def _actions(block: Mapping[str, Any], at: str) -> Faults:
    yield from _each(block.get("elements"), 25, f"{at}/elements", _element)


def _element(node: Any, at: str) -> Faults:
    if isinstance(node, dict) and node.get("type") == "datepicker":
        yield from _keys(node, {"type"}, {"action_id", "initial_date", "confirm", "focus_on_load", "placeholder"}, at)
        yield from _length(node.get("action_id", "x"), 255, f"{at}/action_id")
        if "placeholder" in node:
            yield from _text(node["placeholder"], 150, f"{at}/placeholder", ("plain_text",))
    else:
        yield from _button(node, at)


def _button(node: Any, at: str) -> Faults:
    if not isinstance(node, dict) or node.get("type") != "button":
        yield f"unsupported element [json-pointer:{at}/type]"
        return
    optional = {"action_id", "url", "value", "style", "confirm", "accessibility_label"}
    yield from _keys(node, {"type", "text"}, optional, at)
    yield from _text(node.get("text"), 75, f"{at}/text", ("plain_text",))
    for key, most in (("action_id", 255), ("url", 3000), ("value", 2000), ("accessibility_label", 75)):
        yield from _length(node.get(key, "x"), most, f"{at}/{key}")
    if node.get("style", "primary") not in {"primary", "danger"}:
        yield f"style must be primary or danger [json-pointer:{at}/style]"


def _rich_text(block: Mapping[str, Any], at: str) -> Faults:
    yield from _each(block.get("elements"), 1000, f"{at}/elements", _rich_element)


def _rich_element(node: Any, at: str) -> Faults:
    kind = node.get("type") if isinstance(node, dict) else None
    if kind == "rich_text_list":
        yield from _keys(node, {"type", "style", "elements"}, {"indent", "offset", "border"}, at)
        if node.get("style") not in {"bullet", "ordered"}:
            yield f"style must be bullet or ordered [json-pointer:{at}/style]"
        yield from _each(node.get("elements"), 1000, f"{at}/elements", _rich_section)
    elif kind in {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}:
        yield from _keys(node, {"type", "elements"}, set() if kind == "rich_text_section" else {"border"}, at)
        yield from _each(node.get("elements"), 1000, f"{at}/elements", _inline)
    else:
        yield f"unsupported element [json-pointer:{at}/type]"


def _rich_section(node: Any, at: str) -> Faults:
    if not isinstance(node, dict) or node.get("type") != "rich_text_section":
        yield f"a list holds rich_text_section only [json-pointer:{at}]"
    else:
        yield from _rich_element(node, at)


def _inline(node: Any, at: str) -> Faults:
    kind = node.get("type") if isinstance(node, dict) else None
    if kind not in _INLINE:
        yield f"unsupported element [json-pointer:{at}/type]"
        return
    optional = {"style", *({"text", "unsafe"} if kind == "link" else set()), *({"url"} if kind == "date" else set())}
    yield from _keys(node, {"type", *_INLINE[kind]}, optional, at)
    for key in ({"text", "url"} & set(node)) if kind in {"text", "link"} else set():
        yield from _length(node[key], 3000, f"{at}/{key}")
    style = node.get("style", {})
    if not isinstance(style, dict) or set(style) - _STYLES or not all(isinstance(on, bool) for on in style.values()):
        yield f"unknown style [json-pointer:{at}/style]"


def _nothing(block: Mapping[str, Any], at: str) -> Faults:
    del block, at
    return iter(())


_BLOCKS: dict[str, tuple[Callable[[Mapping[str, Any], str], Faults], set[str], set[str]]] = {
    "header": (_header, {"text"}, set()),
    "section": (_section, set(), {"text", "fields", "accessory", "expand"}),
    "context": (_context, {"elements"}, set()),
    "actions": (_actions, {"elements"}, set()),
    "rich_text": (_rich_text, {"elements"}, set()),
    "image": (_image, {"image_url", "alt_text"}, {"title"}),
    "divider": (_nothing, set(), set()),
}
