"""What a running installation does beside its rounds, with a real record and real files."""

import logging
import sqlite3
import sys
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import event

from storage.unit_of_work import SqlStore
from tests.fakes import Clock, JsonParser, Web, entry, source
from tests.ledgers import row
from tests.slack_server import SlackServer
from watcher import bootstrap
from watcher.bootstrap import upkeep
from watcher.bootstrap.alarm import RecordAlarm
from watcher.bootstrap.live import Live
from watcher.bootstrap.reload import Reload
from watcher.bootstrap.upkeep import Upkeep, disk, operators, token
from watcher.config.environment import Secret, Settings
from watcher.config.feeds import Configuration
from watcher.core.condition import DISK, NETWORK, RULES, TOKEN
from watcher.core.errors import DeliveryError, FetchTrouble, StorageError
from watcher.core.message import Message
from watcher.core.notice import Notice
from watcher.core.source import Health, SourceState
from watcher.usecases.flow import Flow
from watcher.usecases.notices import standing
from watcher.usecases.ports import Store
from watcher.usecases.round import Failure, Round

NOW = datetime(2021, 6, 11, 2, tzinfo=UTC)
OPS = "C0OPERATORS"
FEEDS = """
sources:
  - {{id: {name}, type: feed, url: "https://{name}.example/feed", kind: news}}
"""


def installation(folder: Path, **settings: object) -> bootstrap.App:
    (folder / "feeds.yaml").write_text(FEEDS.format(name="wire"), "utf-8")
    made = Settings(feeds=str(folder / "feeds.yaml"), database_url=Secret(f"sqlite:///{folder / 'watcher.db'}"))
    return bootstrap.App(replace(made, **settings), Configuration())  # type: ignore[arg-type]  # names are checked by replace


@pytest.fixture
def app(tmp_path: Path) -> bootstrap.App:
    return installation(tmp_path, operators_channel=OPS, slack_bot_token=Secret("xoxb-1"), slack_channel="C0DEFAULT")


@pytest.fixture
def store(app: bootstrap.App) -> Iterator[Store]:
    with app.writing(lambda _sentence: None) as made:
        yield made


@pytest.fixture
def flow(app: bootstrap.App, store: Store) -> Iterator[Flow]:
    with app.flow(store, Clock(NOW), lambda _seconds: None, sys.stdout) as made:
        yield made


@pytest.fixture
def live(app: bootstrap.App, flow: Flow) -> Live:
    return Live(app, flow)


@pytest.fixture
def care(store: Store, live: Live) -> Upkeep:
    return Upkeep(store, live, Reload(live))


def told(store: Store) -> list[tuple[str, str]]:
    with store.begin() as work:
        return [(one.alert_key.split("-")[0], one.channel) for one in work.alerts.open_deliveries()]


def lost(number: int) -> Round:
    failures = tuple(Failure(f"s{one}", FetchTrouble.TIMEOUT, "no answer") for one in range(number))
    return Round(asked=number, answered=number, failures=failures, network_down=True)


def test_a_lapse_goes_where_alerts_go_and_is_written_down(care: Upkeep, store: Store) -> None:
    with store.begin() as work:
        work.stances.add([row(until=date(2021, 6, 10))])
        work.commit()
    care.calendar(NOW - timedelta(hours=1, seconds=1))
    assert told(store) == []
    care.calendar(NOW)
    assert told(store) == [("northgate", "C0DEFAULT")]


def test_silence_means_nothing_before_the_first_round_and_while_the_network_is_down(care: Upkeep, store: Store) -> None:
    with store.begin() as work:
        work.stances.add([row(until=date(2021, 6, 10))])
        work.commit()
    rota = care.rota()
    rota.run(NOW)
    care.live.round = care.live.asked = lost(9)
    rota.run(NOW + timedelta(hours=2))
    assert [name for name, _ in told(store)] == ["condition"]
    care.live.round = care.live.asked = Round(asked=9, answered=9)
    rota.run(NOW + timedelta(hours=2, minutes=1))
    assert "northgate" in [name for name, _ in told(store)]


