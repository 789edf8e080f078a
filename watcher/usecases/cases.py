"""What people said → labelled posts, in the form of ``eval/``: what was read wrongly must not be read so again.

A post is written out once, with what it states as far as people and rules go: the statements of rejected alerts are
left out, those of confirmed ones are in it, and so is what was read besides and nobody has spoken of.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from watcher.core.alert import Alert
from watcher.core.change import Verdict
from watcher.core.post import Post
from watcher.core.review import Review, Ruling, standing
from watcher.core.statement import Statement
from watcher.usecases.ports import Store, UnitOfWork

Case = dict[str, Any]
_LOCATOR = 80  # characters of the sentence, by which a miss is shown


def cases(store: Store) -> list[Case]:
    """The posts of all alerts on which somebody has said something, in the order of the first word."""
    with store.begin() as work:
        said = standing(work.reviews.all())
        alerts = [alert for key in said if (alert := work.alerts.get(key))]
        posts = dict.fromkeys(alert.post_id for alert in alerts)
        return [case for post_id in posts for case in _cases(work, post_id, alerts, said)]


def _cases(work: UnitOfWork, post_id: str, alerts: list[Alert], said: Mapping[str, Review]) -> Iterator[Case]:
    for post in work.posts.find(post_id):
        mine = [alert for alert in alerts if alert.post_id == post.id]
        readings = work.posts.readings(post.id)
        verdicts = readings[-1].verdicts if readings else ()
        kept = [verdict for verdict in verdicts if not _rejected(verdict, mine, said)]
        yield {
            "id": post.id,
            "source": {"name": mine[0].source_name, "kind": mine[0].source_kind},
            "url": post.url,
            "title": post.title,
            "published": post.published.isoformat(),
            "text": post.text,
            "statements": [_label(verdict, mine) for verdict in kept],
            "reviews": [_word(said[alert.key], alert, post) for alert in mine],
        }


def _rejected(verdict: Verdict, alerts: list[Alert], said: Mapping[str, Review]) -> bool:
    """Whether somebody took it back. What is not this vendor's is none of its statements in the whole post."""
    return any(_denied(verdict.statement, alert, said[alert.key].ruling) for alert in alerts)


def _denied(statement: Statement, alert: Alert, ruling: Ruling) -> bool:
    if not ruling.rejects or alert.vendor != statement.vendor:
        return False
    return ruling is Ruling.NOT_THIS_VENDOR or _in(statement, alert)


def _in(statement: Statement, alert: Alert) -> bool:
    return any((told.audience, told.position) == (statement.audience, statement.position) for told in alert.changes)


def _label(verdict: Verdict, alerts: list[Alert]) -> Case:
    said = verdict.statement
    mine = (alert.key for alert in alerts if alert.vendor == said.vendor and _in(said, alert))
    return {
        "vendor": said.vendor,
        "position": said.position.value,
        "audience": said.audience.value,
        "product": said.product,
        "until": said.until.isoformat() if said.until else None,
        "condition": said.condition,
        "announced": said.announced.isoformat() if said.announced else None,
        "new": verdict.told,
        "event": verdict.joins or next(mine, None),
        "locator": said.quote[:_LOCATOR],
    }


def _word(review: Review, alert: Alert, post: Post) -> Case:
    """Who said what of which sentence; programs that label no reviews ignore it."""
    return {
        "alert": alert.key,
        "ruling": review.ruling.value,
        "by": review.by.name,
        "at": review.at.isoformat(),
        "note": review.note,
        "rule": alert.rule,
        "quote": alert.main.quote,
        "edited_since": not alert.main.quote or alert.main.quote not in f"{post.title}\n{post.text}",
    }
