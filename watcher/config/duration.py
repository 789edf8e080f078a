"""Spans of time as people write them in a configuration: ``90s``, ``15m``, ``6h``, ``1d``."""

import re
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SPAN = re.compile(r"([1-9][0-9]{0,6})([smhd])")
_LONGEST = timedelta(days=365)


def span(text: str, least: timedelta) -> timedelta:
    """The span that a text names.

    Raises:
        ValueError: it names none, or one shorter than ``least`` or longer than a year; the message says what would do.
    """
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError("a number with s, m, h or d after it, such as 15m, 6h or 1d")
    found = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if not least <= found <= _LONGEST:
        raise ValueError(f"between {_written(least)} and 365d")
    return found


def _written(given: timedelta) -> str:
    seconds = int(given.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
