from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.core.intake import (
    Intake,
    author_time,
    decide,
    outage,
    posts_of,
)
from watcher.core.post import Entry, Post, first_version
from watcher.core.source import Source, SourceKind, SourceState, SourceType

NOW = datetime(2020, 6, 10, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOW = timedelta(hours=72)
FEED = Source("blog", SourceType.FEED, "https://example.org/feed", SourceKind.NEWS, every=timedelta(minutes=30))
PAGE = replace(FEED, id="terms", type=SourceType.POLICY, vendor="acme", language="en")
NEW = SourceState("blog")
KNOWN = SourceState("blog", first_success=NOW - 30 * DAY, last_success=NOW - HOUR)


def entry(name: str, age: timedelta | None = HOUR, **changes: object) -> Entry:
    published = None if age is None else NOW - age
    made = Entry(f"Title {name}", f"Text of {name}.", f"https://example.org/{name}", name, published)
    return replace(made, **changes)  # type: ignore[arg-type]  # the test's own keywords


def stored(*entries: Entry, version: int = 1, **changes: object) -> list[Post]:
    made = [replace(first_version(e, "blog", NOW - 2 * DAY), version=version) for e in entries]
    return [replace(post, **changes) for post in made]  # type: ignore[arg-type]  # the test's own keywords


def intake(
    entries: Iterable[Entry],
    state: SourceState = KNOWN,
    known: Sequence[Post] = (),
    lookalikes: Sequence[Post] = (),
    source: Source = FEED,
) -> Intake:
    posts = posts_of(entries, source.id, NOW)
    by_key = {post.key: post for post in known if post.key in posts}
    return decide(posts, source, state, known=by_key, lookalikes=lookalikes, now=NOW, alert_window=WINDOW)


def test_posts_whose_identity_is_known_are_no_news_however_new_their_date() -> None:
    old = entry("a", 9 * DAY)
    found = intake([replace(old, published=NOW)], known=stored(old))
    assert (found.new, found.edits, found.unchanged) == ((), (), 1)


def test_an_unknown_post_is_news_however_old_its_date() -> None:
    found = intake([entry("a", 900 * DAY)])
    assert [post.baseline for post in found.new] == [False]


def test_an_old_post_that_comes_up_on_a_listing_page_is_baseline() -> None:
    blog = replace(FEED, type=SourceType.BLOG)
    found = intake([entry("a", 31 * DAY), entry("b", 29 * DAY), entry("c", None)], source=blog)
    assert [post.baseline for post in found.new] == [True, False, False]


def test_what_stands_twice_in_one_feed_is_one_post() -> None:
    twice = [entry("a"), entry("a", text="other"), replace(entry("b"), guid="x"), replace(entry("b"), guid="y")]
    assert [post.key for post in intake(twice).new] == ["guid:a", "guid:x"]


def test_a_changed_text_is_the_next_version_under_the_same_identity() -> None:
    known = stored(entry("a"), version=3)
    (edit,) = intake([entry("a", text="Updated.")], known=known).edits
    assert (edit.key, edit.version, edit.seen, edit.text) == (known[0].key, 4, NOW, "Updated.")


def test_white_space_makes_no_version() -> None:
    found = intake([entry("a", text="Text\n\n  of a. ")], known=stored(entry("a")))
    assert (found.edits, found.unchanged) == ((), 1)


def test_an_edit_without_a_date_keeps_the_date_of_the_post() -> None:
    (edit,) = intake([entry("a", None, text="Updated.")], known=stored(entry("a", 5 * DAY))).edits
    assert edit.published == NOW - 5 * DAY


def test_an_edit_of_a_baseline_post_is_news() -> None:
    (edit,) = intake([entry("a", text="Updated.")], known=stored(entry("a"), baseline=True)).edits
    assert not edit.baseline


def test_first_sight_records_posts_older_than_the_window_as_baseline() -> None:
    found = intake([entry("old", 73 * HOUR), entry("young", 71 * HOUR), entry("undated", None)], NEW)
    assert [(post.key, post.baseline) for post in found.new] == [
        ("guid:old", True),
        ("guid:young", False),
        ("guid:undated", True),
    ]
    assert found.baseline == 2
    assert found.note is None


def test_a_post_dated_at_the_very_moment_of_first_sight_is_young() -> None:
    now = entry("a", timedelta(0), published_raw="Wed, 10 Jun 2020 14:00:00 +0200")
    assert intake([now], NEW).baseline == 0


def test_after_a_long_outage_old_posts_are_baseline_and_one_sentence_says_so() -> None:
    out = replace(KNOWN, last_success=NOW - 5 * DAY)
    found = intake([entry("old", 4 * DAY), entry("young"), entry("undated", None)], out)
    assert [post.baseline for post in found.new] == [True, False, True]
    assert found.note == "blog: after an outage of 5 days: 2 older posts recorded without alert"


def test_after_a_short_outage_everything_new_is_news() -> None:
    out = replace(KNOWN, last_success=NOW - 2 * DAY)
    assert intake([entry("a", 4 * DAY), entry("b", None)], out).baseline == 0


def test_a_source_polled_once_a_week_is_not_in_an_outage_each_time() -> None:
    weekly = replace(FEED, every=7 * DAY)
    assert outage(weekly, WINDOW) == 14 * DAY
    assert outage(FEED, WINDOW) == WINDOW
    assert intake([entry("a", 6 * DAY)], replace(KNOWN, last_success=NOW - 7 * DAY), source=weekly).baseline == 0


def moved(count: int, **changes: object) -> list[Entry]:
    return [entry(f"{n}", (n + 1) * DAY, guid=f"new-{n}", **changes) for n in range(count)]


def original(count: int) -> list[Post]:
    return stored(*(entry(f"{n}", (n + 1) * DAY) for n in range(count)))


def test_a_feed_that_changes_all_its_guids_brings_no_news() -> None:
    found = intake(moved(12), lookalikes=original(12))
    assert (found.new, found.edits, found.unchanged, found.rematched) == ((), (), 12, 12)
    assert found.note == (
        "blog: 12 of 12 entries have new ids at once; 12 are known posts; 0 older posts recorded without alert"
    )


def test_a_move_to_https_is_no_new_address() -> None:
    before = [replace(post, url=(post.url or "").replace("https", "http")) for post in original(12)]
    assert intake(moved(12), lookalikes=before).new == ()


def test_a_feed_that_changes_guids_and_addresses_is_matched_by_its_texts() -> None:
    elsewhere = [replace(e, url=f"https://new.example.org/p/{n}") for n, e in enumerate(moved(12))]
    assert intake(elsewhere, lookalikes=original(12)).rematched == 12


def test_what_a_moved_feed_brings_besides_is_news_only_when_it_is_young() -> None:
    extra = [entry("x", HOUR), entry("y", 9 * DAY), entry("z", None)]
    found = intake([*moved(12), *extra], lookalikes=original(12))
    assert [(post.key, post.baseline) for post in found.new] == [
        ("guid:x", False),
        ("guid:y", True),
        ("guid:z", True),
    ]


def test_a_busy_feed_of_young_posts_is_news_without_a_note() -> None:
    found = intake([entry(f"{n}") for n in range(40)])
    assert (len(found.new), found.baseline, found.note) == (40, 0, None)


def test_a_known_post_under_a_new_guid_stays_known_when_the_rest_of_the_feed_moves_on() -> None:
    old = entry("a", 9 * DAY, guid="new-a")
    found = intake([old, entry("b"), entry("c")], lookalikes=stored(entry("a", 9 * DAY)))
    assert [post.key for post in found.new] == ["guid:b", "guid:c"]
    assert found.rematched == 1


def test_the_edit_of_a_rematched_post_keeps_its_old_identity() -> None:
    changed = entry("a", guid="new-a", text="Updated.")
    (edit,) = intake([changed], lookalikes=stored(entry("a"))).edits
    assert (edit.key, edit.version) == ("guid:a", 2)


def test_another_post_under_the_same_address_is_a_new_post() -> None:
    other = entry("b", url="https://example.org/a")
    assert [post.key for post in intake([other], lookalikes=stored(entry("a"))).new] == ["guid:b"]


def test_posts_that_share_one_address_are_told_apart_by_their_guids() -> None:
    home = "https://example.org/"
    entries = [entry(f"{n}", url=home) for n in range(12)]
    known = stored(*(entry(f"old-{n}", url=home) for n in range(3)))
    assert len(intake(entries, lookalikes=known).new) == 12


def test_a_known_post_that_is_still_in_the_feed_is_not_taken_for_another() -> None:
    known = stored(entry("a"))
    found = intake(
        [entry("a"), entry("a2", url="https://example.org/a", title="Title a")], known=known, lookalikes=known
    )
    assert [post.key for post in found.new] == ["guid:a2"]


def test_the_language_of_the_source_stands_in_where_a_feed_names_none() -> None:
    german = replace(FEED, language="de")
    found = intake([entry("a"), entry("b", language="fr")], source=german)
    assert [post.language for post in found.new] == ["de", "fr"]


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2020-06-10T20:30:00-05:00", 10),
        ("Wed, 10 Jun 2020 20:30:00 -0500", 10),
        ("2020-06-11T01:30:00Z", 11),
        ("June 10th", 11),
        ("2020-06-10T20:30:00", 11),
        ("2020-06-09T20:30:00-05:00", 11),
        (None, 11),
    ],
)
def test_today_is_the_authors_day_where_the_feed_names_the_zone(raw: str | None, day: int) -> None:
    at = datetime(2020, 6, 11, 1, 30, tzinfo=UTC)
    (post,) = stored(entry("a", published=at, published_raw=raw))
    assert author_time(post) == at
    assert author_time(post).day == day
