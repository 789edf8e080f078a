"""Commands that need no record: ``check``, ``analyze``, ``backtest``."""

import sys
from collections import Counter
from datetime import datetime
from typing import Annotated

import typer

from watcher import bootstrap
from watcher.core.errors import ConfigError
from watcher.core.source import SourceKind
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.commands.ask import vendor_named
from watcher.entrypoints.inputs import Gate, Given, archives, inputs, is_address, present
from watcher.entrypoints.options import Database, Feeds, Format, Formatted, moment
from watcher.entrypoints.show import forms
from watcher.entrypoints.show.screen import Screen

Files = Annotated[list[str], typer.Argument(metavar="FILE", help="Archives (.jsonl); - is standard input.")]
Inputs = Annotated[
    list[str],
    typer.Argument(metavar="FILE", help="Archives (.jsonl), texts, HTML pages, addresses; - is standard input."),
]
Published = Annotated[
    datetime | None,
    typer.Option("--published", metavar="DATE", parser=moment, help="When a text was published; without it now."),
]


def check(feeds: Feeds = None, database: Database = None, how: Formatted = Format.TABLE) -> None:
    """Validate feeds.yaml, rules and settings, offline."""
    try:
        app, examples = bootstrap.check(feeds, database)
    except ConfigError as error:
        if how is not Format.TABLE:
            forms.put(sys.stdout, map(forms.fault, error.faults), how)
        raise
    if how is not Format.TABLE:
        forms.put(sys.stdout, [], how)
        return
    screen = Screen(sys.stdout)
    for label, value in _findings(app, examples):
        screen.labelled(label, value, indent=0)
    screen.line("All is well.", style="green")


def _findings(app: bootstrap.App, examples: int) -> list[tuple[str, str]]:
    file = app.settings.feeds
    kinds = Counter(source.type.value for source in app.sources)
    told = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    return [
        ("Sources", f"{len(app.sources)} in {file}{f' ({told})' if told else ''}"),
        ("Vendors", f"{len(app.vendors)}, {len(app.configuration.vendors)} of them from {file}"),
        ("Rules", f"version {app.reader.version}; all {examples} examples hold"),
        ("Record", app.database),
        ("Alerts to", "the terminal: no Slack token is set" if app.on_terminal else _channels(app)),
    ]


def _channels(app: bootstrap.App) -> str:
    routed = sorted({route.channel for route in app.configuration.routes})
    rest = f"; all else to {app.settings.slack_channel}" if app.settings.slack_channel and routed else ""
    return f"Slack: {', '.join(routed) or app.settings.slack_channel}{rest}"


def analyze(
    files: Inputs,
    published: Published = None,
    title: Annotated[str | None, typer.Option("--title", help="The title of a text that has none.")] = None,
    vendor: Annotated[str | None, typer.Option("--vendor", help="Whose own voice a text is.")] = None,
    kind: Annotated[
        SourceKind, typer.Option("--kind", metavar="KIND", help=f"Who speaks: {', '.join(SourceKind)}.")
    ] = SourceKind.NEWS,
    feeds: Feeds = None,
    how: Formatted = Format.TABLE,
) -> None:
    """Read texts, store nothing; show each statement and its proof."""
    from watcher.usecases.analyze import analyze as read  # noqa: PLC0415  (the command has the same name)

    present(files)
    app = bootstrap.assemble(feeds, None)
    given = Given(
        published=published or utc_now(),
        title=title,
        vendor=vendor_named(app, vendor) if vendor else None,
        kind=SourceKind.VENDOR if vendor and kind is SourceKind.NEWS else kind,
    )
    gate = Gate(inputs(files, given, app.vendor_of, lambda url: app.download(url, utc_now)))
    found = gate.watched(read(gate.good(), app.reader, app.markup(utc_now)))
    if how is Format.TABLE:
        from watcher.entrypoints.show.statements import show_analysis, show_legend  # noqa: PLC0415  (only where people look)

        if published is None and any(not is_address(name) and not name.endswith(".jsonl") for name in files):
            typer.echo("A text without --published is read as if it had been published just now.", err=True)
        screen, any_marks = Screen(sys.stdout), False
        for one in found:
            show_analysis(screen, one, app.vendor_name, app.reader.place)
            any_marks = any_marks or bool(one.marks)
        if any_marks:
            show_legend(screen)
    else:
        forms.put(sys.stdout, (forms.analysis(one, app.reader.place) for one in found), how)
    gate.close()


def backtest(
    files: Files,
    baseline: Annotated[
        str | None,
        typer.Option(
            "--baseline", metavar="FILE", help="Stances to start from; default: the shipped ones of that time."
        ),
    ] = None,
    feeds: Feeds = None,
    how: Formatted = Format.TABLE,
) -> None:
    """Replay archives in memory: which alerts would have gone out."""
    from watcher.usecases.backtest import as_line  # noqa: PLC0415  (the command has the same name)
    from watcher.usecases.backtest import backtest as replay  # noqa: PLC0415  (the same)

    present([*files, *([baseline] if baseline and baseline != "default" else [])])
    app = bootstrap.assemble(feeds, None)
    gate = Gate(archives(files, app.vendor_of))
    records = list(gate.good())
    first = min((record.at for record in records), default=utc_now())
    stances = bootstrap.stances_before(baseline, first) if baseline else ()
    told = replay(records, app.reader, bootstrap.memory(), stances, markup=app.markup(utc_now))
    lines = map(as_line, told)
    if how is Format.TABLE:
        from watcher.entrypoints.show.statements import show_sum, show_told  # noqa: PLC0415  (only where people look)

        screen, alerts = Screen(sys.stdout), 0
        for alerts, line in enumerate(lines, 1):  # noqa: B007  (the last number is how many there were)
            show_told(screen, line, app.vendor_name(line["vendor"] or ""))
        show_sum(screen, len(records), alerts)
    else:
        forms.put(sys.stdout, lines, how)
    gate.close()
