"""What is told, for a reader at a terminal or in a log: at most 80 columns, and no control sequence but our own."""

import unicodedata
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TextIO

from watcher.core.errors import DeliveryError
from watcher.core.message import Batch, Bulletin, Message, Reply
from watcher.core.notice import Notice
from watcher.notify.plain import clean, cut, web_link
from watcher.notify.wording import (
    also,
    circumstances,
    headline,
    joined,
    speaker,
    stance_facts,
    standing,
    term_facts,
)

WIDTH = 80
_LABEL = 12
_LONGEST = 1_200  # of one text
_INDENT = "  "
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


class TerminalNotifier:
    """Writes messages to a stream. The receipt of each is the word ``printed``."""

    def __init__(self, stream: TextIO, *, colour: bool | None = None) -> None:
        self._stream = stream
        self._colour = stream.isatty() if colour is None else colour

    def send(self, message: Message, channel: str, *, plain: bool = False) -> str:
        """Print the message.

        Raises:
            DeliveryError: the stream is closed, or its reader is gone; some lines may have been seen.
        """
        del channel  # there is one terminal
        text = render(message, colour=self._colour and not plain)
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        try:
            self._stream.write(text.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError(f"the terminal cannot be written to ({error})", transient=True) from error
        return "printed"

    def edit(self, message: Message, channel: str, receipt: str, *, plain: bool = False) -> None:
        """Nothing: what was printed cannot be changed."""

    def find(self, keys: Collection[str], channel: str, since: datetime, thread: str | None = None) -> dict[str, str]:
        """Always empty: a terminal cannot be asked what it has shown.

        So an alert whose printing was interrupted by a crash is printed again: twice rather than never.
        """
        del keys, channel, since, thread
        return {}


def render(message: Message, *, colour: bool = False) -> str:
    """The message as lines of at most ``WIDTH`` columns, its address aside, ended by an empty line."""
    if isinstance(message, Batch):
        return "".join(render(bulletin, colour=colour) for bulletin in message.bulletins)
    if isinstance(message, Reply):
        lines = _reply(message)
    elif isinstance(message, Bulletin):
        lines = _bulletin(message, colour=colour)
    else:
        lines = _notice(message, colour=colour)
    return "\n".join([*lines, "", ""])


def _bulletin(bulletin: Bulletin, *, colour: bool) -> list[str]:
    alert = bulletin.alert
    lines = [_styled(line, _BOLD, colour) for line in wrap(headline(alert), WIDTH)]
    lines += [line for told in circumstances(bulletin) for line in _indented(told)]
    for label, value in [*stance_facts(alert.main), *term_facts(alert.main)]:
        lines += _labelled(label, value)
    lines += _indented(f"“{clean(alert.main.quote)}”") if clean(alert.main.quote) else []
    lines += _indented(speaker(alert)) + _indented(clean(alert.title)) + _whole(web_link(alert.url))
    lines += [line for told in standing(bulletin) for line in _indented(told)]
    for told in alert.changes[1:]:
        lines += _labelled("Also", also(told))
    small = [*_labelled("Why", clean(alert.reason)), *_indented(f"rule {clean(alert.rule)}, alert {clean(alert.key)}")]
    return [*lines, *(_styled(line, _DIM, colour) for line in small)]


def _reply(reply: Reply) -> list[str]:
    """A later report, short, for the alert itself has scrolled away."""
    report = reply.report
    told = f"{clean(reply.alert.vendor_name)}, alert {clean(reply.alert.key)}: {joined(reply)}"
    return [*wrap(told, WIDTH), *_indented(clean(report.title)), *_whole(web_link(report.url))]


def _notice(notice: Notice, *, colour: bool) -> list[str]:
    lines = [_styled(line, _BOLD, colour) for line in wrap(clean(notice.title) or notice.kind, WIDTH)]
    return [*lines, *(line for told in notice.lines for line in _indented(clean(told))), *_whole(web_link(notice.url))]


def _styled(line: str, style: str, colour: bool) -> str:
    return f"{style}{line}{_RESET}" if colour else line


def _indented(text: str) -> list[str]:
    return [f"{_INDENT}{line}" for line in wrap(text, WIDTH - len(_INDENT))]


def _whole(address: str | None) -> list[str]:
    """An address on a line of its own, however long: a broken one can be neither clicked nor copied."""
    return [f"{_INDENT}{address}"] if address else []


def _labelled(label: str, value: str) -> list[str]:
    first, *rest = wrap(value, WIDTH - len(_INDENT) - _LABEL) or [""]
    return [f"{_INDENT}{label:<{_LABEL}}{first}", *(f"{_INDENT}{'':<{_LABEL}}{line}" for line in rest)]


def wrap(text: str, width: int) -> list[str]:
    """The words of a text in lines of at most ``width`` columns; a word that is longer alone is broken."""
    lines: list[str] = []
    for piece in (piece for word in cut(text, _LONGEST).split() for piece in _pieces(word, width)):
        if lines and columns(lines[-1]) + 1 + columns(piece) <= width:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return lines


def _pieces(word: str, width: int) -> Iterator[str]:
    piece, used = "", 0
    for char in word:
        if used + columns(char) > width:
            yield piece
            piece, used = "", 0
        piece, used = piece + char, used + columns(char)
    yield piece


def columns(text: str) -> int:
    """How many columns a terminal gives the text: two for wide letters (UAX 11), none for combining marks."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
