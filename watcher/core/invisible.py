"""Signs that nobody sees, inside words and between them: soft hyphens, zero-width spaces, marks of direction.

They come with copied and justified text, and hide a word from every search. A text is read without them, and what was
read is led back to the text as it stands.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+")


@dataclass(frozen=True, slots=True)
class Visible:
    """A text without unseen signs. ``gaps``: where in it such signs stood; ``before``: how many, up to each gap."""

    text: str
    gaps: tuple[int, ...] = ()
    before: tuple[int, ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """A span of ``text``, not empty, as a span of the text as it stood."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, at: int) -> int:
        gap = bisect_right(self.gaps, at)
        return at + self.before[gap - 1] if gap else at


def visible(text: str) -> Visible:
    """The text without unseen signs."""
    if text.isascii():
        return Visible(text)
    gaps, before, gone = [], [], 0
    for match in _UNSEEN.finditer(text):
        gaps.append(match.start() - gone)
        gone += len(match.group())
        before.append(gone)
    return Visible(_UNSEEN.sub("", text), tuple(gaps), tuple(before)) if gaps else Visible(text)
