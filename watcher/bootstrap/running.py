"""How ``run`` is put together."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from watcher.bootstrap.alarm import RecordAlarm
from watcher.bootstrap.letters import letter_job
from watcher.bootstrap.live import Live
from watcher.bootstrap.reload import Reload
from watcher.bootstrap.talk import mute_job
from watcher.bootstrap.upkeep import Upkeep, operators

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Event

    from watcher.bootstrap.app import App
    from watcher.bootstrap.upkeep import Probe
    from watcher.usecases.flow import Flow
    from watcher.usecases.ports import Store
    from watcher.usecases.rota import Rota


PATIENCE = timedelta(seconds=5)  # that a round waits for servers that hang, while all else has its turn


def running(
    app: "App", store: "Store", flow: "Flow", reloading: "Event | None" = None, probes: "Sequence[Probe]" = ()
) -> "tuple[Live, Rota]":
    """The parts of the rounds, and what is done beside them.

    ``reloading`` asks for feeds.yaml to be read again. ``probes`` are asked each minute; a list may grow meanwhile.
    """
    alarm = RecordAlarm(flow.notifiers, lambda condition: operators(live.app, condition), flow.clock)
    live = Live(app, replace(flow, patience=PATIENCE), alarm)
    jobs = [letter_job(live, store), mute_job(live, store)]
    upkeep = Upkeep(store, live, Reload(live, reloading), probes, jobs)
    return live, upkeep.rota()
