import shutil
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex

from storage import generate, migrate
from storage.address import file_of, parse
from storage.engine import connect
from storage.tables import metadata
from storage.unit_of_work import SqlStore
from tests.postgres import Server
from tests.storage.samples import post, report, save
from watcher.core.delivery import Delivery
from watcher.core.errors import StorageError

ROOT = Path(__file__).parents[2]


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = connect(url, create=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/odd %20 näme #1.db"


@pytest.fixture
def empty_postgres_url(postgres: Server) -> str:
    return postgres.fresh()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


def test_a_new_database_is_set_up_once(empty_url: str) -> None:
    assert migrate.current(empty_url) is None
    assert not migrate.is_up_to_date(empty_url)
    assert migrate.upgrade(empty_url) == migrate.Upgrade(None, migrate.HEAD)
    assert migrate.is_up_to_date(empty_url)
    again = migrate.upgrade(empty_url)
    assert again == migrate.Upgrade(migrate.HEAD, migrate.HEAD)
    assert not again.changed
    with SqlStore(empty_url) as store:
        save(store, post())


def test_asking_for_the_revision_makes_no_file(tmp_path: Path) -> None:
    assert migrate.current(f"sqlite:///{tmp_path}/none.db") is None
    assert list(tmp_path.iterdir()) == []


def test_the_head_named_in_the_code_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_the_migrations_lead_to_the_tables_as_they_are_declared(url: str) -> None:
    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_constraints_and_indexes_are_those_of_the_declared_tables(empty_url: str) -> None:
    with connected(empty_url) as connection:
        metadata.create_all(connection)
        declared = shape(connection)
        metadata.drop_all(connection)
        connection.commit()
    migrate.upgrade(empty_url)
    with connected(empty_url) as connection:
        assert shape(connection) == declared


def shape(connection: Connection) -> dict[str, Any]:
    """What Alembic does not compare: names of keys, CHECK constraints, the conditions of partial indexes."""
    look = inspect(connection)
    return {
        table: {
            "primary key": look.get_pk_constraint(table),
            "unique": sorted(map(str, look.get_unique_constraints(table))),
            "checks": sorted(map(str, look.get_check_constraints(table))),
            "foreign keys": sorted(map(str, look.get_foreign_keys(table))),
            "indexes": sorted(map(_plain, look.get_indexes(table))),
            "columns": {one["name"]: (str(one["type"]), one["nullable"]) for one in look.get_columns(table)},
        }
        for table in look.get_table_names()
        if table != "alembic_version"
    }


def _plain(index: ReflectedIndex) -> str:
    condition = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['column_names']} {index['unique']} {condition}"


UPGRADER = """
import sys
import alembic.command
from storage.migrate import upgrade
print("ready", flush=True)
sys.stdin.readline()
upgrade(sys.argv[1])
"""


def test_processes_that_start_at_once_upgrade_one_after_the_other(empty_url: str) -> None:
    command = [sys.executable, "-c", UPGRADER, empty_url]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with ExitStack() as stack:
        started = [stack.enter_context(subprocess.Popen(command, text=True, cwd=ROOT, **pipes)) for _ in range(2)]
        assert [process.stdout.readline() for process in started if process.stdout] == ["ready\n"] * 2
        for process in started:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.communicate(timeout=60)[1] for process in started] == ["", ""]
    assert migrate.is_up_to_date(empty_url)


def test_an_upgrade_that_fails_half_way_leaves_nothing(empty_url: str) -> None:
    with connected(empty_url) as connection:
        connection.execute(text("CREATE TABLE captures (id INTEGER)"))  # in the way of the last table
        connection.commit()
    with pytest.raises(StorageError):
        migrate.upgrade(empty_url)
    with connected(empty_url) as connection:
        assert inspect(connection).get_table_names() == ["captures"]


def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    with connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    assert not migrate.is_up_to_date(url)
    with pytest.raises(StorageError, match="is of revision 9999, unknown to this version"):
        migrate.upgrade(url)


def test_rows_that_refer_to_nothing_stop_an_upgrade(empty_sqlite_url: str) -> None:
    with connected(empty_sqlite_url) as connection:
        connection.execute(text("CREATE TABLE mother (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE child (mother INTEGER REFERENCES mother)"))
        connection.commit()
    with sqlite3.connect(file_of(parse(empty_sqlite_url))) as database:
        database.execute("INSERT INTO child VALUES (7)")
    database.close()
    with pytest.raises(StorageError, match="refer to nothing"):
        migrate.upgrade(empty_sqlite_url)
    assert migrate.current(empty_sqlite_url) is None


