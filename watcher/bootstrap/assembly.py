"""How an installation is put together from the environment, feeds.yaml and the command line."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from watcher.bootstrap.app import SHIPPED, App
from watcher.core.errors import ConfigError, Fault
from watcher.usecases.take_in import take_in

if TYPE_CHECKING:
    from watcher.config.feeds import Configuration
    from watcher.core.reader import Reader
    from watcher.core.source import Source
    from watcher.core.stance import Stance
    from watcher.usecases.ports import Store

Made = TypeVar("Made")

_DOTENV = ".env"


def assemble(feeds: str | None, database: str | None, *, need_feeds: bool = False) -> App:
    """An installation as the environment and feeds.yaml have it, with what the command line puts in their place.

    Args:
        feeds: the command line's ``--feeds``.
        database: the command line's ``--database``: an address, or the path of a SQLite file.
        need_feeds: a missing feeds.yaml is a fault also where nobody named one; a record can be asked without it.

    Raises:
        ConfigError: all faults of settings and feeds.yaml at once.
    """
    app, faults = _assemble(feeds, database, need_feeds=need_feeds)
    if app is None or faults:
        raise ConfigError(faults)
    return app


def _assemble(feeds: str | None, database: str | None, *, need_feeds: bool) -> tuple[App | None, list[Fault]]:
    from watcher.config import access, environment  # noqa: PLC0415  (late: see the module's head)
    from watcher.config.environment import Secret, Settings  # noqa: PLC0415  (the same)

    faults: list[Fault] = []
    settings = _noting(faults, lambda: environment.load(os.environ, _DOTENV)) or Settings()
    if database:
        url = database if "://" in database else f"sqlite:///{database}"
        settings = replace(settings, database_url=Secret(url))
    if feeds:
        settings = replace(settings, feeds=feeds)
    named = feeds is not None or settings.feeds != Settings().feeds
    configuration = _noting(faults, lambda: _configuration(settings.feeds, needed=need_feeds or named))
    if configuration is None:
        return None, faults
    if need_feeds:
        faults += environment.check_channel(settings, configuration.routes)
        faults += access.check(configuration.sources, settings.of_sources, environment.ENVIRONMENT)
    return App(settings, configuration), faults


def _configuration(feeds: str, *, needed: bool) -> "Configuration":
    from watcher.config.feeds import Configuration, load  # noqa: PLC0415  (late: see the module's head)

    return load(feeds) if needed or Path(feeds).exists() else Configuration()


def _noting(faults: list[Fault], make: Callable[[], Made]) -> Made | None:
    try:
        return make()
    except ConfigError as error:
        faults.extend(error.faults)
        return None


def demonstration(database: str, sources: "Sequence[Source]") -> App:
    """An installation that only knows feeds on this machine, and tells the terminal; it looks at no settings."""
    from watcher.config.environment import Secret, Settings  # noqa: PLC0415  (late: see the module's head)
    from watcher.config.feeds import Configuration  # noqa: PLC0415  (the same)
    from watcher.fetch.settings import Settings as Manners  # noqa: PLC0415  (the same)

    here = Manners(allow_private=True, per_host=8, gap=0.0)
    return App(Settings(database_url=Secret(f"sqlite:///{database}")), Configuration(sources=tuple(sources)), here)


def check(feeds: str | None, database: str | None) -> tuple[App, int]:
    """Validate settings, feeds.yaml, vendors and rules; the installation, and how many examples its rules met.

    Raises:
        ConfigError: all faults of all of them at once.
    """
    from watcher.config import environment  # noqa: PLC0415  (late: see the module's head)
    from watcher.usecases.mutate import disproved  # noqa: PLC0415  (the same)
    from watcher.usecases.prove import claims  # noqa: PLC0415  (the same)

    app, faults = _assemble(feeds, database, need_feeds=True)
    faults += [*environment.check_hosts(app.settings, app.sources), *_check_selectors(app)] if app else []
    faults += _noting(faults, lambda: disproved(proving_reader())) or ()
    reader = _noting(faults, lambda: app.reader) if app else None
    if app is None or reader is None or faults:
        raise ConfigError(list(dict.fromkeys(faults)))  # the rules are loaded twice, and say the same
    return app, sum(1 for grammar in reader.grammars.values() for _ in claims(grammar))


def _check_selectors(app: App) -> list[Fault]:
    """Selectors that cannot be read, told before the first poll."""
    from watcher.fetch.selector import xpath  # noqa: PLC0415  (late: see the module's head)

    faults: list[Fault] = []
    for source in app.sources:
        try:
            xpath(source.selector or "*")
        except ValueError:
            expected = "a CSS selector of the part that is read here; see docs/sources.md"
            faults.append(Fault(app.settings.feeds, f"selector ({source.id})", expected))
    return faults


def proving_reader() -> "Reader":
    """The rules, with the vendor of their examples and nobody else; raises what ``load_reader`` raises."""
    from watcher.config.rules import load_reader  # noqa: PLC0415  (late: see the module's head)
    from watcher.usecases.prove import EXEMPLARY  # noqa: PLC0415  (the same)

    return load_reader(EXEMPLARY)


def memory() -> "Store":
    """A record that is forgotten with the process."""
    from watcher.usecases.memory import MemoryStore  # noqa: PLC0415  (late: see the module's head)

    return MemoryStore()


def stances_before(file: str, when: datetime) -> "tuple[Stance, ...]":
    """The stances of a file, or the shipped ones, that held before a day, as if they had been known then."""
    from watcher.config.baseline import as_of, load  # noqa: PLC0415  (late: see the module's head)

    return as_of(load(None if file == SHIPPED else file, when), when)


def begin_with(store: "Store", when: datetime) -> int:
    """Let a record begin with the shipped ledger as it stood before a day; how many stances that is."""
    from watcher.config.baseline import load_evidence  # noqa: PLC0415  (late: see the module's head)

    stances = stances_before(SHIPPED, when)
    ids = {row.id for row in stances}
    evidence = [item for item in load_evidence(None, when) if item.stance_id in ids and item.stated_on < when.date()]
    return take_in(store, stances, evidence)


def as_yaml(stances: "Sequence[Stance]") -> str:
    """Stances in the form that ``baseline import`` reads."""
    from watcher.config.baseline import export  # noqa: PLC0415  (late: see the module's head)

    return export(stances)
