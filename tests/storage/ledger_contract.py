"""The part of the contract that is about stances, alerts and deliveries."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.storage.samples import HOUR, LONG_URL, NOW, ODD, alert, commit, evidence, report, stance
from watcher.core.change import Change
from watcher.core.delivery import Delivery, DeliveryState
from watcher.core.errors import StorageError
from watcher.core.stance import Stance
from watcher.core.statement import Audience, Position
from watcher.usecases.ports import Store


class LedgerContract:
    """A subclass gives the fixture ``store``: an empty record."""

    # --- stances

    def test_a_stance_comes_back_as_it_went(self, store: Store) -> None:
        full = Stance(
            "amazon",
            Audience.EVERYONE,
            Position.ADVOCATE,
            date(1, 1, 1),
            NOW,
            "baseline:1",
            ODD,
            "Illinois",
            date(9999, 12, 31),
            ODD,
            ODD,
            LONG_URL,
            ODD,
            own_voice=True,
            confidence="memory-only",
            note=ODD,
            withdrawn=True,
        )
        with store.begin() as work:
            assert work.stances.add([full, stance()]) == 2
            work.commit()
        with store.begin() as work:
            assert work.stances.ledger("amazon").rows == (full, stance())

    def test_a_row_that_is_there_already_is_left_as_it_is(self, store: Store) -> None:
        with store.begin() as work:
            assert work.stances.add([stance()]) == 1
            assert work.stances.add([stance(note="other"), stance(held_from=date(2020, 6, 11))]) == 1
            assert work.stances.add([]) == 0
            assert [row.note for row in work.stances.ledger().rows] == [None, None]

    def test_what_was_known_at_one_moment_keeps_the_order_in_which_it_was_written(self, store: Store) -> None:
        rows = [stance(origin=f"post:{n}") for n in (3, 1, 2, 5, 4)]
        with store.begin() as work:
            work.stances.add(rows[:3])
            work.stances.add(rows[3:])
            work.commit()
        with store.begin() as work:
            assert list(work.stances.ledger().rows) == rows

    def test_the_ledger_answers_for_one_vendor_or_all_as_known_at_a_moment(self, store: Store) -> None:
        late = stance(vendor="ibm", recorded_at=NOW + HOUR)
        back = stance(recorded_at=NOW + 2 * HOUR, retracts=stance().id, origin="review:1")
        with store.begin() as work:
            work.stances.add([stance(), late, back])
            work.commit()
        with store.begin() as work:
            assert work.stances.ledger().rows == (late,)
            assert work.stances.ledger("amazon").rows == ()
            assert work.stances.ledger("amazon", NOW + HOUR).rows == (stance(),)
            assert work.stances.ledger(None, NOW + HOUR).rows == (stance(), late)
            assert work.stances.ledger(known_on=NOW - timedelta(microseconds=1)).rows == ()

    def test_evidence_comes_back_oldest_first_and_for_its_vendor_only(self, store: Store) -> None:
        ibm = stance(vendor="ibm")
        full = evidence(stance(), quote=ODD, url=None, source=None, stated_on=date(2020, 6, 9), own_voice=True)
        with store.begin() as work:
            work.stances.add([stance(), ibm])
            for item in (evidence(stance()), evidence(ibm), full):
                work.stances.add_evidence(item)
            work.commit()
        with store.begin() as work:
            assert work.stances.evidence("amazon") == [full, evidence(stance())]
            assert work.stances.evidence("ibm") == [evidence(ibm)]
            assert work.stances.evidence("nobody") == []

    def test_evidence_recorded_twice_is_one(self, store: Store) -> None:
        with store.begin() as work:
            work.stances.add([stance()])
            work.stances.add_evidence(evidence(stance()))
            work.stances.add_evidence(evidence(stance(), recorded_at=NOW + HOUR))
            assert work.stances.evidence("amazon") == [evidence(stance())]

    def test_evidence_for_an_unknown_stance_is_refused(self, store: Store) -> None:
        with pytest.raises(StorageError):
            commit(store, lambda work: work.stances.add_evidence(evidence(stance())))

    # --- alerts

    def test_an_alert_comes_back_as_it_went(self, store: Store) -> None:
        first = alert().main
        second = replace(
            first,
            change=Change.LOOSENED,
            audience=Audience.BUSINESS,
            previous=Position.BAN,
            previous_since=date(2018, 7, 13),
            until=None,
            announced=None,
            quote=ODD,
        )
        full = alert(1, changes=(first, second), reason=ODD, title=ODD, url=None, own_voice=False)
        with store.begin() as work:
            work.alerts.add(full, ["C1"])
            work.commit()
        with store.begin() as work:
            assert work.alerts.get(full.key) == full
            assert work.alerts.get("unknown") is None

    def test_an_alert_is_added_with_one_pending_delivery_per_channel(self, store: Store) -> None:
        with store.begin() as work:
            work.alerts.add(alert(1), ["C2", "C1"])
            work.alerts.add(alert(2), [])
            expected = [Delivery(alert(1).key, channel, created=alert(1).at) for channel in ("C2", "C1")]
            assert work.alerts.deliveries(alert(1).key) == expected
            assert work.alerts.deliveries(alert(2).key) == []

    def test_an_alert_that_is_there_already_is_refused(self, store: Store) -> None:
        with store.begin() as work:
            work.alerts.add(alert(), ["C1"])
            work.commit()
        with store.begin() as work, pytest.raises(StorageError):
            work.alerts.add(alert(), ["C2"])

    def test_a_channel_named_twice_is_refused(self, store: Store) -> None:
        with store.begin() as work, pytest.raises(StorageError):
            work.alerts.add(alert(), ["C1", "C1"])

    def test_recent_alerts_are_those_of_posts_published_since_oldest_first(self, store: Store) -> None:
        alerts = [
            alert(1, published=NOW),
            alert(2, published=NOW - 2 * HOUR),
            alert(3, published=NOW - HOUR),
            alert(4, published=NOW - HOUR),
            alert(5, vendor="ibm"),
        ]
        with store.begin() as work:
            for one in alerts:
                work.alerts.add(one, ["C1"])
            assert work.alerts.recent("amazon", NOW - HOUR) == [alerts[2], alerts[3], alerts[0]]
            assert work.alerts.recent("ibm", NOW + HOUR) == []

    def test_all_alerts_come_newest_first(self, store: Store) -> None:
        alerts = [alert(1), alert(2, vendor="ibm"), alert(3)]
        with store.begin() as work:
            for one in alerts:
                work.alerts.add(one, ["C1"])
            assert work.alerts.all() == alerts[::-1]
            assert work.alerts.all(limit=2) == [alerts[2], alerts[1]]
            assert work.alerts.all("amazon") == [alerts[2], alerts[0]]
            assert work.alerts.all("amazon", 1) == [alerts[2]]

    def test_a_post_joins_an_alert_once(self, store: Store) -> None:
        key = alert().key
        late, early = report(key, 2, title=ODD, quote=ODD, url=LONG_URL, own_voice=True), report(key, 1)
        with store.begin() as work:
            work.alerts.add(alert(), ["C1"])
            assert work.alerts.join(late)
            assert work.alerts.join(early)
            assert not work.alerts.join(replace(early, title="again"))
            work.commit()
        with store.begin() as work:
            assert work.alerts.reports(key) == [early, late]
            assert work.alerts.reports("unknown") == []

    def test_a_report_of_an_unknown_alert_is_refused(self, store: Store) -> None:
        with store.begin() as work, pytest.raises(StorageError):
            work.alerts.join(report("unknown"))

    @pytest.mark.parametrize("state", DeliveryState)
    def test_a_delivery_comes_back_as_it_went(self, store: Store, state: DeliveryState) -> None:
        full = Delivery(alert().key, "C1", state, NOW, NOW + HOUR, 3, NOW + 2 * HOUR, "1591825.0001", ODD)
        with store.begin() as work:
            work.alerts.add(alert(), ["C1", "C2"])
            work.alerts.save_delivery(full)
            work.commit()
        with store.begin() as work:
            other = Delivery(alert().key, "C2", created=alert().at)
            assert work.alerts.deliveries(alert().key) == [full, other]
            assert work.alerts.open_deliveries() == ([full, other] if state.open else [other])

    def test_open_deliveries_come_in_the_order_of_their_alerts(self, store: Store) -> None:
        with store.begin() as work:
            for number in (3, 1, 2):
                work.alerts.add(alert(number), ["C2", "C1"])
            first = Delivery(alert(3).key, "C2").begin(NOW + HOUR)
            work.alerts.save_delivery(first)
            found = [(one.alert_key[-1], one.channel, one.state.value) for one in work.alerts.open_deliveries()]
        assert found == [
            ("3", "C2", "sending"),
            ("3", "C1", "pending"),
            ("1", "C2", "pending"),
            ("1", "C1", "pending"),
            ("2", "C2", "pending"),
            ("2", "C1", "pending"),
        ]
