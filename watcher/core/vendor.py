"""Who is watched, and the names they go by."""

from dataclasses import dataclass
from enum import StrEnum

from watcher.core.statement import Audience


class NameKind(StrEnum):
    """What a name stands for. A unit or a product speaks of its parent; a person speaks for the vendor."""

    COMPANY = "company"
    UNIT = "unit"
    PRODUCT = "product"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a vendor as it stands in articles.

    ``needs``: words of which one must stand in the same text before an ambiguous name counts (``Ring``, ``Gap``).
    ``unless``: words right beside the name that make it something else (``Apple Daily``).
    Names are matched with their capitals as written, on word boundaries.
    """

    text: str
    kind: NameKind = NameKind.COMPANY
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    serves: Audience | None = None  # of a unit or product: for whom it is (doorbells), where nobody else is named
    technology: bool = False  # the product's name alone means face recognition (Rekognition)


@dataclass(frozen=True, slots=True)
class Vendor:
    """A company whose facial-recognition policy is watched.

    ``serves``: on whom it uses the technology itself (a shop on its shoppers); meant where nobody else is named.
    """

    id: str
    name: str
    names: tuple[Name, ...] = ()
    homonyms: str | None = None
    website: str | None = None
    serves: Audience | None = None
