from datetime import date

import pytest

from watcher.core.normal import day_of, housekeeping, normal, unmarked


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2.1 We do not sell it.", "3.4. We do not sell it"),
        ("Section 2.1 We do not sell it.", "We do not sell it."),
        ("50.8. We do not sell it.", "51.9.2 We do not sell it."),
        ("Section 4(b) - Law enforcement", "§ 5: Law Enforcement"),
        ("iv) We do not sell it", "v) We do not sell it"),
        ("(a) Face recognition", "• face-recognition"),
        ("* Face recognition", "- Face recognition"),
        ("“We” don\u2019t", '"we" don\'t'),
        ("It \u2014 and only it \u2013 is sold", "It - and only it - is sold"),
        ("See Section 50.8.2(a) for more.", "See Section 61.4 for more."),
        ("See Sections 4 and 5.", "See Section 6."),
        ("As of 1 May 2020 it is sold.", "As of June 30, 2021 it is sold."),
        ("As of 2020-05-01 it is sold.", "As of 1/6/21 it is sold."),
        ("paused until June 10, 2021", "paused until 10 June 2021"),
        ("Read [our terms](https://a.example/1).", "Read [our terms](https://b.example/2)."),
        ("Read our terms at https://a.example/1 now.", "Read our terms at https://b.example/x?y=2 now."),
        ("Write to a@example.org.", "Write to legal@example.org."),
        ("It is **not** sold.", "It is _not_ sold."),
        ("We do not sell it.", "We  do\u00a0not\nsell it"),
        ("the U.S. law", "the US law"),
        ("organisations recognise colour", "organizations recognize color"),
        ("the licence to practise whilst travelling", "the license to practice while traveling"),
        ("fulfil the programme at the centre", "fulfill the program at the center"),
        ("co-operate by e-mail", "cooperate by email"),
        ("99 % of terms & rules", "99 percent of terms and rules"),
    ],
)
def test_what_no_reader_would_call_a_change_is_none(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("may", "may not"),
        ("I agree", "agree"),
        ("for 1 year", "for 2 years"),
        ("a score of 99 percent", "a score of 80 percent"),
        ("paused until 10 June 2021", "paused until 10 June 2022"),
        ("paused through the end of 2021", "paused through the end of 2022"),
        ("a moratorium", "moratorium"),
        ("it is filed", "it is filled"),
        ("our use", "or use"),
    ],
)
def test_words_numbers_and_ends_count(one: str, other: str) -> None:
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    "line",
    [
        "Last updated 1 May 2020",
        "Last updated: May 1, 2020 (see previous versions)",
        "Effective date: 2020-06-01",
        "This policy was last updated on June 1, 2020.",
        "Version 3.2, June 2020",
        "© 2024 Northgate Inc. All rights reserved.",
    ],
)
def test_a_line_about_the_page_itself_is_housekeeping(line: str) -> None:
    assert housekeeping(line)


@pytest.mark.parametrize(
    "line",
    [
        "Effective 1 June 2020, police may not use Rekognition.",
        "As of 1 May 2020 police are banned.",
        "We paused police use in 2020.",
        "Last year we changed our mind.",
        "Police may use it.",
    ],
)
def test_a_sentence_with_a_date_is_no_housekeeping(line: str) -> None:
    assert not housekeeping(line)


def test_the_day_of_a_line_is_its_first_whole_date() -> None:
    assert day_of("Last updated June 1, 2020, before that 2 May 2019") == date(2020, 6, 1)
    assert day_of("Last updated 31 June 2020") is None
    assert day_of("Updated May 2020") is None


def test_markdown_loses_its_marks_and_keeps_its_words() -> None:
    assert unmarked("[Face *recognition*](https://a.example/b_(c)) is \\_not\\_ **sold**") == (
        "Face recognition is _not_ sold"
    )
    assert unmarked("2 * 3 * 4 and snake_case_name") == "2 * 3 * 4 and snake_case_name"
