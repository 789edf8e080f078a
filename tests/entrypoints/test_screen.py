from io import StringIO

import pytest

from watcher.entrypoints.show.screen import Column, Screen


def shown(width: int = 80, *, colour: bool = False) -> tuple[Screen, StringIO]:
    stream = StringIO()
    return Screen(stream, width=width, colour=colour), stream


def test_lines_are_wrapped_and_end_in_no_blanks() -> None:
    screen, stream = shown(40)
    screen.line("word " * 30, indent=2, hanging=2)
    screen.labelled("Label", "word " * 30)
    screen.line()
    lines = stream.getvalue().split("\n")
    assert max(map(len, lines)) <= 40
    assert all(line == line.rstrip() for line in lines)
    assert lines[0].startswith("  word")
    assert lines[1].startswith("    word")


def test_spans_are_marked_by_brackets_in_a_pipe_and_by_styles_on_a_terminal() -> None:
    text = "It will stop selling faceprints to police."
    spans = [(0, 0, 42), (1, 8, 20), (2, 21, 31), (3, 35, 41)]
    plain, quiet = shown()
    bright, loud = shown(colour=True)
    for screen in (plain, bright):
        screen.marked(text, spans)
    assert quiet.getvalue() == "»It will [stop selling] {faceprints} to <police>.«\n"
    assert "\x1b[1mstop selling\x1b[22m \x1b[36mfaceprints\x1b[39m" in loud.getvalue()
    assert loud.getvalue().count("\x1b[4m") == loud.getvalue().count("\x1b[24m") == 1


def test_a_span_over_several_lines_is_marked_on_each_and_ends_on_each() -> None:
    screen, stream = shown(40, colour=True)
    screen.marked("word " * 30, [(1, 0, 149)], indent=2)
    lines = stream.getvalue().splitlines()
    assert len(lines) > 3
    assert all("\x1b[1mword" in line for line in lines)
    assert all(line.endswith(("\x1b[0m", "\x1b[22m")) for line in lines)


def test_a_text_that_poses_as_a_mark_marks_nothing() -> None:
    screen, stream = shown(colour=True)
    screen.marked("a \ue200b\ue210 c", [(3, 0, 1)])
    assert stream.getvalue() == "\x1b[33ma\x1b[39m \ufffdb\ufffd c\n"


def test_a_table_fits_its_width_and_keeps_every_word() -> None:
    screen, stream = shown(50)
    rows = [("Northgate", "police", "a condition of many words that has to be wrapped somewhere"), ("X", "all", "")]
    screen.table([Column("Vendor", most=8), Column("Towards", solid=True), Column("Terms")], rows)
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= 50
    assert all(line == line.rstrip() for line in lines)
    told = " ".join(stream.getvalue().split())
    assert "somewhere" in told
    assert lines[0].split() == ["Vendor", "Towards", "Terms"]


def test_a_pipe_gets_no_control_sequences_and_a_terminal_does() -> None:
    plain, quiet = shown()
    bright, loud = shown(colour=True)
    for screen in (plain, bright):
        screen.title("T")
        screen.table([Column("A")], [["x"]], styles=["red"])
    assert "\x1b" not in quiet.getvalue()
    assert "\x1b[1mT\x1b[0m" in loud.getvalue()
    assert loud.getvalue().count("\x1b") > 2


def test_a_feeds_own_control_sequences_reach_nobody() -> None:
    screen, stream = shown(colour=True)
    hostile = "\x1b[2Jwiped\x1b]0;title\x07 \u202eback"
    screen.line(hostile)
    screen.labelled("L", hostile)
    screen.address(f"https://x.example/{hostile}")
    screen.table([Column("A")], [[hostile]])
    assert "\x1b[2J" not in stream.getvalue()
    assert "\x1b]" not in stream.getvalue()
    assert "\u202e" not in stream.getvalue()


def test_an_address_is_never_broken() -> None:
    screen, stream = shown(40)
    url = f"https://x.example/{'long-' * 30}"
    screen.address(url, indent=4)
    screen.address(None)
    assert stream.getvalue() == f"    {url}\n"


def test_brackets_in_a_table_are_text_and_no_markup() -> None:
    screen, stream = shown()
    screen.table([Column("A")], [["[red]x[/red]"]])
    assert "[red]x[/red]" in stream.getvalue()


def test_the_width_is_that_of_columns_or_80(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert Screen(StringIO()).width == 100
    monkeypatch.setenv("COLUMNS", "wide")
    assert Screen(StringIO()).width == 80
    monkeypatch.setenv("COLUMNS", "3")
    assert Screen(StringIO()).width == 40, "narrower than this nothing can be read"
