"""What may stand in a rule file: each key, what it holds, and every fault with its line."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, RootModel, model_validator

from watcher.config.shape import Entry, choice
from watcher.core.pattern import KINDS
from watcher.core.rule import Subject
from watcher.core.statement import Audience, Position

APosition = Annotated[Position, choice(Position)]
AnAudience = Annotated[Audience, choice(Audience)]


def _text(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
    if isinstance(value, bool | int | float):
        raise ValueError(f"a text, not {value!r}: put it in quotes")  # noqa: TRY004 (pydantic asks for a ValueError)
    return value


Text = Annotated[str, BeforeValidator(_text), Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]


class ExampleEntry(Entry):
    """A sentence, alone or with what is promised of it."""

    text: Text = Field(description="the sentence; the vendor of all examples is Northgate")
    position: APosition | None = Field(None, description="the position that is read")
    audience: AnAudience | None = Field(None, description="the audience that is read")
    past: bool | None = Field(None, description="true: told as background; false: told as news")
    title: Text | None = Field(None, description="the headline above the sentence")
    own: bool = Field(default=False, description="true: it stands in the vendor's own post")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
        return {"text": value} if isinstance(value, str) else value


class ExamplesEntry(Entry):
    """Sentences that are read, and near misses that are not."""

    fires: tuple[ExampleEntry, ...] = Field((), description="sentences that must be read", strict=False)
    silent: tuple[ExampleEntry, ...] = Field((), description="sentences that must not be read", strict=False)


class RuleEntry(Entry):
    """One way in which a position is put into words."""

    id: Text = Field(description="a name that stands once; alerts refer to it")
    position: APosition = Field(description="exit, ban, moratorium, restrict, allow or advocate")
    subject: Annotated[Subject, choice(Subject)] = Field(description="who does what the cue says")
    cues: Texts = Field(description="how the position is put", min_length=1)
    examples: ExamplesEntry = Field(description="examples of both kinds: fires and silent")
    with_end: APosition | None = Field(None, description="the position when an end is named")
    to_everyone: APosition | None = Field(None, description="the position when no audience is named")
    with_proviso: APosition | None = Field(None, description="the position when it holds only in some cases")
    needs_technology: bool = Field(default=True, description="false: the sentences around may name the technology")
    needs_audience: bool = Field(default=False, description="true: only where an audience is named")
    audience: AnAudience | None = Field(None, description="the audience, whatever is named")
    deal: bool = Field(default=False, description="true: the cue tells of one deal")
    recalls: bool = Field(default=False, description="true: it speaks of a stance told before, and of its audience")
    background: bool = Field(default=False, description="true: it tells of the past, unless the sentence names a day")
    despite: Texts = Field((), description="provisos that leave the position as it is")
    terminated_by: Texts = Field((), description="words at which the reach of the cue ends")
    pseudo: Texts = Field((), description="what looks like the cue and is none")

    @model_validator(mode="after")
    def _both_kinds(self) -> "RuleEntry":
        if not (self.examples.fires and self.examples.silent):
            raise ValueError("examples of both kinds: fires and silent")
        return self


class ModifierEntry(Entry):
    """Words around a cue."""

    id: Text = Field(description="a name for people")
    cues: Texts = Field(description="the words", min_length=1)
    examples: ExamplesEntry = Field(description="sentences in which they count")


Modifiers = Annotated[tuple[ModifierEntry, ...], Field(strict=False)]


class ContextFile(Entry):
    """``context.yaml``."""

    demands_to: Modifiers = ()
    demands_that: Modifiers = ()
    blockers: Modifiers = ()
    frames: Modifiers = ()
    terminators: Modifiers = ()
    ends: Modifiers = ()
    afterthoughts: Modifiers = ()
    provisos: Modifiers = ()
    background: Modifiers = ()
    repeats: Modifiers = ()
    echoes: Modifiers = ()


class ClassEntry(Entry):
    """Words of one kind; verbs inflect themselves."""

    verbs: Texts = Field((), description="regular verbs")
    forms: Texts = Field((), description="words as they stand")


class MentionEntry(Entry):
    """Words for one kind of thing."""

    id: Text = Field(description="a name for people")
    phrases: Texts = Field(description="the words", min_length=1)
    examples: ExamplesEntry = Field(description="sentences in which they count")
    audience: AnAudience | None = Field(None, description="for mentions of an audience: which")


def _kinds(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
    unknown = sorted(set(value) - set(KINDS)) if isinstance(value, dict) else []
    if unknown:
        raise ValueError(f"no such kind of mention: {', '.join(unknown)}; there are {', '.join(KINDS)}")
    return value


class WordsFile(Entry):
    """``words.yaml``."""

    stop_words: Texts = Field((), description="frequent words by which the language is recognised")
    stems: Texts = Field((), description="not used since 0.2: the phrases for the technology are sought themselves")
    related: Texts = Field((), description="what else lets a post pass the first look, though no rule reads it")
    classes: dict[str, ClassEntry] = Field(default_factory=dict, description="words used in rules as {name}")
    mentions: Annotated[
        dict[str, Annotated[tuple[MentionEntry, ...], Field(strict=False)]], BeforeValidator(_kinds)
    ] = Field(default_factory=dict, description="the words for things")


class StancesFile(RootModel[Annotated[tuple[RuleEntry, ...], Field(strict=False)]]):
    """``stances.yaml``: a list of rules."""
