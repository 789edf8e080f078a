import pytest

from watcher.core.spelling import one_spelling


@pytest.mark.parametrize(
    "pair",
    [
        "organise organize", "analysing analyzing", "honoured honored", "behaviour behavior", "modelling modeling",
        "cancelled canceled", "fulfilment fulfillment", "skilful skillful", "enrol enroll", "centre center",
        "theatres theaters", "licence license", "programme program", "paediatric pediatric", "grey gray",
        "towards toward", "judgement judgment",
    ],
)  # fmt: skip
def test_both_spellings_have_one_form(pair: str) -> None:
    british, american = pair.split()
    assert one_spelling(british) == one_spelling(american)


@pytest.mark.parametrize("pair", ["our or", "four for", "hour hor", "filed filled", "tour tor", "this thiz", "his hiz"])
def test_other_words_stay_apart(pair: str) -> None:
    one, other = pair.split()
    assert one_spelling(one) != one_spelling(other)
