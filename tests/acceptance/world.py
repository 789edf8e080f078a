"""What the acceptance tests stand on: the bot as real processes in a folder of its own, and its record as plain rows."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.slack_server import TOKEN

ROOT = Path(__file__).parents[2]
CHANNEL = "C0123456789"
DEADLINE = 60.0  # seconds; generous: what hangs is found, what is slow on a busy machine is not

Rows = list[tuple[Any, ...]]

# What two runs of the same posts must agree on: all but the moments at which things were written down, and numbers
# that only count up.
_DUMPS = {
    "rules": "SELECT DISTINCT rules FROM readings",  # of two versions nothing else could agree
    "sources": "SELECT source_id, first_success IS NOT NULL FROM source_states",
    "posts": "SELECT source_id, key, version, title, url, published, baseline, digest, unread FROM posts",
    "versions": "SELECT post_id, version, digest FROM post_versions",
    "verdicts": """
        SELECT r.post_id, r.version, v.vendor, v.position, v.audience, v.quote, v.change, v.reason, v.told, v.joins
        FROM readings r LEFT JOIN verdicts v ON v.reading_id = r.id""",
    "ledger": """
        SELECT id, vendor, audience, position, held_from, origin, product, jurisdiction, until, condition, quote, url,
        source, own_voice, confidence, note, withdrawn, deal, retracts FROM stances""",
    "evidence": "SELECT id, stance_id, url, source, quote, stated_on, origin, own_voice FROM evidence",
    "alerts": "SELECT key, vendor, changes, reason, post_id, title, url, published, own_voice, rule FROM alerts",
    "reports": "SELECT alert_key, post_id, url, source_id, quote, own_voice FROM alert_reports",
    "deliveries": "SELECT alert_key, channel, state, receipt IS NOT NULL FROM deliveries WHERE kind = 'alert'",
}


@dataclass(frozen=True)
class Installation:
    """A folder with a feeds.yaml and a record, and the environment in which the bot runs there."""

    folder: Path
    slack_url: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("WATCHER_")}
        slack = {
            "WATCHER_SLACK_API_URL": self.slack_url or "",
            "WATCHER_SLACK_BOT_TOKEN": TOKEN,
            "WATCHER_SLACK_CHANNEL": CHANNEL,
        }
        own = {"PYTHONPATH": str(ROOT), "COLUMNS": "80", "WATCHER_ALLOW_PRIVATE_HOSTS": "1"}
        return {**plain, **own, **(slack if self.slack_url else {}), **self.settings}

    def write(self, feeds: str) -> None:
        (self.folder / "feeds.yaml").write_text(feeds, "utf-8")

    def start(self, *arguments: str, module: str = "watcher") -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def watcher(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command, to its end."""
        with self.start(*arguments) as process:
            try:
                out, err = process.communicate(timeout=DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def answer(self, *arguments: str) -> Any:
        """What a command answers as JSON."""
        done = self.watcher(*arguments, "--format", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def rows(self, query: str) -> Rows:
        address = f"file:{self.folder / 'watcher.db'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=10)) as record:
            return record.execute(query).fetchall()

    def dump(self) -> dict[str, Rows]:
        """The record in the form in which two runs can be compared."""
        return {name: sorted(self.rows(query), key=repr) for name, query in _DUMPS.items()}


class Runner:
    """A ``tests.acceptance.runner`` at work; killed, if it still lives, at the end of the ``with`` block."""

    def __init__(self, installation: Installation, *arguments: str) -> None:
        self.process = installation.start(*arguments, module="tests.acceptance.runner")

    def __enter__(self) -> Self:
        self.await_("ready")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()

    def round(self, now: datetime) -> dict[str, Any]:
        """One round at a moment, from which its clock ticks on; what came of it."""
        self.begin(now)
        report: dict[str, Any] = self.await_("report")
        return report

    def survives(self, now: datetime) -> bool:
        """One round at a moment; whether the process lived to its end."""
        self.begin(now)
        return any("report" in line for line in self.lines())

    def begin(self, now: datetime) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{(now - datetime.now(UTC)).total_seconds()}\n")
        self.process.stdin.flush()

    def await_(self, key: str, value: str | None = None) -> Any:
        """What stands behind a key in the next line that has it."""
        for line in self.lines():
            if key in line and value in (None, line[key]):
                return line[key]
        assert self.process.stderr
        raise AssertionError(f"the runner ended before {key!r}:\n{self.process.stderr.read()}")

    def lines(self) -> Iterator[dict[str, Any]]:
        assert self.process.stdout
        for line in self.process.stdout:
            yield json.loads(line)
