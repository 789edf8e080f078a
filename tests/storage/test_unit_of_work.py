import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from storage.engine import connect
from storage.tables import POST_VERSIONS
from storage.unit_of_work import SqlStore, SqlUnitOfWork
from tests.postgres import Server
from tests.storage.samples import NOW, edited, evidence, post, reading, save, stance, statement
from watcher.core.change import Change, Verdict
from watcher.core.errors import StorageError

NOT_SET_UP = "it is not set up; run `watcher db upgrade`"


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    with SqlStore(url) as store:
        yield store


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """Around the store: what somebody with a database tool can do."""
    engine = connect(url)
    yield engine
    engine.dispose()


# --- the ledger guards itself


@pytest.fixture
def ledger(store: SqlStore) -> SqlStore:
    with store.begin() as work:
        work.stances.add([stance()])
        work.stances.add_evidence(evidence(stance()))
        work.commit()
    return store


@pytest.mark.parametrize("table", ["stances", "evidence"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET url = 'x'", "DELETE FROM {}", "DELETE FROM {} WHERE url = 'x'"])
def test_the_database_itself_refuses_to_change_the_ledger(
    ledger: SqlStore, engine: Engine, table: str, statement: str
) -> None:
    if "WHERE" in statement:
        statement = statement.replace("'x'", "'https://example.org/2' OR url IS NULL")
    with engine.connect() as connection, pytest.raises(DBAPIError, match="rows are added, never changed"):
        connection.execute(text(statement.format(table)))
    with ledger.begin() as work:
        assert work.stances.ledger().rows == (stance(),)
        assert work.stances.evidence("amazon") == [evidence(stance())]


@pytest.mark.postgres
def test_a_server_refuses_to_empty_the_ledger_at_once(postgres_url: str) -> None:
    engine = connect(postgres_url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="rows are added, never changed"):
        connection.execute(text("TRUNCATE stances, evidence"))
    engine.dispose()


def test_a_row_that_would_replace_another_is_left_out(sqlite_url: str) -> None:
    with SqlStore(sqlite_url) as store, store.begin() as work:
        work.stances.add([stance()])
        work.commit()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(stances)")]
        changed = ", ".join("'other'" if name == "note" else name for name in columns)
        database.execute(f"INSERT OR REPLACE INTO stances SELECT {changed} FROM stances")
        database.commit()
        assert database.execute("SELECT note FROM stances").fetchall() == [(None,)]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("stances", "vendor = 'amazon', audience = 'casinos'"),
        ("deliveries", "state = 'lost'"),
        ("source_states", "health = 'poorly'"),
    ],
)
def test_a_word_that_is_none_of_ours_is_refused(engine: Engine, table: str, values: str) -> None:
    names, words = zip(*(pair.split(" = ") for pair in values.split(", ")), strict=True)
    insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(words)})"
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text(insert))


# --- what comes back


def test_times_come_back_in_utc(store: SqlStore) -> None:
    local = datetime.fromisoformat("2020-06-11T01:30:00+05:30")
    save(store, post(1, published=local))
    with store.begin() as work:
        (found,) = work.posts.unread()
    assert found.published == local
    assert (found.published.tzinfo, found.seen.tzinfo) == (UTC, UTC)


def test_a_time_without_a_zone_is_refused(store: SqlStore) -> None:
    with store.begin() as work, pytest.raises(StorageError, match="without a zone"):
        work.posts.add_new([post(1, seen=NOW.replace(tzinfo=None))])


def test_versions_that_were_replaced_are_kept(store: SqlStore, engine: Engine) -> None:
    save(store, post())
    with store.begin() as work:
        work.posts.add_version(edited(post()))
        work.posts.add_version(edited(edited(post())))
        work.commit()
    with engine.connect() as connection:
        kept = connection.execute(POST_VERSIONS.select().order_by(POST_VERSIONS.c.version)).all()
    assert [(row.version, row.text, row.seen) for row in kept] == [
        (1, "Text 1.", NOW),
        (2, "Text 1. Edited.", edited(post()).seen),
    ]


def test_a_character_that_postgresql_cannot_hold_stops_nothing(store: SqlStore) -> None:
    odd = post(1, key="guid:\x00", title="a\x00b")
    save(store, odd)
    with store.begin() as work:
        assert work.posts.add_new([odd]) == []
        assert work.posts.latest("feed", [odd.key])[odd.key].title in {"a\x00b", "a\ufffdb"}


def test_text_that_no_database_takes_is_an_error_of_storage(store: SqlStore) -> None:
    with store.begin() as work, pytest.raises(StorageError):
        work.posts.add_new([post(1, title="\ud800")])


def test_a_verdict_keeps_the_stance_as_it_stood(store: SqlStore) -> None:
    # The ledger holds another row under this id: the verdict was not given against that one.
    held = stance(note="as it stood", until=date(2021, 6, 10))
    save(store, post())
    with store.begin() as work:
        work.stances.add([stance()])
        verdict = Verdict(statement(), Change.REITERATED, "the same", previous=held)
        work.posts.save_reading(reading(post(), verdict))
        work.commit()
        assert work.posts.readings(post().id)[0].verdicts[0].previous == held


