"""A week of the record → what a letter says of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from watcher.core.digest import MONTHS, Digest, News, chapters, endings, sight, year_of
from watcher.core.review import rejected
from watcher.core.source import Source
from watcher.core.vendor import Vendor
from watcher.core.week import Week
from watcher.usecases.answer import status
from watcher.usecases.ports import Store
from watcher.usecases.review import Pending, pending

_YEAR = timedelta(days=31 * MONTHS)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched: the sources of feeds.yaml, and the vendors with their names."""

    sources: Sequence[Source]
    vendors: Mapping[str, Vendor]


def summarise(store: Store, watched: Watched, week: Week, zone: tzinfo, interest: Collection[str] = ()) -> Digest:
    """What one week comes to.

    Args:
        store: the record.
        watched: what is watched.
        week: the week; how the sources fare is told as of now.
        zone: the reader's time zone, in which days and months are counted.
        interest: ids of the vendors that the reader asked for; empty for all.
    """
    wanted = frozenset(interest)
    names = {vendor.id: vendor.name for vendor in watched.vendors.values() if not wanted or vendor.id in wanted}
    with store.begin() as work:
        back = rejected(work.reviews.all())
        known = [alert for alert in work.alerts.all() if alert.key not in back]  # what was taken back is no news
        alerts = [alert for alert in known if not wanted or alert.vendor in wanted]
        mine = [alert for alert in alerts if week.begin <= alert.at < week.end]
        news = [News(alert, len(work.alerts.reports(alert.key))) for alert in mine]
        repeated = work.posts.repetitions(week.begin, week.end)
        states = work.sources.states()
    today = week.end.astimezone(zone).date()
    standing = [one.row for one in status(store, watched.vendors, today) if not wanted or one.vendor in wanted]
    return Digest(
        week=week,
        chapters=chapters(news, {key: n for key, n in repeated.items() if not wanted or key in wanted}, names),
        endings=endings(standing, {one.vendor: names.get(one.vendor, one.vendor) for one in standing}, today),
        waiting=tuple(_waiting(pending(store, week.end), wanted, names)),
        sight=sight(watched.sources, states, names, [alert.vendor for alert in mine]),
        year=year_of([alert for alert in alerts if week.end - _YEAR <= alert.at < week.end], today),
        interest=tuple(sorted(names.get(vendor, vendor) for vendor in wanted)),
    )


def _waiting(found: Pending, wanted: Collection[str], names: Mapping[str, str]) -> Iterator[str]:
    """What a person should say yes or no to, and what is kept from people, a line each."""
    for one in found.alerts:
        alert, told = one.alert, one.alert.main
        if not wanted or alert.vendor in wanted:
            head = f"{alert.vendor_name}: {told.position} towards {told.audience} ({told.change})"
            yield f"{head}, reported by {alert.source_name} alone; right or wrong? ({alert.key})"
    for silence in found.silences:
        vendor, until = silence.mute.vendor, silence.mute.until.date().isoformat()
        if not wanted or vendor in wanted:
            kept = "1 alert was" if len(silence.held) == 1 else f"{len(silence.held)} alerts were"
            yield f"{names.get(vendor, vendor)} is muted until {until}; {kept} kept back"
    for proposal in found.proposals:
        yield f"The rule {proposal.rule}: {len(proposal.rejected)} alerts taken back as {proposal.ruling}"
