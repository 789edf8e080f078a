"""Looking after the record: ``baseline import``, ``export``, ``db upgrade``, ``db backup``."""

import sys
from typing import Annotated

import typer

from watcher import bootstrap
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.inputs import present
from watcher.entrypoints.options import Database, Feeds
from watcher.entrypoints.show.words import count
from watcher.usecases.answer import whole_ledger


def baseline_import(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A YAML file of stances; default: the shipped one.")],
    feeds: Feeds = None,
    database: Database = None,
) -> None:
    """Take stances into the ledger; those that are there already stay as they are."""
    if file != "default":
        present([file])
    app = bootstrap.assemble(feeds, database)
    stances = app.baseline(file, None, recorded_at=utc_now())
    with app.writing(tell) as store, store.begin() as work:
        new = work.stances.add(stances)
        work.commit()
    typer.echo(f"{count(len(stances), 'stance')} read, {new} new in {app.database}")


def export(
    feeds: Feeds = None,
    database: Database = None,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; without it here.")] = None,
) -> None:
    """Write all stances as YAML, in the form that baseline import reads."""
    app = bootstrap.assemble(feeds, database)
    text = app.export(whole_ledger(app.open_record()).rows)
    if output is None or output == "-":
        sys.stdout.write(text)
    else:
        bootstrap.write(output, text)


def upgrade(database: Database = None) -> None:
    """Bring the tables of the record to this version."""
    app = bootstrap.assemble(None, database)
    typer.echo(app.upgrade())


def backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where the copy goes.")], database: Database = None
) -> None:
    """Copy the record, consistently, while it is in use (SQLite)."""
    app = bootstrap.assemble(None, database)
    app.backup(file)
    typer.echo(f"{app.database} copied to {file}")


def tell(sentence: str) -> None:
    """Something that was done on the way: to standard error, because it is no answer."""
    typer.echo(sentence, err=True)
