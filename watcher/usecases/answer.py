"""Questions to the record: what holds, what was held, how the sources fare, what was told. Nothing is written.

``status`` folds the rows of the ledger by both of its clocks; ``usecases/why.py`` explains single posts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches

from watcher.core.alert import Alert, Report
from watcher.core.compare import same_product
from watcher.core.delivery import Delivery, messages
from watcher.core.place import one_place, wider
from watcher.core.review import Review, standing
from watcher.core.source import Health, Source, SourceState
from watcher.core.stance import Evidence, Ledger, Stance
from watcher.core.statement import Audience, Position
from watcher.core.vendor import Vendor
from watcher.usecases.ports import Store

_ORDER = tuple(Audience)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a name means: ``vendor`` is an id, or None with ``suggestions`` of names that are near."""

    vendor: str | None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One stance as it stood on a day.

    ``since`` is when the position began and ``changed`` when its terms were last stated anew (None: never since).
    ``lapsed``: its ``until`` had passed. ``withdrawn``: its wording was gone. ``evidence`` counts the posts and
    documents behind it. ``covered_by`` is a later stance towards everyone, which holds here too.
    """

    vendor: str
    vendor_name: str
    audience: Audience
    position: Position
    since: date
    changed: date | None
    row: Stance
    own_voice: bool
    evidence: int
    product: str | None = None
    lapsed: bool = False
    covered_by: Stance | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One row of a vendor's ledger, and the further sources for it, oldest first."""

    row: Stance
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source of the configuration and its state on record."""

    source: Source
    state: SourceState

    @property
    def name(self) -> str:
        """The configured name, else the feed's own, else the id."""
        return self.source.name or self.state.title or self.source.id

    @property
    def healthy(self) -> bool:
        """Whether nothing about it needs a person's eye."""
        return self.state.health in {Health.NEW, Health.OK, Health.QUIET} and self.state.trouble is None


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert, where it went (nowhere: its vendor was muted), who corroborated it, and what a person said of it."""

    alert: Alert
    deliveries: tuple[Delivery, ...]
    reports: tuple[Report, ...]
    review: Review | None = None

    @property
    def taken_back(self) -> bool:
        """Whether somebody rejected it."""
        return self.review is not None and self.review.ruling.rejects


def vendor_named(text: str, vendors: Mapping[str, Vendor], on_record: Iterable[str] = ()) -> Named:
    """Whom ``text`` means, by id, name, or any name of a unit or product; upper and lower case count as the same."""
    wanted = text.strip().casefold()
    names = {vendor_id.casefold(): vendor_id for vendor_id in on_record}
    for vendor in vendors.values():
        for name in vendor.names:
            names.setdefault(name.text.casefold(), vendor.id)
    names |= {vendor.name.casefold(): vendor.id for vendor in vendors.values()}
    names |= {vendor.id.casefold(): vendor.id for vendor in vendors.values()}
    if wanted in names:
        return Named(names[wanted])
    near = dict.fromkeys(names[match] for match in get_close_matches(wanted, names, n=5, cutoff=0.7))
    return Named(None, tuple(near)[:3])


def vendors_on_record(store: Store) -> tuple[str, ...]:
    """The ids of all vendors with a row in the ledger."""
    with store.begin() as work:
        return tuple(sorted({row.vendor for row in work.stances.ledger().rows}))


def status(
    store: Store,
    vendors: Mapping[str, Vendor],
    on: date,
    *,
    vendor: str | None = None,
    known_on: datetime | None = None,
) -> list[Standing]:
    """The stances that held on a day as far as they were known at a moment (None: as we know now)."""
    with store.begin() as work:
        ledger = work.stances.ledger(vendor, known_on)
        ids = sorted({row.vendor for row in ledger.rows})
        evidence = [item for one in ids for item in work.stances.evidence(one)]
    known = [item for item in evidence if known_on is None or item.recorded_at <= known_on]
    found = [standing for one in ids for standing in _standings(ledger.history(one), on, known)]
    named = [replace(one, vendor_name=vendors[one.vendor].name) if one.vendor in vendors else one for one in found]
    return sorted(named, key=_place)


def _place(standing: Standing) -> tuple[str, bool, int, str]:
    off_scale = standing.position is Position.ADVOCATE
    place = f"{standing.product or ''} {standing.row.jurisdiction or ''}"
    return standing.vendor_name.casefold(), off_scale, _ORDER.index(standing.audience), place


def _standings(rows: Sequence[Stance], on: date, evidence: Sequence[Evidence]) -> list[Standing]:
    """The runs that are not over on a day; a run is one position held without a break."""
    open_runs: list[list[Stance]] = []
    for row in rows:
        if row.held_from <= on and row.ends is None:  # that an end has passed shows by itself
            ended = [run for run in open_runs if _supersedes(row, run[-1])]
            before = [old for run in ended for old in run if _continues(row, run[-1])]
            open_runs = [run for run in open_runs if run not in ended]
            open_runs.append([*sorted(before, key=lambda old: old.held_from), row])
    standing = [run[-1] for run in open_runs if not run[-1].deal]
    kept = [run for run in open_runs if not (run[-1].deal and any(_same_track(run[-1], row) for row in standing))]
    return [_standing(run, on, evidence, kept) for run in kept]


def _same_track(row: Stance, held: Stance) -> bool:
    """A call for rules says nothing of sales, so that neither takes the other's place."""
    advocates = (row.position is Position.ADVOCATE, held.position is Position.ADVOCATE)
    if row.audience is not held.audience or advocates[0] is not advocates[1]:
        return False
    return same_product(row.product, held.product) and one_place(held.jurisdiction, row.jurisdiction)


