"""Rule files: what is refused, with which line; the values that YAML gives another meaning."""

import pytest

from watcher.config.rulefile import ContextFile
from watcher.config.rules import load_grammar, rule_files
from watcher.core.errors import ConfigError
from watcher.core.rule import GROUPS
from watcher.core.statement import Audience, Position

SHIPPED = rule_files()["en"]
RULE = """
- id: refuses
  position: ban
  subject: holder
  cues: ["refuses"]
  examples:
    fires:
      - {text: "Northgate refuses.", position: ban, audience: police, past: true}
    silent: ["Northgate eats."]
"""


def faults(**changed: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load_grammar({**SHIPPED, **changed}, "en")
    return [str(fault) for fault in refused.value.faults]


def test_the_groups_of_a_context_file_are_those_that_reading_knows() -> None:
    assert tuple(ContextFile.model_fields) == GROUPS


def test_an_example_carries_what_it_promises_and_where_it_stands() -> None:
    rule = load_grammar({**SHIPPED, "stances": RULE}, "en").rules[0]
    example = rule.examples[0]
    assert (example.position, example.audience, example.past) == (Position.BAN, Audience.POLICE, True)
    assert (rule.place, rule.cues[0].place, example.place) == (
        "en/stances.yaml:2",
        "en/stances.yaml:5",
        "en/stances.yaml:8",
    )


def test_an_unknown_key_of_a_rule_is_refused_with_its_line() -> None:
    assert faults(stances=RULE.replace("subject:", "subjekt: holder\n  subject:")) == [
        'en/stances.yaml:4: [0].subjekt (refuses): no such key; did you mean "subject"?'
    ]


def test_an_unknown_key_of_an_example_is_refused_with_its_line() -> None:
    assert faults(stances=RULE.replace("past: true", "passed: true")) == [
        'en/stances.yaml:8: [0].examples.fires[0].passed (refuses): no such key; did you mean "past"?'
    ]


def test_an_unknown_group_and_an_unknown_kind_of_mention_are_refused() -> None:
    assert faults(context="blokers: []\n")[0].startswith("en/context.yaml:1: blokers: no such key")
    assert "no such kind of mention: gadget" in faults(words="mentions:\n  gadget: []\n")[0]


def test_a_pattern_that_does_not_compile_is_refused_with_its_line() -> None:
    assert faults(stances=RULE.replace('"refuses"', '"{nothing}"')) == [
        "en/stances.yaml:5: [0].cues[0] (refuses): unknown class {nothing} in '{nothing}'"
    ]


def test_a_rule_without_a_silent_example_is_refused() -> None:
    found = faults(stances=RULE.replace('    silent: ["Northgate eats."]\n', ""))
    assert found == ["en/stances.yaml:2: [0] (refuses): examples of both kinds: fires and silent"]


def test_an_id_that_stands_twice_is_refused_at_its_second_place() -> None:
    assert faults(stances=RULE + RULE.lstrip("\n")) == ["en/stances.yaml:10: [1].id (refuses): an id that is used once"]


def test_a_word_that_yaml_reads_as_yes_or_no_is_refused() -> None:
    assert faults(words="stop_words: [in, on]\n") == [
        "en/words.yaml:1: stop_words[1]: a text, not True: put it in quotes"
    ]


def test_a_key_that_stands_twice_is_refused() -> None:
    assert (
        "each key once" in faults(stances=RULE.replace("  subject: holder", "  position: exit\n  subject: holder"))[0]
    )


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ConfigError, match=r"en/context\.yaml: file: does not exist"):
        load_grammar({name: SHIPPED[name] for name in ("words", "stances")}, "en")


def test_faults_of_all_files_are_told_at_once() -> None:
    found = faults(stances=RULE.replace("ban", "bann", 1), context="blokers: []\n")
    assert [fault.partition(":")[0] for fault in found] == ["en/context.yaml", "en/stances.yaml"]
