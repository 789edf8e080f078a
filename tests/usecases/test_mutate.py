"""The proof of the examples, on the shipped rules and on rules made for it."""

from collections.abc import Mapping

import pytest

from watcher.config.rules import load_reader, rule_files
from watcher.core.reader import Reader
from watcher.usecases.mutate import Trial, disproved, mutate, untested
from watcher.usecases.prove import EXEMPLARY, claims, prove

WORDS = """
stop_words: [the]
mentions:
  technology:
    - id: face-matching
      phrases: ["face matching", "face maps"]
      examples:
        fires: ["Northgate sells face matching."]
        silent: ["Northgate sells apples."]
"""
CONTEXT = """
blockers:
  - id: doubt
    cues: ["may"]
    examples: {fires: [], silent: ["Northgate may sell face matching."]}
"""
STANCES = """
- id: sells
  position: allow
  subject: holder
  cues: ["(sell|sells)", "rents"]
  pseudo: ["sells .. short"]
  examples:
    fires: ["Northgate sells face matching."]
    silent: ["Northgate eats face matching."]
"""


def made(**changed: str) -> Reader:
    files = {"words": WORDS, "context": CONTEXT, "stances": STANCES, **changed}
    return load_reader(EXEMPLARY, {"en": files})


def unnoticed(reader: Reader) -> Mapping[str, Trial]:
    return {trial.entry.text: trial for trial in mutate(reader) if not trial.noticed}


@pytest.fixture(scope="module")
def shipped() -> Reader:
    return load_reader(EXEMPLARY)


def test_an_example_notices_each_entry_of_the_shipped_rules_that_is_left_out(shipped: Reader) -> None:
    assert [(trial.entry.place, trial.entry.text) for trial in mutate(shipped) if not trial.noticed] == []


def test_the_shipped_rules_have_at_least_four_hundred_examples_and_all_hold(shipped: Reader) -> None:
    proofs = prove(shipped)
    assert len(proofs) >= 400
    assert min(sum(proof.example.fires is fires for proof in proofs) for fires in (True, False)) >= 150
    assert [proof for proof in proofs if proof.fault] == []


def test_no_two_shipped_examples_of_one_rule_say_the_same(shipped: Reader) -> None:
    for grammar in shipped.grammars.values():
        said = [(claim.name, claim.example) for claim in claims(grammar)]
        assert len(set(said)) == len(said)


def test_a_cue_that_no_firing_example_meets_is_untested() -> None:
    assert [entry.text for entry in untested(made()) if entry.kind == "cue"] == ["rents"]


def test_a_pseudo_cue_and_a_phrase_that_no_example_meets_are_untested() -> None:
    found = {entry.text: entry.kind for entry in untested(made())}
    assert found == {"rents": "cue", "sells .. short": "pseudo-cue", "face maps": "phrase"}


def test_an_entry_that_is_met_but_decides_nothing_can_be_left_out_unnoticed() -> None:
    left = unnoticed(made(stances=STANCES.replace('"rents"', '"sells .. {technology}"')))
    assert (left["sells .. {technology}"].met, left["(sell|sells)"].met) == (2, 3)  # either of the two will do


def test_a_word_around_a_cue_is_missed_by_the_example_that_it_keeps_silent() -> None:
    trial = next(trial for trial in mutate(made()) if trial.entry.text == "may")
    assert (trial.met, trial.noticed) == (1, 1)


def test_an_untested_entry_is_a_fault_with_its_file_and_line() -> None:
    faults = {str(fault) for fault in disproved(made())}
    assert "rules/en/stances.yaml:5: sells: a firing example of its rule that meets 'rents'" in faults


def test_an_example_that_does_not_hold_is_a_fault_with_its_file_and_line() -> None:
    broken = STANCES.replace("Northgate eats", "Northgate sells")
    faults = [str(fault) for fault in disproved(made(stances=broken))]
    assert faults[0].startswith("rules/en/stances.yaml:9: sells: should be silent, but read allow everyone")


def test_each_group_of_the_shipped_context_is_one_that_reading_knows() -> None:
    assert {"words", "context", "stances", "syntax"} == set(rule_files()["en"])