def _supersedes(row: Stance, held: Stance) -> bool:
    """A stance on one product or in one place leaves a wider one standing, and so does a single deal.

    A wider place takes over a narrower one only if it is as strict: a way out of one country outlasts a launch.
    """
    if not _same_track(row, held) or (row.deal and not held.deal):
        return False
    if wider(row.jurisdiction, held.jurisdiction):
        return (row.position.strictness or 0) >= (held.position.strictness or 0)
    if wider(held.jurisdiction, row.jurisdiction):
        return False
    return row.position is held.position or not _of_one_product(row, held)


def _of_one_product(row: Stance, held: Stance) -> bool:
    """Whether a row is narrower by its product; of one day, it is another account of the same event."""
    another_account = row.held_from == held.held_from and row.origin != held.origin
    return row.product is not None and held.product is None and not another_account


def _continues(row: Stance, held: Stance) -> bool:
    gap = held.until is not None and held.until < row.held_from
    return row.position is held.position and not held.withdrawn and not gap


def _standing(
    run: Sequence[Stance], on: date, evidence: Sequence[Evidence], open_runs: Iterable[Sequence[Stance]]
) -> Standing:
    last, ids = run[-1], {row.id for row in run}
    origins = {row.origin for row in run} | {item.origin for item in evidence if item.stance_id in ids}
    own = any(row.own_voice for row in run) or any(item.own_voice for item in evidence if item.stance_id in ids)
    products = [row.product for row in run if row.product]
    return Standing(
        vendor=last.vendor,
        vendor_name=last.vendor,
        audience=last.audience,
        position=last.position,
        since=run[0].held_from,
        changed=last.held_from if last.held_from > run[0].held_from else None,
        row=last,
        own_voice=own,
        evidence=len(origins),
        product=products[-1] if products else None,
        lapsed=last.until is not None and last.until < on,
        covered_by=_cover(run, (other[-1] for other in open_runs)),
    )


def _cover(run: Sequence[Stance], others: Iterable[Stance]) -> Stance | None:
    """A later and stricter stance towards everyone, which holds for each audience."""
    last = run[-1]
    if last.audience is Audience.EVERYONE or last.position is Position.ADVOCATE:
        return None
    wide = (row for row in others if row.audience is Audience.EVERYONE and same_product(row.product, last.product))
    wide = (row for row in wide if not wider(last.jurisdiction, row.jurisdiction))
    later = [row for row in wide if row.held_from > last.held_from and not row.withdrawn]
    strictness = last.position.strictness or 0
    return next((row for row in later if (row.position.strictness or 0) > strictness), None)


def history(store: Store, vendor: str) -> list[Chapter]:
    """The ledger of one vendor in the order of the world's clock; what was taken back is left out."""
    with store.begin() as work:
        rows = work.stances.ledger(vendor).history(vendor)
        evidence = work.stances.evidence(vendor)
    return [Chapter(row, tuple(item for item in evidence if item.stance_id == row.id)) for row in rows]


def whole_ledger(store: Store) -> Ledger:
    """All rows, as they are exported."""
    with store.begin() as work:
        return work.stances.ledger()


def sources(store: Store, configured: Sequence[Source]) -> list[SourceLine]:
    """The configured sources in their order, each with its state; one never polled has the state ``new``."""
    with store.begin() as work:
        states = work.sources.states()
    return [SourceLine(source, states.get(source.id) or SourceState(source.id)) for source in configured]


def alerts(
    store: Store, *, vendor: str | None = None, limit: int | None = None, since: datetime | None = None
) -> list[AlertLine]:
    """Alerts, newest first; with ``since`` only those of that moment or later."""
    with store.begin() as work:
        said = standing(work.reviews.all())
        return [
            AlertLine(
                alert,
                tuple(messages(work.alerts.deliveries(alert.key))),
                tuple(work.alerts.reports(alert.key)),
                said.get(alert.key),
            )
            for alert in work.alerts.all(vendor, limit)
            if since is None or alert.at >= since
        ]
