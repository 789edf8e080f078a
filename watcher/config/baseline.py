"""Stances from YAML: those shipped with the watcher, and files that people import and export.

A file holds ``events`` and ``standing`` wording (facts about vendors, as in the shipped file), ``stances`` (rows of a
ledger, as ``export`` writes them), or all of them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from importlib import resources
from typing import Any

import yaml

from watcher.config.facts import Day, EventEntry, FactsFile, Relation, StanceEntry, StandingEntry
from watcher.config.shape import validate
from watcher.config.suggest import suggestion
from watcher.config.yaml import Loaded, Step, parse, read
from watcher.core.stance import Evidence, Stance

SHIPPED = "watcher/data/baseline.yaml"
MISSING = "`watcher export --output FILE` writes one, and watcher/data/baseline.yaml is one to learn from"


def load(path: str | None, recorded_at: datetime, vendors: Collection[str] | None = None) -> tuple[Stance, ...]:
    """The stances of a file, oldest first by the world's clock.

    What only repeats or enforces another event, and what is no position on face recognition (``beside``), makes no row.
    A month without a day counts from its first day; wording whose first day is not known, from the day on which the
    facts were collected. Both is said in the row's note.

    Args:
        path: the file; None reads the shipped one.
        recorded_at: when we came to know the events and the standing wording; rows of a ledger keep their own moment.
        vendors: the known vendors' ids; None takes any.

    Raises:
        ConfigError: all faults of the file.
    """
    facts = _facts(path, vendors)
    rows = [
        *(_of_event(entry, recorded_at) for entry in facts.events if _is_row(entry)),
        *(_of_standing(entry, facts.collected, recorded_at) for entry in facts.standing if _is_row(entry)),
        *(_of_row(entry) for entry in facts.stances),
    ]
    return tuple(sorted(rows, key=lambda row: (row.held_from, row.recorded_at, row.id)))


def load_evidence(path: str | None, recorded_at: datetime) -> tuple[Evidence, ...]:
    """Further sources for the stances that ``load`` makes of the same file.

    These are the other pages that told of an event, the events that repeat or enforce one, and the last archived copy
    in which a wording still stood.

    Raises:
        ConfigError: all faults of the file.
    """
    facts = _facts(path, None)
    rows = _rows_by_id(facts, recorded_at)
    found = [item for entry in facts.events for item in _of_sources(entry, rows, recorded_at)]
    found += [item for entry in facts.standing for item in _of_last_seen(entry, rows, recorded_at)]
    return tuple(sorted(found, key=lambda item: (item.stated_on, item.origin)))


def as_of(stances: Iterable[Stance], when: datetime) -> tuple[Stance, ...]:
    """The stances as somebody would have had them at ``when``: what held before that day, recorded at that moment."""
    return tuple(replace(row, recorded_at=when) for row in stances if row.held_from < when.date())


def export(stances: Iterable[Stance]) -> str:
    """The stances as YAML, which ``load`` reads back without a loss."""
    head = "# Stances of a watcher's ledger. `watcher baseline import FILE` reads them back.\n"
    rows = [_written(stance) for stance in stances]
    return head + yaml.dump({"stances": rows}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=116)


class _Dumper(yaml.SafeDumper):
    """Writes texts with line breaks of any kind in double quotes: the other styles fold U+0085 into a space."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if len(text.splitlines()) > 1 or text.splitlines() != [text] else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _text)


def _written(stance: Stance) -> dict[str, Any]:
    values = {field.name: getattr(stance, field.name) for field in fields(stance)}
    return {name: _plain(value) for name, value in values.items() if value is not None and value is not False}


def _plain(value: Any) -> Any:  # noqa: ANN401 (the fields of a stance have several types)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


# --- reading


def _facts(path: str | None, vendors: Collection[str] | None) -> FactsFile:
    loaded = parse(_shipped(), SHIPPED) if path is None else read(path, missing=MISSING)
    facts = validate(FactsFile, loaded)
    if facts is not None:
        _check(facts, loaded, vendors)
    loaded.refuse()
    return facts if facts is not None else FactsFile.model_validate({})


def _shipped() -> bytes:
    return (resources.files("watcher") / "data" / "baseline.yaml").read_bytes()


def _entries(facts: FactsFile) -> Iterator[tuple[tuple[Step, ...], EventEntry | StandingEntry]]:
    yield from ((("events", index), entry) for index, entry in enumerate(facts.events))
    yield from ((("standing", index), entry) for index, entry in enumerate(facts.standing))


def _check(facts: FactsFile, loaded: Loaded, vendors: Collection[str] | None) -> None:
    """What no single entry can show: ids that stand twice, relations to nothing, vendors that nobody knows."""
    rows = {entry.id for _, entry in _entries(facts) if _is_row(entry)}
    seen: set[str] = set()
    for path, entry in _entries(facts):
        if entry.id in seen:
            loaded.fault((*path, "id"), "an id that is used once", name=entry.id)
        seen.add(entry.id)
        for relation, other in entry.relates_to.items():
            if other not in rows:
                expected = f"the id of an event that is in the ledger, not {other!r}{suggestion(other, rows)}"
                loaded.fault((*path, "relates_to", relation.value), expected, name=entry.id)
        if isinstance(entry, EventEntry) and entry.until and entry.until.last < entry.date.first:
            loaded.fault((*path, "until"), "a day after the event's own", name=entry.id)
        if isinstance(entry, StandingEntry) and not (entry.first_seen or facts.collected):
            loaded.fault((*path, "first_seen"), "a day, or `collected` at the top of the file", name=entry.id)
    if vendors is not None:
        _check_vendors(facts, loaded, vendors)


