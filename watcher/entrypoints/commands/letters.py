"""The weekly letter: ``digest preview``, ``digest send``, ``subscribers add``, ``list`` and ``remove``."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from watcher import bootstrap
from watcher.bootstrap import letters
from watcher.bootstrap.mailserver import address_of
from watcher.core.letter import Letter, Subscriber
from watcher.core.week import Week, last_week, week_named
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.options import Database, Feeds, Format, Formatted, Status
from watcher.entrypoints.show import forms
from watcher.entrypoints.show.aside import tell
from watcher.entrypoints.show.words import count
from watcher.usecases.answer import vendor_named
from watcher.usecases.letters import Office, send_week, subscribe, unsubscribe
from watcher.usecases.summarise import summarise

if TYPE_CHECKING:
    from watcher.bootstrap import App
    from watcher.core.digest import Digest
    from watcher.usecases.ports import Store


class Layout(StrEnum):
    """How a letter is shown."""

    TEXT = "text"
    HTML = "html"
    EML = "eml"
    JSON = "json"


WeekOption = Annotated[
    str | None, typer.Option("--week", metavar="WEEK", help="An ISO week such as 2020-W24; without it the last one.")
]
Address = Annotated[str, typer.Argument(metavar="EMAIL", help="The reader's address.")]


def preview(
    week: WeekOption = None,
    reader: Annotated[
        str | None, typer.Option("--for", metavar="EMAIL", help="As this reader gets it; without it with all vendors.")
    ] = None,
    how: Annotated[Layout, typer.Option("--format", help="text, html, eml (the whole mail) or json.")] = Layout.TEXT,
    feeds: Feeds = None,
    database: Database = None,
) -> None:
    """Show a week's letter, and send nothing."""
    from watcher.notify import letter as layout  # noqa: PLC0415  (late: it brings the mail library)

    app = bootstrap.assemble(feeds, database)
    with app.reading() as store:
        office = letters.office(app, None)
        one = _reader(store, reader) if reader else Subscriber("you@example.org", utc_now())
        zone = one.zone or office.zone
        digest = summarise(store, office.watched, _week(week, office, zone), ZoneInfo(zone), one.vendors)
    if how is Layout.JSON:
        forms.put(sys.stdout, [_form(digest)], Format.JSONL)
    elif how is Layout.EML:
        letter = Letter(one.address, digest.week, utc_now())
        sys.stdout.write(layout.message(digest, letter, zone, None).as_string())
    else:
        show = layout.as_html if how is Layout.HTML else layout.as_text
        sys.stdout.write(show(digest, zone, None))


def send(week: WeekOption = None, feeds: Feeds = None, database: Database = None) -> None:
    """Send a week's letter now to all readers who do not have it yet."""
    app = bootstrap.assemble(feeds, database)
    with letters.mailing(app.settings) as postman, app.writing(tell) as store:
        office = letters.office(app, store)
        done = send_week(store, postman, office, lambda zone: _week(week, office, zone), utc_now)
    for address, words in done.refused:
        tell(f"{address}: {words}")
    if done.trouble:
        tell(done.trouble)
    typer.echo(f"{count(done.sent, 'letter')} sent, {len(done.refused)} refused, {done.waiting} waiting")
    if done.refused or done.trouble or done.waiting:
        raise typer.Exit(Status.FAILED)


def add(
    address: Address,
    vendors: Annotated[
        str | None, typer.Option("--vendors", metavar="NAMES", help="Only these, with commas between; without it all.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", help="Such as Europe/Berlin; without it WATCHER_TIMEZONE.")
    ] = None,
    feeds: Feeds = None,
    database: Database = None,
) -> None:
    """Take a reader in, or change what one asked for."""
    app = bootstrap.assemble(feeds, database)
    reader = Subscriber(_address(address), utc_now(), _vendors(app, vendors), _zone(zone))
    with app.adding(tell) as store:
        new = subscribe(store, reader)
    typer.echo(f"{reader.address} {'gets the letter from next week on' if new else 'is a reader; changed as asked'}")


