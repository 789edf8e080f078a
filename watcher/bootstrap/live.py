"""A running installation: the parts of its rounds, which a changed configuration can replace between two of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from watcher.core.errors import StorageError

if TYPE_CHECKING:
    from watcher.bootstrap.app import App
    from watcher.usecases.awaited import Stop
    from watcher.usecases.deliver import Delivered
    from watcher.usecases.flow import Flow
    from watcher.usecases.round import Round
    from watcher.usecases.summary import ReadSummary

Answer = TypeVar("Answer")
Alarm = Callable[[StorageError | None], None]


class Live:
    """What ``run`` works with.

    ``round`` is the last one, ``asked`` the last in which a source answered or failed to. ``alarm`` is told when the
    record cannot be read or written (with the error), and when it can again (None): that is the one fault that cannot
    be recorded.
    """

    def __init__(self, app: "App", flow: "Flow", alarm: Alarm | None = None) -> None:
        self.app = app
        self.flow = flow
        self.round: Round | None = None
        self.asked: Round | None = None
        self._alarm = alarm
        self._fresh = False

    def take(self, app: "App") -> None:
        """Go on with another configuration."""
        from watcher.fetch.follow import Following  # noqa: PLC0415  (late: see the package's head)

        self.app = app
        self.flow = replace(self.flow, sources=app.sources, channels=app.channels, reader=lambda: app.reader)
        if isinstance(self.flow.fetcher, Following):
            self.flow.fetcher.adopt(app.manners)
        self._fresh = True

    def changed(self) -> bool:
        """Whether another configuration was taken since this was asked last."""
        fresh, self._fresh = self._fresh, False
        return fresh

    @property
    def hears(self) -> bool:
        """Whether a round has been made, and the last one reached the world: else silence means nothing."""
        return self.round is not None and not (self.asked and self.asked.network_down)

    def poll(self, on_settled: Callable[[], object], stop: "Stop") -> "Round":
        """As ``Flow.poll``."""
        done = self._watched(lambda: self.flow.poll(on_settled, stop))
        self.round = done
        if done.answered:
            self.asked = done
        return done

    def read(self, stop: "Stop") -> "ReadSummary":
        """As ``Flow.read``."""
        return self._watched(lambda: self.flow.read(stop))

    def deliver(self, stop: "Stop") -> "Delivered":
        """As ``Flow.deliver``."""
        return self._watched(lambda: self.flow.deliver(stop))

    def _watched(self, part: Callable[[], Answer]) -> Answer:
        try:
            done = part()
        except StorageError as error:
            if self._alarm:
                self._alarm(error)
            raise
        if self._alarm:
            self._alarm(None)
        return done