def test_our_own_network_is_one_message_and_one_when_it_is_back(care: Upkeep, store: Store) -> None:
    care.live.asked = lost(40)
    care.look(NOW)
    care.look(NOW + timedelta(minutes=1))
    assert [one.name for one in standing(store)] == [NETWORK]
    care.live.asked = Round(asked=40, answered=40)
    care.look(NOW + timedelta(minutes=2))
    assert told(store) == [("condition", OPS), ("condition", OPS)]


def test_what_another_part_probes_is_told_too(store: Store, live: Live) -> None:
    deaf = Upkeep(store, live, Reload(live), probes=[lambda: {"slack-socket": "no ping for 5 minutes"}])
    deaf.look(NOW)
    assert [one.detail for one in standing(store)] == ["no ping for 5 minutes"]


def test_sources_that_fail_are_told_to_the_operators_once(care: Upkeep, store: Store, live: Live) -> None:
    live.take(bootstrap.assemble(live.app.settings.feeds, f"sqlite:///{live.app.record_folder}/watcher.db"))
    live.app.settings = replace(live.app.settings, operators_channel=OPS)
    with store.begin() as work:
        work.sources.save([SourceState("wire", health=Health.GONE, detail="410")])
        work.commit()
    care.sources(NOW)
    care.sources(NOW + timedelta(minutes=10))
    assert told(store) == [("sources", OPS)]


def test_a_disk_that_is_nearly_full_is_a_fault(app: bootstrap.App, monkeypatch: pytest.MonkeyPatch) -> None:
    assert disk(app) == {DISK: None}
    monkeypatch.setattr(upkeep, "FLOOR", 2**80)
    assert "MB are free in" in str(disk(app)[DISK])


def test_a_refused_token_is_told_by_mail_and_an_answer_that_fails_to_come_says_nothing(tmp_path: Path) -> None:
    with SlackServer() as slack:
        good = installation(tmp_path, slack_bot_token=Secret(slack.token), slack_api_url=slack.url)
        assert token(good) == {TOKEN: None}
        bad = installation(tmp_path, slack_bot_token=Secret("xoxb-other"), slack_api_url=slack.url)
        assert "Slack refuses the token" in str(token(bad)[TOKEN])
    assert token(good) == {}
    assert token(installation(tmp_path)) == {}


def test_the_operators_are_told_where_they_asked_to_be_and_not_in_slack_that_slack_is_deaf(tmp_path: Path) -> None:
    assert operators(installation(tmp_path), DISK) == ()
    slack = installation(tmp_path, operators_channel=OPS)
    assert (operators(slack, DISK), operators(slack, TOKEN)) == ((OPS,), ())
    bot = Secret("xoxb-1")
    both = installation(
        tmp_path,
        slack_bot_token=bot,
        operators_channel=OPS,
        smtp_url=Secret("smtp://h"),
        digest_to=("ops@example.org",),
    )
    assert operators(both, TOKEN) == ("mailto:ops@example.org",)
    mail = installation(tmp_path, operators_channel="mailto:ops@example.org")
    assert operators(mail, TOKEN) == ("mailto:ops@example.org",)


# --- changed files


def test_a_changed_feeds_file_is_taken_over_once_two_looks_agree_on_it(live: Live) -> None:
    reload, feeds = Reload(live), Path(live.app.settings.feeds)
    feeds.write_text(FEEDS.format(name="another"), "utf-8")
    assert reload.look() == {}
    assert reload.look() == {RULES: None}
    assert [source.id for source in live.flow.sources] == ["another"]
    assert reload.look() == {}