def listed(how: Formatted = Format.TABLE, feeds: Feeds = None, database: Database = None) -> None:
    """Who gets the letter, and when the last one went out."""
    app = bootstrap.assemble(feeds, database)
    with app.reading() as store, store.begin() as work:
        found = [(one, work.letters.of(one.address)) for one in work.letters.subscribers()]
    rows = [_reader_form(one, sent) for one, sent in found]
    if how is not Format.TABLE:
        forms.put(sys.stdout, rows, how)
        return
    for row in rows:
        wanted = ", ".join(row["vendors"]) or "all vendors"
        last = f"{row['week']} {row['state']}" if row["week"] else "no letter yet"
        zone = row["zone"] or "zone of the settings"
        typer.echo(f"{row['address']}  {'stopped' if row['stopped'] else wanted}, {zone}, {last}")
        if row["error"]:
            typer.echo(f"  {row['error']}")
    if not rows:
        typer.echo("No readers: watcher subscribers add EMAIL, or WATCHER_DIGEST_TO.")


def remove(address: Address, feeds: Feeds = None, database: Database = None) -> None:
    """Send somebody no further letter."""
    app = bootstrap.assemble(feeds, database)
    with app.adding(tell) as store:
        was = unsubscribe(store, _address(address), utc_now())
    if not was:
        tell(f"{address} is no reader")
        raise typer.Exit(Status.FAILED)
    typer.echo(f"{address} gets no further letter")


def _week(text: str | None, office: Office, zone: str) -> Week:
    if text is None:
        return last_week(utc_now(), office.schedule, ZoneInfo(zone))
    try:
        return week_named(text, office.schedule, ZoneInfo(zone))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no week: write it as 2020-W24") from error


def _reader(store: "Store", address: str) -> Subscriber:
    with store.begin() as work:
        found = {one.address: one for one in work.letters.subscribers()}
    if _address(address) not in found:
        raise typer.BadParameter(f"{address} is no reader; watcher subscribers list shows them")
    return found[_address(address)]


def _address(text: str) -> str:
    address = address_of(text)
    if not text.isprintable() or not letters.is_address(address):
        raise typer.BadParameter(f"{text!r} is no mail address")
    return address


def _zone(name: str | None) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (ValueError, OSError, KeyError) as error:
        raise typer.BadParameter(f"{name!r} is no zone of the tz database, such as Europe/Berlin") from error


def _vendors(app: "App", names: str | None) -> tuple[str, ...]:
    found = {name: vendor_named(name, app.vendors) for name in (names or "").split(",") if name.strip()}
    for name, named in found.items():
        if named.vendor is None:
            near = f"; did you mean {' or '.join(named.suggestions)}?" if named.suggestions else ""
            raise typer.BadParameter(f"{name.strip()!r} is no vendor that is known{near}")
    return tuple(dict.fromkeys(named.vendor for named in found.values() if named.vendor))


def _reader_form(reader: Subscriber, sent: list[Letter]) -> forms.Form:
    last = sent[-1] if sent else None
    return {
        "address": reader.address,
        "since": forms.iso(reader.since),
        "vendors": list(reader.vendors),
        "zone": reader.zone,
        "stopped": forms.iso(reader.stopped),
        "week": last.week.key if last else None,
        "state": last.state.value if last else None,
        "sent_at": forms.iso(last.sent_at) if last else None,
        "error": last.error if last else None,
    }


def _form(digest: "Digest") -> forms.Form:
    return {
        "week": digest.week.key,
        "begin": forms.iso(digest.week.begin),
        "end": forms.iso(digest.week.end),
        "changes": [news.alert.key for chapter in digest.chapters for news in chapter.news],
        "repeated": {chapter.vendor: chapter.repeated for chapter in digest.chapters if chapter.repeated},
        "endings": [
            {"vendor": one.row.vendor, "until": forms.iso(one.row.until), "days": one.days} for one in digest.endings
        ],
        "waiting": list(digest.waiting),
        "sources": digest.sight.sources,
        "healthy": digest.sight.well,
        "unchanged": list(digest.sight.unchanged),
        "unknown": list(digest.sight.unknown),
    }
