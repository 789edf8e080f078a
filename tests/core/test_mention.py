"""Names are met as written, as whole words, the longest first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.reading import reader
from watcher.core.mention import Namer, mask
from watcher.core.vendor import Name, Vendor

NAMES = ("IBM", "IBM Watson", "Watson", "iProov", "i-Pro", ".cam", "+face", "I")
NAMER = Namer({"all": Vendor("all", "All of them", tuple(map(Name, NAMES)))})


def named(text: str) -> list[str]:
    return [text[found.start : found.end] for found in NAMER.within(text).find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IBM Watson, IBM", ["IBM Watson", "IBM"]),
        ("IBM Watsons", ["IBM"]),
        ("xIBM IBMx iBM ibm", []),
        ("iProov and i-Pro", ["iProov", "i-Pro"]),
        ("a .cam, web.cam", [".cam"]),
        ("(+face) I", ["+face", "I"]),
        ("", []),
    ],
)
def test_a_name_is_met_as_a_whole_word(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@given(st.lists(st.sampled_from([*NAMES, "x", ",", "All of them", "é"])), st.sampled_from([" ", "", "-"]))
def test_names_are_found_wherever_no_letter_touches_them(words: list[str], between: str) -> None:
    text = between.join(words)
    expected, at = [], 0
    while at < len(text):
        touched = at > 0 and _is_letter(text[at - 1])
        here = [name for name in (*NAMES, "All of them") if text.startswith(name, at)]
        whole = [name for name in here if not _is_letter(text[at + len(name) :][:1])]
        longest = max(whole, key=len, default="") if not touched else ""
        expected += [longest] if longest else []
        at += len(longest) or 1
    assert named(text) == expected


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


@given(
    st.lists(st.sampled_from([*NAMES, "police", "facial recognition", "x", ",", "it", "sold on Monday"]), min_size=1)
)
def test_every_sign_of_a_masked_sentence_is_led_back_to_its_place(words: list[str]) -> None:
    text = " ".join(words)
    english = reader().grammars["en"]
    masked = mask(text, NAMER.within(text).find(text), english.lexicon, english.syntax.passing)
    for at, sign in enumerate(masked.text):
        start, end = masked.place(at, at + 1)
        mention = masked.mentions.get(at)
        assert (start, end) == ((mention.start, mention.end) if mention else (start, start + 1))
        assert mention or text[start:end] == sign
    assert masked.place(0, len(masked.text)) == (0, len(text))
