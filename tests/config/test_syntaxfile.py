"""``syntax.yaml``: what is refused, with which line, and what a language may do without."""

import pytest

from watcher.config.rules import load_grammar, load_outline, load_reader, rule_files
from watcher.core.errors import ConfigError
from watcher.core.syntax import EXPRESSIONS, NEVER, forms_of

SHIPPED = rule_files()


def faults(syntax: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load_grammar({**SHIPPED["en"], "syntax": syntax}, "en")
    return [str(fault) for fault in refused.value.faults]


def test_an_unknown_expression_is_refused_with_its_line() -> None:
    assert faults("expressions:\n  sayd: 'said'\n")[0].startswith(
        "en/syntax.yaml:1: expressions: no such expression: sayd"
    )
    assert "no such expression: dai" in faults("calendar:\n  expressions: {dai: 'x'}\n")[0]


def test_an_expression_that_is_none_is_refused_with_its_line() -> None:
    assert "en/syntax.yaml:2: expressions.said: no regular expression" in faults("expressions:\n  said: '(open'\n")[0]
    assert "unknown name {vendr}" in faults("expressions:\n  said: '{vendr} said'\n")[0]


def test_an_unknown_key_is_refused() -> None:
    assert "sentences: no such key" in faults("sentences: []\n")[0]


def test_every_expression_of_the_shipped_languages_is_one_that_the_core_asks() -> None:
    for language in SHIPPED:
        syntax = load_grammar(SHIPPED[language], language).syntax
        assert any(getattr(syntax, name) is not NEVER for name in EXPRESSIONS)


def test_a_language_without_a_syntax_is_read_without() -> None:
    files = {name: text for name, text in SHIPPED["en"].items() if name != "syntax"}
    assert load_grammar(files, "en").syntax.said is NEVER


def test_verbs_take_the_endings_of_their_language() -> None:
    endings = {"er": ("er", "e", "era"), "ger": ("ger", "ge", "geons")}
    assert forms_of("livrer", endings) == ["livrer", "livre", "livrera"]
    assert forms_of("ranger vite", endings) == ["ranger vite", "range vite", "rangeons vite"]
    assert forms_of("sell", {}) == ["sell", "sells", "selled", "selling"]


def test_a_grammar_is_made_when_a_text_of_its_language_is_met() -> None:
    reader = load_reader({})
    made = vars(reader.grammars)["_made"]
    assert set(reader.grammars) == {"de", "en", "es", "fr"}
    assert (len(reader.grammars), made) == (4, {})
    assert reader.grammars["fr"].language == "fr"
    assert set(made) == {"fr"}


def test_rules_from_elsewhere_are_made_at_once() -> None:
    with pytest.raises(ConfigError):
        load_reader({}, {"en": {**SHIPPED["en"], "stances": "- id: none\n"}})


@pytest.mark.parametrize("language", SHIPPED)
def test_a_run_of_capitals_and_commas_costs_an_expression_nothing(language: str) -> None:
    syntax = load_grammar(SHIPPED[language], language).syntax
    hostile = ["A" * 60 + "!", "x, " + "Aa, " * 60 + "!", ", wie como comme like " + "A" * 200, "a " * 200, ", " * 200]
    for name in EXPRESSIONS:
        for text in hostile:
            assert len(getattr(syntax, name).regex.sub("", text)) <= len(text)


def test_the_words_for_the_technology_may_use_classes() -> None:
    words = """
classes: {part: {forms: [face, facial]}}
mentions:
  technology:
    - {id: it, phrases: ["{part} matching"], examples: {fires: ["Northgate sells face matching."]}}
"""
    outline = load_outline({"words": words}, "xx")
    assert [bool(term.regex.search("a facial matching tool")) for term in outline.named] == [True]
