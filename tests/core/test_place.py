import pytest

from watcher.core.place import place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It stops in Canada.", "Canada"),
        ("Customers based in Illinois lose access.", "Illinois"),
        ("In the state of Illinois nobody may buy it.", "Illinois"),
        ("It will not sell to US police in New Zealand.", "US"),
        ("across the U.K.", "UK"),
        ("Shops in Britain use it.", "UK"),
        ("throughout Europe", "EU"),
        ("It believes in us.", None),
        ("An Illinois law", None),
        ("in the United States", "US"),
    ],
)
def test_a_place_is_where_a_sentence_says_that_something_holds(text: str, expected: str | None) -> None:
    assert place(text) == expected
