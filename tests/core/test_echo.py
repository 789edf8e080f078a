"""Others of whom the same is told in a word: "So has Southmere"."""

from datetime import date

import pytest

from tests.core.reading import read, told

BAN = "Northgate has stopped selling facial recognition to police."


@pytest.mark.parametrize(
    "others",
    [
        "So has Southmere.",
        "Southmere followed suit.",
        "Southmere has done the same.",
        "Southmere gave the same answer.",
        "The same goes for Southmere.",
        "Southmere, a rival, took a similar step on Wednesday.",
    ],
)
def test_who_does_the_same_holds_the_same_stance(others: str) -> None:
    assert told(f"{BAN} {others}") == {"northgate ban police", "southmere ban police"}


def test_a_list_goes_on_over_names_of_others() -> None:
    assert told(f"{BAN} So have Dollar Barn, Southmere, Whitby Foods and Eastbrook.") == {
        "northgate ban police",
        "southmere ban police",
        "eastbrook ban police",
    }


@pytest.mark.parametrize(
    "others",
    [
        "So should Southmere.",
        "Southmere may follow suit.",
        "Southmere did not follow suit.",
        "Campaigners want Southmere to do the same.",
        "Critics hope that Southmere follows suit.",
        "Why has Southmere not done the same?",
    ],
)
def test_who_should_or_may_do_the_same_holds_nothing(others: str) -> None:
    assert told(f"{BAN} {others}") == {"northgate ban police"}


def test_what_is_told_three_sentences_before_is_not_what_others_do() -> None:
    far = f"{BAN} It spoke on Monday. Its shares fell. Its rivals rose. So has Southmere."
    assert told(far) == {"northgate ban police"}


def test_terms_carry_over_and_the_quote_is_the_sentence_that_names_the_other() -> None:
    text = "Northgate halted police use of its facial recognition for a year. Southmere followed suit on Wednesday."
    other = next(statement for statement in read(text) if statement.vendor == "southmere")
    assert other.quote == "Southmere followed suit on Wednesday."
    assert other.until == date(2023, 3, 16)
    assert other.announced == date(2022, 3, 16)


def test_neither_nor_denies_and_names_both() -> None:
    assert told("Neither Northgate nor Southmere will sell facial recognition to police.") == {
        "northgate ban police",
        "southmere ban police",
    }
    assert told("Neither Northgate nor Southmere launched facial recognition.") == set()