def test_a_faulty_file_is_told_with_its_faults_and_the_old_sources_stay(
    care: Upkeep, store: Store, live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    before, feeds = live.flow.sources, Path(live.app.settings.feeds)
    feeds.write_text("sources: [{id: wire, type: feed}]", "utf-8")
    for second in range(3):
        care.take_over(NOW + timedelta(seconds=second))
    assert live.flow.sources == before
    assert [one.name for one in standing(store)] == [RULES]
    assert "feeds.yaml:1: sources" in standing(store)[0].detail
    assert "the old one stays" in caplog.text
    feeds.write_text(FEEDS.format(name="mended"), "utf-8")
    for second in range(3, 6):
        care.take_over(NOW + timedelta(seconds=second))
    assert (standing(store), len(told(store))) == ([], 2)
    assert [source.id for source in live.flow.sources] == ["mended"]


def test_a_feeds_file_that_is_gone_is_a_fault(live: Live) -> None:
    reload = Reload(live)
    Path(live.app.settings.feeds).unlink()
    reload.look()
    assert "feeds.yaml" in str(reload.look()[RULES])


def test_a_signal_takes_the_files_over_at_once(live: Live) -> None:
    asked = Event()
    reload = Reload(live, asked)
    asked.set()
    assert reload.look() == {RULES: None}
    assert reload.look() == {}


# --- the record


def test_a_record_that_cannot_be_written_raises_an_alarm_until_it_can(live: Live, flow: Flow) -> None:
    heard: list[StorageError | None] = []
    watched = Live(live.app, flow, heard.append)
    watched.deliver(lambda: True)
    folder = live.app.record_folder
    assert folder is not None
    file = folder / "watcher.db"
    file.rename(folder / "away.db")
    flow.store.close()  # type: ignore[attr-defined]  # the SQL store has connections to close
    with pytest.raises(StorageError):
        watched.deliver(lambda: True)
    (folder / "away.db").rename(file)
    watched.deliver(lambda: True)
    assert [type(one).__name__ for one in heard] == ["NoneType", "StorageError", "NoneType"]


def test_a_disk_that_is_full_is_told_past_the_outbox_and_the_round_is_made_good(
    app: bootstrap.App, store: Store, flow: Flow, tmp_path: Path
) -> None:
    web, wire, heard = Web(), source("wire", every=timedelta(minutes=1)), Heard()
    web.put(wire, *(entry(f"post {number}", "long " * 4000) for number in range(20)))
    alarm = RecordAlarm(lambda _channel: heard, lambda _name: (OPS,), flow.clock)
    live = Live(app, replace(flow, fetcher=web, parser=JsonParser(), sources=[wire]), alarm)
    with closing(sqlite3.connect(tmp_path / "watcher.db")) as file:
        pages = file.execute("PRAGMA page_count").fetchone()[0]
    with full_at(store, pages):
        for _ in range(2):
            with pytest.raises(StorageError, match="the disk is full"):
                live.poll(lambda: None, bool)
    assert live.poll(lambda: None, bool).new_posts == 20
    assert heard.titles == ["The record cannot be written", "The record can be written again"]


@contextmanager
def full_at(store: Store, pages: int) -> Iterator[None]:
    """No page more than these: the real error of a disk without room."""
    assert isinstance(store, SqlStore)
    limited = partial(_limit, pages)
    event.listen(store._engine, "connect", limited)
    store.close()
    yield
    event.remove(store._engine, "connect", limited)
    store.close()


def _limit(pages: int, connection: sqlite3.Connection, _record: object) -> None:
    connection.execute(f"PRAGMA max_page_count = {pages}")


class Heard:
    """A channel that takes everything, or nothing."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.titles: list[str] = []
        self.deaf = deaf

    def send(self, message: Message, _channel: str, *, plain: bool = False) -> str:
        if self.deaf:
            raise DeliveryError("nobody hears", transient=True)
        assert isinstance(message, Notice)
        assert not plain
        self.titles.append(message.title)
        return "1"

    def edit(self, message: Message, channel: str, receipt: str, *, plain: bool = False) -> None:
        raise NotImplementedError

    def find(self, keys: Collection[str], channel: str, since: datetime, thread: str | None = None) -> dict[str, str]:
        raise NotImplementedError


def test_a_record_that_cannot_be_written_is_told_past_the_outbox_once_and_once_when_it_can() -> None:
    heard = Heard()
    alarm = RecordAlarm(lambda _channel: heard, lambda _name: (OPS,), Clock(NOW))
    full = StorageError("the disk is full")
    for error in (None, full, full, None, None):
        alarm(error)
    assert heard.titles == ["The record cannot be written", "The record can be written again"]


def test_an_alarm_that_nobody_hears_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    RecordAlarm(lambda _channel: Heard(deaf=True), lambda _name: (OPS,), Clock(NOW))(StorageError("the disk is full"))
    assert "The record cannot be written | the disk is full" in caplog.text
    assert f"{OPS} cannot be told: nobody hears" in caplog.text


def test_the_log_tells_what_the_operators_are_told(care: Upkeep, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    care.live.asked = lost(9)
    care.look(NOW)
    assert "This machine's own network seems to be down | 9 of 9 sources could not be reached" in caplog.text
