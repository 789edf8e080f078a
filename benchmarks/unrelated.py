"""Posts that are not about facial recognition, though many of them look a little as if they were.

Made from seeds, so that every run reads the same texts. Some sentences use "face", "recognition" or "scan" in one of
their other senses; one in ten names a company or product that is watched, in other news.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import yaml

_TEXTS: Final = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
_FORMS: Final = (
    "{who} {did} {what} on {day}{tail}.",
    "On {day}, {who} {did} {what}{tail}.",
    "{who} said that {other} {did} {what}{tail}.",
    "According to {other}, {who} {did} {what}{tail}.",
    "“We are glad that {other} {did} {what},” {who} said{tail}.",
    "{what} cost {number} million more than {other} had planned{tail}.",
    "After {number} years, {who} {did} {what}{tail}.",
)
_TAILS: Final = (
    "",
    "",
    ", although nobody had asked for it",
    ", which surprised {other}",
    ", as it had done every year since {year}",
    " and refused to say why",
    " before the summer break",
    " in spite of the weather",
    ", and the work goes on",
    ", to the relief of most residents",
)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "June 3", "the last day of March")
_NAMED = 0.1  # of all sentences
SIZES: Final = (500, 1000, 2000, 5000, 10_000, 20_000)


def posts(count: int, names: Sequence[str], near: float, seed: str = "unrelated") -> Iterator[tuple[str, str]]:
    """Titles and texts, from 500 bytes to 20 kB.

    Args:
        count: how many.
        names: of companies, units, people and products; the first are named most, as in the press.
        near: the share of sentences that look alike; in the press it is well below 0.03.
        seed: another seed, other posts.
    """
    dice = random.Random(seed)
    ranked = dice.choices(names, [1 / (rank + 1) for rank in range(len(names))], k=5000)
    for number in range(count):
        size = SIZES[number % len(SIZES)]
        topic = _TEXTS["topics"][dice.choice(sorted(_TEXTS["topics"]))]
        sentences = [_sentence(dice, topic, ranked, near)]
        while sum(map(len, sentences)) < size:
            sentences.append(_sentence(dice, topic, ranked, near))
        yield sentences[0].rstrip("."), _paragraphs(dice, sentences[1:])


def _sentence(dice: random.Random, topic: Mapping[str, Sequence[str]], names: Sequence[str], near: float) -> str:
    draw = dice.random()
    if draw < near:
        return str(dice.choice(_TEXTS["near"]))
    if draw < near + _NAMED:
        return str(dice.choice(_TEXTS["named"])).format(name=dice.choice(names))
    words = {
        "other": dice.choice(topic["who"]),
        "year": dice.randrange(1950, 2026),
        "number": dice.randrange(2, 60),
    }
    tail = dice.choice(_TAILS).format(**words)
    form = dice.choice(_FORMS)
    made = form.format(
        day=dice.choice(_DAYS),
        tail=tail,
        **{part: dice.choice(topic[part]) for part in ("who", "did", "what")},
        **words,
    )
    return made[0].upper() + made[1:]


def _paragraphs(dice: random.Random, sentences: Sequence[str]) -> str:
    made, rest = [], list(sentences)
    while rest:
        size = dice.randrange(2, 6)
        made.append(" ".join(rest[:size]))
        rest = rest[size:]
    return "\n\n".join(made)
