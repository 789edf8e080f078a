"""``syntax.yaml``: what may stand in it, and how it becomes the core's ``Syntax``."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from watcher.config.rulefile import Text, Texts
from watcher.config.shape import Entry, validate
from watcher.config.yaml import Loaded, Step, line_of
from watcher.core.pattern import Pattern, PatternError, Spacing
from watcher.core.sentence import Writing
from watcher.core.syntax import EXPRESSIONS, NEVER, Syntax, expression
from watcher.core.when import Calendar

_DAYS = tuple(field.name for field in fields(Calendar) if field.default == NEVER.expression)


def _known(names: tuple[str, ...]) -> BeforeValidator:
    def check(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
        unknown = sorted(set(value) - set(names)) if isinstance(value, dict) else []
        if unknown:
            raise ValueError(f"no such expression: {', '.join(unknown)}; there are {', '.join(names)}")
        return value

    return BeforeValidator(check)


class CalendarEntry(Entry):
    """Days and spans."""

    months: Texts = Field((), description="the twelve months in their order")
    weekdays: Texts = Field((), description="the seven days, Monday first")
    numbers: dict[str, int] = Field(default_factory=dict, description="words for numbers")
    units: dict[str, str] = Field(default_factory=dict, description="words for year, month and week")
    since: Text = Field("since", description="the word behind which a year is past all the same")
    expressions: Annotated[dict[str, str], _known(_DAYS)] = Field(default_factory=dict, description="days and spans")


class WritingEntry(Entry):
    """How sentences end."""

    abbreviations: Texts = Field((), description="words, in lower case, whose full stop ends no sentence")
    openers: Texts = Field((), description="words in front of which a sentence ends behind an initial")
    ordinals: bool = Field(default=False, description="a number with a full stop ends no sentence")


class SyntaxFile(Entry):
    """``syntax.yaml``."""

    parts: dict[str, str] = Field(default_factory=dict, description="parts of expressions, used as {name}")
    expressions: Annotated[dict[str, str], _known(EXPRESSIONS)] = Field(
        default_factory=dict, description="how sentences are built"
    )
    gap: Text = Field("(?!)", description="what no gap in a pattern steps over")
    elides: bool = Field(default=False, description="words are written together with an apostrophe")
    endings: dict[str, Annotated[tuple[str, ...], Field(strict=False)]] = Field(
        default_factory=dict, description="of verbs, by the end of the infinitive"
    )
    verb_last: bool = Field(default=False, description="the audience may stand before the cue")
    calendar: CalendarEntry | None = Field(None, description="days and spans")
    writing: WritingEntry | None = Field(None, description="how sentences end; as in English where it is left out")


def load_spacing(loaded: Loaded) -> Spacing:
    """How words are set apart in a language, without a look at its expressions, which only reading asks for."""
    found = validate(SyntaxFile, loaded)
    return Spacing(found.gap, elides=found.elides) if found else Spacing()


def load_syntax(loaded: Loaded) -> Syntax:
    """What a ``syntax.yaml`` says; its faults are noted in ``loaded``."""
    found = validate(SyntaxFile, loaded)
    if found is None:
        return Syntax()
    made = _expressions(loaded, ("expressions",), found.expressions, found.parts)
    writing = Syntax().writing if found.writing is None else _writing(found.writing)
    possessive = made["possessive"].expression if "possessive" in made else "(?!)"
    return Syntax(
        **made,
        verb_last=found.verb_last,
        endings=found.endings,
        calendar=_calendar(loaded, found.calendar, found.parts) if found.calendar else Calendar(),
        writing=writing,
        spacing=Spacing(found.gap, possessive, found.elides),
    )


def _expressions(
    loaded: Loaded, path: tuple[Step, ...], sources: Mapping[str, str], parts: Mapping[str, str]
) -> dict[str, Pattern]:
    made = {}
    for name, source in sources.items():
        try:
            place = f"{loaded.file}:{line_of(loaded.value, (*path, name))}"
            made[name] = Pattern(name, expression(source, parts), place)
        except PatternError as error:
            loaded.fault((*path, name), str(error))
    return made


def _writing(entry: WritingEntry) -> Writing:
    return Writing(frozenset(entry.abbreviations), frozenset(entry.openers), entry.ordinals)


def _calendar(loaded: Loaded, entry: CalendarEntry, parts: Mapping[str, str]) -> Calendar:
    made = _expressions(loaded, ("calendar", "expressions"), entry.expressions, parts)
    days = {name: one.expression for name, one in made.items()}
    return Calendar(entry.months, entry.weekdays, entry.numbers, entry.units, entry.since, **days)
