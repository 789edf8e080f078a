"""Where in its sentence a rule found what: to be shown to people who question it."""

from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """Spans in ``text``, the sentence as it was read (with its lead-in, without unseen signs).

    ``scope``: how far the rule reaches; ``cue``: the words that put the position; ``targets``: the technology, or what
    stands for it; ``audiences``: those towards whom.
    """

    text: str
    scope: Span
    cue: Span
    targets: tuple[Span, ...] = ()
    audiences: tuple[Span, ...] = ()
