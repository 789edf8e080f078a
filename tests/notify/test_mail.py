"""Over real SMTP, with a server that has the moods of real ones."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage

import pytest

from tests.smtp_server import MailServerOf
from watcher.core.errors import DeliveryError
from watcher.notify.mail import MailServer

SENDER = "Watcher <watcher@example.org>"
ANNA, BEN = "anna@example.org", "ben@example.org"


@pytest.fixture
def mail() -> Iterator[MailServerOf]:
    with MailServerOf() as server:
        yield server


def letter(text: str = "Amazon pauses.\n") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = SENDER, ANNA, "Letter", "<w24@example.org>"
    made.set_content(text)
    return made


def sent(server: MailServer, address: str = ANNA) -> DeliveryError | None:
    try:
        server.send(letter(), address)
    except DeliveryError as error:
        return error
    return None


def test_one_connection_serves_many_messages(mail: MailServerOf) -> None:
    with closing(MailServer(mail.url, SENDER)) as server:
        assert [sent(server, address) for address in (ANNA, BEN, ANNA)] == [None] * 3
    assert [one.address for one in mail.messages] == [ANNA, BEN, ANNA]
    assert mail.messages[0].message["From"] == SENDER


def test_lines_that_begin_with_a_dot_arrive_as_they_were_written(mail: MailServerOf) -> None:
    text = "Said:\n.\n..two dots\nRCPT TO:<all@example.org>\n"
    with closing(MailServer(mail.url, SENDER)) as server:
        server.send(letter(text), ANNA)
    assert [one.address for one in mail.messages] == [ANNA]
    assert mail.messages[0].message.get_content().replace("\r\n", "\n") == text


def test_a_refused_recipient_is_final_and_the_next_one_is_served(mail: MailServerOf) -> None:
    mail.refused.add(BEN)
    with closing(MailServer(mail.url, SENDER)) as server:
        refused = sent(server, BEN)
        assert sent(server) is None
    assert refused is not None
    assert (refused.transient, refused.unknown, refused.everyone) == (False, False, False)
    assert refused.detail == "the mail server says: 550 5.1.1 no such mailbox here"


def test_greylisting_is_a_wait(mail: MailServerOf) -> None:
    mail._greylist = 1
    with closing(MailServer(mail.url, SENDER)) as server:
        first, second = sent(server), sent(server)
    assert first is not None
    assert (first.transient, first.unknown, first.everyone) == (True, False, False)
    assert second is None


@pytest.mark.parametrize(("fate", "transient"), [("busy", True), ("content", False)])
def test_a_message_refused_after_its_content_has_certainly_not_arrived(
    mail: MailServerOf, fate: str, transient: bool
) -> None:
    mail.drops[1] = fate  # type: ignore[assignment]  # one of its words
    with closing(MailServer(mail.url, SENDER)) as server:
        error = sent(server)
        assert sent(server) is None
    assert error is not None
    assert (error.transient, error.unknown) == (transient, False)


@pytest.mark.parametrize("fate", ["before", "after"])
def test_when_the_answer_to_the_content_is_lost_nobody_knows_and_the_next_message_finds_a_new_connection(
    mail: MailServerOf, fate: str
) -> None:
    mail.drops[1] = fate  # type: ignore[assignment]  # one of its words
    with closing(MailServer(mail.url, SENDER)) as server:
        error = sent(server)
        assert sent(server, BEN) is None
    assert error is not None
    assert (error.transient, error.unknown, error.everyone) == (True, True, False)
    assert [one.address for one in mail.messages] == ([ANNA, BEN] if fate == "after" else [BEN])


def test_a_server_that_is_not_there_is_everyones_trouble() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = sent(MailServer(f"smtp://127.0.0.1:{taken.getsockname()[1]}", SENDER))
    assert error is not None
    assert (error.transient, error.unknown, error.everyone) == (True, False, True)


def test_a_password_is_told_to_nobody(mail: MailServerOf) -> None:
    url = mail.url.replace("127.0.0.1", "anna:tops3cret@127.0.0.1")
    error = sent(MailServer(url, SENDER))
    assert error is not None
    assert error.everyone
    assert "WATCHER_SMTP_URL" in error.detail
    assert "tops3cret" not in repr(error) + str(error.__cause__) + repr(vars(error))


def test_what_speaks_no_smtp_is_a_fault_and_no_hang() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        error = sent(MailServer(f"smtp://127.0.0.1:{silent.getsockname()[1]}", SENDER, timeout=0.2))
    assert error is not None
    assert error.everyone


def test_a_server_without_encryption_gets_no_tls_and_smtps_refuses_it(mail: MailServerOf) -> None:
    error = sent(MailServer(mail.url.replace("smtp:", "smtps:"), SENDER, trust=ssl.create_default_context()))
    assert error is not None
    assert error.everyone
