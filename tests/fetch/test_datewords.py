from datetime import date

import pytest

from tests.fetch.conftest import NOW
from watcher.fetch.dates import parse
from watcher.fetch.datewords import _MONTHS, Manner, hinted_in, order_of_figures, said_in, short_years

DAY_FIRST, MONTH_FIRST = Manner(day_first=True), Manner(day_first=False)


@pytest.mark.parametrize(
    "text",
    [
        *("June 8, 2020", "JUN 8, 2020", "8 June 2020", "8th of June, 2020", "June 8th, 2020", "08 Jun, 2020"),
        *(
            "Posted on 08.06.2020",
            "2020-06-08",
            "2020/6/8",
            "2020.06.08",
            "08-Jun-2020",
            "Mon, 8 Jun 2020 | 3 min read",
        ),
        *("8 juin 2020", "le lundi 8 juin 2020 à 9 h", "8 de junio de 2020", "8 giugno 2020", "8. Juni 2020"),
        *("8 de junho de 2020", "8 juni 2020", "8 czerwca 2020", "8. června 2020", "8 июня 2020 г.", "8 Haziran 2020"),
        *("2020年6月8日", "２０２０年６月８日（月）", "2020년 6월 8일", "2020. 6. 8."),
    ],
)
def test_a_date_is_found_in_its_text(text: str) -> None:
    said = said_in(text)
    found = parse(said.plain, NOW) if said else None
    assert found
    assert found.date() == date(2020, 6, 8)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Version 4.6.2020.1", "Call 06-08-2020-11", "June 2020", "The march of 2020", "maybe 8 2020"),
        *("10 May", "ISO 19794-5:2011", "08/06/2020", "Room 8 juniper 2020", "1/2", "20200608"),
    ],
)
def test_what_is_no_whole_date_is_none(text: str) -> None:
    assert said_in(text) is None


@pytest.mark.parametrize(
    ("text", "manner", "plain"),
    [
        ("06/08/2020", MONTH_FIRST, "2020-06-08"),
        ("06/08/2020", DAY_FIRST, "2020-08-06"),
        ("6/8/20", MONTH_FIRST, "2020-06-08"),
        ("08.06.20", Manner(short_years=True), "2020-06-08"),
        ("08 Jun", Manner(year=2020), "2020-06-08"),
        ("June 8", Manner(year=2020), "2020-06-08"),
        ("June 8, 2019", Manner(year=2020), "2019-06-08"),
    ],
)
def test_a_page_may_say_how_it_writes_dates(text: str, manner: Manner, plain: str) -> None:
    said = said_in(text, manner)
    assert said
    assert said.plain.casefold() == plain


def test_two_figures_for_the_year_are_not_guessed_at() -> None:
    assert said_in("26/06/08", DAY_FIRST) is None
    assert said_in("26.06.08") is None
    assert [short_years(language) for language in ("de-AT", "ko", None)] == [True, False, False]


def test_the_words_stay_as_the_page_has_them() -> None:
    said = said_in("Posted on June 8, 2020 by Ada")
    assert said
    assert (said.words, said.plain) == ("June 8, 2020", "2020-06-08")


@pytest.mark.parametrize(
    ("text", "day_first"),
    [("25/12/2026 01/02/2026", True), ("12/25/2026", False), ("01/02/2026", None), ("25/12/2026 12/25/2026", None)],
)
def test_the_order_of_figures_shows_in_one_that_can_be_read_only_once(text: str, day_first: bool | None) -> None:
    assert order_of_figures(text) is day_first


@pytest.mark.parametrize(
    "text",
    [
        "3 days ago",
        "an hour ago",
        "2h ago",
        "vor 3 Tagen",
        "il y a 2 heures",
        "hace un día",
        "Yesterday",
        "June 2026",
        "Jun 8",
        "8 juin",
    ],
)
def test_what_names_no_day_of_a_known_year_is_a_hint(text: str) -> None:
    assert said_in(text) is None
    assert hinted_in(text)


@pytest.mark.parametrize("text", ["", "Ago", "Version 3", "Maybe 8 people", "The days of old", "Vor Ort", "may"])
def test_other_words_are_no_hint(text: str) -> None:
    assert hinted_in(text) is None


def test_each_month_of_the_table_is_one() -> None:
    for name, number in _MONTHS.items():
        said = said_in(f"8 {name} 2020")
        assert said, name
        assert said.plain == f"2020-{number:02}-08"
