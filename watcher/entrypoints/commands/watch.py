"""Watching: ``run``, ``poll`` and ``demo``."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from watcher import bootstrap
from watcher.entrypoints import logs
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.commands.keep import tell
from watcher.entrypoints.options import Database, Feeds, Format, Formatted, Status
from watcher.entrypoints.scheduler import Report, Work, describe, describe_transition, one_round
from watcher.entrypoints.scheduler import run as beat
from watcher.entrypoints.show import forms
from watcher.usecases.poll import Progress

Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done, too.")]
Named = Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Only these sources, by id.")]


def run(feeds: Feeds = None, database: Database = None, verbose: Verbose = False) -> None:
    """Poll, read and tell until stopped; finishes what it began on SIGTERM."""
    logs.set_up(verbose=verbose)
    app = bootstrap.assemble(feeds, database, need_feeds=True)
    _say_where(app, sys.stdout)
    with app.writing(tell) as store, app.flow(store, utc_now, time.sleep, sys.stdout) as flow:
        beat(Work(flow.poll, flow.read, flow.deliver), clock=utc_now)
    tell("stopped")


def poll(
    names: Named = None,
    every: Annotated[bool, typer.Option("--all", help="Whether due or not.")] = False,
    feeds: Feeds = None,
    database: Database = None,
    how: Formatted = Format.TABLE,
    verbose: Verbose = False,
) -> None:
    """Ask the sources once, read what is new, deliver, and exit."""
    logs.set_up(verbose=verbose)
    app = bootstrap.assemble(feeds, database, need_feeds=True)
    only = _sources(app, names)
    # Alerts on the terminal would stand between the parts of a JSON document.
    terminal = sys.stdout if how is Format.TABLE else sys.stderr
    _say_where(app, terminal)
    with app.writing(tell) as store, _progress() as progress:
        with app.flow(store, utc_now, time.sleep, terminal, only=only, every_source=every, progress=progress) as flow:
            report = one_round(Work(flow.poll, flow.read, flow.deliver))
    _sum_up(app, report, how)
    if report.round.failures or report.faults or report.trouble:
        raise typer.Exit(Status.FAILED)


def demo(
    keep: Annotated[str | None, typer.Option("--keep", metavar="DIR", help="Keep the record there, to ask it.")] = None,
    how: Formatted = Format.TABLE,
) -> None:
    """Show June 2020 in fast motion: real feeds on this machine, no network needed."""
    from watcher.entrypoints.demo import show  # noqa: PLC0415  (only the demo needs its server)

    logs.set_up()
    show(keep, how, sys.stdout)
