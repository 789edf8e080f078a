"""What a running installation does beside its rounds: the calendar, its own faults, changed files."""

import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from watcher.bootstrap.reload import Reload
from watcher.bootstrap.speakers import stand_ins
from watcher.core.condition import DEAF, DISK, NETWORK, TOKEN
from watcher.core.health import PERHAPS_OURS
from watcher.core.routing import Medium, medium_of
from watcher.usecases.lapse import lapse
from watcher.usecases.notices import note, note_sources, overdue
from watcher.usecases.remind import remind
from watcher.usecases.rota import Job, Rota

if TYPE_CHECKING:
    from watcher.bootstrap.app import App
    from watcher.bootstrap.live import Live
    from watcher.core.alert import Alert
    from watcher.core.notice import Notice
    from watcher.usecases.ports import Store

Seen = dict[str, str | None]
Probe = Callable[[], Seen]

# Posts of a day's last hour are read after midnight: a stance lapses once they have had the time to come in.
GRACE = timedelta(hours=1)
FLOOR = 200 * 2**20  # bytes that should be free where the record is
# The first is shorter than the scheduler's tick, so that none is missed for a millisecond.
_TICK, _MINUTE, _HOUR = timedelta(seconds=4), timedelta(minutes=1), timedelta(hours=1)
_AT_ONCE = timedelta(minutes=10)  # sources that change within this time are one message; Slack is asked as often

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The jobs of a running installation.

    ``probes`` are asked each minute for what only their own part knows (a socket that is deaf); ``jobs`` are those of
    other parts, done after the calendar.
    """

    store: "Store"
    live: "Live"
    reload: Reload
    probes: Sequence[Probe] = ()
    jobs: Sequence[Job] = field(default=())

    def rota(self) -> Rota:
        """All jobs, in the order in which they are done."""
        zone = self.live.app.settings.timezone
        return Rota(
            [
                Job("configuration", _TICK, self.take_over),
                Job("calendar", _HOUR, self.calendar, zone, lambda: self.live.hears),
                *self.jobs,
                Job("conditions", _MINUTE, self.look),
                Job("sources", _AT_ONCE, self.sources, when=lambda: self.live.round is not None),
                Job("disk", _HOUR, self.disk),
                Job("slack", _AT_ONCE, self.slack),
            ]
        )

    def take_over(self, now: datetime) -> None:
        """Take over files that have changed."""
        self._note(self.reload.look(), now)

    def calendar(self, now: datetime) -> None:
        """Ends that have passed, and ends that come near."""
        look_at_calendar(self.live.app, self.store, now)

    def look(self, now: datetime) -> None:
        """What the last round and the outbox show, and the probes of other parts."""
        seen = overdue(self.store, now)
        if self.live.asked is not None:
            polled = self.live.asked
            lost = sum(failure.trouble in PERHAPS_OURS for failure in polled.failures)
            seen[NETWORK] = f"{lost} of {polled.answered} sources could not be reached" if polled.network_down else None
        for probe in self.probes:
            seen |= probe()
        self._note(seen, now)

    def sources(self, now: datetime) -> None:
        """The health of the sources."""
        watched = [source.id for source in self.live.app.sources]
        tell(note_sources(self.store, watched, self.address, now))

    def disk(self, now: datetime) -> None:
        """The room that is left for the record."""
        self._note(disk(self.live.app), now)

    def slack(self, now: datetime) -> None:
        """Whether Slack takes the token; an answer that does not come says nothing about it."""
        self._note(token(self.live.app), now)

    def address(self, condition: str) -> tuple[str, ...]:
        """The operators' channels for a condition."""
        return operators(self.live.app, condition)

    def _note(self, seen: Seen, now: datetime) -> None:
        if seen:
            tell(note(self.store, seen, self.address, now))


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the calendar brought: alerts and notices that are new."""

    alerts: "tuple[Alert, ...]" = ()
    notices: "tuple[Notice, ...]" = ()


def look_at_calendar(app: "App", store: "Store", now: datetime) -> Looked:
    """Write down what has lapsed and what comes to its end."""
    zone = app.settings.timezone
    notices = remind(store, app.vendor_name, app.channels, now, zone)
    for reminder in notices:
        _log.info("reminder: %s", reminder.title)
    found = lapse(store, app.vendor_name, app.channels, now, zone, GRACE)
    for alert in found.alerts:
        _log.info("lapsed: %s, %s", alert.vendor, alert.reason)
    if found.quiet:
        _log.warning("%d stances had ended before: written down, and told to nobody", len(found.quiet))
    return Looked(found.alerts, notices)


def operators(app: "App", condition: str) -> tuple[str, ...]:
    """The operators' channels for a condition; without any, the log is all there is.

    Slack is not told in Slack that it does not listen: that goes out by mail, where there is any.
    """
    channel = app.settings.operators_channel
    if channel is None:
        return ()
    if condition in DEAF and medium_of(channel) is Medium.SLACK:
        return stand_ins(app.settings)
    return (channel,)


def disk(app: "App") -> Seen:
    """The room where a SQLite record is, as ``note`` wants it; a server looks after its own."""
    folder = app.record_folder
    if folder is None:
        return {}
    free = shutil.disk_usage(folder).free
    return {DISK: f"{free // 2**20} MB are free in {folder}" if free < FLOOR else None}


def token(app: "App") -> Seen:
    """Whether Slack takes the token, as ``note`` wants it; nothing where there is none, or no answer."""
    if app.settings.slack_bot_token is None:
        return {}
    from watcher.notify.slackcheck import ask  # noqa: PLC0415  (late: see the package's head)

    found = ask(app.settings.slack_bot_token.reveal(), app.settings.slack_api_url)
    if found.refused:
        return {TOKEN: found.refused}
    return {TOKEN: None} if found.user else {}


def tell(notices: "Sequence[Notice]") -> None:
    """What the operators are told stands in the log, too."""
    for one in notices:
        _log.warning("%s", " | ".join((one.title, *one.lines)))
