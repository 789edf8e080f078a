from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.fetch.dates import parse

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Wed, 10 Jun 2020 08:18:05 GMT", "2020-06-10T08:18:05"),
        ("Wed, 10 Jun 2020 08:18:05 +0000", "2020-06-10T08:18:05"),
        ("Wed,10 Jun 2020 08:18:05 +0530", "2020-06-10T02:48:05"),
        ("10 June 2020 08:18 -0400", "2020-06-10T12:18:00"),
        ("Wed, 10-Jun-2020 08:18:05 EDT", "2020-06-10T12:18:05"),
        ("Wed, 10 Jun 20 08:18:05 PST", "2020-06-10T16:18:05"),
        ("Wed, 10 Jun 2020 08:18:05 CEST", "2020-06-10T06:18:05"),
        ("Wed, 10 Jun 2020 08:18:05 IST", "2020-06-10T02:48:05"),
        ("Wed, 10 Jun 2020 08:18:05 JST", "2020-06-09T23:18:05"),
        ("Wed, 10 Jun 2020 08:18:05", "2020-06-10T08:18:05"),
        ("Wed, 10 Jun 2020 08:18:05 XYZ", "2020-06-10T08:18:05"),
        ("10 Jun 2020 08:18 PM", "2020-06-10T20:18:00"),
        ("10 Jun 2020 12:05 am", "2020-06-10T00:05:00"),
        ("June 10th, 2020 at 8:18 p.m. EDT", "2020-06-11T00:18:00"),
        ("Sept. 8, 2020", "2020-09-08T00:00:00"),
        ("Wednesday, June 10, 2020", "2020-06-10T00:00:00"),
        ("Wed Jun 10 08:18:05 2020", "2020-06-10T08:18:05"),
        ("Wed Jun 10 08:18:05 EDT 2020", "2020-06-10T12:18:05"),
        ("2020-06-10T08:18:05Z", "2020-06-10T08:18:05"),
        ("2020-06-10T08:18:05.123456+02:00", "2020-06-10T06:18:05"),
        ("2020-06-10T08:18Z", "2020-06-10T08:18:00"),
        ("2020-06-10 08:18:05 -0500", "2020-06-10T13:18:05"),
        ("2020-06-10T08:18:05+0200[Europe/Berlin]", "2020-06-10T06:18:05"),
        ("2020-06-10 08:18:05 UTC+2", "2020-06-10T06:18:05"),
        ("2020-06-10", "2020-06-10T00:00:00"),
        ("2020-06", "2020-06-01T00:00:00"),
        ("20200610T081805Z", "2020-06-10T08:18:05"),
        ("20200610", "2020-06-10T00:00:00"),
        ("2016/6/29 10:00:00", "2016-06-29T10:00:00"),
        ("10.06.2020 08:18", "2020-06-10T08:18:00"),
        ("Mittwoch, 10. Juni 2020 08:18", "2020-06-10T08:18:00"),
        ("mer., 10 juil. 2020 08:18:00 +0200", "2020-07-10T06:18:00"),
        ("1591777085", "2020-06-10T08:18:05"),
        ("1591777085000", "2020-06-10T08:18:05"),
        ("Wed, 10 Jun 2020 24:00:00 GMT", "2020-06-11T00:00:00"),
        ("Tue, 30 Jun 2015 23:59:60 GMT", "2015-07-01T00:00:00"),
        ("  Wed, 10 Jun\n 2020 08:18:05   GMT ", "2020-06-10T08:18:05"),
        ("Fri, 12 Jun 2026 11:59:00 GMT", "2026-06-12T11:59:00"),
    ],
)
def test_a_date_is_read(raw: str, moment: str) -> None:
    assert parse(raw, NOW) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "yesterday",
        "10/06/2020",
        "Wed, 32 Jun 2020 08:18:05 GMT",
        "2020-13-01",
        "2020-06-10T25:00:00Z",
        "2020-06-10T08:61:00Z",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "Sun, 31 Dec 1989 23:59:59 GMT",
        "Fri, 12 Jun 2026 12:01:00 GMT",
        "2099-01-01",
        "12",
        "2020-06-10T08:18:05+99:00",
        "1" * 5000,
    ],
)
def test_what_is_no_date_or_cannot_be_true_is_none(raw: str | None) -> None:
    assert parse(raw, NOW) is None


@given(st.datetimes(datetime(1990, 1, 2), datetime(2026, 6, 9)))  # noqa: DTZ001  (given a zone below)
def test_every_true_date_survives_its_usual_forms(naive: datetime) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    for shape in ("%a, %d %b %Y %H:%M:%S +0000", "%Y-%m-%dT%H:%M:%SZ", "%d %B %Y %H:%M:%S GMT", "%Y/%m/%d %H:%M:%S"):
        assert parse(moment.strftime(shape), NOW) == moment


@given(st.text(max_size=120))
def test_no_text_makes_it_fail(raw: str) -> None:
    assert parse(raw, NOW) is None or parse(raw, NOW)
