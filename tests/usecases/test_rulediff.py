"""Two sets of rules over the same posts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.storage.samples import save, stance
from watcher.config.rules import load_reader, rule_files
from watcher.core.post import Post
from watcher.core.reader import Reader
from watcher.core.source import Source, SourceKind, SourceType
from watcher.core.vendor import Vendor
from watcher.usecases import rulediff
from watcher.usecases.memory import MemoryStore
from watcher.usecases.rulediff import Kind, differences, given_stances, replay, stored_posts

SEEN = datetime(2022, 3, 16, 12, tzinfo=UTC)
SOURCE = Source("press", SourceType.FEED, "https://press.example/feed", SourceKind.NEWS)
VENDORS = {"northgate": Vendor("northgate", "Northgate")}
ENDED = "Northgate said on Wednesday that it will stop selling facial recognition to police."
LIFTED = "Northgate lifted its ban on police use of its facial recognition on Wednesday, it said."


def post(number: int, text: str, **changes: object) -> Post:
    seen = SEEN + timedelta(days=60 * number)
    made = Post("press", f"p{number}", 1, "News", text, f"https://press.example/{number}", seen, seen)
    return replace(made, **changes)  # type: ignore[arg-type]  # a change of any field


@pytest.fixture(scope="module")
def ours() -> Reader:
    return load_reader(VENDORS)


@pytest.fixture(scope="module")
def deaf() -> Reader:
    """Rules that know no end of sales."""
    files = rule_files()
    english = dict(files["en"])
    english["words"] = english["words"].replace("forms: [stop, stops, stopped", "forms: [stopxx, stopsxx, stopped")
    assert english["words"] != files["en"]["words"]
    return load_reader(VENDORS, {**files, "en": english})


def test_an_alert_that_other_rules_do_not_find_is_lost_and_the_other_way_round_added(
    ours: Reader, deaf: Reader
) -> None:
    posts = [post(1, ENDED)]
    with_ours, with_deaf = (replay(posts, [SOURCE], reader, ()) for reader in (ours, deaf))
    (lost,) = differences(with_ours, with_deaf)
    (added,) = differences(with_deaf, with_ours)
    assert (lost.kind, lost.record, lost.alert.main.quote) == (Kind.LOST, post(1, ENDED).id, ENDED)
    assert (added.kind, added.alert) == (Kind.ADDED, lost.alert)


def test_an_alert_that_is_told_otherwise_is_changed(ours: Reader, deaf: Reader) -> None:
    posts = [post(1, ENDED), post(2, LIFTED)]
    found = differences(*(replay(posts, [SOURCE], reader, ()) for reader in (ours, deaf)))
    assert [one.kind for one in found] == [Kind.LOST, Kind.CHANGED]
    changed = found[1]
    assert changed.ours is not None
    assert changed.theirs is not None
    assert changed.ours.main.previous is not None, "these rules know what was lifted"
    assert changed.theirs.main.previous is None


def test_the_same_rules_differ_in_nothing(ours: Reader) -> None:
    posts = [post(1, ENDED), post(2, LIFTED)]
    assert differences(*(replay(posts, [SOURCE], ours, ()) for _ in range(2))) == []


def test_a_post_that_was_there_at_first_sight_is_told_by_no_rules(ours: Reader) -> None:
    assert replay([post(1, ENDED, baseline=True)], [SOURCE], ours, ()) == []


def test_stored_posts_come_all_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulediff, "AT_ONCE", 2)
    store = MemoryStore()
    posts = [post(number, ENDED) for number in range(5)]
    save(store, *reversed(posts))
    assert list(stored_posts(store)) == posts


def test_only_imported_stances_are_given_to_both_rules() -> None:
    store = MemoryStore()
    imported, read = stance(origin="baseline:event-1"), stance(origin="post:abc")
    with store.begin() as work:
        work.stances.add([imported, read])
        work.commit()
    assert given_stances(store) == (imported,)