def _check_vendors(facts: FactsFile, loaded: Loaded, vendors: Collection[str]) -> None:
    rows = [((("stances", index)), entry.vendor) for index, entry in enumerate(facts.stances)]
    for path, vendor in [*((path, entry.vendor) for path, entry in _entries(facts)), *rows]:
        if vendor not in vendors:
            loaded.fault((*path, "vendor"), f"a known vendor, not {vendor!r}{suggestion(vendor, vendors)}")


# --- rows


def _is_row(entry: EventEntry | StandingEntry) -> bool:
    """Whether an entry is a stance of its own."""
    if isinstance(entry, EventEntry) and entry.beside:
        return False
    return not entry.relates_to or any(relation.changes for relation in entry.relates_to)


def _rows_by_id(facts: FactsFile, recorded_at: datetime) -> Mapping[str, Stance]:
    events = {entry.id: _of_event(entry, recorded_at) for entry in facts.events if _is_row(entry)}
    standing = {
        entry.id: _of_standing(entry, facts.collected, recorded_at) for entry in facts.standing if _is_row(entry)
    }
    return events | standing


def _of_event(entry: EventEntry, recorded_at: datetime) -> Stance:
    return Stance(
        vendor=entry.vendor,
        audience=entry.audience,
        position=entry.position,
        held_from=entry.date.first,
        recorded_at=recorded_at,
        origin=f"baseline:{entry.id}",
        product=entry.product,
        jurisdiction=entry.jurisdiction,
        until=entry.until.last if entry.until else None,
        condition=entry.condition,
        url=next(iter(entry.sources), None),
        source=entry.channel.value.replace("-", " "),
        own_voice=entry.own_voice,
        confidence=entry.confidence.value,
        note=_event_note(entry),
        deal=entry.deal,
    )


def _event_note(entry: EventEntry) -> str:
    remarks = [
        f"the day is not known, only {entry.date.text}" if not entry.date.exact else None,
        entry.date_note,
        f"in force from {entry.effective.text}" if entry.effective else None,
        f"until: only {entry.until.text} is known" if entry.until and not entry.until.exact else None,
        "the vendor said nothing itself; it shows only in what it did" if not entry.explicit else None,
        "the pages rest on one original report" if entry.same_origin else None,
    ]
    return _sentences([entry.summary, *remarks])


def _sentences(parts: Sequence[str | None]) -> str:
    return " ".join(f"{part[0].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def _of_standing(entry: StandingEntry, collected: Day | None, recorded_at: datetime) -> Stance:
    return Stance(
        vendor=entry.vendor,
        audience=entry.audience,
        position=entry.position,
        held_from=_first_day(entry, collected),
        recorded_at=recorded_at,
        origin=f"baseline:{entry.id}",
        product=entry.product,
        condition=entry.says,
        url=entry.url,
        source=entry.document,
        own_voice=True,
        confidence="one-source",
        note=_standing_note(entry, collected),
    )


def _first_day(entry: StandingEntry, collected: Day | None) -> date:
    known = entry.first_seen or collected
    if known is None:
        raise ValueError("checked before: one of them is there")
    return known.first


def _standing_note(entry: StandingEntry, collected: Day | None) -> str:
    if entry.first_seen:
        seen = f"first seen on {entry.first_seen.text}; it may be older"
    else:
        seen = f"first seen: unknown; counted from {collected.text if collected else ''}, when the facts were collected"
    return _sentences([f"wording of {entry.document}", seen, entry.note])


def _of_row(entry: StanceEntry) -> Stance:
    given = {name: getattr(entry, name) for name in StanceEntry.model_fields}
    until = entry.until.last if entry.until else None
    return Stance(**{**given, "held_from": entry.held_from.first, "until": until})


# --- evidence


def _of_sources(entry: EventEntry, rows: Mapping[str, Stance], recorded_at: datetime) -> Iterator[Evidence]:
    for stance, own in _proved(entry, rows):
        for url in entry.sources[1:] if own else entry.sources[:1]:
            yield _item(entry, stance, url, recorded_at)
        if own and entry.in_force_seen:
            quote = "the wording still stood in the last archived copy"
            last = entry.in_force_seen.first
            yield replace(_item(entry, stance, stance.url, recorded_at), stated_on=last, quote=quote)


def _proved(entry: EventEntry, rows: Mapping[str, Stance]) -> Iterator[tuple[Stance, bool]]:
    """The stances that an event proves: its own, and those that it repeats or enforces."""
    if entry.id in rows:
        yield rows[entry.id], True
    for relation, other in entry.relates_to.items():
        if relation in {Relation.REPEATS, Relation.ENFORCES}:
            yield rows[other], False


def _item(entry: EventEntry, stance: Stance, url: str | None, recorded_at: datetime) -> Evidence:
    return Evidence(
        stance_id=stance.id,
        url=url,
        source=entry.channel.value.replace("-", " "),
        quote=entry.summary,
        stated_on=entry.date.first,
        recorded_at=recorded_at,
        origin=f"baseline:{entry.id}",
        own_voice=entry.own_voice,
    )


def _of_last_seen(entry: StandingEntry, rows: Mapping[str, Stance], recorded_at: datetime) -> Iterator[Evidence]:
    """The day on which a standing wording was seen last; where it repeats an event, also that it was seen at all."""
    seen = entry.last_seen or entry.first_seen
    repeated = next((other for relation, other in entry.relates_to.items() if not relation.changes), None)
    if seen is not None:
        yield Evidence(
            stance_id=rows[repeated or entry.id].id,
            url=entry.url,
            source=entry.document,
            quote=entry.says,
            stated_on=seen.first,
            recorded_at=recorded_at,
            origin=f"baseline:{entry.id}",
            own_voice=True,
        )