# --- transactions


def test_the_next_writer_waits_for_the_first(store: SqlStore) -> None:
    inside, done = threading.Event(), threading.Event()

    def second() -> None:
        inside.wait(30)
        save(store, post(2))
        done.set()

    thread = threading.Thread(target=second)
    thread.start()
    with store.begin() as work:
        work.posts.add_new([post(1)])
        inside.set()
        done.wait(0.2)
        work.commit()
    thread.join(60)
    with store.begin() as work:
        assert work.posts.count() == 2


def test_a_reader_sees_one_state_and_holds_no_writer_up(url: str, store: SqlStore) -> None:
    save(store, post(1))
    with SqlStore(url, read_only=True) as reader, reader.begin() as asked:
        assert asked.posts.count() == 1
        save(store, post(2))
        assert asked.posts.count() == 1
        with reader.begin() as later:
            assert later.posts.count() == 2


def test_a_reader_is_not_held_up_by_a_writer(url: str, store: SqlStore) -> None:
    with SqlStore(url, read_only=True) as reader, store.begin() as work:
        work.posts.add_new([post(1)])
        with reader.begin() as asked:
            assert asked.posts.count() == 0


def test_a_reader_cannot_write(url: str) -> None:
    with SqlStore(url, read_only=True) as reader, reader.begin() as work, pytest.raises(StorageError):
        work.posts.add_new([post()])


def test_a_unit_of_work_that_is_over_saves_nothing(store: SqlStore) -> None:
    with store.begin() as work:
        work.posts.add_new([post()])
    with pytest.raises(StorageError):
        work.commit()


# --- trouble in plain words


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    expected = r"none\.db: there is none.*watcher db upgrade"
    with SqlStore(f"sqlite:///{tmp_path}/none.db") as store, pytest.raises(StorageError, match=expected):
        _ask(store)
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_not_set_up_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "empty.db"
    file.touch()
    with SqlStore(f"sqlite:///{file}") as store, pytest.raises(StorageError, match=NOT_SET_UP):
        _ask(store)


@pytest.mark.postgres
def test_a_server_database_that_is_not_set_up_says_what_to_do(postgres: Server) -> None:
    with SqlStore(postgres.fresh()) as store, pytest.raises(StorageError, match=NOT_SET_UP):
        _ask(store)
    with SqlStore(postgres.url("nowhere")) as store, pytest.raises(StorageError, match='"nowhere" does not exist'):
        _ask(store)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "text.db"
    file.write_text("no database " * 100)
    expected = r"text\.db: the file is no SQLite database"
    with SqlStore(f"sqlite:///{file}") as store, pytest.raises(StorageError, match=expected):
        _ask(store)


def test_neither_an_error_nor_its_cause_repeats_what_was_to_be_stored(store: SqlStore) -> None:
    private = "a note that nobody should see in a log"
    with pytest.raises(StorageError) as caught:
        _read_unknown(store, private)
    assert "INSERT" not in str(caught.value)
    assert private not in f"{caught.value} {caught.value.__cause__}"


def _ask(store: SqlStore) -> None:
    with store.begin() as work:
        work.posts.count()


def _read_unknown(store: SqlStore, note: str) -> None:
    with store.begin() as work:
        work.posts.save_reading(replace(reading(post()), note=note))
        work.commit()


# --- speed


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda work: work.posts.unread(500), "ix_posts_unread"),
        (lambda work: work.posts.latest("feed", ["a", "b"]), "sqlite_autoindex_posts_1"),
        (lambda work: work.posts.find("https://example.org/1"), "ix_posts_address"),
        (lambda work: work.posts.readings("0" * 16), "ix_readings_post_id"),
        (lambda work: work.stances.ledger("amazon"), "ix_stances_vendor"),
        (lambda work: work.alerts.recent("amazon", NOW), "ix_alerts_vendor_published"),
        (lambda work: work.alerts.open_deliveries(), "ix_deliveries_open"),
        (lambda work: work.captures.latest("policy"), "ix_captures_source_id_taken"),
        (lambda work: work.captures.of_record("policy"), "ix_captures_source_id_taken"),
        (lambda work: work.captures.absences("policy", NOW), "ix_absences_source_id_gone_since"),
        (lambda work: work.captures.pending(), "ix_absences_pending"),
    ],
)
def test_hot_questions_are_answered_from_an_index(
    sqlite_url: str, ask: Callable[[SqlUnitOfWork], object], index: str
) -> None:
    asked: list[tuple[str, Any]] = []
    with SqlStore(sqlite_url) as store:
        event.listen(store._engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        with store.begin() as work:
            ask(work)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as database:
        queries = [one for one in asked if one[0].startswith("SELECT")]
        plan = "\n".join(row[3] for one in queries for row in database.execute(f"EXPLAIN QUERY PLAN {one[0]}", one[1]))
    assert index in plan
    assert "SCAN posts" not in plan.replace(f"SCAN posts USING INDEX {index}", "")
