"""Commands that need no record: ``check``, ``analyze``, ``backtest``, ``rules test``."""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from watcher import bootstrap
from watcher.core.source import SourceKind
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.inputs import Bad, Given, archives, inputs, is_address, present
from watcher.entrypoints.options import Database, Feeds, Format, Formatted, Status, moment
from watcher.entrypoints.show import forms
from watcher.entrypoints.show.screen import Screen
from watcher.usecases.archive import Record

Files = Annotated[list[str], typer.Argument(metavar="FILE...", help="Archives (.jsonl); - is standard input.")]
Inputs = Annotated[
    list[str], typer.Argument(metavar="FILE...", help="Archives (.jsonl), texts, HTML pages, addresses; - is standard input.")
]
Published = Annotated[
    datetime | None,
    typer.Option("--published", metavar="DATE", parser=moment, help="When a text was published; without it now."),
]


def check(feeds: Feeds = None, database: Database = None) -> None:
    """Validate feeds.yaml, the rules and the settings; needs no network."""
    found = bootstrap.check(feeds, database)
    screen = Screen(sys.stdout)
    for label, value in found:
        screen.labelled(label, value, indent=0)
    screen.line("All is well.", style="green")


def analyze(
    files: Inputs,
    published: Published = None,
    title: Annotated[str | None, typer.Option("--title", help="The title of a text that has none.")] = None,
    vendor: Annotated[str | None, typer.Option("--vendor", help="Whose own voice a text is.")] = None,
    kind: Annotated[SourceKind, typer.Option("--kind", metavar="KIND", help=f"Who speaks: {', '.join(SourceKind)}.")] = SourceKind.NEWS,
    feeds: Feeds = None,
    how: Formatted = Format.TABLE,
) -> None:
    """Read texts without storing anything, and show each statement with its proof."""
    from watcher.usecases.analyze import analyze as read  # noqa: PLC0415  (the command has the same name)

    present(files)
    app = bootstrap.assemble(feeds, None)
    given = Given(
        published=published or utc_now(),
        title=title,
        vendor=_vendor(app, vendor) if vendor else None,
        kind=SourceKind.VENDOR if vendor and kind is SourceKind.NEWS else kind,
    )
    gate = _Gate(inputs(files, given, app.vendor_of, app.download))
    found = read(gate.good(), app.reader, app.markup)
    if how is Format.TABLE:
        from watcher.entrypoints.show.statements import show_analysis  # noqa: PLC0415  (only where people look)

        if published is None and any(not is_address(name) and not name.endswith(".jsonl") for name in files):
            typer.echo("A text without --published is read as if it had been published just now.", err=True)
        screen = Screen(sys.stdout)
        for one in found:
            show_analysis(screen, one)
    else:
        forms.put(sys.stdout, map(forms.analysis, found), how)
    gate.close()


def backtest(
    files: Files,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="FILE", help="Stances to start from; default: the shipped ones of that time."),
    ] = None,
    feeds: Feeds = None,
    how: Formatted = Format.TABLE,
) -> None:
    """Replay archives on a fresh record in memory, and show the alerts that would have gone out."""
    from watcher.usecases.backtest import as_line, backtest as replay  # noqa: PLC0415  (the command has the same name)

    present([*files, *([baseline] if baseline and baseline != "default" else [])])
    app = bootstrap.assemble(feeds, None)
    gate = _Gate(archives(files, app.vendor_of))
    records = list(gate.good())
    stances = app.baseline(baseline, min((record.at for record in records), default=utc_now())) if baseline else ()
    told = replay(records, app.reader, app.memory(), stances, markup=app.markup)
    lines = map(as_line, told)
    if how is Format.TABLE:
        from watcher.entrypoints.show.statements import show_sum, show_told  # noqa: PLC0415  (only where people look)

        screen, count = Screen(sys.stdout), 0
        for count, line in enumerate(lines, 1):  # noqa: B007  (the last number is how many there were)
            show_told(screen, line, app.vendor_name(line["vendor"] or ""))
        show_sum(screen, len(records), count)
    else:
        forms.put(sys.stdout, lines, how)
    gate.close()


def rules_test() -> None:
    """Try every rule on its own examples."""
    report = bootstrap.test_rules()
    screen = Screen(sys.stdout)
    for failure in report.failures:
        screen.line(failure, hanging=2, style="red")
    screen.line(report.summary)
    if report.failures:
        raise typer.Exit(Status.FAILED)


class _Gate:
    """Lets records through, and names lines that hold none on standard error."""

    def __init__(self, found: Iterator[Record | Bad]) -> None:
        self._found = found
        self._bad = 0

    def good(self) -> Iterator[Record]:
        for one in self._found:
            if isinstance(one, Bad):
                self._bad += 1
                typer.echo(f"{one}; the rest is read", err=True)
            else:
                yield one

    def close(self) -> None:
        """End with a failure if a line was bad."""
        if self._bad:
            raise typer.Exit(Status.FAILED)


def _vendor(app: bootstrap.App, text: str) -> str:
    from watcher.usecases.answer import vendor_named  # noqa: PLC0415  (rarely needed)

    found = vendor_named(text, app.vendors)
    if found.vendor:
        return found.vendor
    hint = f"; did you mean {' or '.join(found.suggestions)}?" if found.suggestions else ""
    raise typer.BadParameter(f"no vendor is known as {text!r}{hint}")
