"""What people say of alerts, which vendors are silenced, what rules should learn. Rows are added, never changed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Table, select

from storage.link import Link
from storage.schema import ECHOES, MUTES, PROPOSALS, REVIEWS
from watcher.core.review import Mute, Person, Proposal, Review

_LISTS = ("rejected", "removed", "confirmed")


class SqlReviews:
    """``Reviews`` over SQL."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, review: Review) -> bool:
        """Append; False when it is there already.

        Raises:
            StorageError: there is no such alert.
        """
        return self._append(REVIEWS, _said(review, review.by, ("alert_key", "ruling", "at", "request", "note")))

    def all(self, alert_key: str | None = None) -> list[Review]:
        """The reviews of one alert or of all, in the order of writing."""
        query = select(REVIEWS).order_by(REVIEWS.c.number)
        if alert_key is not None:
            query = query.where(REVIEWS.c.alert_key == alert_key)
        return [_review(row) for row in self._link.rows(query)]

    def add_mute(self, mute: Mute) -> bool:
        """Append; False when it is there already."""
        return self._append(MUTES, _said(mute, mute.by, ("vendor", "at", "until", "request")))

    def mutes(self) -> list[Mute]:
        """All mutes, in the order of writing."""
        return [_mute(row) for row in self._link.rows(select(MUTES).order_by(MUTES.c.number))]

    def add_proposal(self, proposal: Proposal) -> bool:
        """Append; False when the same was proposed already."""
        names = ("id", "rule", "ruling", "phrase", "at", "posts", "added")
        values = {name: getattr(proposal, name) for name in names}
        return self._append(PROPOSALS, values | {name: list(getattr(proposal, name)) for name in _LISTS})

    def proposals(self) -> list[Proposal]:
        """All proposals, in the order of writing."""
        return [_proposal(row) for row in self._link.rows(select(PROPOSALS).order_by(PROPOSALS.c.number))]

    def add_echo(self, review: Review, post_id: str) -> None:
        """Note that a rejected sentence stood again in a post; one that is noted already is left as it is."""
        values = {"review_id": review.id, "post_id": post_id, "at": review.at}
        self._link.run(self._link.insert(ECHOES).on_conflict_do_nothing(), values)

    def echoes(self) -> dict[str, int]:
        """In how many posts each rejected sentence stood again, by the id of the review."""
        found: dict[str, int] = {}
        for row in self._link.rows(select(ECHOES.c.review_id)):
            found[row.review_id] = found.get(row.review_id, 0) + 1
        return found

    def _append(self, table: Table, values: Mapping[str, Any]) -> bool:
        insert = self._link.insert(table).on_conflict_do_nothing(index_elements=["id"]).returning(table.c.id)
        return bool(self._link.rows(insert, values))


def _said(value: object, by: Person, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(value, name) for name in ("id", *names)}
    return values | {"by_name": by.name, "by_id": by.id}


def _review(row: Row[Any]) -> Review:
    return Review(row.alert_key, row.ruling, Person(row.by_name, row.by_id), row.at, row.request, row.note)


def _mute(row: Row[Any]) -> Mute:
    return Mute(row.vendor, row.at, row.until, Person(row.by_name, row.by_id), row.request)


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        rule=row.rule,
        ruling=row.ruling,
        phrase=row.phrase,
        rejected=tuple(row.rejected),
        at=row.at,
        posts=row.posts,
        removed=tuple(row.removed),
        added=row.added,
        confirmed=tuple(row.confirmed),
    )
