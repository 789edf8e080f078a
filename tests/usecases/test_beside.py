"""Policy pages read by the real rules: what went, what took its place, and what nobody is told."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from watcher.config.rules import load_reader
from watcher.config.vendors import load_vendors
from watcher.core.change import Change
from watcher.core.reader import Reader
from watcher.usecases.archive import Record, records
from watcher.usecases.backtest import as_line, backtest
from watcher.usecases.memory import MemoryStore

CLAUSE = "Police departments may not use Amazon Rekognition to identify people."
HEAD = "# Terms\n\nLast updated 1 May 2020"
REST = (
    "You need an account to use the service. Fees are due within thirty days. The law of Oregon governs these terms. "
    "Notices are sent to the address of your account. We may change the prices with notice. Your data stays yours."
)
Look = tuple[int, str | dict[str, Any]]  # the day of the year, and the page or a whole record

NEW_YEAR = datetime(2020, 1, 1, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(load_vendors())


def page(clause: str = CLAUSE, head: str = HEAD) -> str:
    return f"{head}\n\n{clause}\n\n{REST}"


class Archive:
    def __init__(self, reader: Reader, *looks: Look) -> None:
        self.store = MemoryStore()
        lines = [json.dumps(_capture(day, text)) for day, text in looks]
        archive = [record for record in records(lines) if isinstance(record, Record)]
        self.told = [as_line(told) for told in backtest(archive, reader, self.store)]

    def alerts(self) -> list[tuple[str | None, ...]]:
        return [(one["record"], one["change"], one["position"], one["previous"], one["shift"]) for one in self.told]

    def rows(self) -> list[tuple[str, bool]]:
        with self.store.begin() as work:
            return [(str(row.held_from), row.withdrawn) for row in work.stances.ledger("amazon").rows]

    def verdicts(self, day: int) -> Sequence[Any]:
        with self.store.begin() as work:
            mine = [post for post in work.posts.all(1_000) if post.seen.timetuple().tm_yday == day]
            return [verdict for post in mine for one in work.posts.readings(post.id) for verdict in one.verdicts]


def _capture(day: int, text: str | dict[str, Any]) -> dict[str, Any]:
    at = (NEW_YEAR + timedelta(days=day - 1)).isoformat()
    made = text if isinstance(text, dict) else {"text": text}
    return {
        "id": f"d{day}",
        "kind": "policy",
        "source": "aws-terms",
        "vendor": "amazon",
        "url": "https://aws.example/terms",
        "title": "Terms",
        "captured": at,
        "published": at,
        **made,
    }


def test_a_weakened_verb_of_a_stance_is_a_change_though_the_position_stays(reader: Reader) -> None:
    archive = Archive(reader, (1, page()), (9, page(CLAUSE.replace("may not", "should not"))))
    assert archive.alerts() == [("d9", "loosened", "ban", "ban", "weaker")]
    assert (archive.told[0]["before"], archive.told[0]["page_dated"]) == (CLAUSE, "2020-05-01")


def test_a_weaker_wording_that_no_rule_reads_is_told_once_and_not_withdrawn_later(reader: Reader) -> None:
    weak = "Use of Amazon Rekognition by police to identify people is discouraged."
    strong = weak.replace("discouraged", "prohibited")
    looks = [(1, page(strong)), *((day, page(weak)) for day in range(9, 15))]
    archive = Archive(reader, *looks)
    assert archive.alerts() == [("d9", "loosened", "ban", "ban", "weaker")]
    assert archive.told[0]["quote"] == weak


def test_a_ban_that_becomes_a_permission_under_a_condition_is_a_restriction(reader: Reader) -> None:
    after = "Police departments may use Amazon Rekognition to identify people, subject to our approval."
    archive = Archive(reader, (1, page()), (9, page(after)))
    assert [alert[:4] for alert in archive.alerts()] == [("d9", "loosened", "restrict", "ban")]


def test_other_words_that_bind_as_much_are_no_change(reader: Reader) -> None:
    after = "Police departments must not use Amazon Rekognition to identify people."
    looks = [(1, page()), *((day, page(after)) for day in range(9, 15))]
    assert Archive(reader, *looks).alerts() == []


def test_an_edit_beside_a_stance_changes_nothing(reader: Reader) -> None:
    after = page().replace("within thirty days", "within twenty days").replace("1 May", "2 June")
    assert Archive(reader, (1, page()), *((day, after) for day in range(9, 15))).alerts() == []


def test_a_withdrawn_clause_is_on_record_and_may_be_announced_anew(reader: Reader) -> None:
    looks = [(1, page()), *((day, page("")) for day in (9, 10, 11, 12)), (60, page())]
    archive = Archive(reader, *looks)
    assert archive.alerts() == [("d11", "withdrawn", "ban", "ban", None), ("d60", "announced", "ban", None, None)]
    assert archive.rows() == [("2020-01-01", False), ("2020-01-09", True), ("2020-02-29", False)]


def test_a_sentence_that_the_page_still_says_elsewhere_takes_no_stance_along(reader: Reader) -> None:
    twice = page(f"{CLAUSE}\n\nWe do not offer facial recognition to police.")
    looks = [(1, twice), *((day, twice.replace(f"{CLAUSE}\n\n", "")) for day in (9, 10, 11))]
    archive = Archive(reader, *looks)
    assert archive.alerts() == []
    (verdict,) = archive.verdicts(11)
    assert verdict.reason == "gone from the page, which still says: We do not offer facial recognition to police."


def test_a_flap_that_was_told_is_taken_back_without_a_second_alert(reader: Reader) -> None:
    weak = page(CLAUSE.replace("may not", "should not"))
    archive = Archive(reader, (1, page()), (9, weak), (11, page()), (40, page()))
    assert archive.alerts() == [("d9", "loosened", "ban", "ban", "weaker")]
    (back,) = archive.verdicts(11)
    assert (back.change, back.told) == (Change.TIGHTENED, False)
    assert back.reason.endswith("but back on the page within seven days: a flap, counted and told to nobody")
    assert back.joins, "the readers of the alert can learn of it"
    assert [day for day, _ in archive.rows()] == ["2020-01-01", "2020-01-09", "2020-01-11"]


def test_a_withdrawal_that_was_told_and_is_back_within_a_week_is_taken_back_quietly(reader: Reader) -> None:
    looks = [(1, page()), *((day, page("")) for day in (9, 10, 11)), (15, page())]
    archive = Archive(reader, *looks)
    assert archive.alerts() == [("d11", "withdrawn", "ban", "ban", None)]
    assert archive.rows()[-1] == ("2020-01-15", False)
    assert archive.verdicts(15)[0].joins


def test_a_clause_that_another_announcement_had_replaced_goes_without_a_word(reader: Reader) -> None:
    text = "SEATTLE - We are lifting our ban on police use of Amazon Rekognition today. Police may use it again."
    blog = {"kind": "post", "source": {"id": "blog", "kind": "vendor", "vendor": "amazon"}, "text": text}
    looks: list[Look] = [(1, page()), (9, blog), *((day, page("")) for day in (20, 21, 22))]
    archive = Archive(reader, *looks)
    assert [alert[:3] for alert in archive.alerts()] == [("d9", "loosened", "allow")]
    (verdict,) = archive.verdicts(22)
    assert verdict.reason == "gone from the page, which said what the allow of 2020-01-09 had replaced"


def test_a_condition_added_beside_a_ban_that_the_page_goes_on_to_state_lifts_nothing(reader: Reader) -> None:
    condition = "Law enforcement agencies that use Amazon Rekognition must train their personnel."
    archive = Archive(reader, (1, page()), (9, page(f"{CLAUSE}\n\n{condition}")))
    assert archive.alerts() == [("d9", "amended", "ban", "ban", None)]
    assert archive.told[0]["quote"] == condition


def test_a_weaker_condition_beside_a_ban_is_told_and_leaves_the_ban_on_record(reader: Reader) -> None:
    condition = "Law enforcement agencies that use Amazon Rekognition must train their personnel."
    before = page(f"{CLAUSE}\n\n{condition}")
    after = before.replace("must train", "should train")
    looks = [(1, before), (9, after), *((day, after.replace(CLAUSE, "")) for day in (20, 21, 22))]
    archive = Archive(reader, *looks)
    assert archive.alerts() == [
        ("d9", "loosened", "restrict", "ban", "weaker"),
        ("d22", "withdrawn", "ban", "ban", None),
    ]
    assert archive.rows() == [("2020-01-01", False), ("2020-01-20", True)]


def test_a_condition_that_goes_beside_a_ban_that_stays_is_told_and_takes_no_stance_along(reader: Reader) -> None:
    condition = "Law enforcement agencies that use Amazon Rekognition must train their personnel."
    looks = [(1, page(f"{CLAUSE}\n\n{condition}")), *((day, page()) for day in (9, 10, 11))]
    archive = Archive(reader, *looks)
    assert archive.alerts() == [("d11", "withdrawn", "restrict", "ban", None)]
    assert archive.rows() == [("2020-01-01", False)]


def test_a_lead_in_that_weakens_its_list_is_told_by_the_item_that_states_the_stance(reader: Reader) -> None:
    rules = page("You may not use Rekognition for:\n\n* stalking\n* facial recognition by police\n* spam")
    archive = Archive(reader, (1, rules), (9, rules.replace("may not use", "should not use")))
    assert archive.alerts() == [("d9", "loosened", "ban", "ban", "weaker")]
    assert archive.told[0]["before"] == "You may not use Rekognition for: * facial recognition by police"


def test_two_edits_on_two_days_are_two_changes(reader: Reader) -> None:
    looks = [(1, page("")), (9, page()), (10, page(CLAUSE.replace("may not", "should not")))]
    assert [alert[:2] for alert in Archive(reader, *looks).alerts()] == [("d9", "announced"), ("d10", "loosened")]


def test_a_page_gone_is_one_alert_for_all_that_it_stated(reader: Reader) -> None:
    clauses = f"{CLAUSE} Customers must obtain consent before facial recognition is used on a person."
    archive = Archive(reader, (1, page(clauses)), *((day, "") for day in (9, 10, 11, 12)))
    assert archive.alerts() == [("d11", "withdrawn", "ban", "ban", None)]
    with archive.store.begin() as work:
        (alert,) = work.alerts.all()
    assert [(told.change, str(told.audience)) for told in alert.changes] == [
        (Change.WITHDRAWN, "police"),
        (Change.WITHDRAWN, "everyone"),
    ]
    assert alert.reason == "the page shows no text since 2020-01-09; two later captures at least a day apart agree"
