import logging
import sys
from io import StringIO

import pytest

from watcher.entrypoints.logs import OneLine, set_up


def record(message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("watcher.x", logging.WARNING, __file__, 1, message, arguments, None)


def test_a_record_is_one_line_with_its_time_in_utc() -> None:
    one = record("polled %d", 3)
    one.created = 0.0
    assert OneLine().format(one) == "1970-01-01T00:00:00Z WARNING watcher.x: polled 3"


def test_a_feeds_words_cannot_write_lines_or_control_sequences_into_the_log() -> None:
    told = OneLine().format(record("%s", "bad\n2020-06-10T00:00:00Z ERROR forged\x1b[2J"))
    first, second = told.splitlines()
    assert first.endswith("bad")
    assert second.startswith("  | ")
    assert "\x1b" not in told


def test_a_traceback_keeps_its_indentation() -> None:
    try:
        int("x")
    except ValueError:
        one = record("failed")
        one.exc_info = sys.exc_info()
    assert '\n  File "' in OneLine().format(one)


@pytest.mark.usefixtures("log_restored")
def test_verbose_shows_what_is_done_and_quiet_does_not() -> None:
    for verbose, expected in ((True, 1), (False, 0)):
        stream = StringIO()
        set_up(verbose=verbose, stream=stream)
        logging.getLogger("watcher.fetch").debug("asked")
        logging.getLogger("somelibrary").info("chatter")
        assert stream.getvalue().count("\n") == expected
