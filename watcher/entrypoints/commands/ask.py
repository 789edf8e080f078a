"""Questions to the record: ``status``, ``history``, ``why``, ``alerts``, ``sources``."""

import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from watcher import bootstrap
from watcher.core.alert import Alert
from watcher.core.errors import StorageError
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.options import Database, Feeds, Format, Formatted, day, moment_known
from watcher.entrypoints.show import forms
from watcher.entrypoints.show.screen import Screen
from watcher.usecases import answer
from watcher.usecases.backlog import backlog

Vendor = Annotated[str, typer.Argument(metavar="VENDOR", help="A vendor's id, its name, or that of a unit or product.")]
MaybeVendor = Annotated[
    str | None, typer.Argument(metavar="VENDOR", help="Only this vendor: its id, or any of its names.")
]
On = Annotated[
    date | None, typer.Option("--on", metavar="DATE", parser=day, help="What held on that day; without it today.")
]
KnownOn = Annotated[
    datetime | None,
    typer.Option("--known-on", metavar="DATE", parser=moment_known, help="Only what was on record by then."),
]
_SHOWN = 20  # alerts on a terminal, unless more are asked for


def status(
    vendor: MaybeVendor = None,
    on: On = None,
    known_on: KnownOn = None,
    feeds: Feeds = None,
    database: Database = None,
    how: Formatted = Format.TABLE,
) -> None:
    """Show the stances on record, today or on a day."""
    app = bootstrap.assemble(feeds, database)
    when = on or utc_now().date()
    with app.reading() as store:
        who = vendor_named(app, vendor, answer.vendors_on_record(store)) if vendor else None
        found = answer.status(store, app.vendors, when, vendor=who, known_on=known_on)

    def show(screen: Screen) -> None:
        from watcher.entrypoints.show.stances import show_status  # noqa: PLC0415  (only where people look)

        if found:
            show_status(screen, found, when, known_on)
        else:
            screen.line(_nothing(app, who, f"No stance{{of}} is on record for {when.isoformat()}."))

    say(how, map(forms.standing, found), show)


def history(vendor: Vendor, feeds: Feeds = None, database: Database = None, how: Formatted = Format.TABLE) -> None:
    """Show a vendor's ledger: each stance, with its proof."""
    app = bootstrap.assemble(feeds, database)
    with app.reading() as store:
        who = vendor_named(app, vendor, answer.vendors_on_record(store))
        found = answer.history(store, who)

    def show(screen: Screen) -> None:
        from watcher.entrypoints.show.stances import show_history  # noqa: PLC0415  (only where people look)

        if found:
            show_history(screen, app.vendor_name(who), found)
        else:
            screen.line(_nothing(app, who, "No stance{of} is on record."))

    say(how, map(forms.chapter, found), show)


def why(
    reference: Annotated[
        str, typer.Argument(metavar="RECORD-OR-URL", help="A post's id, its address, or an alert's key.")
    ],
    feeds: Feeds = None,
    database: Database = None,
    how: Formatted = Format.TABLE,
) -> None:
    """Tell what was read in a post, what was decided, and why."""
    from watcher.usecases.why import marks, told_by_calendar  # noqa: PLC0415  (brings all that reads, like the next)
    from watcher.usecases.why import why as explain  # noqa: PLC0415  (the command has the same name)

    app = bootstrap.assemble(feeds, database)
    with app.reading() as store:
        found = explain(store, reference)
        lapse = None if found else told_by_calendar(store, reference)
    if lapse:
        _say_lapse(lapse, how)
        return
    if not found:
        raise StorageError(f"no post on record has the id or address {reference}")

    def show(screen: Screen) -> None:
        from watcher.entrypoints.show.reasons import Looked, show_why  # noqa: PLC0415  (only where people look)

        sources = {source.id: source for source in app.sources}
        spans = lambda one: marks(one, app.reader, sources.get(one.post.source_id))  # noqa: E731  (said once)
        show_why(screen, found, Looked(app.vendor_name, app.reader.place, spans))

    say(how, map(forms.explanation, found), show)


def _say_lapse(alert: Alert, how: Format) -> None:
    """A lapse of a stance that no post had stated: there is no reading to show."""
    from watcher.entrypoints.show.lapses import lapse_alone, show_lapse  # noqa: PLC0415  (seldom needed)

    say(how, [lapse_alone(alert)], lambda screen: show_lapse(screen, alert))


def alerts(
    vendor: MaybeVendor = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", min=1, help="At most so many; without it all, and 20 as a table."),
    ] = None,
    feeds: Feeds = None,
    database: Database = None,
    how: Formatted = Format.TABLE,
) -> None:
    """List alerts and their deliveries, newest first."""
    app = bootstrap.assemble(feeds, database)
    with app.reading() as store:
        who = vendor_named(app, vendor, answer.vendors_on_record(store)) if vendor else None
        found = answer.alerts(store, vendor=who, limit=limit or (_SHOWN if how is Format.TABLE else None))
        left = backlog(store)

    def show(screen: Screen) -> None:
        from watcher.entrypoints.show.state import show_alerts, show_backlog  # noqa: PLC0415  (only where people look)

        show_backlog(screen, left, utc_now())
        if found:
            show_alerts(screen, found)
            if limit is None and len(found) == _SHOWN:
                screen.line()
                screen.line(f"The newest {_SHOWN} are shown; --limit shows more.", style="dim")
        else:
            screen.line(_nothing(app, who, "No alert{of} is on record."))

    say(how, map(forms.alert_line, found), show)


def sources(
    context: typer.Context, feeds: Feeds = None, database: Database = None, how: Formatted = Format.TABLE
) -> None:
    """Show how each source fares (add, import, export)."""
    if context.invoked_subcommand:
        context.obj = feeds  # ``--feeds`` may stand before the name of the command
        return
    app = bootstrap.assemble(feeds, database, need_feeds=True)
    with app.reading() as store:
        found = answer.sources(store, app.sources)

    def show(screen: Screen) -> None:
        from watcher.entrypoints.show.state import show_sources  # noqa: PLC0415  (only where people look)

        show_sources(screen, found, utc_now().astimezone(UTC))

    say(how, map(forms.source, found), show)


def say(how: Format, found: Iterable[Mapping[str, Any]], show: Callable[[Screen], None]) -> None:
    """Print an answer on standard output in the form that was asked for."""
    if how is Format.TABLE:
        show(Screen(sys.stdout))
    else:
        forms.put(sys.stdout, found, how)


def vendor_named(app: bootstrap.App, text: str, on_record: Iterable[str] = ()) -> str:
    """The id of the vendor that is meant.

    Raises:
        typer.BadParameter: nobody is known by that name.
    """
    found = answer.vendor_named(text, app.vendors, on_record)
    if found.vendor:
        return found.vendor
    hint = f"; did you mean {' or '.join(found.suggestions)}?" if found.suggestions else ""
    raise typer.BadParameter(f"no vendor is known as {text!r}{hint}")


def _nothing(app: bootstrap.App, vendor: str | None, sentence: str) -> str:
    told = sentence.format(of=f" of {app.vendor_name(vendor)}" if vendor else "")
    return told if vendor else f"{told} watcher poll reads the sources, watcher baseline import takes in known stances."
