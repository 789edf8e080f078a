"""The part of the contract that is about sources, posts, readings and captures."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from tests.storage.samples import (
    DAY,
    HOUR,
    LONG_URL,
    NOW,
    ODD,
    capture,
    commit,
    edited,
    post,
    reading,
    save,
    stance,
    statement,
)
from watcher.core.absence import Absence
from watcher.core.change import Change, Verdict
from watcher.core.errors import FetchTrouble, StorageError
from watcher.core.modality import Shift
from watcher.core.source import Health, HttpState, SourceState
from watcher.usecases.ports import Store


class PostContract:
    """A subclass gives the fixture ``store``: an empty record."""

    # --- sources

    def test_a_source_state_comes_back_as_it_went(self, store: Store) -> None:
        full = SourceState(
            "feed",
            HttpState('W/"é"', "Wed, 10 Jun 2020", "f" * 64, LONG_URL, 3),
            Health.BLOCKED,
            NOW,
            NOW + HOUR,
            NOW - HOUR,
            NOW - 2 * HOUR,
            NOW - 3 * HOUR,
            NOW - 4 * HOUR,
            7,
            FetchTrouble.TOO_LARGE,
            ODD,
            ODD,
            12,
            5,
        )
        with store.begin() as work:
            work.sources.save([full, SourceState("empty")])
            work.commit()
        with store.begin() as work:
            assert work.sources.states() == {"feed": full, "empty": SourceState("empty")}

    def test_saving_a_state_again_replaces_it(self, store: Store) -> None:
        with store.begin() as work:
            work.sources.save([SourceState("a", polls=1, title="old"), SourceState("b")])
            work.sources.save([SourceState("a", polls=2), SourceState("a", polls=3)])
            work.sources.save([])
            assert work.sources.states() == {"a": SourceState("a", polls=3), "b": SourceState("b")}

    # --- posts

    def test_a_post_comes_back_as_it_went(self, store: Store) -> None:
        odd = post(1, title=ODD, text=ODD * 1000, complete=False, published_raw=ODD, language="pt-BR", baseline=True)
        bare = post(2, key=ODD, url=None, text="", title="", digest="")
        save(store, odd, bare)
        with store.begin() as work:
            assert work.posts.latest("feed", [odd.key, bare.key]) == {odd.key: odd, bare.key: bare}

    def test_times_come_back_as_the_same_moment(self, store: Store) -> None:
        local = datetime(2020, 6, 11, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
        save(store, post(1, published=local, seen=NOW.replace(microsecond=0)))
        with store.begin() as work:
            (found,) = work.posts.unread()
        assert (found.published, found.seen) == (local, NOW.replace(microsecond=0))

    def test_adding_posts_returns_only_the_new_ones_in_their_order(self, store: Store) -> None:
        save(store, post(2))
        with store.begin() as work:
            assert work.posts.add_new([post(3), post(2), post(1)]) == [post(3), post(1)]
            assert work.posts.add_new([post(3), post(2), post(1)]) == []
            assert work.posts.add_new([]) == []
            assert work.posts.count() == 3

    def test_a_known_post_is_not_touched_by_adding_it_again(self, store: Store) -> None:
        save(store, post())
        save(store, post(1, title="Other"))
        with store.begin() as work:
            assert work.posts.unread() == [post()]

    def test_one_identity_twice_in_one_call_is_stored_once(self, store: Store) -> None:
        with store.begin() as work:
            posts = [post(1, title="first"), post(2, title="other"), post(1, title="second")]
            assert work.posts.add_new(posts) == posts[:2]
            assert work.posts.count() == 2

    def test_what_is_put_aside_as_it_comes_in_counts_as_read(self, store: Store) -> None:
        aside = [reading(post(number), note="nothing in it") for number in (2, 3)]
        save(store, post(3))
        with store.begin() as work:
            assert work.posts.add_new([post(1), post(2), post(3)], aside) == [post(1), post(2)]
            work.commit()
        with store.begin() as work:
            assert {one.id for one in work.posts.unread()} == {post(1).id, post(3).id}
            assert work.posts.readings(post(2).id) == [aside[0]]
            assert work.posts.readings(post(3).id) == []  # it was known: its reading belongs to another text

    def test_one_key_in_two_sources_is_two_posts(self, store: Store) -> None:
        with store.begin() as work:
            assert len(work.posts.add_new([post(), post(1, source_id="other")])) == 2
            assert work.posts.latest("other", ["guid:1"])["guid:1"].source_id == "other"

    def test_latest_leaves_out_what_is_unknown_however_much_is_asked(self, store: Store) -> None:
        save(store, *(post(number) for number in range(1, 1200)))
        with store.begin() as work:
            known = work.posts.latest("feed", (f"guid:{number}" for number in range(2500)))
            assert sorted(known) == sorted(f"guid:{number}" for number in range(1, 1200))
            assert work.posts.latest("nobody", ["guid:1"]) == {}
            assert work.posts.latest("feed", []) == {}

    def test_a_guid_and_an_address_of_any_length_are_stored_and_found(self, store: Store) -> None:
        long = post(1, key=f"guid:{LONG_URL}", url=LONG_URL)
        save(store, long)
        with store.begin() as work:
            assert work.posts.add_new([long]) == []
            assert work.posts.find(LONG_URL) == [long]

    def test_an_edit_is_a_new_version_that_waits_to_be_read(self, store: Store) -> None:
        save(store, post())
        edit = edited(post())
        with store.begin() as work:
            work.posts.save_reading(reading(post()))
            work.posts.add_version(edit)
            work.commit()
        with store.begin() as work:
            assert work.posts.latest("feed", [edit.key]) == {edit.key: edit}
            assert work.posts.unread() == [edit]
            assert work.posts.count() == 1

    def test_the_first_version_of_an_edited_post_is_found_again(self, store: Store) -> None:
        first = post(published=NOW - HOUR)
        second = edited(first, published=NOW)
        third = edited(second)
        with store.begin() as work:
            work.posts.add_new([first, post(2)])
            work.posts.add_version(second)
            work.posts.add_version(third)
            work.commit()
        with store.begin() as work:
            assert work.posts.first(third) == first
            assert work.posts.first(post(2)) == post(2)

    def test_an_unread_version_that_is_edited_waits_once(self, store: Store) -> None:
        save(store, post())
        with store.begin() as work:
            work.posts.add_version(edited(post()))
            assert work.posts.unread() == [edited(post())]

    @pytest.mark.parametrize("version", [1, 2])
    def test_a_version_that_follows_none_is_refused(self, store: Store, version: int) -> None:
        save(store, post(), post(2))
        with store.begin() as work:
            work.posts.add_version(edited(post()))
            with pytest.raises(StorageError):
                work.posts.add_version(post(1, version=version))
        with pytest.raises(StorageError), store.begin() as work:
            work.posts.add_version(post(3, version=2))

    def test_unread_posts_come_in_the_order_of_publication_then_first_sight_then_id(self, store: Store) -> None:
        early, late = NOW - HOUR, NOW
        posts = [
            post(1, published=late, seen=early),
            post(2, published=early, seen=late),
            post(3, published=early, seen=early),
            *(post(number, published=late, seen=late) for number in (4, 5, 6)),
        ]
        save(store, *posts)
        with store.begin() as work:
            expected = [posts[2], posts[1], posts[0], *sorted(posts[3:], key=lambda one: one.id)]
            assert work.posts.unread() == expected
            assert work.posts.unread(2) == expected[:2]
            assert work.posts.unread(2, apart_from={expected[0].id, "unknown"}) == expected[1:3]

    def test_all_posts_come_in_the_order_of_publication_page_by_page_read_or_not(self, store: Store) -> None:
        early, late = replace(post(1), published=NOW - HOUR), replace(post(2), published=NOW)
        with store.begin() as work:
            work.posts.add_new([late, early, post(3)])
            work.posts.save_reading(reading(early))
            work.posts.add_version(edited(late))
            work.commit()
        with store.begin() as work:
            found = work.posts.all(10)
            assert sorted(found, key=lambda one: (one.published, one.seen, one.id)) == found
            assert {one.id: one.version for one in found} == {early.id: 1, late.id: 2, post(3).id: 1}
            assert [*work.posts.all(2), *work.posts.all(2, 2)] == found
            assert work.posts.all(2, 3) == []

    def test_a_reading_of_an_older_version_leaves_the_newest_unread(self, store: Store) -> None:
        save(store, post())
        with store.begin() as work:
            work.posts.add_version(edited(post()))
            work.posts.save_reading(reading(post()))
            assert work.posts.unread() == [edited(post())]
            work.posts.save_reading(reading(edited(post())))
            assert work.posts.unread() == []

    def test_the_full_text_takes_the_place_of_the_summary(self, store: Store) -> None:
        save(store, post(1, complete=False))
        with store.begin() as work:
            work.posts.set_text(post(1, text="All of it.", complete=True, title="ignored"))
            work.commit()
        with store.begin() as work:
            assert work.posts.unread() == [post(1, text="All of it.", complete=True)]

    def test_the_date_of_its_page_gives_a_post_its_turn(self, store: Store) -> None:
        save(store, post(1, complete=False), post(2))
        dated = replace(post(2), published=post(1).published - timedelta(days=1), baseline=True)
        with store.begin() as work:
            work.posts.set_text(dated)
            work.commit()
        with store.begin() as work:
            work.posts.set_text(replace(post(1), published=dated.published - timedelta(days=1)))  # not saved
        with store.begin() as work:
            assert work.posts.unread() == [dated, post(1, complete=False)]

    def test_a_text_that_was_read_is_not_replaced(self, store: Store) -> None:
        save(store, post(1), post(2))
        with store.begin() as work:
            work.posts.save_reading(reading(post(1)))
            work.posts.add_version(edited(post(2)))
            for one in (post(1), post(2), post(3)):
                work.posts.set_text(replace(one, text="All of it."))
            known = work.posts.latest("feed", ["guid:1", "guid:2", "guid:3"])
        assert {one.text for one in known.values()} == {"Text 1.", "Text 2. Edited."}

    def test_posts_are_found_by_id_and_by_any_form_of_their_address(self, store: Store) -> None:
        older = post(2, source_id="other", url="https://EXAMPLE.org/1/?utm_source=x#top")
        save(store, post(1), older, post(3, url=None))
        with store.begin() as work:
            assert work.posts.find(post(1).id) == [post(1)]
            assert work.posts.find(f" {post(1).id}\n") == [post(1)]
            for address in ("https://example.org/1", "HTTPS://example.org:443/1/?fbclid=2"):
                assert work.posts.find(address) == [post(1), older]
            for nothing in ("", " ", "https://example.org", "guid:1", "%"):
                assert work.posts.find(nothing) == []

    def test_a_post_is_found_by_the_address_it_had_before_an_edit(self, store: Store) -> None:
        moved = edited(post(), url="https://example.org/new")
        save(store, post())
        with store.begin() as work:
            work.posts.add_version(moved)
            assert work.posts.find("https://example.org/1") == [moved]
            assert work.posts.find("https://example.org/new") == [moved]

    # --- readings

    def test_readings_come_back_as_they_went_oldest_first(self, store: Store) -> None:
        full = Verdict(
            statement(
                quote=ODD,
                product="Rekognition",
                jurisdiction="Illinois",
                until=date(2021, 6, 10),
                condition=ODD,
                announced=date(2020, 6, 10),
                fresh=False,
                own_voice=True,
                before=ODD,
                shift=Shift.WEAKER,
                page_dated=date(2020, 5, 1),
            ),
            Change.REITERATED,
            ODD,
            told=False,
            previous=stance(quote=ODD, until=date(2021, 1, 1), own_voice=True, withdrawn=True),
            joins="amazon-1",
        )
        headline = Verdict(statement(start=-1, end=-1), Change.ANNOUNCED, "New.", told=True)
        first = reading(post(), full, headline, note=ODD)
        second = reading(post(), headline, rules="rules-2", read_at=NOW - HOUR)
        save(store, post(), post(2))
        with store.begin() as work:
            for one in (first, reading(post(2), note="does not name it"), second):
                work.posts.save_reading(one)
            work.commit()
        with store.begin() as work:
            assert work.posts.readings(post().id) == [first, second]
            assert work.posts.readings(post(2).id) == [reading(post(2), note="does not name it")]
            assert work.posts.readings("unknown") == []

    def test_a_reading_of_an_unknown_post_is_refused(self, store: Store) -> None:
        with pytest.raises(StorageError):
            commit(store, lambda work: work.posts.save_reading(reading(post())))

    # --- captures

    def test_captures_come_back_as_they_went_oldest_first(self, store: Store) -> None:
        old = capture(title=ODD, text=ODD, raw=bytes(range(256)) * 100)
        new = capture(taken=NOW + HOUR, seen_last=NOW + HOUR, raw=b"")
        with store.begin() as work:
            for one in (new, old, capture(source_id="other")):
                work.captures.add(one)
            work.commit()
        with store.begin() as work:
            assert work.captures.all("policy") == [old, new]
            assert work.captures.latest("policy") == new
            assert work.captures.latest("unknown") is None

    def test_touching_moves_only_the_newest_capture(self, store: Store) -> None:
        old, new = capture(), capture(taken=NOW + HOUR, text="We sell.")
        with store.begin() as work:
            for one in (old, new, capture(source_id="other")):
                work.captures.add(one)
            work.captures.touch(replace(new, seen_last=NOW + 2 * HOUR, text="ignored"))
            work.captures.touch(capture(source_id="unknown"))
            assert work.captures.all("policy") == [old, replace(new, seen_last=NOW + 2 * HOUR)]
            assert work.captures.all("other") == [capture(source_id="other")]

    def test_captures_keep_their_headers_and_why_a_page_was_not_there(self, store: Store) -> None:
        one = capture(headers={"etag": ODD, "content-type": "text/html"}, absent="answered 404", of_record=False)
        commit(store, lambda work: work.captures.add(one))
        with store.begin() as work:
            assert work.captures.all("policy") == [one]

    def test_the_capture_of_record_is_the_newest_that_the_next_is_compared_with(self, store: Store) -> None:
        known, later = capture(), capture(taken=NOW + HOUR, text="We sell.")
        away = capture(taken=NOW + 2 * HOUR, text="", absent="answered 404", of_record=False)
        with store.begin() as work:
            for one in (later, known, away, capture(source_id="other", taken=NOW + 3 * HOUR)):
                work.captures.add(one)
            work.commit()
        with store.begin() as work:
            assert work.captures.of_record("policy") == later
            assert work.captures.of_record("policy", before=NOW + HOUR) == known
            assert work.captures.of_record("policy", before=NOW) is None
            assert work.captures.at("policy", NOW + 2 * HOUR) == away
            assert work.captures.at("policy", NOW - HOUR) is None

    def test_absences_are_kept_moved_on_and_found_while_they_may_still_end(self, store: Store) -> None:
        pending = Absence("policy", "We pause.", NOW, heading="# Faces", lead_in="So:", successor=ODD)
        old = Absence("policy", "We stop.", NOW - 9 * DAY, agreed=NOW - 8 * DAY, confirmed=NOW - 7 * DAY)
        fresh = replace(old, text="We wait.", gone_since=NOW - 3 * DAY)
        whole = Absence("policy", "", NOW - 90 * DAY, reason="answered 404", confirmed=NOW - 80 * DAY)
        back = Absence("policy", "We are back.", NOW - HOUR, returned=NOW)
        with store.begin() as work:
            work.captures.save_absences([])
            work.captures.save_absences([pending, old, fresh, whole, back, replace(old, source_id="other")])
            work.commit()
        with store.begin() as work:
            assert work.captures.absences("policy") == [whole, old, fresh, back, pending]
            assert work.captures.absences("policy", NOW - 7 * DAY) == [whole, fresh, pending]
            assert work.captures.pending() == {"policy"}
            work.captures.save_absences([replace(pending, agreed=NOW + HOUR, returned=NOW + 2 * HOUR)])
            work.commit()
        with store.begin() as work:
            assert work.captures.absences("policy")[-1].agreed == NOW + HOUR
            assert work.captures.pending() == set()
