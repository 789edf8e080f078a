"""Watching: ``run``, ``poll`` and ``demo``."""

import sys
import threading
import time
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from watcher import bootstrap
from watcher.entrypoints import logs
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.options import Database, Feeds, Format, Formatted, Status
from watcher.entrypoints.show.aside import tell
from watcher.entrypoints.show.progress import progress_bar
from watcher.entrypoints.show.words import minute

if TYPE_CHECKING:  # they bring all that polls and reads, and --help needs none of it
    from watcher.bootstrap.upkeep import Probe
    from watcher.entrypoints.scheduler import Report

Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done, too.")]
Named = Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help="Only these sources, by id.")]


def run(feeds: Feeds = None, database: Database = None, verbose: Verbose = False) -> None:
    """Poll, read and tell until stopped; ends cleanly on SIGTERM."""
    from watcher.bootstrap.running import running  # noqa: PLC0415  (late: it brings all that polls and reads)
    from watcher.bootstrap.talk import unsubscribing  # noqa: PLC0415  (the same)
    from watcher.entrypoints import scheduler  # noqa: PLC0415  (the same)
    from watcher.entrypoints.talk import talking  # noqa: PLC0415  (late: only this command listens)

    if verbose:
        logs.set_up(verbose=True)
    app = bootstrap.assemble(feeds, database, need_feeds=True)
    _ = app.reader  # a fault in the rules shows now, not with the first post
    _say_where(app, sys.stdout)
    tell(f"watching {len(app.sources)} sources; stop with Ctrl-C")
    reloading = threading.Event()
    with app.writing(tell) as store, app.flow(store, utc_now, time.sleep, sys.stdout) as flow:
        probes: list[Probe] = []
        live, rota = running(app, store, flow, reloading, probes)
        work = scheduler.Work(live.poll, live.read, live.deliver, rota.run, live.changed)
        pages = unsubscribing(app, store, tell, utc_now)
        with talking(lambda: live.app, utc_now, pages) as heard:
            probes.extend(heard.probes)
            if heard.words:
                tell(f"listening: {', '.join(heard.words)}")
            scheduler.run(work, clock=utc_now, reloading=reloading)
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
    from watcher.bootstrap.upkeep import look_at_calendar  # noqa: PLC0415  (late: it brings all that polls)
    from watcher.entrypoints.scheduler import Work, one_round  # noqa: PLC0415  (the same)

    if verbose:
        logs.set_up(verbose=True)
    app = bootstrap.assemble(feeds, database, need_feeds=True)
    only = _chosen(app, names)
    # Alerts on the terminal would stand between the parts of a JSON document.
    terminal = sys.stdout if how is Format.TABLE else sys.stderr
    _say_where(app, terminal)
    with (
        app.writing(tell) as store,
        progress_bar("polling") as progress,
        app.flow(store, utc_now, time.sleep, terminal, only=only, every_source=every, progress=progress) as flow,
    ):
        report = one_round(Work(flow.poll, flow.read, flow.deliver))
        if not report.round.network_down:
            looked = look_at_calendar(app, store, utc_now())
            report = (
                report.with_calendar(looked.alerts, flow.deliver(bool)) if looked.alerts or looked.notices else report
            )
    _sum_up(app, report, how)
    if report.round.failures or report.faults or report.trouble:
        raise typer.Exit(Status.FAILED)


def demo(
    keep: Annotated[str | None, typer.Option("--keep", metavar="DIR", help="Keep the record there, to ask it.")] = None,
) -> None:
    """Show June 2020 in fast motion, without a network."""
    from watcher.entrypoints.demo import show  # noqa: PLC0415  (only the demo needs its server)

    show(keep, sys.stdout)


def _say_where(app: bootstrap.App, stream: TextIO) -> None:
    """The first line says so where alerts go to the terminal."""
    if app.on_terminal:
        stream.write("No Slack token is set (WATCHER_SLACK_BOT_TOKEN): alerts go to the terminal.\n")
        stream.flush()


def _chosen(app: bootstrap.App, names: list[str] | None) -> set[str] | None:
    """The ids of the sources that were named; None for all.

    Raises:
        typer.BadParameter: names each that feeds.yaml does not know.
    """
    known = {source.id for source in app.sources}
    unknown = [_unknown(name, known) for name in names or () if name not in known]
    if unknown:
        raise typer.BadParameter(f"not in {app.settings.feeds}: {', '.join(unknown)}")
    return set(names) if names else None


def _unknown(name: str, known: set[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"{name} (did you mean {near[0]}?)" if near else name


def _sum_up(app: bootstrap.App, report: "Report", how: Format) -> None:
    from watcher.entrypoints.scheduler import describe, describe_transition  # noqa: PLC0415  (late: as above)

    if how is not Format.TABLE:
        from watcher.entrypoints.show import forms  # noqa: PLC0415  (late: it knows the form of every answer)

        forms.put(sys.stdout, [forms.report_of(report)], Format.JSONL)
        return
    polled = report.round
    if not polled.asked:
        tell(
            f"No source is due before {minute(polled.next_due)}; --all asks them anyway."
            if polled.next_due
            else "No source is configured."
        )
        return
    for line in (*map(describe_transition, polled.transitions), *polled.notes, *report.faults):
        tell(line)
    for channel, trouble in report.trouble.items():
        tell(f"{channel}: {trouble}")
    tell(describe(report))
    if polled.failures:
        tell(f"watcher sources shows each source; this record is {app.database}")
