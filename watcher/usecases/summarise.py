"""A week of the record → what a letter says of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from watcher.core.digest import MONTHS, Digest, News, chapters, endings, sight, year_of
from watcher.core.source import Source
from watcher.core.vendor import Vendor
from watcher.core.week import Week
from watcher.usecases.answer import status
from watcher.usecases.ports import Store

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
        alerts = [alert for alert in work.alerts.all() if not wanted or alert.vendor in wanted]
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
        waiting=(),
        sight=sight(watched.sources, states, names, [alert.vendor for alert in mine]),
        year=year_of([alert for alert in alerts if week.end - _YEAR <= alert.at < week.end], today),
        interest=tuple(sorted(names.get(vendor, vendor) for vendor in wanted)),
    )
