"""Every error the watcher raises on purpose, sorted by who must act.

::

    WatcherError
    ├── ConfigError      the operator acts: all faults at once, each with file, key and what was expected
    ├── FetchError       one source's trouble; the others go on
    ├── StorageError     stop this run: never tell what is not saved
    └── DeliveryError    one channel's trouble; the delivery stays in the outbox

Facts are attributes, so that nobody has to parse them back out of a text. Anything else that is raised is a bug.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class WatcherError(Exception):
    """Base of all errors that have an address: somebody who can act on them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a configuration."""

    file: str
    key: str
    expected: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.expected}"


class ConfigError(WatcherError):
    """The configuration cannot be used; nothing was started."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = f"{count} fault{'s' if count != 1 else ''} in the configuration"
        super().__init__("\n".join([head, *(f"  {fault}" for fault in self.faults)]))


class FetchTrouble(StrEnum):
    """What kind of trouble a source is in. Health and back-off are decided by it, never by the message."""

    NETWORK = "network"  # no route, no name, refused, reset
    TIMEOUT = "timeout"  # a deadline passed: connect, first byte or total
    SERVER = "server"  # 5xx
    THROTTLED = "throttled"  # 429, or 503 with Retry-After
    BLOCKED = "blocked"  # 401, 403, a bot wall, a captcha page
    GONE = "gone"  # 404, 410
    TOO_LARGE = "too-large"  # a cap on bytes, decompressed bytes or entries was passed
    UNSAFE = "unsafe"  # leads to a private, loopback or link-local address, or another scheme
    REDIRECTS = "redirects"  # a loop, or too many
    UNREADABLE = "unreadable"  # came, but is no feed or page that can be read


class FetchError(WatcherError):
    """One source could not be read.

    ``transient`` tells whether trying again later may help; ``retry_after`` is in seconds, when the server named it.
    """

    def __init__(
        self,
        trouble: FetchTrouble,
        detail: str,
        *,
        transient: bool = True,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.trouble = trouble
        self.detail = detail
        self.transient = transient
        self.status = status
        self.retry_after = retry_after
        super().__init__(f"{trouble}: {detail}")


class StorageError(WatcherError):
    """The record cannot be written or read; the run stops, for what is not saved must not be told."""


class DeliveryError(WatcherError):
    """A message did not go out, or nobody knows whether it did.

    ``transient``: may work later. ``unknown``: the request may have been carried out, since no answer came.
    ``retry_after`` in seconds, when the channel named it. ``rendering``: the channel refuses how it is laid out
    (blocks), so that plain text may still go through. ``gone``: the message that was to be changed or answered is no
    longer there. ``everyone``: it is not this message; nothing goes out through this server now.
    """

    def __init__(
        self,
        detail: str,
        *,
        transient: bool,
        unknown: bool = False,
        retry_after: float | None = None,
        rendering: bool = False,
        gone: bool = False,
        everyone: bool = False,
    ) -> None:
        self.detail = detail
        self.transient = transient
        self.unknown = unknown
        self.retry_after = retry_after
        self.rendering = rendering
        self.gone = gone
        self.everyone = everyone
        super().__init__(detail)
