"""Answers for programs: JSON with stable keys, which ``docs/commands.md`` names.

Dates are ISO 8601; moments carry their zone, which is UTC. A key is always there; what is not known is null.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TextIO

from watcher.core.alert import Alert, Report, Told
from watcher.core.delivery import Delivery
from watcher.core.errors import Fault, FetchTrouble
from watcher.core.marks import Marks
from watcher.core.post import Post
from watcher.core.review import Review
from watcher.core.severity import severity_of
from watcher.core.stance import Evidence, Stance
from watcher.core.statement import Statement
from watcher.entrypoints.options import Format
from watcher.entrypoints.show.lapses import lapse
from watcher.usecases.answer import AlertLine, Chapter, SourceLine, Standing
from watcher.usecases.why import Explanation, Judged, Reread

if TYPE_CHECKING:  # both bring all that reads or polls, and most answers need neither
    from watcher.entrypoints.scheduler import Report as RoundReport
    from watcher.usecases.analyze import Analysis

Form = dict[str, Any]
_UNREACHED = {FetchTrouble.NETWORK, FetchTrouble.TIMEOUT}


def put(stream: TextIO, forms: Iterable[Mapping[str, Any]], how: Format) -> None:
    """Write objects as one JSON array, or one a line as they come."""
    if how is Format.JSONL:
        stream.writelines(f"{json.dumps(form, ensure_ascii=False)}\n" for form in forms)
    else:
        stream.write(f"{json.dumps(list(forms), ensure_ascii=False, indent=2)}\n")


def iso(moment: date | datetime | None) -> str | None:
    """A date or a moment as ISO 8601."""
    return moment.isoformat() if moment else None


def standing(one: Standing) -> Form:
    """A row of ``status``."""
    row = one.row
    return {
        "vendor": one.vendor,
        "vendor_name": one.vendor_name,
        "audience": one.audience.value,
        "position": one.position.value,
        "since": iso(one.since),
        "changed": iso(one.changed),
        "until": iso(row.until),
        "lapsed": one.lapsed,
        "withdrawn": row.withdrawn,
        "deal": row.deal,
        "condition": row.condition,
        "product": one.product,
        "jurisdiction": row.jurisdiction,
        "own_voice": one.own_voice,
        "evidence": one.evidence,
        "covered_by": _cover(one.covered_by),
        "source": row.source,
        "url": row.url,
        "quote": row.quote,
        "confidence": row.confidence,
        "recorded_at": iso(row.recorded_at),
    }


def _cover(row: Stance | None) -> Form | None:
    if row is None:
        return None
    return {"audience": row.audience.value, "position": row.position.value, "since": iso(row.held_from)}


def chapter(one: Chapter) -> Form:
    """A row of ``history``."""
    return {**stance(one.row), "evidence": [evidence(item) for item in one.evidence]}


def stance(row: Stance) -> Form:
    """A row of the ledger."""
    return {
        "id": row.id,
        "vendor": row.vendor,
        "audience": row.audience.value,
        "position": row.position.value,
        "held_from": iso(row.held_from),
        "recorded_at": iso(row.recorded_at),
        "until": iso(row.until),
        "condition": row.condition,
        "product": row.product,
        "jurisdiction": row.jurisdiction,
        "own_voice": row.own_voice,
        "withdrawn": row.withdrawn,
        "deal": row.deal,
        "lapsed": row.ends is not None,
        "source": row.source,
        "url": row.url,
        "quote": row.quote,
        "confidence": row.confidence,
        "note": row.note,
        "origin": row.origin,
    }


def evidence(item: Evidence) -> Form:
    """A further source for a stance."""
    return {
        "stated_on": iso(item.stated_on),
        "source": item.source,
        "url": item.url,
        "quote": item.quote,
        "own_voice": item.own_voice,
        "recorded_at": iso(item.recorded_at),
        "origin": item.origin,
    }


def source(one: SourceLine) -> Form:
    """A row of ``sources``."""
    configured, state = one.source, one.state
    return {
        "id": configured.id,
        "name": one.name,
        "type": configured.type.value,
        "kind": configured.kind.value,
        "vendor": configured.vendor,
        "url": configured.url,
        "every": int(configured.every.total_seconds()),
        "health": state.health.value,
        "health_since": iso(state.health_since),
        "trouble": state.trouble.value if state.trouble else None,
        "detail": state.detail,
        "failures": state.failures,
        "last_polled": iso(state.last_polled),
        "last_success": iso(state.last_success),
        "last_new_post": iso(state.last_new_post),
        "next_due": iso(state.next_due),
        "polls": state.polls,
        "not_modified": state.not_modified,
        "moved_to": state.http.moved_to,
        "moved_seen": state.http.moved_seen,
        "moved_since": iso(state.http.moved_since),
        "proposed_url": state.proposed_url,
    }


def alert_line(one: AlertLine) -> Form:
    """A row of ``alerts``."""
    return {
        **alert(one.alert),
        "deliveries": [delivery(item) for item in one.deliveries],
        "reports": [report(item) for item in one.reports],
        "muted": not one.deliveries,
        "review": review(one.review) if one.review else None,
    }


def review(one: Review) -> Form:
    """A person's word on an alert."""
    return {"ruling": one.ruling.value, "by": one.by.name, "at": iso(one.at), "note": one.note}


