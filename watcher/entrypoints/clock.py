"""The one clock. Everything inside takes the time as an argument; the entrypoints read it here."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The moment, aware and in UTC."""
    return datetime.now(UTC)
