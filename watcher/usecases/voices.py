"""Whose own voice a publisher is, told by its name: "Official Microsoft Blog" speaks for Microsoft."""

import re
from collections.abc import Mapping

from watcher.core.vendor import NameKind, Vendor


def vendor_of(publisher: str, vendors: Mapping[str, Vendor]) -> str | None:
    """The vendor whose name a publisher carries; the longest name wins. None where it carries none.

    Only for sources that are known to be a vendor's own: a paper may carry a company's name too.
    """
    best: tuple[int, str] | None = None
    for vendor in vendors.values():
        for name in (
            vendor.name,
            *(name.text for name in vendor.names if name.kind in {NameKind.COMPANY, NameKind.UNIT}),
        ):
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", publisher) and (best is None or len(name) > best[0]):
                best = (len(name), vendor.id)
    return best[1] if best else None
