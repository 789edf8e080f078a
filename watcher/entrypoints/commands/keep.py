"""Looking after the record: ``baseline import``, ``export``, ``db upgrade``, ``db backup``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from watcher import bootstrap
from watcher.core.errors import StorageError
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.inputs import present
from watcher.entrypoints.options import Database, Feeds
from watcher.entrypoints.show.aside import tell
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
    stances, new = app.take_in(file, utc_now(), tell)
    typer.echo(f"{count(stances, 'stance')} read, {new} new in {app.database}")


def export(
    feeds: Feeds = None,
    database: Database = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; without it here.")
    ] = None,
) -> None:
    """Write all stances as YAML, which baseline import reads."""
    app = bootstrap.assemble(feeds, database)
    with app.reading() as store:
        text = bootstrap.as_yaml(whole_ledger(store).rows)
    if output is None or output == "-":
        sys.stdout.write(text)
    else:
        _write(output, text)


def _write(file: str, text: str) -> None:
    try:
        Path(file).write_text(text, "utf-8")
    except OSError as error:
        raise StorageError(f"{file} cannot be written: {error.strerror}") from error


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
