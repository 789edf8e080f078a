"""What every store must do alike with notices, replies, edits and remarks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.storage.samples import HOUR, NOW, alert, commit, notice, report
from watcher.core.delivery import Delivery, DeliveryKind, DeliveryState
from watcher.core.errors import StorageError
from watcher.usecases.ports import Store, UnitOfWork

KEY = alert().key
SENT = Delivery(KEY, "C1", created=alert().at).begin(NOW).done(NOW, "1591825.0001")


def told(work: UnitOfWork, *channels: str) -> None:
    """The sample alert, as it arrived on some channels."""
    work.alerts.add(alert(), channels)
    for channel in channels:
        work.alerts.save_delivery(replace(SENT, channel=channel))


def kinds(deliveries: list[Delivery]) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.channel, one.state.value) for one in deliveries]


class OutboxContract:
    """The contract; a subclass gives the fixture ``store``: an empty record."""

    def test_a_notice_comes_back_as_it_went_with_one_pending_delivery_per_channel(self, store: Store) -> None:
        plain = replace(notice(2), lines=(), vendor=None, url=None)
        with store.begin() as work:
            assert work.alerts.add_notice(notice(1), ["C1", "terminal"])
            assert work.alerts.add_notice(plain, [])
            work.commit()
        with store.begin() as work:
            assert work.alerts.notice(notice(1).key) == notice(1)
            assert work.alerts.notice("unknown") is None
            assert work.alerts.notices() == [plain, notice(1)]
            assert work.alerts.notices(1) == [plain]
            made = [
                Delivery(notice(1).key, c, created=notice(1).at, kind=DeliveryKind.NOTICE) for c in ("C1", "terminal")
            ]
            assert work.alerts.deliveries(notice(1).key) == work.alerts.open_deliveries() == made

    def test_a_notice_is_told_once_for_its_key(self, store: Store) -> None:
        with store.begin() as work:
            assert work.alerts.add_notice(notice(), ["C1"])
            work.commit()
        with store.begin() as work:
            assert not work.alerts.add_notice(replace(notice(), title="another"), ["C1", "C2"])
            assert len(work.alerts.open_deliveries()) == 1
            assert work.alerts.notice(notice().key) == notice()

    def test_a_report_of_an_alert_that_waits_gives_nothing_to_do(self, store: Store) -> None:
        with store.begin() as work:
            work.alerts.add(alert(), ["C1"])
            assert work.alerts.join(report(KEY))
            assert kinds(work.alerts.deliveries(KEY)) == [("alert", "C1", "pending")]

    @pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.SENT])
    def test_a_report_of_an_alert_that_was_told_is_a_reply_and_an_edit(
        self, store: Store, state: DeliveryState
    ) -> None:
        with store.begin() as work:
            work.alerts.add(alert(), ["C1"])
            work.alerts.save_delivery(replace(SENT, state=state))
            work.alerts.join(report(KEY))
            assert work.alerts.deliveries(KEY)[1:] == [
                Delivery(KEY, "C1", created=report(KEY).at, kind=DeliveryKind.REPORT, post_id=report(KEY).post_id),
                Delivery(KEY, "C1", created=report(KEY).at, kind=DeliveryKind.EDIT),
            ]
            assert not work.alerts.join(report(KEY))
            assert len(work.alerts.deliveries(KEY)) == 3

    def test_the_terminal_gets_the_report_only_and_mail_nothing(self, store: Store) -> None:
        with store.begin() as work:
            told(work, "terminal", "mailto:anna@example.org")
            work.alerts.join(report(KEY))
            assert kinds(work.alerts.deliveries(KEY))[2:] == [("report", "terminal", "pending")]

    def test_further_reports_are_replies_of_their_own_and_one_edit(self, store: Store) -> None:
        with store.begin() as work:
            told(work, "C1")
            work.alerts.join(report(KEY, 1))
            work.alerts.join(report(KEY, 2))
            work.commit()
        with store.begin() as work:
            found = work.alerts.open_deliveries()
            assert sorted(one.kind.value for one in found) == ["edit", "report", "report"]
            (edit,) = [one for one in found if one.kind is DeliveryKind.EDIT]
            assert edit.created == report(KEY, 2).at

    def test_an_edit_that_is_asked_for_again_on_its_way_is_still_to_be_done(self, store: Store) -> None:
        with store.begin() as work:
            told(work, "C1")
            work.alerts.remark(KEY, NOW, "Confirmed by Anna.")
            begun = Delivery(KEY, "C1", created=NOW, kind=DeliveryKind.EDIT).begin(NOW)
            work.alerts.save_delivery(begun)
            work.alerts.remark(KEY, NOW + HOUR, "Rejected by Ben.")
            work.alerts.save_delivery(begun.done(NOW + HOUR, "1591825.0001"))
            assert work.alerts.remarks(KEY) == ["Confirmed by Anna.", "Rejected by Ben."]
            assert kinds(work.alerts.open_deliveries()) == [("edit", "C1", "pending")]

    def test_an_edit_that_was_done_is_done_again_when_it_is_asked_for(self, store: Store) -> None:
        with store.begin() as work:
            told(work, "C1")
            work.alerts.remark(KEY, NOW, "Confirmed by Anna.")
            first = Delivery(KEY, "C1", created=NOW, kind=DeliveryKind.EDIT).begin(NOW)
            work.alerts.save_delivery(first.done(NOW, "1591825.0001"))
            assert work.alerts.open_deliveries() == []
            work.alerts.remark(KEY, NOW + HOUR, "Rejected by Ben.")
            again = Delivery(KEY, "C1", created=NOW + HOUR, kind=DeliveryKind.EDIT)
            assert work.alerts.open_deliveries() == [again]

    def test_a_remark_on_an_alert_that_waits_is_written_down_only(self, store: Store) -> None:
        with store.begin() as work:
            work.alerts.add(alert(), ["C1"])
            work.alerts.remark(KEY, NOW, "Confirmed by Anna.")
            assert work.alerts.remarks(KEY) == ["Confirmed by Anna."]
            assert work.alerts.remarks("unknown") == []
            assert kinds(work.alerts.deliveries(KEY)) == [("alert", "C1", "pending")]

    def test_a_remark_on_an_unknown_alert_is_refused(self, store: Store) -> None:
        with pytest.raises(StorageError):
            commit(store, lambda work: work.alerts.remark("unknown", NOW, "Confirmed by Anna."))

    def test_a_delivery_that_is_known_stays_as_it_is(self, store: Store) -> None:
        mail = Delivery(KEY, "mailto:anna@example.org", created=NOW, since=NOW - timedelta(minutes=15))
        with store.begin() as work:
            work.alerts.add(alert(), ["C1"])
            work.alerts.add_deliveries([mail])
            work.alerts.save_delivery(mail.begin(NOW).done(NOW, "sent"))
            work.alerts.add_deliveries([mail])
            assert work.alerts.deliveries(KEY)[1] == mail.begin(NOW).done(NOW, "sent")

    def test_the_alerts_of_one_message_are_found_by_its_receipt(self, store: Store) -> None:
        with store.begin() as work:
            for number in (1, 2, 3):
                work.alerts.add(alert(number), ["C1", "C2"])
            folded = [replace(SENT, alert_key=alert(number).key) for number in (1, 2)]
            for one in folded:
                work.alerts.save_delivery(one)
            work.alerts.save_delivery(replace(SENT, channel="C2"))
            work.alerts.remark(KEY, NOW, "Confirmed by Anna.")
            assert work.alerts.message("C1", "1591825.0001") == folded
            assert work.alerts.message("C1", "no such") == []
