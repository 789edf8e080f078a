"""libcurl's multi interface on the platform's own poller, with a bell that another thread may ring.

``CurlMulti.select`` cannot watch descriptors above 1023 and cannot be woken; ``socket_action`` has neither limit, and
its cost does not grow with the number of idle connections.
"""

import selectors
import socket
import time
from contextlib import suppress

import pycurl

_LONGEST = 1.0  # seconds in one wait: a lost wake-up costs no more


class Wire:
    """Runs easy handles. All methods but ``wake`` belong to one thread."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._bell, self._button = socket.socketpair()
        for end in (self._bell, self._button):
            end.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._timer: float | None = None
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def add(self, handle: pycurl.Curl) -> None:
        """Start a transfer."""
        self._multi.add_handle(handle)

    def remove(self, handle: pycurl.Curl) -> None:
        """End a transfer, finished or not."""
        self._multi.remove_handle(handle)

    def turn(self, wait: float | None) -> list[tuple[pycurl.Curl, int, str]]:
        """Wait for something to happen, at most ``wait`` seconds, and return what has finished.

        Each item is a handle, libcurl's code (0: well) and libcurl's own words.
        """
        for key, events in self._selector.select(self._patience(wait)):
            if key.fileobj is self._bell:
                self._hush()
            else:
                self._multi.socket_action(key.fd, _flags(events))
        if self._timer is not None and self._timer <= time.monotonic():
            self._timer = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._finished()

    def wake(self) -> None:
        """End the wait of the other thread."""
        with suppress(BlockingIOError, OSError):  # full: it will wake anyway; closed: nobody waits
            self._button.send(b"!")

    def close(self) -> None:
        """Close all connections. The handles must have been removed."""
        self._multi.close()
        self._selector.close()
        self._bell.close()
        self._button.close()

    def _patience(self, wait: float | None) -> float:
        longest = _LONGEST if wait is None else min(wait, _LONGEST)
        return longest if self._timer is None else max(0.0, min(longest, self._timer - time.monotonic()))

    def _finished(self) -> list[tuple[pycurl.Curl, int, str]]:
        found: list[tuple[pycurl.Curl, int, str]] = []
        left = 1
        while left:
            left, well, failed = self._multi.info_read()
            found += [(handle, 0, "") for handle in well]
            found += failed
        return found

    def _hush(self) -> None:
        with suppress(BlockingIOError):
            while self._bell.recv(1024):
                pass

    def _watch(self, what: int, descriptor: int, _multi: object, _data: object) -> None:
        if what in {pycurl.POLL_REMOVE, pycurl.POLL_NONE}:
            with suppress(KeyError, ValueError):
                self._selector.unregister(descriptor)
            return
        events = _EVENTS[what]
        try:
            self._selector.modify(descriptor, events)
        except KeyError:
            self._selector.register(descriptor, events)

    def _set_timer(self, milliseconds: int) -> None:
        self._timer = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000


_EVENTS = {
    pycurl.POLL_IN: selectors.EVENT_READ,
    pycurl.POLL_OUT: selectors.EVENT_WRITE,
    pycurl.POLL_INOUT: selectors.EVENT_READ | selectors.EVENT_WRITE,
}


def _flags(events: int) -> int:
    read = pycurl.CSELECT_IN if events & selectors.EVENT_READ else 0
    write = pycurl.CSELECT_OUT if events & selectors.EVENT_WRITE else 0
    return int(read | write)
