"""The cheap questions before the dear ones must never say no where the expression alone would match."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.reading import reader
from watcher.core.finder import Finder
from watcher.core.literal import Needle, Part, Row, Spelt, needles, possible, squeeze
from watcher.core.pattern import SLOTS, TECHNOLOGY, VENDOR, Pattern, Spacing, compile_pattern, one_of

WORDS = ["stop", "stops", "selling", "sell", "to", "the", "won't", "one-year", "ban", "laws", "it", VENDOR, TECHNOLOGY]
GRAMMAR = reader().grammars["en"]


CLASSES = {"stop": compile_pattern("stop|stops|put a stop to", {})}


def named(source: str) -> Pattern:
    return compile_pattern(source, CLASSES)


SOURCES = [
    "stop selling",
    "{stop} .. {tech}",
    "(will|won't)? (sell|selling) .. {tech}",
    "{vendor} (to|the)? {stop}",
    "one-year ban $",
    "(the|to) laws?",
    "it (?=to|the)",
    "ban|{tech}",
    "(stop)?",
    "(the)? .. ban",
]


def spans(pattern: Pattern, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.regex.finditer(text)]


@given(
    st.lists(st.sampled_from([*WORDS, "STOP", "Straße", "İt", ",", ";", "-", "x"])), st.sampled_from([" ", "  ", ""])
)
def test_what_is_found_by_first_words_is_what_the_expressions_find(words: list[str], between: str) -> None:
    text = between.join(words)
    patterns = [named(source) for source in SOURCES]
    found: dict[int, list[tuple[int, int]]] = {}
    for number, match in Finder.of([pattern] for pattern in patterns).find(text):
        found.setdefault(number, []).append(match.span())
    assert found == {number: all_ for number, pattern in enumerate(patterns) if (all_ := spans(pattern, text))}


@given(st.lists(st.sampled_from([*WORDS, "x", ","])), st.lists(st.sampled_from(SOURCES), min_size=1, max_size=4))
def test_a_group_finds_what_its_patterns_find_as_one_expression(words: list[str], sources: list[str]) -> None:
    text, group = " ".join(words), [named(source) for source in sources]
    found = [match.span() for _, match in Finder.of([group]).find(text)]
    assert found == spans(one_of(group), text)


@pytest.mark.parametrize(
    "text", ["stop selling to cities", "selling, stop", "stop the sale to police", "to stop police"]
)
def test_a_pattern_is_not_even_compiled_where_one_of_its_words_is_missing(text: str) -> None:
    sound = named("stop .. selling .. to .. police")
    broken = Pattern("broken", "(", rows=sound.rows)
    assert Finder.of([[broken]]).find(text) == []
    with pytest.raises(re.error):
        Finder.of([[broken]]).find("police: stop selling to")


def test_a_choice_is_left_out_where_its_own_words_are_missing_though_another_choice_has_its_words() -> None:
    sound = named("the public|users of it")
    broken = Pattern("broken", "(", rows=sound.rows)
    assert Finder.of([[broken]]).find("the dog bit users") == []


@given(
    st.lists(st.sampled_from([*WORDS, "l'", "x", ","])),
    st.lists(st.sampled_from(SOURCES), min_size=1, max_size=4),
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.sampled_from([" ", ""]),
)
def test_patterns_together_are_the_choice_of_their_expressions(
    words: list[str], sources: list[str], elides: list[bool], between: str
) -> None:
    text = between.join(words)
    patterns = [
        compile_pattern(source, CLASSES, spacing=Spacing(elides=elided))
        for source, elided in zip(sources, elides, strict=False)
    ]
    apart = re.compile("|".join(pattern.expression for pattern in patterns), re.IGNORECASE)
    assert spans(one_of(patterns), text) == [match.span() for match in apart.finditer(text)]


def test_patterns_together_begin_and_end_once() -> None:
    expression = one_of([named("stop selling"), named("ban"), named("to sell")]).expression
    assert (expression.count(r"(?<!\w)"), expression.count(r"(?!\w)")) == (1, 1)


def written(rows: tuple[Row, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(rows).flatmap(
        lambda row: st.tuples(*map(_part, row)).map(lambda made: " ".join(filter(None, made)))
    )


def _part(part: Part) -> st.SearchStrategy[str]:
    made = written(part.choices) if part.choices else st.sampled_from(part.texts or ("",))
    return st.just("") | made if part.optional else made


def _matched(pattern: Pattern) -> st.SearchStrategy[tuple[Pattern, str]]:
    return written(pattern.rows).map(str.title).filter(pattern.regex.search).map(lambda text: (pattern, text))


CUES = [cue for rule in GRAMMAR.rules for cue in rule.cues]


@given(st.sampled_from(CUES).flatmap(_matched))
def test_a_cue_that_matches_has_every_word_it_cannot_do_without(drawn: tuple[Pattern, str]) -> None:
    cue, text = drawn
    assert possible(cue.wanted, Spelt.of(text).words)


@given(st.text(st.sampled_from("aZ9_ ,-'.éß\u0130\u0131\u212a" + VENDOR)))
def test_the_words_of_a_text_are_the_same_whatever_else_stands_in_it(text: str) -> None:
    assert Spelt.of(text).words == Spelt.of(f"{text} …").words
    assert Spelt.of(text).placed == Spelt.of(f"{text} …").placed


TERMS = [kind.pattern for kind in GRAMMAR.lexicon.kinds if kind.slot == TECHNOLOGY]


@given(st.sampled_from(TERMS).flatmap(_matched))
def test_a_name_of_the_technology_holds_one_of_its_needles(drawn: tuple[Pattern, str]) -> None:
    term, text = drawn
    assert any(needle.letters in squeeze(text) for needle in needles(term.rows))


def test_every_name_of_the_technology_has_needles_long_enough_to_tell_something() -> None:
    found = [needle.letters for term in TERMS for needle in needles(term.rows)]
    assert len(found) > 100
    assert {needle for needle in found if len(needle) < 5} == {b"frt"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(live|automatic)? (face|facial) recognition (systems?|tools)?", {b"facerecognition", b"facialrecognition"}),
        ("identifying (and analysing)? faces", {b"identifyingfaces", b"identifyingandanalysingfaces"}),
        ("databases? of faces", {b"databaseoffaces", b"databasesoffaces"}),
        ("a .. face-scanning", {b"facescanning"}),
        ("(face scan|face scanning) (?=may|can)", {b"facescan"}),
        ("{vendor}|faceprints", set()),
        ("(a)?", set()),
    ],
)
def test_needles_are_the_shortest_rows_of_letters_that_must_stand(source: str, expected: set[bytes]) -> None:
    assert {needle.letters for needle in needles(compile_pattern(source, {}).rows)} == expected


def test_a_stretch_with_too_many_spellings_is_left_for_another() -> None:
    many = Part("", choices=tuple((Part("", texts=(f"w{n}",)),) for n in range(60)))
    assert Needle(b"w0faceprint", opens=False) in needles([(many, many, many, Part("", texts=("faceprint",)))])


@pytest.mark.parametrize(
    "text",
    [
        "face recognition",
        "Face-\nRecognition",
        "face\u00adrecog\u200bnition",
        "face\u00a0recognition",
        "“face” recognition",
    ],
)
def test_squeezed_a_term_is_the_same_however_it_is_split(text: str) -> None:
    assert squeeze(text) == b"facerecognition"


def test_half_a_surrogate_pair_is_squeezed_like_any_other_sign() -> None:
    assert squeeze("face \ud800 scan") == b"facescan"


def test_no_slot_is_taken_for_a_letter() -> None:
    assert not any(char.isalnum() for regex in SLOTS.values() for char in regex if char >= "\ue000")
