"""Judging by hand-made statements: builders, and a record that is fed post by post."""

from dataclasses import replace
from datetime import UTC, date, datetime

from watcher.core.alert import Alert
from watcher.core.change import Change
from watcher.core.judgement import Judgement, Occasion, judge
from watcher.core.post import Post
from watcher.core.source import SourceKind
from watcher.core.stance import Ledger, Stance
from watcher.core.statement import Audience, Position, Statement
from watcher.core.vendor import Vendor

DAY = datetime(2020, 6, 10, 18, tzinfo=UTC)
VENDORS = {"northgate": Vendor("northgate", "Northgate")}


def statement(position: Position = Position.BAN, audience: Audience = Audience.POLICE, **more: object) -> Statement:
    made = Statement("northgate", position, audience, "The sentence.", 0, 13, "a-rule")
    return replace(made, **more)  # type: ignore[arg-type]  # names are checked by replace itself


def held(
    position: Position = Position.BAN,
    audience: Audience = Audience.POLICE,
    since: date = date(2020, 1, 1),
    **more: object,
) -> Stance:
    row = Stance("northgate", audience, position, since, datetime(2020, 1, 2, tzinfo=UTC), "baseline:x")
    return replace(row, **more)  # type: ignore[arg-type]  # as above


def post(key: str = "a", *, when: datetime = DAY, baseline: bool = False) -> Post:
    return Post(
        "outlet", key, 1, "Title", "The sentence.", f"https://outlet.example/{key}", when, when, baseline=baseline
    )


class Record:
    """A ledger and its alerts, fed post by post."""

    def __init__(self, *rows: Stance) -> None:
        self.rows: list[Stance] = list(rows)
        self.alerts: list[Alert] = []

    def take(
        self,
        *statements: Statement,
        item: Post | None = None,
        own: str | None = None,
        first: Post | None = None,
        now: datetime | None = None,
    ) -> Judgement:
        item = item or post()
        kind = SourceKind.VENDOR if own else SourceKind.NEWS
        judged = judge(
            statements,
            Occasion(item, "Outlet", kind, own, first=first),
            Ledger.of(self.rows),
            self.alerts,
            VENDORS,
            now or item.published,
        )
        self.rows.extend(judged.rows)
        self.alerts.extend(judged.alerts)
        return judged


def stands(record: Record) -> Stance:
    """The last row on the scale, by the world's clock."""
    rows = Ledger.of(record.rows).history("northgate", DAY.date())
    return [row for row in rows if row.position is not Position.ADVOCATE][-1]


def change(judged: Judgement) -> Change:
    return judged.verdicts[0].change
