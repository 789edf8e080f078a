"""Target, cue, scope: how a rule reads one sentence, after the ConText algorithm.

A rule has cues (how the position is put), who must be the subject of the cue, terminators (where its scope ends),
pseudo cues (what looks like the cue and is none) and examples of both kinds. Harkema et al., "ConText: an algorithm
for determining negation, experiencer, and temporal status from clinical reports" (2009), is where the words are from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from watcher.core import pattern as slot
from watcher.core.finder import Finder
from watcher.core.mention import Lexicon, Words
from watcher.core.pattern import Pattern
from watcher.core.statement import Audience, Position
from watcher.core.syntax import Syntax

GROUPS = (  # of a grammar: the words around a cue
    *("demands_to", "demands_that", "blockers", "frames", "terminators"),
    *("ends", "afterthoughts", "provisos", "background", "repeats", "echoes"),
)


class Subject(StrEnum):
    """Who or what does what the cue says."""

    HOLDER = "holder"  # the vendor itself: "Northgate stops selling ..."
    AUDIENCE = "audience"  # those towards whom the position is held: "police may not use Northgate's ..."
    TECHNOLOGY = "technology"  # the product: "the face matching service was retired"
    SPEAKER = "speaker"  # what the vendor says of others: "Northgate said that Congress should ..."
    NAMED = "named"  # the vendor, inside the cue itself: "under the settlement Northgate may not ..."
    PASSIVE = "passive"  # what is done, by nobody who is named: "sales to police have been halted"
    DOCUMENT = "document"  # nobody named, in the vendor's own terms: "You may not use the service for ..."


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with which a rule proves itself; the vendor of all examples is called Northgate."""

    text: str
    fires: bool
    position: Position | None = None
    audience: Audience | None = None
    past: bool | None = None  # True: told as background
    title: str = ""
    own: bool = False  # stands in the vendor's own post
    place: str = field(default="", compare=False)  # the line on which it stands


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a position is put into words.

    ``with_end``: the position when an end or an outside condition is named ("until", "for a year"); ``to_everyone``:
    when no audience is named; ``with_proviso``: when it holds only in some cases ("where it would put rights at risk").
    ``deal``: the cue tells of one deal. ``recalls``: it speaks of a stance told before ("lifts the ban"), and so of
    those towards whom that was. ``background``: it tells of the past, unless the sentence names a day ("which it has
    since retired"). ``despite``: provisos that leave the position as it is ("without consent", in terms).
    ``needs_technology`` False: the technology may come from the sentences around.
    """

    id: str
    position: Position
    subject: Subject
    cues: tuple[Pattern, ...]
    examples: tuple[Example, ...]
    with_end: Position | None = None
    to_everyone: Position | None = None
    with_proviso: Position | None = None
    needs_technology: bool = True
    needs_audience: bool = False
    audience: Audience | None = None
    deal: bool = False
    recalls: bool = False
    background: bool = False
    despite: tuple[Pattern, ...] = ()
    terminated_by: tuple[Pattern, ...] = ()
    pseudo: tuple[Pattern, ...] = ()
    place: str = field(default="", compare=False)  # the line on which it begins


@dataclass(frozen=True, slots=True)
class Outline:
    """What must be known of a language before a text of it is met: how it is recognised, what passes the first look.

    ``stop_words``: its frequent words; ``named``: its names for the technology; ``related``: by what else a post is
    known that may be about it.
    """

    stop_words: frozenset[str]
    named: tuple[Pattern, ...]
    related: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Everything that is needed to read one language."""

    language: str
    words: tuple[Words, ...]
    rules: tuple[Rule, ...]
    demands_to: tuple[Pattern, ...]  # right before a holder: "urged Northgate to stop"
    demands_that: tuple[Pattern, ...]  # right before a holder: "demands that Northgate stop"
    blockers: tuple[Pattern, ...]  # between a holder and the cue: "might", "should", "was asked to"
    frames: tuple[Pattern, ...]  # before everything: "if", "critics say"
    terminators: tuple[Pattern, ...]
    ends: tuple[Pattern, ...]  # begin an end or an outside condition: "until"
    afterthoughts: tuple[Pattern, ...]  # in the sentence behind a stance: what would end it
    provisos: tuple[Pattern, ...]  # begin a case to which the position is bound: "where", "only if"
    background: tuple[Pattern, ...]  # told as the past: "previously", "last year"
    repeats: tuple[Pattern, ...]  # said again: "reiterated", "as before"
    echoes: tuple[Pattern, ...]  # the same is told of others: "so has Northgate"
    related: Pattern  # by what else a post is known that may be about the technology, though no rule reads it
    syntax: Syntax  # how the language builds its sentences
    stop_words: frozenset[str]  # by which the language is recognised
    examples: Mapping[str, tuple[Example, ...]]
    lexicon: Lexicon = field(init=False, repr=False, compare=False)
    recipients: tuple[Words, ...] = field(init=False, repr=False, compare=False)  # of whom only a preposition tells
    cues: Finder = field(init=False, repr=False, compare=False)  # the cues of all rules, in their order
    cue_owners: tuple[int, ...] = field(init=False, repr=False, compare=False)  # for each of these, whose it is

    def __post_init__(self) -> None:
        object.__setattr__(self, "lexicon", Lexicon.of(kind for kind in self.words if kind.slot != slot.RECIPIENT))
        object.__setattr__(self, "recipients", tuple(kind for kind in self.words if kind.slot == slot.RECIPIENT))
        object.__setattr__(self, "cues", Finder.of([cue] for rule in self.rules for cue in rule.cues))
        owners = tuple(place for place, rule in enumerate(self.rules) for _ in rule.cues)
        object.__setattr__(self, "cue_owners", owners)
