"""``review``: what waits for a person's yes or no, the yes or no itself, and labelled posts made of both."""

import getpass
import json
import sys
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from watcher import bootstrap
from watcher.bootstrap import talk
from watcher.core.errors import StorageError
from watcher.core.review import Person, Review, Ruling
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.options import Database, Feeds, Format, Formatted
from watcher.entrypoints.show import forms
from watcher.entrypoints.show.aside import tell
from watcher.entrypoints.show.screen import Screen
from watcher.entrypoints.show.words import count

_REASONS = ", ".join(ruling for ruling in Ruling if ruling.rejects)


def _reason(text: str) -> Ruling:
    """Why an alert is rejected.

    Raises:
        typer.BadParameter: that is no reason.
    """
    if text in set(Ruling) and Ruling(text).rejects:
        return Ruling(text)
    raise typer.BadParameter(f"{text!r} is none of {_REASONS}")


def review(
    alert: Annotated[str | None, typer.Argument(metavar="ALERT", help="An alert's key, as alerts shows it.")] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="The alert is right.")] = False,
    reject: Annotated[
        Ruling | None, typer.Option("--reject", metavar="REASON", parser=_reason, help=f"It is wrong: {_REASONS}.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so; without it your login.")] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why.")] = None,
    export: Annotated[
        str | None, typer.Option("--export", metavar="FILE", help="Write what people said as labelled posts (.jsonl).")
    ] = None,
    feeds: Feeds = None,
    database: Database = None,
    how: Formatted = Format.TABLE,
) -> None:
    """Show what waits for a yes or no, or say it."""
    ruling = _one(alert, confirm, reject, export)
    app = bootstrap.assemble(feeds, database)
    if export:
        _export(app, export)
    elif alert and ruling:
        _rule(app, Review(alert, ruling, Person(by or getpass.getuser()), utc_now(), uuid4().hex, note), how)
    else:
        _show(app, how)


def _one(alert: str | None, confirm: bool, reject: Ruling | None, export: str | None) -> Ruling | None:
    """What is said; None where something is asked.

    Raises:
        typer.BadParameter: the options do not go together.
    """
    ruling = Ruling.CONFIRM if confirm else reject
    if confirm and reject:
        raise typer.BadParameter("an alert is either confirmed or rejected")
    if export and (alert or ruling):
        raise typer.BadParameter("--export stands alone")
    if alert and ruling is None:
        raise typer.BadParameter(f"say what is to become of {alert}: --confirm, or --reject with one of {_REASONS}")
    if ruling and not alert:
        raise typer.BadParameter("name the alert; watcher review without options lists those that wait")
    return ruling


def _show(app: bootstrap.App, how: Format) -> None:
    from watcher.entrypoints.show import waiting  # noqa: PLC0415  (late: with it comes what reads)
    from watcher.usecases.review import pending  # noqa: PLC0415  (the same)

    with app.reading() as store:
        found = pending(store, utc_now())
    if how is Format.TABLE:
        waiting.show_pending(Screen(sys.stdout), found, app.vendor_name)
    else:
        forms.put(sys.stdout, waiting.forms(found), how)


def _rule(app: bootstrap.App, said: Review, how: Format) -> None:
    from watcher.entrypoints.show import waiting  # noqa: PLC0415  (late: as above)
    from watcher.usecases.review import rule  # noqa: PLC0415  (the same)

    with app.reading() as store, store.begin() as work:
        known = work.alerts.get(said.alert_key) is not None
    if not known:
        raise StorageError(f"no alert on record has the key {said.alert_key}; watcher alerts lists them")
    with app.adding(tell) as store:
        done = rule(store, said)
        proposals = talk.propose(app, store, utc_now()) if said.ruling.rejects else []
    if done is None:
        raise StorageError(f"the alert {said.alert_key} is not on record any more")
    if how is Format.TABLE:
        waiting.show_ruled(Screen(sys.stdout), done)
    else:
        forms.put(sys.stdout, [waiting.ruled_form(done)], how)
    if proposals:
        tell(f"{count(len(proposals), 'exclusion')} proposed for the rules; watcher review shows what it would do")


def _export(app: bootstrap.App, file: str) -> None:
    from watcher.usecases.cases import cases  # noqa: PLC0415  (only here)

    with app.reading() as store:
        found = cases(store)
    text = "".join(f"{json.dumps(case, ensure_ascii=False)}\n" for case in found)
    try:
        Path(file).write_text(text, "utf-8")
    except OSError as error:
        raise StorageError(f"{file} cannot be written: {error.strerror}") from error
    tell(f"{count(len(found), 'labelled post')} written to {file}")
