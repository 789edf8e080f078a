"""A changed feeds.yaml, or changed rules, taken over while the watcher runs; with a fault in them the old ones stay."""

import logging
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from watcher.core.errors import ConfigError

if TYPE_CHECKING:
    from watcher.bootstrap.app import App
    from watcher.bootstrap.live import Live

_MOST = 10  # faults that one message names

_log = logging.getLogger(__name__)

Signature = tuple[tuple[str, int, int], ...]


class Reload:
    """Looks at the files, and takes over what has changed in them.

    A change is read once two looks agree on it, for an editor may be half-way through its writing. ``asked`` (SIGHUP)
    takes the files over as they are.
    """

    def __init__(self, live: "Live", asked: Event | None = None) -> None:
        self._live = live
        self._asked = asked or Event()
        self._known = self._seen = self._signature()

    def look(self) -> dict[str, str | None]:
        """What ``note`` is to be told: nothing when nothing has changed, else whether it could be taken over."""
        found = self._signature()
        settled, self._seen = found == self._seen, found
        asked = self._asked.is_set()
        if not asked and not (settled and found != self._known):
            return {}
        self._asked.clear()
        self._known = found
        return self._take_over()

    def _take_over(self) -> dict[str, str | None]:
        from watcher.core.condition import RULES  # noqa: PLC0415  (late: see the package's head)

        try:
            fresh = reloaded(self._live.app)
        except ConfigError as error:
            _log.error("the changed configuration cannot be used; the old one stays\n%s", error)
            more = [f"and {len(error.faults) - _MOST} more"] if len(error.faults) > _MOST else []
            return {RULES: "; ".join([*map(str, error.faults[:_MOST]), *more])}
        self._live.take(fresh)
        _log.warning(
            "%s was taken over: sources: %d; rules %s", _feeds(fresh), len(fresh.sources), fresh.reader.version
        )
        return {RULES: None}

    def _signature(self) -> Signature:
        return tuple(_state(path) for path in _files(self._live.app))


def reloaded(app: "App") -> "App":
    """The installation with feeds.yaml, vendors and rules as they are now; its settings stay.

    Raises:
        ConfigError: all faults of the files.
    """
    from watcher.config import access, environment  # noqa: PLC0415  (late: see the package's head)
    from watcher.config.feeds import load  # noqa: PLC0415  (the same)

    configuration = load(_feeds(app))
    faults = environment.check_channel(app.settings, configuration.routes)
    faults += access.check(configuration.sources, app.settings.of_sources, environment.ENVIRONMENT)
    if faults:
        raise ConfigError(faults)
    fresh = app.with_configuration(configuration)
    _ = fresh.reader  # a fault in the rules shows now
    return fresh


def _feeds(app: "App") -> str:
    return app.settings.feeds


def _files(app: "App") -> Iterator[Path]:
    yield Path(_feeds(app))
    package = Path(str(resources.files("watcher")))
    yield from sorted([*(package / "rules").rglob("*.yaml"), *(package / "data").glob("*.yaml")])


def _state(path: Path) -> tuple[str, int, int]:
    """What changes when a file does; a file that is not there is a state, too."""
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, -1
    return str(path), found.st_mtime_ns, found.st_size
