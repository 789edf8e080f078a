"""Names that lead elsewhere from one request to the next, as a hostile resolver would have it (DNS rebinding).

There is no public address on a machine without a network, so that some of loopback stand for public ones; all that
decides about the others is as it runs.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pycurl

from watcher.fetch import download, slot
from watcher.fetch.address import is_public
from watcher.fetch.slot import Slot

PUBLIC = "127.0.200."  # what begins so stands for the public internet
Answers = Mapping[str, Sequence[str]]


@contextmanager
def rebinding(answers: Answers) -> Iterator[None]:
    """Each look-up of a name gives the next of its addresses; the last one stays."""
    left = {name: list(addresses) for name, addresses in answers.items()}

    class Rebound(Slot):
        """A handle whose transfers ask the hostile resolver."""

        def begin(self, url: str, *others: Any, **named: Any) -> None:
            super().begin(url, *others, **named)
            place = urlsplit(url)
            addresses = left.get(place.hostname or "")
            if addresses:
                address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
                host = f"{place.hostname}:{place.port}"
                self.handle.setopt(pycurl.RESOLVE, [f"-{host}", f"{host}:{address}"])

    with patch.object(download, "Slot", Rebound), patch.object(slot, "is_public", _is_public):
        yield


def _is_public(address: str) -> bool:
    return address.startswith(PUBLIC) or is_public(address)
