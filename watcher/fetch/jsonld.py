"""What pages say of themselves in JSON-LD (https://schema.org)."""

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

from watcher.fetch.markup import Node

_MOST = 5000  # objects of one page
_LARGEST = 2_000_000  # characters of one script


def objects(tree: Node, without: frozenset[str] = frozenset()) -> Iterator[dict[str, Any]]:
    """All objects in the page's JSON-LD scripts, outer ones first; what cannot be read is left out.

    Args:
        tree: the page.
        without: types of objects that are left out with all that is in them.
    """
    left = _MOST
    for script in tree.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json":
            continue
        waiting = deque([_loaded(script.text or "")])
        while waiting and left:
            value = waiting.popleft()
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                left -= 1
                if kinds(value) & without:
                    continue
                yield value
                waiting += [inner for inner in value.values() if isinstance(inner, list | dict)]


def kinds(item: dict[str, Any]) -> frozenset[str]:
    """The types of an object."""
    said = item.get("@type")
    return frozenset(kind for kind in (said if isinstance(said, list) else [said]) if isinstance(kind, str))


def text(item: dict[str, Any], *keys: str) -> str | None:
    """The first of the fields that holds a text."""
    return next((value.strip() for key in keys if isinstance(value := item.get(key), str) and value.strip()), None)


def _loaded(script: str) -> object:
    if len(script) > _LARGEST:
        return None
    try:
        # Browsers take line breaks within texts, which strict JSON forbids.
        return json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return None
