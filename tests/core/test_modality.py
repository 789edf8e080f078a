import pytest

from watcher.core.modality import Shift, as_binding, shift


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Police must not use it.", "Police should not use it."),
        ("Police may not use it.", "Police should not use it."),
        ("Use by police is strictly prohibited.", "Use by police is discouraged."),
        ("Use by police is prohibited.", "Use by police is not recommended."),
        ("We will not sell it to police.", "We may sell it to police."),
        ("We do not sell it to police.", "We do not currently sell it to police."),
        ("Agencies must train their staff.", "Agencies should train their staff."),
        ("Agencies are required to train their staff.", "Agencies are encouraged to train their staff."),
        ("Police may not use it.", "Police may not use it except to find missing children."),
        ("Police can\u2019t use it.", "Police generally can't use it."),
    ],
)
def test_a_weaker_verb_or_a_new_exception_weakens_and_its_opposite_strengthens(before: str, after: str) -> None:
    assert shift(before, after) is Shift.WEAKER
    assert shift(after, before) is Shift.STRONGER
    assert not as_binding(before, after)
    assert as_binding(after, before) or "may sell" in after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Police must not use it.", "Police may not use it."),
        ("Police must not use it.", "It is prohibited for police to use it."),
        ("Police cannot use it.", "The police can not use it at all."),
    ],
)
def test_another_wording_of_the_same_force_is_no_shift_and_binds_as_much(before: str, after: str) -> None:
    assert shift(before, after) is None
    assert as_binding(before, after)


def test_a_duty_that_turned_into_its_opposite_is_no_shift_and_does_not_bind() -> None:
    assert shift("Police must not use it.", "Police must use it.") is None
    assert not as_binding("Police must not use it.", "Police must use it.")


def test_another_number_in_the_same_sentence_is_another_term() -> None:
    assert shift("A score of 99 percent must be set.", "A score of 80 percent must be set.") is Shift.TERMS
    assert shift("Section 4.1 must be read.", "Section 5.2 must be read.") is None


def test_a_limit_to_what_is_allowed_is_another_term() -> None:
    assert shift("Police may use it.", "Police may use it with our prior approval.") is Shift.TERMS


def test_a_verb_more_cannot_be_weighed() -> None:
    assert shift("Police must not use it.", "Police must not use it and should delete it.") is None
    assert not as_binding("It is for everyone.", "It is for all.")
