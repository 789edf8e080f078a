"""A name that leads to a private address by the time of the connection, whatever it led to before (DNS rebinding).

libcurl is told what the name leads to, as a resolver that has changed its answer would tell it; all else is as it runs.
"""

from dataclasses import replace

import pycurl
import pytest

from tests.fetch.server import WebServer, text
from watcher.core.source import HttpState
from watcher.fetch.settings import Settings
from watcher.fetch.slot import Received, Slot

NAME = "rebind.example"
GUARDED = replace(Settings(), allow_private=False, connect_timeout=0.3)


def ask(slot: Slot, port: int, address: str) -> Received:
    slot.begin(f"http://{NAME}:{port}/secret", HttpState(), 2.0)
    slot.handle.setopt(pycurl.RESOLVE, [f"-{NAME}:{port}", f"{NAME}:{port}:{address}"])
    try:
        slot.handle.perform()
    except pycurl.error as error:
        code, words = error.args
        return slot.end(code, words)
    return slot.end(0, "")


@pytest.mark.parametrize("private", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "[::1]", "0.0.0.0"])
def test_a_name_that_turns_to_a_private_address_is_refused_before_a_connection(web: WebServer, private: str) -> None:
    web.pages["/secret"] = text(b"inside")
    port = int(web.url("/").rsplit(":", 1)[1].rstrip("/"))
    slot = Slot(GUARDED)
    received = ask(slot, port, private)
    slot.close()
    assert received.refused == private.strip("[]")
    assert (received.status, received.body, web.asked) == (0, b"", [])


def test_where_private_hosts_are_allowed_the_name_is_asked(web: WebServer) -> None:
    web.pages["/secret"] = text(b"inside")
    port = int(web.url("/").rsplit(":", 1)[1].rstrip("/"))
    slot = Slot(replace(GUARDED, allow_private=True))
    received = ask(slot, port, "127.0.0.1")
    slot.close()
    assert (received.status, received.body) == (200, b"inside")
