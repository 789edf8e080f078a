import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.core.reading import VENDORS, WRITTEN, read, reader
from watcher.config.rules import load_outline, load_reader, rule_files
from watcher.config.vendors import load_vendors
from watcher.config.wordsearch import searching
from watcher.core.mention import Namer
from watcher.core.pattern import Pattern, compile_pattern
from watcher.core.prefilter import Prefilter
from watcher.core.reader import Document
from watcher.core.rule import Outline
from watcher.core.vendor import Name, NameKind, Vendor

ROOT = Path(__file__).parents[2]
LIMIT = "a long way\n" * 2000


def passes(text: str, title: str = "") -> bool:
    return reader().relevant(title, text)


@pytest.mark.parametrize(
    "term",
    [
        "facial recognition",
        "FACIAL RECOGNITION",
        "facial\nrecognition",
        "facial-recognition",
        "facial\u00a0recognition",
        "facial\u2011recognition",
        "facial,  recognition",
        "fa\u00adcial recog\u00adnition",
        "facial\u200b recog\u200dnition",
        "\ufefffacial recognition",
        "face-scanning",
        "“face recognition”",
        "faceprints",
        "databases of faces",
        "people’s faces",
        "FRT",
        "Facefinder",
    ],
)
def test_a_name_of_the_technology_passes_however_it_is_written(term: str) -> None:
    term = f"matching {term}" if term == "people’s faces" else term
    assert passes(f"Northgate sells {term}.")
    assert passes(f"It rained. {LIMIT} Northgate sells ({term}) {LIMIT}")
    assert passes("", title=f"{term}: what now?")


@pytest.mark.parametrize(
    "text",
    [
        "The interface matches what users know.",
        "The surface scans took eleven nights.",
        "The company faces a lawsuit, and recognition of its debts.",
        "She said it to his face and scanned the room.",
        "A facial treatment costs as much as a dinner.",
        "A typeface matching tool.",
        "Half RTX, half marketing.",
        "facefinder",
        "The interface matches. " * 100,
        "Biometric passports cost more.",
        "",
    ],
)
def test_what_only_seems_alike_does_not_pass(text: str) -> None:
    assert not passes(text)


def test_the_real_name_behind_a_hundred_that_seem_alike_passes() -> None:
    assert passes("The interface matches. " * 100 + "Face matching.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rekognition is sold.", True),
        ("Fortify your shed.", False),
        ("Fortify is Corsight's.", True),
        ("A reveal.", False),
    ],
)
def test_a_product_whose_name_is_ambiguous_passes_only_beside_its_company(text: str, expected: bool) -> None:
    assert load_reader(load_vendors()).relevant("", text) is expected


def test_every_post_and_text_with_a_statement_passes() -> None:
    whole = load_reader(load_vendors())
    posts = [json.loads(line) for line in (ROOT / "tests" / "data" / "corpus.jsonl").read_text("utf-8").splitlines()]
    texts = [(post["title"], post["text"]) for post in posts if post["statements"]]
    for file in sorted((ROOT / "eval").glob("*.yaml")):
        texts += [
            (one.get("title", ""), one["text"]) for one in yaml.safe_load(file.read_text("utf-8")) if one.get("says")
        ]
    assert len(texts) > 100
    assert [text for text in texts if not whole.relevant(*text)] == []


EXAMPLES = [
    example.text for grammar in reader().grammars.values() for rule in grammar.rules for example in rule.examples
]
ODD = st.sampled_from(
    ["\u00ad", "\u200b", "\u00a0", "\u2011", "\u202e", "\n", "  ", ", ", "’", "”", "\u0301", "ſ", "İ", "\ue000"]
)


@given(
    st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=3).map(" ".join),
    st.lists(st.tuples(st.integers(0, 200), ODD), max_size=3),
    st.sampled_from([str, str.upper, str.title, str.swapcase]),
)
def test_a_text_in_which_the_reader_finds_a_statement_passes(
    text: str, odd: list[tuple[int, str]], case: type[str]
) -> None:
    text = case(text)
    for place, sign in odd:
        text = text[:place] + sign + text[place:]
    document = Document("", text, WRITTEN)
    if reader().findings(document, reader().grammars["en"]):
        assert passes(text)


@pytest.mark.parametrize("text", ["Il riconoscimento facciale è vietato.", "Gezichtsherkenning wordt verboden."])
def test_a_text_in_a_language_without_rules_passes_so_that_it_is_said_to_be_unread(text: str) -> None:
    assert passes(text)


def test_signs_that_nobody_sees_hide_nothing_and_stay_in_the_quote() -> None:
    text = "It rained.\u200b Northgate will\u00ad not sell facial recog\u00adnition to po\u200blice. It sn\u00adowed."
    (found,) = read(text)
    assert text[found.start : found.end] == found.quote
    assert found.quote == "Northgate will\u00ad not sell facial recog\u00adnition to po\u200blice."


def test_a_sign_that_stands_for_a_mention_in_rules_is_none_in_a_text() -> None:
    assert read("\ue000 will not sell \ue006 to \ue008. Facial recognition, Northgate said.") == ()
    assert read("Northgate makes facial recognition.\n\n\ue002 will not sell it to police.") == ()


def test_terms_and_names_without_letters_to_search_for_are_looked_for_in_every_text() -> None:
    files = rule_files()["en"]
    wordless = files["words"].replace('- "FRT"', '- "人脸识别"')
    vendors = {**VENDORS, "yi": Vendor("yi", "Yi", (Name("依图", NameKind.PRODUCT, technology=True),))}
    outline = load_outline({**files, "words": wordless}, "en")

    def searching(needles: object) -> object:
        del needles
        return lambda _: []

    found = Prefilter(vendors, Namer(vendors), [outline], searching)  # type: ignore[arg-type] # finds nothing
    assert [found.passes("", text) for text in ("人脸识别", "依图", "faces")] == [True, True, False]


def test_only_the_terms_of_which_the_words_stand_there_are_compiled() -> None:
    sound = compile_pattern("facial recognition trials", {})
    broken = Pattern("broken", "(", rows=sound.rows)
    outline = Outline(frozenset(), (broken, compile_pattern("facial recognition", {})), ())
    found = Prefilter({}, Namer({}), [outline], searching)
    assert found.passes("", "It sells facial recognition.")
    assert not found.passes("", "Surfacial recognition trials.")
    with pytest.raises(re.error):
        found.passes("", "Facial recognition trials.")
