"""Adding sources to feeds.yaml, from an address or from another reader's list, and handing the list out."""

import os
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from watcher.bootstrap.app import App, Clock
from watcher.bootstrap.assembly import assemble
from watcher.core.access import Access
from watcher.core.errors import ConfigError
from watcher.core.post import canonical_url
from watcher.core.source import Source, SourceKind, SourceType

if TYPE_CHECKING:
    from watcher.fetch.credentials import Credentials
    from watcher.fetch.discover import Found

_DOTENV = ".env"
_LONGEST_ID = 50
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an OPML file: the entries to add, the titles known already, those without a usable address."""

    entries: tuple[Mapping[str, str], ...]
    known: tuple[str, ...]
    skipped: tuple[str, ...]


def installation(feeds: str | None) -> App:
    """An installation whose feeds.yaml may not be there yet.

    Raises:
        ConfigError: all faults of settings and feeds.yaml at once.
    """
    from watcher.config import environment  # noqa: PLC0415  (late: as in ``app``)
    from watcher.config.feeds import Configuration  # noqa: PLC0415  (the same)

    settings = environment.load(os.environ, _DOTENV)
    if Path(feeds or settings.feeds).exists():
        return assemble(feeds, None)
    return App(replace(settings, feeds=feeds or settings.feeds), Configuration())


def discover(
    app: App, url: str, wanted: SourceType | None, selector: str | None, access: Access | None, clock: Clock
) -> "Found":
    """How an address can be watched, asked with a login or by a proxy where ``access`` names them.

    Raises:
        ConfigError: a setting that ``access`` names is missing or does not fit.
        FetchError: the address cannot be had, or nothing there can be watched; the message says what was tried.
    """
    from watcher.fetch.discover import NEW, Discovery, nothing_found  # noqa: PLC0415  (late: as in ``app``)
    from watcher.fetch.download import Downloader  # noqa: PLC0415  (the same)
    from watcher.fetch.parser import WebParser  # noqa: PLC0415  (the same)

    manners = replace(app.manners, credentials={NEW: _credentials(app, url, access)} if access else {})
    fetcher = Downloader(manners, clock)
    try:
        discovery = Discovery(fetcher, WebParser(clock), clock)
        found = discovery.find(url, wanted, selector)
    finally:
        fetcher.close()
    if found is None:
        raise nothing_found(url, discovery.tried)
    return found


def _credentials(app: App, url: str, access: Access) -> "Credentials":
    from watcher.config import environment  # noqa: PLC0415  (late: as in ``app``)
    from watcher.config.access import check  # noqa: PLC0415  (the same)
    from watcher.fetch.credentials import credentials  # noqa: PLC0415  (the same)

    given = app.settings.of_sources
    faults = check(
        [Source("new", SourceType.FEED, url, SourceKind.NEWS, access=access)], given, environment.ENVIRONMENT
    )
    if faults:
        raise ConfigError(faults)
    return credentials(url, access, {name: secret.reveal() for name, secret in given.items()})


def watched_as(sources: Sequence[Source], url: str) -> str | None:
    """The id under which an address is watched already."""
    return next((one.id for one in sources if _same(one.url) == _same(url)), None)


def entry_for(
    found: "Found", title: str | None, given: Mapping[str, str | None], ids: Collection[str]
) -> dict[str, str]:
    """The keys of a source: what was given, and else what was found; its id is one that is free."""
    name = given.get("name") or _name(title)
    identity = given.get("id") or free_id(name or "", found.url, ids)
    made = {**given, "id": identity, "type": found.type.value, "url": found.url, "name": name}
    return {key: value for key, value in made.items() if value}


def free_id(name: str, url: str, ids: Collection[str]) -> str:
    """An id that no source has yet: of the name, or of the host."""
    wanted = _slug(name) or _slug((urlsplit(url).hostname or "source").removeprefix("www."))
    tries = (wanted, *(f"{wanted}-{number}" for number in range(2, len(ids) + 3)))
    return next(one for one in tries if one not in ids)


def add(app: App, entries: Sequence[Mapping[str, str]]) -> str:
    """Write sources into feeds.yaml; the lines that were added.

    Raises:
        ConfigError: the file has faults, or would have, or cannot be written.
    """
    from watcher.config.feedsfile import append  # noqa: PLC0415  (late: as in ``app``)

    return append(app.settings.feeds, entries)


def preview(app: App, entries: Sequence[Mapping[str, str]]) -> str:
    """The lines that ``add`` would add.

    Raises:
        ConfigError: as for ``add``.
    """
    from watcher.config.feedsfile import preview as lines  # noqa: PLC0415  (late: as in ``app``)

    return lines(app.settings.feeds, entries)


def from_opml(app: App, file: str, kind: str) -> Imported:
    """What an OPML file would add to feeds.yaml.

    Raises:
        ConfigError: it cannot be read, or is no OPML that is safe to read.
    """
    from watcher.config import opml  # noqa: PLC0415  (late: as in ``app``)

    outlines = opml.load(file)
    ids, seen = {one.id for one in app.sources}, {_same(one.url) for one in app.sources}
    entries: list[Mapping[str, str]] = []
    known: list[str] = []
    for outline in outlines.feeds:
        if _same(outline.url) in seen:
            known.append(outline.title or urlsplit(outline.url).hostname or "")
            continue
        seen.add(_same(outline.url))
        name = _name(outline.title)
        entry = {"id": free_id(name or "", outline.url, ids), "type": "feed", "url": outline.url, "kind": kind}
        ids.add(entry["id"])
        entries.append({**entry, "name": name} if name else entry)
    return Imported(tuple(entries), tuple(known), outlines.skipped)


def to_opml(app: App) -> tuple[str, list[str]]:
    """The feeds as OPML, and the ids of the sources that it has no form for."""
    from watcher.config import opml  # noqa: PLC0415  (late: as in ``app``)

    return opml.write(app.sources, "Sources of the watcher"), opml.left_out(app.sources)


def _same(url: str) -> str:
    """One form of the addresses of one feed: a scheme or a trailing slash makes no other."""
    return canonical_url(url).partition("://")[2].removeprefix("www.")


def _name(title: str | None) -> str | None:
    kept = "".join(sign for sign in title or "" if unicodedata.category(sign)[0] != "C")
    return " ".join(kept.split())[:_LONGEST_NAME] or None


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_ID].strip("-")
