"""A small ledger that tests ask questions of: invented vendors, so that no fact of the world can be wrong here."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from watcher.core.alert import Alert, Report, Told, alert_key
from watcher.core.change import Change, Verdict
from watcher.core.post import Post
from watcher.core.stance import Evidence, Stance
from watcher.core.statement import Audience, Position, Statement
from watcher.core.vendor import Name, NameKind, Vendor
from watcher.usecases.memory import MemoryStore
from watcher.usecases.ports import Reading, Store

NOON = datetime(2020, 6, 10, 12, tzinfo=UTC)
VENDORS = {
    "northgate": Vendor(
        "northgate", "Northgate", (Name("Northgate Systems"), Name("FaceGate", NameKind.PRODUCT, technology=True))
    ),
    "eastworks": Vendor("eastworks", "Eastworks AG", ()),
}


def row(**changes: Any) -> Stance:
    """Northgate's moratorium towards police, or what the changes make of it; its origin is its day unless given."""
    values: dict[str, Any] = {
        "vendor": "northgate",
        "audience": Audience.POLICE,
        "position": Position.MORATORIUM,
        "held_from": date(2020, 6, 10),
        "recorded_at": NOON,
        "quote": "We pause police use.",
        "url": "https://northgate.example/pause",
        "source": "Northgate Blog",
        **changes,
    }
    return Stance(**{"origin": f"baseline:{values['held_from']}", **values})


def evidence(stance: Stance, origin: str, **changes: Any) -> Evidence:
    """A further source for a stance."""
    values: dict[str, Any] = {
        "url": f"https://press.example/{origin}",
        "source": "The Press",
        "quote": "Northgate pauses police use.",
        "stated_on": stance.held_from,
        "recorded_at": stance.recorded_at,
        **changes,
    }
    return Evidence(stance.id, origin=origin, **values)


def store_of(rows: Iterable[Stance], further: Iterable[Evidence] = ()) -> Store:
    """A record with these rows."""
    store = MemoryStore()
    with store.begin() as work:
        work.stances.add(rows)
        for item in further:
            work.stances.add_evidence(item)
        work.commit()
    return store


def statement(**changes: Any) -> Statement:
    """What Northgate's post says."""
    values: dict[str, Any] = {
        "vendor": "northgate",
        "position": Position.MORATORIUM,
        "audience": Audience.POLICE,
        "quote": "We pause police use.",
        "start": 0,
        "end": 20,
        "rule": "pauses",
        "until": date(2021, 6, 10),
        "announced": date(2020, 6, 10),
        **changes,
    }
    return Statement(**values)


def post(key: str = "guid:1", **changes: Any) -> Post:
    """A post of Northgate's blog."""
    values: dict[str, Any] = {
        "source_id": "northgate-blog",
        "key": key,
        "version": 1,
        "title": "A pause",
        "text": "We pause police use. More soon.",
        "url": "https://northgate.example/pause",
        "published": NOON,
        "seen": NOON,
        **changes,
    }
    return Post(**values)


def alert_of(said: Statement, about: Post) -> Alert:
    """The alert that the statement sets off."""
    told = Told(
        change=Change.ANNOUNCED,
        audience=said.audience,
        position=said.position,
        previous=None,
        previous_since=None,
        product=said.product,
        jurisdiction=said.jurisdiction,
        until=said.until,
        condition=said.condition,
        announced=said.announced,
        quote=said.quote,
    )
    return Alert(
        key=alert_key(said.vendor, about.id, about.version, said.audience, said.position),
        vendor=said.vendor,
        vendor_name="Northgate",
        changes=(told,),
        reason="no stance was on record",
        at=NOON,
        post_id=about.id,
        title=about.title,
        url=about.url,
        source_id=about.source_id,
        source_name="Northgate Blog",
        source_kind="vendor",
        published=about.published,
        own_voice=True,
        rule=said.rule,
    )


def joined(alert: Alert, about: Post) -> Report:
    """A later post that joined the alert."""
    return Report(alert.key, about.id, about.url, about.source_id, "The Press", about.title, "paused", NOON, False)


def reading(about: Post, *verdicts: Verdict, note: str | None = None) -> Reading:
    """What was decided about a post."""
    return Reading(about.id, about.version, NOON, "rules-1", verdicts, note)
