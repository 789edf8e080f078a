import pytest

from watcher.core.pattern import TECHNOLOGY, VENDOR, PatternError, compile_pattern, verb_forms

CLASSES = {name: compile_pattern(source, {}) for name, source in {"stop": "stop|stops", "not": "not|never"}.items()}


def found(pattern: str, text: str) -> str | None:
    match = compile_pattern(pattern, CLASSES).regex.search(text)
    return match.group() if match else None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("stop selling", "they STOP  selling it", "STOP  selling"),
        ("stop selling", "nonstop selling", None),
        ("{stop} (selling|offering)", "it stops offering", "stops offering"),
        ("will {not}? sell", "will sell", "will sell"),
        ("(will|would)? sell", "they sell", "sell"),
        ("laws?", "a law", "law"),
        ("one-year ban", "a one year ban", "one year ban"),
        ("stop selling", "non stop-selling toys", "stop-selling"),
        ("the . company", "the small Seattle company", "the small Seattle company"),
        ("the . company", "told the paper, the company", "the company"),
        ("stop .. {tech}", f"stop all of the {TECHNOLOGY}", f"stop all of the {TECHNOLOGY}"),
        ("stop .. {tech}", f"stop one two three four five {TECHNOLOGY}", None),
        ("stop .. {tech}", f"stop {VENDOR} and {TECHNOLOGY}", None),
        ("stop ... {tech}", f"stop one two three four five {TECHNOLOGY}", f"stop one two three four five {TECHNOLOGY}"),
        ("wait (?=for|until)", "wait until noon", "wait"),
        ("wait (?=for|until)", "wait here", None),
        ("{tech} $", f"the {TECHNOLOGY}.", TECHNOLOGY),
    ],
)
def test_what_a_pattern_finds(pattern: str, text: str, expected: str | None) -> None:
    assert found(pattern, text) == expected


@pytest.mark.parametrize("pattern", ["", "{nothing}", "(open", "close)"])
def test_a_pattern_that_cannot_be_compiled_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern, CLASSES)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("offer", ["offer", "offers", "offered", "offering"]),
        ("ban", ["ban", "bans", "banned", "banning"]),
        ("supply", ["supply", "supplies", "supplied", "supplying"]),
        ("pause", ["pause", "pauses", "paused", "pausing"]),
    ],
)
def test_regular_verbs_are_inflected(verb: str, forms: list[str]) -> None:
    assert verb_forms(verb) == forms
