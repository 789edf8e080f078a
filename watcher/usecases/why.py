"""What was read in a post, what was decided about it, and why: also for the posts that nobody was told of."""

from collections.abc import Sequence
from dataclasses import dataclass

from watcher.core.alert import Alert, alert_key
from watcher.core.calendar import RULE
from watcher.core.change import Verdict
from watcher.core.delivery import Delivery, messages
from watcher.core.marks import Marks
from watcher.core.post import Post
from watcher.core.review import Review, standing
from watcher.core.source import Source
from watcher.core.statement import Statement
from watcher.usecases.ports import Reading, Store, UnitOfWork
from watcher.usecases.reading import Reads, document_of


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict, with the alert that it is part of or that it joined, its deliveries, and the last word on it."""

    verdict: Verdict
    alert: Alert | None = None
    deliveries: tuple[Delivery, ...] = ()
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Reread:
    """One reading of one version of a post."""

    reading: Reading
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One post and all readings of it, oldest first; without any it waits to be read.

    ``lapses``: the alerts of the calendar, which told that the end named in the post had passed without a word.
    """

    post: Post
    source_name: str
    readings: tuple[Reread, ...] = ()
    lapses: tuple[Alert, ...] = ()

    @property
    def told(self) -> bool:
        """Whether an alert came of it."""
        return any(one.verdict.told for reread in self.readings for one in reread.judged)


def why(store: Store, reference: str) -> list[Explanation]:
    """Explain the posts under a post's id or address, or the post behind an alert's key; nothing found: an empty list.

    One address can stand in several sources, and then each of their posts is explained.
    """
    wanted = reference.strip().removeprefix("post:")
    with store.begin() as work:
        alert = work.alerts.get(wanted)
        posts = work.posts.find(alert.post_id) if alert else _found(work, wanted)
        states = work.sources.states()
        titles = {post.source_id: states[post.source_id].title for post in posts if post.source_id in states}
        return [_explain(work, post, titles.get(post.source_id) or post.source_id) for post in posts]


def told_by_calendar(store: Store, reference: str) -> Alert | None:
    """The alert of that key, where the calendar told it, whether or not a post had named the end."""
    with store.begin() as work:
        alert = work.alerts.get(reference.strip())
    return alert if alert and alert.rule == RULE else None


def marks(one: Explanation, reader: Reads, source: Source | None) -> dict[Statement, Marks]:
    """Where in its sentence each statement of the last reading was found, if the rules are still those that read it."""
    last = one.readings[-1].reading if one.readings else None
    if last is None or (last.rules, last.version) != (reader.version, one.post.version):
        return {}
    found = reader.read(document_of(one.post, source))
    return {said: spans for said, spans in zip(found.statements, found.marks, strict=False) if spans}


def _found(work: UnitOfWork, wanted: str) -> list[Post]:
    """The posts of an id or an address; people paste addresses without their scheme, or with the older one."""
    bare = wanted.removeprefix("https://").removeprefix("http://")
    tried = (wanted, f"https://{bare}", f"http://{bare}") if "." in bare else (wanted,)
    return next((posts for one in tried if (posts := work.posts.find(one))), [])


def _explain(work: UnitOfWork, post: Post, source_name: str) -> Explanation:
    readings = [Reread(reading, _judged(work, reading)) for reading in work.posts.readings(post.id)]
    return Explanation(post, source_name, tuple(readings), _lapses(work, post, readings))


def _lapses(work: UnitOfWork, post: Post, readings: Sequence[Reread]) -> tuple[Alert, ...]:
    vendors = dict.fromkeys(one.verdict.statement.vendor for reread in readings for one in reread.judged)
    later = [alert for vendor in vendors for alert in work.alerts.recent(vendor, post.published)]
    return tuple(alert for alert in later if alert.rule == RULE and alert.post_id == post.id)


def _judged(work: UnitOfWork, reading: Reading) -> tuple[Judged, ...]:
    return tuple(_with_alert(work, verdict, _alert(work, reading, verdict)) for verdict in reading.verdicts)


def _alert(work: UnitOfWork, reading: Reading, verdict: Verdict) -> Alert | None:
    """Alerts are named after the main change of a vendor in a post, so each told one is tried in turn."""
    if verdict.joins:
        return work.alerts.get(verdict.joins)
    if not verdict.told:
        return None
    told = [one.statement for one in reading.verdicts if one.told and one.statement.vendor == verdict.statement.vendor]
    keys = [alert_key(one.vendor, reading.post_id, reading.version, one.audience, one.position) for one in told]
    return next((alert for key in keys if (alert := work.alerts.get(key))), None)


def _with_alert(work: UnitOfWork, verdict: Verdict, alert: Alert | None) -> Judged:
    if alert is None:
        return Judged(verdict)
    said = standing(work.reviews.all(alert.key)).get(alert.key)
    return Judged(verdict, alert, tuple(messages(work.alerts.deliveries(alert.key))), said)
