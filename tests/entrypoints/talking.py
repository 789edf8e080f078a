"""An installation that listens to a local Slack, with a small record: for tests of Socket Mode and of HTTP."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.migrate import upgrade
from storage.unit_of_work import SqlStore
from tests.ledgers import VENDORS, alert_of, post, row, statement
from tests.slack_workspace import APP_TOKEN, BOT_TOKEN, SECRET, Body, Workspace
from watcher import bootstrap
from watcher.bootstrap.talk import unsubscribing
from watcher.config.environment import Listen, Secret, Settings
from watcher.config.feeds import Configuration
from watcher.core.alert import Alert
from watcher.core.source import Source, SourceKind, SourceType
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.talk import Probe, talking

SOURCE = Source("northgate-blog", SourceType.FEED, "https://northgate.example/feed", SourceKind.VENDOR)
CHANNEL = "C1"


@dataclass
class Talk:
    """A watcher that listens, and the Slack that it listens to."""

    app: bootstrap.App
    slack: Workspace
    store: SqlStore
    alert: Alert
    site: str = ""
    probes: tuple[Probe, ...] = ()

    def ask(self, way: str, kind: str, body: Body, age: float = 0.0) -> float:
        """Send a request one way or the other; after how many seconds it was acknowledged."""
        if way == "socket":
            return self.slack.over_socket(kind, body)[1]
        status, _, seconds = self.slack.over_http(self.site, kind, body, age)
        assert status == 200
        return seconds


def installation(
    folder: Path, slack: Workspace, *, http: bool = True, socket: bool = True, letters: bool = False
) -> bootstrap.App:
    url = f"sqlite:///{folder / 'watcher.db'}"
    settings = Settings(
        database_url=Secret(url),
        slack_bot_token=Secret(BOT_TOKEN),
        slack_app_token=Secret(APP_TOKEN) if socket else None,
        slack_signing_secret=Secret(SECRET) if http else None,
        slack_api_url=slack.url,
        slack_channel=CHANNEL,
        listen=Listen("127.0.0.1", 0),
        smtp_url=Secret("smtp://127.0.0.1:9") if letters else None,
        mail_from="watcher@example.org" if letters else None,
        public_url="https://watcher.example.org" if letters else None,
    )
    upgrade(url)
    return bootstrap.App(settings, Configuration(sources=(SOURCE,), vendors=VENDORS))


def recorded(store: SqlStore, number: int = 0, *, channel: str = CHANNEL, sent: bool = True) -> Alert:
    """An alert of the press on record, with its post, its stance, and a message in the channel, or one to come."""
    now = utc_now() - timedelta(hours=1)
    said = statement(own_voice=False, quote=f"Northgate pauses police use, sources said <!channel> {number}.")
    about = post(f"guid:{number}", published=now, seen=now)
    made = replace(alert_of(said, about), own_voice=False, at=now, published=now, source_kind="news")
    with store.begin() as work:
        work.posts.add_new([about])
        work.stances.add([row(origin=f"post:{about.id}", recorded_at=now, quote=said.quote)])
        work.alerts.add(made, [channel])
        if sent:
            (delivery,) = work.alerts.deliveries(made.key)
            work.alerts.save_delivery(delivery.begin(now).done(now, "7.0"))
        work.commit()
    return made


@contextmanager
def listening(folder: Path, *, clock: Callable[[], datetime] = utc_now, **ways: bool) -> Iterator[Talk]:
    """A watcher with one alert on record, listening both ways unless told otherwise."""
    with ExitStack() as stack:
        slack = stack.enter_context(Workspace())
        app = installation(folder, slack, **ways)
        store = stack.enter_context(SqlStore(app.settings.database_url.reveal()))
        talk = Talk(app, slack, store, recorded(store))
        said: list[str] = []
        pages = unsubscribing(app, store, said.append, clock)
        heard = stack.enter_context(talking(lambda: app, clock, pages))
        talk.site = next((f"http://{one.removeprefix('HTTP on ')}" for one in heard.words if "HTTP" in one), "")
        talk.probes = heard.probes
        if app.settings.slack_app_token:
            slack.await_line()
        yield talk


def day(days: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
