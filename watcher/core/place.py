"""The country or state in which a stance holds, where a sentence names one, and which of them lie in which.

No place is the world, and a report that names none may speak of any.
"""

import re
from functools import lru_cache

_US_STATES = (
    "Alabama", "Alaska", "Arizona", "Arkansas", "California", "Colorado", "Connecticut", "Delaware", "Florida",
    "Hawaii", "Idaho", "Illinois", "Indiana", "Iowa", "Kansas", "Kentucky", "Louisiana", "Maine", "Maryland",
    "Massachusetts", "Michigan", "Minnesota", "Mississippi", "Missouri", "Montana", "Nebraska", "Nevada",
    "New Hampshire", "New Jersey", "New Mexico", "North Carolina", "North Dakota", "Ohio", "Oklahoma", "Oregon",
    "Pennsylvania", "Rhode Island", "South Carolina", "South Dakota", "Tennessee", "Texas", "Utah", "Vermont",
    "Virginia", "West Virginia", "Wisconsin", "Wyoming",
)  # fmt: skip
_COUNTRIES = (
    "Argentina", "Australia", "Austria", "Bangladesh", "Belgium", "Brazil", "Canada", "Chile", "China", "Colombia",
    "Denmark", "Egypt", "Ethiopia", "Finland", "France", "Germany", "Greece", "Hong Kong", "Hungary", "India",
    "Indonesia", "Ireland", "Israel", "Italy", "Japan", "Kazakhstan", "Kenya", "Malaysia", "Mexico", "Myanmar",
    "New Zealand", "Nigeria", "Norway", "Pakistan", "Peru", "Poland", "Portugal", "Russia", "Saudi Arabia",
    "Serbia", "Singapore", "South Africa", "South Korea", "Spain", "Sweden", "Switzerland", "Taiwan", "Thailand",
    "Turkey", "Uganda", "Ukraine", "Vietnam", "Zimbabwe",
)  # fmt: skip
_IN = r"\b(?:[Ii]n|[Aa]cross|[Tt]hroughout|[Ww]ithin) (?:the (?:state|province|city) of )?"
_NAMED = re.compile(rf"{_IN}(?P<place>{'|'.join(sorted(_US_STATES + _COUNTRIES, key=len, reverse=True))})\b(?!-)")
_OTHERS = {
    "US": re.compile(
        rf"{_IN}(?:the )?(?:US|U\.S\.|USA|United States|America)(?!\w)"
        r"|\b(?:US|U\.S\.|American) (?:police|law enforcement|departments|government)"
    ),
    "UK": re.compile(rf"{_IN}(?:the )?(?:UK|U\.K\.|United Kingdom|Britain|Great Britain|England|Scotland|Wales)(?!\w)"),
    "EU": re.compile(rf"{_IN}(?:the )?(?:EU|E\.U\.|European Union|Europe)(?!\w)"),
}


_WORLD = ("global", "worldwide", "several")  # the shipped facts write "global except ..." and "several countries, ..."
_PARTS = {"US": {*_US_STATES, "Washington"}, "Canada": {"Ontario"}}


@lru_cache(maxsize=64)  # asked again for each stance in a sentence
def place(text: str) -> str | None:
    """The first country or US state in which a sentence says that something holds ("in Illinois", "US police")."""
    named = _NAMED.search(text)
    found = [(named.start(), named["place"])] if named else []
    found += [(match.start(), name) for name, regex in _OTHERS.items() if (match := regex.search(text))]
    return min(found)[1] if found else None


def places(text: str | None) -> frozenset[str] | None:
    """The single places that a text names; None for the world."""
    if text is None or text.casefold().startswith(_WORLD):
        return None
    return frozenset(place.strip() for place in text.split(","))


def same_place(held: str | None, told: str | None) -> bool:
    """Whether what was held in one place also speaks of another."""
    wide, narrow = places(held), places(told)
    if wide is None or narrow is None:
        return True
    return all(place in wide or any(place in _PARTS.get(whole, ()) for whole in wide) for place in narrow)


def one_place(one: str | None, other: str | None) -> bool:
    """Whether two reports may speak of the same place."""
    return same_place(one, other) or same_place(other, one)


def wider(one: str | None, other: str | None) -> bool:
    """Whether a place takes in another one and more."""
    if places(other) is None:
        return False
    return places(one) is None or (same_place(one, other) and not same_place(other, one))
