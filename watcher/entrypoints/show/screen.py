"""A terminal, a pipe or a file: lines and tables that fit, styled only where somebody looks at them.

Text of feeds is cleaned here, in one place: no control sequence of theirs reaches a terminal.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from watcher.notify.plain import clean
from watcher.notify.terminal import wrap

WIDTH = 80
_NARROWEST = 40
_STYLES = {"bold": "\x1b[1m", "dim": "\x1b[2m", "red": "\x1b[31m", "yellow": "\x1b[33m", "green": "\x1b[32m"}
_RESET = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. ``most`` bounds its width; a ``solid`` one is never wrapped."""

    title: str
    most: int | None = None
    solid: bool = False


# Signs of private use stand for the marks while lines are wrapped: one column each, like the brackets.
_OPEN, _CLOSE = "\ue200", "\ue210"
_MARKS = (  # of spans: opening and closing bracket, opening and closing style
    ("»", "«", "\x1b[4m", "\x1b[24m"),
    ("[", "]", "\x1b[1m", "\x1b[22m"),
    ("{", "}", "\x1b[36m", "\x1b[39m"),
    ("<", ">", "\x1b[33m", "\x1b[39m"),
)
_POSING = {ord(sign) + n: "\ufffd" for sign in (_OPEN, _CLOSE) for n in range(len(_MARKS))}


class Screen:
    """Where answers for people go. Lines are wrapped at ``width`` columns; nothing ends in blanks."""

    def __init__(self, stream: TextIO, *, width: int | None = None, colour: bool | None = None) -> None:
        self._stream = stream
        self._colour = stream.isatty() and "NO_COLOR" not in os.environ if colour is None else colour
        self.width = max(_NARROWEST, width or _width(stream))

    def title(self, text: str) -> None:
        """A line in bold."""
        self.line(text, style="bold")

    def line(self, text: str = "", *, indent: int = 0, hanging: int = 0, style: str | None = None) -> None:
        """A paragraph; ``hanging`` is the further indent of all lines but the first."""
        for number, line in enumerate(wrap(clean(text), self.width - indent - hanging) or [""]):
            blanks = " " * (indent + (hanging if number else 0)) if line else ""
            self._write(f"{blanks}{self._styled(line, style)}")

    def marked(self, text: str, spans: Sequence[tuple[int, int, int]], *, indent: int = 0) -> None:
        """A paragraph with spans marked: by style on a terminal, elsewhere by brackets.

        Args:
            text: the paragraph.
            spans: of each its kind (0 scope, 1 cue, 2 technology, 3 audience), its beginning and its end in ``text``.
            indent: blanks before each line.
        """
        within: set[int] = set()
        for line in wrap(clean(_signed(text, spans)), self.width - indent) or [""]:
            before = "".join(_MARKS[kind][2] for kind in sorted(within)) if self._colour else ""
            for sign in line:
                within = _within(within, sign)
            after = _RESET if self._colour and within else ""
            self._write(f"{' ' * indent}{before}{_unsigned(line, colour=self._colour)}{after}")

    def labelled(self, label: str, text: str, *, indent: int = 2, column: int = 12) -> None:
        """A label and, in a column of its own, what it names."""
        first, *rest = wrap(clean(text), self.width - indent - column) or [""]
        blanks = " " * indent
        self._write(f"{blanks}{self._styled(f'{label:<{column}}', 'dim')}{first}".rstrip())
        for line in rest:
            self._write(f"{blanks}{'':<{column}}{line}")

    def address(self, url: str | None, *, indent: int = 0) -> None:
        """An address on a line of its own, never broken, so that it can be copied."""
        if url and clean(url):
            self._write(f"{' ' * indent}{clean(url)}")

    def table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[str]], *, styles: Sequence[str | None] = ()
    ) -> None:
        """Rows under their titles, each cell wrapped in its column. ``styles`` name the style of each row."""
        from rich.console import Console  # noqa: PLC0415  (slow to import, and only tables need it)
        from rich.table import Table  # noqa: PLC0415  (the same)
        from rich.text import Text  # noqa: PLC0415  (the same)

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", collapse_padding=True)
        for column in columns:
            table.add_column(column.title, max_width=column.most, no_wrap=column.solid, overflow="fold")
        for number, row in enumerate(rows):
            style = styles[number] if number < len(styles) else None
            table.add_row(*(Text(clean(cell)) for cell in row), style=style)
        console = Console(
            width=self.width,
            force_terminal=self._colour,
            no_color=not self._colour,
            highlight=False,
            legacy_windows=False,
        )
        with console.capture() as captured:
            console.print(table)
        for line in captured.get().splitlines():
            self._write(line.rstrip())

    def _styled(self, text: str, style: str | None) -> str:
        return f"{_STYLES[style]}{text}{_RESET}" if style and self._colour and text else text

    def _write(self, line: str) -> None:
        self._stream.write(f"{line}\n")


def _signed(text: str, spans: Sequence[tuple[int, int, int]]) -> str:
    """The text with a sign at each end of each span; what ends stands before what begins, the wider around."""
    signs = [(end, 0, -start, chr(ord(_CLOSE) + kind)) for kind, start, end in spans]
    signs += [(start, 1, -end, chr(ord(_OPEN) + kind)) for kind, start, end in spans]
    made, at = "", 0
    for place, _, _, sign in sorted(signs):
        made += text[at:place].translate(_POSING) + sign
        at = place
    return made + text[at:].translate(_POSING)


def _within(kinds: set[int], sign: str) -> set[int]:
    opened, closed = ord(sign) - ord(_OPEN), ord(sign) - ord(_CLOSE)
    if 0 <= opened < len(_MARKS):
        return kinds | {opened}
    return kinds - {closed}


def _unsigned(line: str, *, colour: bool) -> str:
    table = {}
    for kind, (left, right, on, off) in enumerate(_MARKS):
        table[ord(_OPEN) + kind] = on if colour else left
        table[ord(_CLOSE) + kind] = off if colour else right
    return line.translate(table)


def _width(stream: TextIO) -> int:
    """The terminal's width, or COLUMNS, or 80: a pipe has no width."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return int(columns)
    return shutil.get_terminal_size((WIDTH, 24)).columns if stream.isatty() else WIDTH
