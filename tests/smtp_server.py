"""A local mail server with the moods of real ones: greylisting, refused recipients, connections that break.

In a test::

    with MailServerOf(refused={"gone@example.org"}, greylist=1) as mail:
        mail.drops.update({3: "before", 5: "after"})   # the third message is lost, the fifth is taken without an answer
        ...
        mail.messages                                   # what was taken, in order

As a process of its own, which outlives what a test kills; the first line on its output is its port::

    python -m tests.smtp_server --log FILE [--refuse ADDRESS] [--greylist 1] [--drop 3:before]
"""

import argparse
import json
import signal
import socket
import sys
from asyncio import Transport
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Drop = Literal["before", "after", "busy", "content"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the server answers for."""

    address: str
    message: EmailMessage

    @property
    def name(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])


class _Handler:
    """What aiosmtpd asks."""

    def __init__(self, owner: "MailServerOf") -> None:
        self._owner = owner

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's own name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        answer = self._owner.welcome(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(  # noqa: N802  (aiosmtpd's own name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        drop = self._owner.fate()
        if drop == "busy":
            return "452 4.2.2 mailbox is full for now"
        if drop == "content":
            return "554 5.7.1 looks like spam"
        if drop != "before":
            self._owner.take(envelope)
        if drop:
            assert isinstance(server.transport, Transport)
            server.transport.abort()
        return "250 taken"


class MailServerOf:
    """Takes mail on a port of this machine.

    ``refused``: addresses without a mailbox here. ``greylist``: how often each address is put off first. ``drops``:
    what happens to the message of that number, from 1: ``before``, the connection breaks and the message is lost;
    ``after``, it breaks and the message was taken; ``busy`` and ``content`` are refusals, for now and for good.
    """

    def __init__(
        self,
        *,
        refused: Iterable[str] = (),
        greylist: int = 0,
        drops: Mapping[int, Drop] | None = None,
        log: Path | None = None,
    ) -> None:
        self.refused = set(refused)
        self.drops: dict[int, Drop] = dict(drops or {})
        self.messages: list[Taken] = []
        self._greylist = greylist
        self._log = log
        self._asked: Counter[str] = Counter()
        self._number = 0
        self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=_free_port(), ready_timeout=30)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._controller.port

    @property
    def url(self) -> str:
        """What WATCHER_SMTP_URL is set to."""
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    def welcome(self, address: str) -> str | None:
        """The answer to a recipient that is not taken; None: it is."""
        if address in self.refused:
            return "550 5.1.1 no such mailbox here"
        self._asked[address] += 1
        return "451 4.7.1 greylisted, try again later" if self._asked[address] <= self._greylist else None

    def fate(self) -> Drop | None:
        """What happens to the message that has just come in."""
        self._number += 1
        return self.drops.get(self._number)

    def take(self, envelope: Envelope) -> None:
        """Answer for a message."""
        assert isinstance(envelope.content, bytes)
        made = message_from_bytes(envelope.content, policy=policy.default)
        for address in envelope.rcpt_tos:
            self.messages.append(Taken(address, made))
            self._write({"to": address, "id": str(made["Message-ID"]), "subject": str(made["Subject"])})

    def _write(self, entry: dict[str, Any]) -> None:
        if self._log:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(f"{json.dumps(entry)}\n")


def _free_port() -> int:
    with socket.socket() as found:  # aiosmtpd cannot be asked which port the system chose
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.smtp_server")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--refuse", action="append", default=[])
    parser.add_argument("--greylist", type=int, default=0)
    parser.add_argument("--drop", action="append", default=[], metavar="NUMBER:FATE")
    given = parser.parse_args()
    drops = {int(number): fate for number, fate in (one.split(":") for one in given.drop)}
    with MailServerOf(refused=given.refuse, greylist=given.greylist, drops=drops, log=given.log) as server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
