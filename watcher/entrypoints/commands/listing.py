"""The list of sources: ``sources add``, ``sources import``, ``sources export``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.core.access import Access
from watcher.core.capture import Capture
from watcher.core.source import FullText, SourceKind, SourceType
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.commands.ask import vendor_named
from watcher.entrypoints.options import Feeds, Format, Formatted
from watcher.entrypoints.show import forms
from watcher.entrypoints.show.screen import Screen

if TYPE_CHECKING:
    from watcher.bootstrap.app import App
    from watcher.fetch.discover import Found

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be added; write nothing.")]
_SHOWN = 5  # entries, or sentences of a document
_NEWS = Annotated[
    SourceKind, typer.Option("--kind", metavar="KIND", help=f"Who speaks in them: {', '.join(SourceKind)}.")
]


Url = Annotated[str, typer.Argument(metavar="URL", help="A site, a blog, a feed, or a document.")]
Id = Annotated[str | None, typer.Option("--id", metavar="ID", help="Its id; else made of its title.")]
OwnVoice = Annotated[
    str | None, typer.Option("--vendor", metavar="VENDOR", help="Whose own voice it is; any of the vendor's names.")
]
Kind = Annotated[
    SourceKind | None,
    typer.Option("--kind", metavar="KIND", help=f"Who speaks: {', '.join(SourceKind)}; else vendor or news."),
]
Type = Annotated[
    SourceType | None,
    typer.Option("--type", metavar="TYPE", help="feed, blog or policy; else the feed, or the list of posts."),
]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="The name to show; else its title.")]
Every = Annotated[str | None, typer.Option("--every", metavar="SPAN", help="How often it is polled: 15m, 6h.")]
Whole = Annotated[
    FullText | None,
    typer.Option("--full-text", metavar="WHEN", help=f"When the page of a post is read: {', '.join(FullText)}."),
]
Language = Annotated[str | None, typer.Option("--language", metavar="CODE", help="Where it is not English: de.")]
Selector = Annotated[
    str | None, typer.Option("--selector", metavar="CSS", help="Of a blog or document: where the links or text are.")
]
Auth = Annotated[
    str | None, typer.Option("--auth", metavar="NAME", help="The setting that holds user:password: WATCHER_SOURCE_X.")
]
Proxy = Annotated[
    str | None, typer.Option("--proxy", metavar="NAME", help="The setting that holds the address of a proxy for it.")
]


def sources_add(
    context: typer.Context,
    url: Url,
    name: Id = None,
    vendor: OwnVoice = None,
    kind: Kind = None,
    wanted: Type = None,
    title: Name = None,
    every: Every = None,
    full_text: Whole = None,
    language: Language = None,
    selector: Selector = None,
    auth: Auth = None,
    proxy: Proxy = None,
    dry_run: DryRun = False,
    feeds: Feeds = None,
    how: Formatted = Format.TABLE,
) -> None:
    """Watch an address: find its feed or its posts.

    What would be read is shown, with dates; then the source is added to feeds.yaml, whose comments and order stay.
    """
    from watcher.bootstrap import adding  # noqa: PLC0415  (only here)

    app = adding.installation(feeds or context.obj)
    who = vendor_named(app, vendor) if vendor else None
    said = _kind(kind, who, wanted)
    address = _address(url)
    _refuse_known(app, address)
    access = Access(login=auth, proxy=proxy) if auth or proxy else None
    found = adding.discover(app, address, wanted, selector, access, utc_now)
    _refuse_known(app, found.url)
    given = {
        "id": name,
        "name": title,
        "kind": said.value,
        "vendor": who,
        "every": every,
        "full_text": full_text.value if full_text else None,
        "language": language,
        "selector": selector if found.type is not SourceType.FEED else None,
        "auth": auth,
        "proxy": proxy,
    }
    entry = adding.entry_for(found, found.content.title, given, {one.id for one in app.sources})
    added = (adding.preview if dry_run else adding.add)(app, [entry])
    _answer(app, found, entry, added, how, dry_run=dry_run)


def sources_import(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A list of feeds as OPML.")],
    kind: _NEWS = SourceKind.NEWS,
    dry_run: DryRun = False,
    feeds: Feeds = None,
) -> None:
    """Add the feeds of an OPML file.

    Those that are watched already, and those without a usable address, are named and left out.
    """
    from watcher.bootstrap import adding  # noqa: PLC0415  (only here)

    if kind is SourceKind.VENDOR:
        raise typer.BadParameter("a vendor's own feed needs its vendor: add it with watcher sources add --vendor")
    app = adding.installation(feeds or context.obj)
    found = adding.from_opml(app, file, kind.value)
    lines = (adding.preview if dry_run else adding.add)(app, found.entries) if found.entries else ""
    screen = Screen(sys.stdout)
    for one in found.known:
        screen.line(f"Watched already: {one}", hanging=2)
    for one in found.skipped:
        screen.line(f"Left out: {one}", hanging=2)
    if dry_run and lines:
        sys.stdout.write(lines)
    verb = "would be added to" if dry_run else "added to"
    count = len(found.entries)
    screen.line(f"{count} source{'' if count == 1 else 's'} {verb} {app.settings.feeds}.")


def sources_export(
    context: typer.Context,
    output: Annotated[
        str | None, typer.Option("--output", metavar="FILE", help="Where to write; else standard output.")
    ] = None,
    how: Annotated[str, typer.Option("--format", metavar="FORMAT", help="opml is the only one.")] = "opml",
    feeds: Feeds = None,
) -> None:
    """Write the feeds as OPML, for other readers."""
    from watcher import bootstrap  # noqa: PLC0415  (only here)
    from watcher.bootstrap import adding  # noqa: PLC0415  (only here)

    if how != "opml":
        raise typer.BadParameter(f"opml is the only format, not {how!r}")
    text, left_out = adding.to_opml(bootstrap.assemble(feeds or context.obj, None, need_feeds=True))
    if output:
        Path(output).write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    if left_out:
        typer.echo(f"left out, since OPML names feeds only: {', '.join(left_out)}", err=True)


def _address(url: str) -> str:
    address = url if "://" in url else f"https://{url}"
    if "@" in address.partition("://")[2].partition("/")[0]:
        raise typer.BadParameter(
            "an address without user name and password: name a setting that holds them under auth, see docs/sources.md"
        )
    return address


def _kind(kind: SourceKind | None, vendor: str | None, wanted: SourceType | None) -> SourceKind:
    if vendor is None and (kind is SourceKind.VENDOR or wanted is SourceType.POLICY):
        raise typer.BadParameter("--vendor is missing: whose own voice it is")
    return kind or (SourceKind.VENDOR if vendor else SourceKind.NEWS)


def _refuse_known(app: "App", url: str) -> None:
    from watcher.bootstrap import adding  # noqa: PLC0415  (only here)

    known = adding.watched_as(app.sources, url)
    if known:
        raise typer.BadParameter(f"that is watched already, as {known}")


def _answer(app: "App", found: "Found", entry: dict[str, str], added: str, how: Format, *, dry_run: bool) -> None:
    if how is Format.TABLE:
        _show(Screen(sys.stdout), app, found, added, dry_run=dry_run)
    else:
        forms.put(sys.stdout, [_form(entry, found, written=not dry_run)], how)


def _show(screen: Screen, app: "App", found: "Found", added: str, *, dry_run: bool) -> None:
    screen.labelled("Found", f"{found.type.value}: {found.how}", indent=0)
    screen.address(found.url, indent=12)
    if found.content.title:
        screen.labelled("Title", found.content.title, indent=0)
    for one in found.others:
        screen.labelled("Also", f"another feed of the page: {one}", indent=0)
    _show_content(screen, found)
    screen.labelled("Not written" if dry_run else "Added", f"to {app.settings.feeds}:", indent=0)
    screen.line()
    sys.stdout.write(added.strip("\n") + "\n")


def _show_content(screen: Screen, found: "Found") -> None:
    if isinstance(found.content, Capture):
        sentences = [line for line in found.content.text.splitlines() if line.strip()]
        screen.labelled("Reads", f"{len(sentences)} paragraphs, headings and list items:", indent=0)
        for line in sentences[:_SHOWN]:
            screen.line(line[:200], indent=2, hanging=2)
        return
    entries = found.content.entries
    screen.labelled(
        "Reads", f"{len(entries)} entries{': the first of them' if len(entries) > _SHOWN else ''}", indent=0
    )
    for entry in entries[:_SHOWN]:
        date = entry.published.date().isoformat() if entry.published else "no date"
        screen.labelled(date, entry.title or entry.text[:100])


def _form(entry: dict[str, str], found: "Found", *, written: bool) -> dict[str, Any]:
    content = found.content
    entries = [] if isinstance(content, Capture) else content.entries
    return {
        **{key: entry.get(key) for key in ("id", "type", "url", "name", "kind", "vendor", "every", "selector")},
        "found": found.how,
        "written": written,
        "others": list(found.others),
        "entries": [{"title": e.title, "url": e.url, "published": forms.iso(e.published)} for e in entries],
    }
