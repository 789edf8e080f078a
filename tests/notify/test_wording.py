from datetime import date, timedelta

import pytest

from tests.ledgers import NOON, row, store_of
from watcher.notify.wording import after, before, speaker
from watcher.usecases.lapse import lapse


@pytest.mark.parametrize(
    ("own_voice", "source", "by"),
    [(False, "The Press", "The Press"), (True, "Northgate Blog", "Northgate itself"), (False, None, "a report")],
)
def test_a_lapse_names_who_had_named_the_end_and_claims_nothing_of_what_holds_now(
    *, own_voice: bool, source: str | None, by: str
) -> None:
    store = store_of([row(until=date(2021, 6, 10), own_voice=own_voice, source=source)])
    (alert,) = lapse(store, str.title, lambda _alert: (), NOON + timedelta(days=366)).alerts
    assert speaker(alert) == f"The end was named by {by}; nothing newer was known when 10 June 2021 was over"
    assert before(alert.main) == "moratorium since 10 June 2020"
    assert after(alert.main) == "moratorium ended, nothing said since"
