from datetime import date

import pytest

from tests.core.reading import reader
from watcher.core import when
from watcher.core.when import Calendar, Day, LastDay, after

WEDNESDAY = date(2020, 6, 10)


def words() -> Calendar:
    return reader().grammars["en"].syntax.calendar


def days(text: str, written: date, known: date | None = None) -> list[Day]:
    return when.days(words(), text, written, lambda: known)


def span(text: str) -> tuple[int, str] | None:
    return when.span(words(), text)


def end_day(text: str, written: date) -> date | None:
    return when.end_day(words(), text, written)


def looks_back(text: str, written: date) -> bool:
    return when.looks_back(words(), text, written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it said Wednesday", WEDNESDAY),
        ("on Monday", date(2020, 6, 8)),
        ("on Thursday", date(2020, 6, 4)),
        ("last Wednesday", date(2020, 6, 3)),
        ("today", WEDNESDAY),
        ("yesterday", date(2020, 6, 9)),
        ("on June 8", date(2020, 6, 8)),
        ("June 8, 2019", date(2019, 6, 8)),
        ("on 8 June", date(2020, 6, 8)),
        ("on December 13", date(2019, 12, 13)),
        ("2018-12-13", date(2018, 12, 13)),
    ],
)
def test_a_day_is_resolved_against_the_day_of_writing(text: str, expected: date) -> None:
    assert days(text, WEDNESDAY)[0].day == expected


def test_the_day_before_refers_to_the_day_named_last() -> None:
    assert [found.day for found in days("On June 10 one, and the day before the other.", date(2020, 6, 11))] == [
        date(2020, 6, 10),
        date(2020, 6, 9),
    ]
    assert days("The day before", WEDNESDAY) == []
    assert days("The day before", WEDNESDAY, known=date(2020, 6, 10))[0].day == date(2020, 6, 9)


def test_a_day_that_does_not_exist_is_no_day() -> None:
    assert days("June 31", WEDNESDAY) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for a year", (1, "year")),
        ("for one year", (1, "year")),
        ("a one-year moratorium", (1, "year")),
        ("for at least 18 months", (18, "month")),
        ("for the next year", (1, "year")),
        ("It'll last a year.", (1, "year")),
        ("runs for six months", (6, "month")),
        ("for two years now it has grown", None),
        ("a year ago", None),
        ("one year old", None),
    ],
)
def test_a_span_is_a_length_and_not_a_look_back(text: str, expected: tuple[int, str] | None) -> None:
    assert span(text) == expected


def test_a_year_after_a_leap_day_is_the_last_of_february() -> None:
    assert after(date(2020, 2, 29), (1, "year")) == date(2021, 2, 28)
    assert after(date(2020, 1, 31), (1, "month")) == date(2020, 2, 29)
    assert after(WEDNESDAY, (2, "week")) == date(2020, 6, 24)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("June 10, 2021", date(2021, 6, 10)),
        ("next June", date(2021, 6, 30)),
        ("March 2022", date(2022, 3, 31)),
        ("the end of 2022", date(2022, 12, 31)),
        ("the end of next year", date(2021, 12, 31)),
        ("the end of the year", date(2020, 12, 31)),
        ("the rest of this year", date(2020, 12, 31)),
        ("next year", None),
        ("the end of the following year", date(2021, 12, 31)),
        ("the end of the month", date(2020, 6, 30)),
        ("the end of next month", date(2020, 7, 31)),
        ("later in the year", None),
        ("Congress acts", None),
    ],
)
def test_an_end_is_a_day_a_month_or_a_year(text: str, expected: date | None) -> None:
    assert end_day(text, WEDNESDAY) == expected


@pytest.mark.parametrize(
    "text", ["last year", "in April 2019", "two years ago", "since 2018", "in December", "previously"]
)
def test_words_that_look_back(text: str) -> None:
    assert looks_back(text, WEDNESDAY)


@pytest.mark.parametrize("text", ["in June", "in 2020", "next year", "on Monday"])
def test_words_that_do_not_look_back(text: str) -> None:
    assert not looks_back(text, WEDNESDAY)


FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


@pytest.mark.parametrize("text", ["on Friday", "last Monday", "yesterday", "on December 20", "the day before"])
def test_before_the_first_day_there_is_none(text: str) -> None:
    assert days(text, FIRST, known=FIRST) == []


@pytest.mark.parametrize("text", ["on January 5", "December 31, 9999", "next January", "the end of next year"])
def test_after_the_last_day_there_is_none(text: str) -> None:
    assert end_day(text, LAST) is None


@pytest.mark.parametrize("length", [(2, "week"), (1, "month"), (99, "year")])
def test_a_span_beyond_the_last_day_ends_with_it(length: tuple[int, str]) -> None:
    assert after(LAST, length) == LAST


def test_through_the_end_of_next_year_is_no_year_from_today() -> None:
    assert span("through the end of next year") is None


def test_the_day_named_last_is_told_from_all_sentences_so_far() -> None:
    last = LastDay(words(), WEDNESDAY)
    assert last() is None
    last.unread += ["It said so on June 8.", "The day before, nobody had asked.", "Nobody answered."]
    assert last() == date(2020, 6, 7)
    last.unread.append("The day before, too.")
    assert last() == date(2020, 6, 6)


def test_a_day_to_come_is_not_the_day_named_last() -> None:
    last = LastDay(words(), WEDNESDAY)
    last.unread += ["It said so on Monday.", "It begins on June 30."]
    assert last() == date(2020, 6, 8)


def test_what_was_named_before_is_asked_for_only_where_the_day_before_stands() -> None:
    asked: list[str] = []

    def known() -> date | None:
        asked.append("known")
        return WEDNESDAY

    assert when.days(words(), "It said so on June 8, and on Monday.", WEDNESDAY, known)
    assert not asked
    assert when.days(words(), "The day before, it said so.", WEDNESDAY, known)[0].day == date(2020, 6, 9)
    assert asked


@pytest.mark.parametrize(
    ("text", "expected"), [("for ONE YEAR", (1, "year")), ("for one while", None), ("a year", None)]
)
def test_a_span_is_a_number_and_a_unit(text: str, expected: tuple[int, str] | None) -> None:
    assert span(text) == expected
