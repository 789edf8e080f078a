import pytest

from watcher.core.place import one_place, place, same_place, wider


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


@pytest.mark.parametrize(
    ("held_in", "told_of", "expected"),
    [
        (None, "Canada", True),
        ("Canada", None, True),
        ("Canada", "Canada", True),
        ("Canada", "Australia", False),
        ("US", "Illinois", True),
        ("Illinois", "US", False),
        ("global", "UK", True),
        ("global except EU and Canada", "UK", True),
        ("UK, EU", "EU", True),
        ("EU", "UK, EU", False),
    ],
)
def test_a_place_holds_in_its_parts(held_in: str | None, told_of: str | None, *, expected: bool) -> None:
    assert same_place(held_in, told_of) is expected
    assert one_place(held_in, told_of) is one_place(told_of, held_in)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (None, "Canada", True),
        ("global", "Canada", True),
        (None, "global", False),
        ("Canada", None, False),
        ("US", "Illinois", True),
        ("Illinois", "US", False),
        ("UK, EU", "EU", True),
        ("EU", "EU", False),
        ("Canada", "Australia", False),
    ],
)
def test_a_wider_place_takes_in_more(one: str | None, other: str | None, *, expected: bool) -> None:
    assert wider(one, other) is expected
