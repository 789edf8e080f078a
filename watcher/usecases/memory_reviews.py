"""``Reviews`` in memory; see ``memory``."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from watcher.core.review import Mute, Proposal, Review
from watcher.usecases.journal import Journal


@dataclass(slots=True)
class Said:
    """What people said, in the order in which it came."""

    reviews: dict[str, Review] = field(default_factory=dict)
    mutes: dict[str, Mute] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    echoes: dict[tuple[str, str], None] = field(default_factory=dict)


class MemoryReviews:
    """``Reviews`` in memory; ``alerts`` are the keys of the alerts on record."""

    def __init__(self, said: Said, journal: Journal, alerts: Collection[str]) -> None:
        self._said = said
        self._journal = journal
        self._alerts = alerts

    def add(self, review: Review) -> bool:
        """Append; False when it is there already."""
        if review.alert_key not in self._alerts:
            self._journal.fail(f"alert {review.alert_key}: there is no such alert")
        return self._append(self._said.reviews, review)

    def all(self, alert_key: str | None = None) -> list[Review]:
        """The reviews of one alert or of all, in the order of writing."""
        return [one for one in self._said.reviews.values() if alert_key in {None, one.alert_key}]

    def add_mute(self, mute: Mute) -> bool:
        """Append; False when it is there already."""
        return self._append(self._said.mutes, mute)

    def mutes(self) -> list[Mute]:
        """All mutes, in the order of writing."""
        return list(self._said.mutes.values())

    def add_proposal(self, proposal: Proposal) -> bool:
        """Append; False when the same was proposed already."""
        return self._append(self._said.proposals, proposal)

    def proposals(self) -> list[Proposal]:
        """All proposals, in the order of writing."""
        return list(self._said.proposals.values())

    def add_echo(self, review: Review, post_id: str) -> None:
        """Note that a rejected sentence stood again in a post; one that is noted already is left as it is."""
        if (review.id, post_id) not in self._said.echoes:
            self._journal.put(self._said.echoes, (review.id, post_id), None)

    def echoes(self) -> dict[str, int]:
        """In how many posts each rejected sentence stood again, by the id of the review."""
        return dict(Counter(review_id for review_id, _ in self._said.echoes))

    def _append(self, values: dict[str, Any], value: Review | Mute | Proposal) -> bool:
        if value.id in values:
            return False
        self._journal.put(values, value.id, value)
        return True
