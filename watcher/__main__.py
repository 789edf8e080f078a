"""``python -m watcher`` and the ``watcher`` command."""

import gc
import logging
import os
import sys

# New objects after which Python looks for cycles. Imports and rules make hundreds of thousands that all stay: at its
# own 700, a tenth of a quiet round is spent looking through them.
_GARBAGE = 50_000


def main() -> None:
    """Run the command line, and end the process."""
    gc.set_threshold(_GARBAGE, 20, 20)
    from watcher.entrypoints.cli import app  # noqa: PLC0415  (late, so that importing this module costs nothing)

    try:
        app()
    except SystemExit as end:
        if not isinstance(end.code, int) or sys.gettrace() or sys.getprofile():  # a profiler has an end of its own
            raise
        _leave(end.code)


def _leave(status: int) -> None:
    """End at once: all is saved and closed, and to free every object singly takes a sixth of a quiet round's time."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # nobody is there to read it
            continue
    os._exit(status)


if __name__ == "__main__":
    main()