def alert(one: Alert) -> Form:
    """An alert; its main change comes first."""
    return {
        "key": one.key,
        "at": iso(one.at),
        "vendor": one.vendor,
        "vendor_name": one.vendor_name,
        "changes": [_told(change) for change in one.changes],
        "reason": one.reason,
        "rule": one.rule,
        "own_voice": one.own_voice,
        "post": {"id": one.post_id, "title": one.title, "url": one.url, "published": iso(one.published)},
        "source": {"id": one.source_id, "name": one.source_name, "kind": one.source_kind},
        "severity": severity_of(one).value,
    }


def _told(change: Told) -> Form:
    return {
        "change": change.change.value,
        "audience": change.audience.value,
        "position": change.position.value,
        "previous": change.previous.value if change.previous else None,
        "previous_since": iso(change.previous_since),
        "product": change.product,
        "jurisdiction": change.jurisdiction,
        "until": iso(change.until),
        "condition": change.condition,
        "announced": iso(change.announced),
        "quote": change.quote,
        "before": change.before,
        "shift": change.shift.value if change.shift else None,
        "page_dated": iso(change.page_dated),
    }


def delivery(one: Delivery) -> Form:
    """Where an alert went."""
    return {
        "channel": one.channel,
        "state": one.state.value,
        "attempts": one.attempts,
        "due": iso(one.due),
        "sent_at": iso(one.sent_at),
        "receipt": one.receipt,
        "error": one.error,
        "created": iso(one.created),
    }


def report(one: Report) -> Form:
    """A later report that joined an alert."""
    return {
        "post": one.post_id,
        "source": one.source_name,
        "title": one.title,
        "url": one.url,
        "quote": one.quote,
        "at": iso(one.at),
        "own_voice": one.own_voice,
    }


def explanation(one: Explanation) -> Form:
    """An answer of ``why``."""
    return {
        **post(one.post, one.source_name),
        "told": one.told,
        "readings": [_reread(item) for item in one.readings],
        "lapses": [lapse(alert) for alert in one.lapses],
    }


def post(one: Post, source_name: str) -> Form:
    """A post without its text."""
    return {
        "id": one.id,
        "title": one.title,
        "url": one.url,
        "published": iso(one.published),
        "seen": iso(one.seen),
        "source": {"id": one.source_id, "name": source_name},
        "version": one.version,
        "baseline": one.baseline,
        "complete": one.complete,
    }


def _reread(one: Reread) -> Form:
    reading = one.reading
    return {
        "version": reading.version,
        "read_at": iso(reading.read_at),
        "rules": reading.rules,
        "note": reading.note,
        "verdicts": [_judged(item) for item in one.judged],
    }


def _judged(one: Judged) -> Form:
    verdict = one.verdict
    return {
        "statement": statement(verdict.statement),
        "change": verdict.change.value,
        "reason": verdict.reason,
        "told": verdict.told,
        "previous": stance(verdict.previous) if verdict.previous else None,
        "joins": verdict.joins,
        "alert": one.alert.key if one.alert else None,
        "deliveries": [delivery(item) for item in one.deliveries],
        "review": review(one.review) if one.review else None,
    }


def statement(one: Statement) -> Form:
    """What one sentence says; ``start`` and ``end`` are offsets into the text, -1 for a headline."""
    return {
        "vendor": one.vendor,
        "position": one.position.value,
        "audience": one.audience.value,
        "product": one.product,
        "jurisdiction": one.jurisdiction,
        "until": iso(one.until),
        "condition": one.condition,
        "announced": iso(one.announced),
        "fresh": one.fresh,
        "quote": one.quote,
        "start": one.start,
        "end": one.end,
        "rule": one.rule,
    }


def analysis(one: "Analysis", place: Callable[[str], str | None]) -> Form:
    """A line of ``analyze``; ``place`` tells the file and line of a rule."""
    marks = one.marks or [None] * len(one.statements)
    return {
        "id": one.id,
        "statements": [
            {**statement(said), "place": place(said.rule), "marks": _marks(spans)}
            for said, spans in zip(one.statements, marks, strict=True)
        ],
    }


def _marks(spans: Marks | None) -> Form | None:
    """Spans are offsets into ``text``, the sentence as it was read."""
    if spans is None:
        return None
    return {
        "text": spans.text,
        "scope": list(spans.scope),
        "cue": list(spans.cue),
        "targets": [list(span) for span in spans.targets],
        "audiences": [list(span) for span in spans.audiences],
    }


def fault(one: Fault) -> Form:
    """A line of ``check``: one thing that is wrong; a sound configuration gives none."""
    return {"file": one.file, "line": one.line, "key": one.key, "expected": one.expected}


def report_of(one: "RoundReport") -> Form:
    """What ``poll`` came to."""
    polled = one.round
    last = one.deliveries[-1] if one.deliveries else None
    return {
        "asked": polled.asked,
        "answered": polled.answered - sum(f.trouble in _UNREACHED for f in polled.failures),
        "not_modified": polled.not_modified,
        "new_posts": polled.new_posts,
        "baseline": polled.baseline,
        "edits": polled.edits,
        "failed": [{"source": f.source_id, "trouble": f.trouble.value, "detail": f.detail} for f in polled.failures],
        "partial": list(polled.partial),
        "network_down": polled.network_down,
        "notes": [*polled.notes, *one.faults],
        "next_due": iso(polled.next_due),
        "alerts": [alert(item) for read in one.reads for item in read.alerts],
        "joined": sum(read.reports for read in one.reads),
        "sent": sum(delivered.sent for delivered in one.deliveries),
        "waiting": last.waiting if last else 0,
        "oldest_waiting": last.oldest.total_seconds() if last and last.oldest else None,
        "trouble": one.trouble,
    }
