"""``doctor``: asks everything that an installation depends on whether it answers."""

import sys

import typer

from watcher import bootstrap
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.options import Database, Feeds, Format, Formatted, Status
from watcher.entrypoints.show import forms
from watcher.entrypoints.show.progress import progress_bar


def doctor(feeds: Feeds = None, database: Database = None, how: Formatted = Format.TABLE) -> None:
    """Ask record, Slack, mail server and sources if all is well."""
    from watcher.bootstrap.doctor import examine  # noqa: PLC0415  (late: it brings all that fetches)
    from watcher.entrypoints.show.findings import form_of, show_findings  # noqa: PLC0415  (the same)
    from watcher.entrypoints.show.screen import Screen  # noqa: PLC0415  (the same)
    from watcher.usecases.examine import State  # noqa: PLC0415  (the same)

    app = bootstrap.assemble(feeds, database, need_feeds=True)
    with progress_bar("asking") as progress:
        found = list(examine(app, utc_now, progress))
    if how is Format.TABLE:
        show_findings(Screen(sys.stdout), found)
    else:
        forms.put(sys.stdout, map(form_of, found), how)
    if any(one.state is State.FAILED for one in found):
        raise typer.Exit(Status.FAILED)
