from datetime import timedelta

import pytest

from watcher.config.duration import span


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("6h", 21_600), ("1d", 86_400), (" 2h ", 7200), ("365d", 31_536_000)],
)
def test_a_span_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert span(text, timedelta(minutes=1)) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "15", "m", "-5m", "0m", "1.5h", "15 m", "15min", "1h30m", "٣m"])
def test_what_is_no_span_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="such as 15m, 6h or 1d"):
        span(text, timedelta(minutes=1))


@pytest.mark.parametrize(
    ("text", "least", "told"), [("59s", 60, "1m"), ("366d", 60, "1m"), ("1h", 86_400, "1d"), ("1m", 90, "90s")]
)
def test_a_span_has_bounds(text: str, least: int, told: str) -> None:
    with pytest.raises(ValueError, match=f"between {told} and 365d"):
        span(text, timedelta(seconds=least))
