from datetime import date

import pytest

from tests.fetch.conftest import NOW
from watcher.fetch.dates import parse
from watcher.fetch.datewords import Manner, order_of_figures, said_in

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
        ("08 Jun", Manner(year=2020), "8 jun 2020"),
        ("June 8", Manner(year=2020), "8 june 2020"),
        ("June 8, 2019", Manner(year=2020), "8 june 2019"),
    ],
)
def test_a_page_may_say_how_it_writes_dates(text: str, manner: Manner, plain: str) -> None:
    said = said_in(text, manner)
    assert said
    assert said.plain.casefold() == plain


def test_the_words_stay_as_the_page_has_them() -> None:
    said = said_in("Posted on June 8, 2020 by Ada")
    assert said
    assert (said.words, said.plain) == ("June 8, 2020", "8 June 2020")


@pytest.mark.parametrize(
    ("text", "day_first"),
    [("25/12/2026 01/02/2026", True), ("12/25/2026", False), ("01/02/2026", None), ("25/12/2026 12/25/2026", None)],
)
def test_the_order_of_figures_shows_in_one_that_can_be_read_only_once(text: str, day_first: bool | None) -> None:
    assert order_of_figures(text) is day_first