def test_a_draft_of_the_next_revision_finds_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "migrations"
    shutil.copytree(Path(migrate.__file__).parent / "migrations", copy)
    monkeypatch.setattr(migrate, "_MIGRATIONS", copy)
    migrate.draft("9998", "nothing new")
    (script,) = (copy / "versions").glob("9998_*.py")
    compile(script.read_text(), str(script), "exec")
    assert "pass" in script.read_text()
    capsys.readouterr()


def test_a_record_of_the_first_version_keeps_what_it_holds(empty_url: str) -> None:
    engine = connect(parse(empty_url), create=True, migrating=True)
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0001")
        for statement in OF_THE_FIRST_VERSION:
            connection.execute(text(statement), {"raw": zlib.compress(b"<p>"), "at": "2020-06-10 21:00:00.000000"})
    engine.dispose()
    migrate.upgrade(empty_url)
    at = datetime(2020, 6, 10, 21, tzinfo=UTC)
    with SqlStore(empty_url) as store, store.begin() as work:
        (kept,) = work.captures.all("policy")
        assert (kept.raw, kept.headers, kept.absent, kept.of_record) == (b"<p>", {}, None, True)
        assert work.captures.of_record("policy") == kept
        ((verdict,),) = [reading.verdicts for reading in work.posts.readings("p1")]
        assert (verdict.statement.quote, verdict.statement.before, verdict.statement.shift) == ("We pause.", None, None)
        assert (verdict.statement.assumed, verdict.statement.to_all) == (False, False)
        (row,) = work.stances.ledger().rows
        assert row.origin == "post:p1"
        assert work.alerts.open_deliveries() == [Delivery("amazon-1", "C2", created=at)]
        assert work.alerts.deliveries("amazon-1")[0] == Delivery("amazon-1", "C1", created=at).done(at, "1.0")
        work.alerts.join(report("amazon-1"))
        assert [one.kind.value for one in work.alerts.open_deliveries()] == ["alert", "report", "edit"]


OF_THE_FIRST_VERSION = (
    """INSERT INTO captures (source_id, taken, seen_last, url, title, text, sha256, extractor, raw)
       VALUES ('policy', :at, :at, 'u', 'Policy', 'We pause.', '00', 'dom-1', :raw)""",
    """INSERT INTO posts (id, source_id, key, version, unread, title, text, published, seen, complete, baseline, digest)
       VALUES ('p1', 'policy', 'capture:1', 1, false, 'Policy', 'We pause.', :at, :at, true, false, '')""",
    "INSERT INTO readings (id, post_id, version, read_at, rules) VALUES (1, 'p1', 1, :at, 'r')",
    """INSERT INTO verdicts (reading_id, vendor, position, audience, quote, "start", "end", rule, fresh, own_voice, deal,
       change, reason, told)
       VALUES (1, 'amazon', 'moratorium', 'police', 'We pause.', 0, 9, 'r', true, true, false, 'announced', 'r', true)""",
    """INSERT INTO stances (id, vendor, audience, position, held_from, recorded_at, origin, own_voice, withdrawn, deal)
       VALUES ('s1', 'amazon', 'police', 'moratorium', '2020-06-10', :at, 'post:p1', true, false, false)""",
    """INSERT INTO alerts (key, vendor, vendor_name, changes, reason, at, post_id, title, source_id, source_name,
       source_kind, published, own_voice, rule)
       VALUES ('amazon-1', 'amazon', 'Amazon', '[]', 'r', :at, 'p1', 't', 'policy', 'P', 'vendor', :at, true, 'r')""",
    """INSERT INTO deliveries (alert_key, channel, state, created, attempts, sent_at, receipt)
       VALUES ('amazon-1', 'C1', 'sent', :at, 0, :at, '1.0')""",
    """INSERT INTO deliveries (alert_key, channel, state, created, attempts)
       VALUES ('amazon-1', 'C2', 'pending', :at, 0)""",
)


def test_the_schema_is_what_the_models_declare() -> None:
    assert generate.TARGET.read_text() == generate.schema(), "run python -m storage.generate"


def test_no_statement_needs_the_models() -> None:
    words = "import sys, storage.unit_of_work; sys.exit('sqlmodel' in sys.modules or 'storage.tables' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
