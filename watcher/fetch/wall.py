"""Pages that stand in the way: bot checks, captchas, "enable JavaScript"."""

import re
from collections.abc import Mapping

from watcher.fetch.markup import line_of, parsed, text_of_tree

_LOOK = 200_000  # characters of markup in which a wall is looked for
_SHORT = 1500  # characters of visible text; behind a real page stands more, whatever scripts it loads
_HEADERS = {
    "cf-mitigated": "Cloudflare",
    "x-amzn-waf-action": "AWS WAF",
    "x-datadome": "DataDome",
}
_MARKERS = (
    (
        "Cloudflare",
        re.compile(
            r"<title>\s*just a moment|cf-browser-verification|cf[-_]chl[-_]|attention required! \|", re.IGNORECASE
        ),
    ),
    ("DataDome", re.compile(r"captcha-delivery\.com|datadome", re.IGNORECASE)),
    (
        "Akamai",
        re.compile(r"errors\.edgesuite\.net|_abck|access denied.{0,2000}reference #", re.IGNORECASE | re.DOTALL),
    ),
    ("Imperva", re.compile(r"_incapsula_resource|incapsula incident", re.IGNORECASE)),
    ("PerimeterX", re.compile(r"px-captcha|perimeterx|press (?:&amp;|&|and) hold", re.IGNORECASE)),
    ("AWS WAF", re.compile(r"awswaf|aws-waf-token", re.IGNORECASE)),
    (
        "a captcha",
        re.compile(
            r"captcha|are you a (?:robot|human)|verify (?:that )?you are (?:a )?human|not a robot", re.IGNORECASE
        ),
    ),
    (
        "a bot check",
        re.compile(r"pardon our interruption|unusual traffic|checking your browser|security check", re.IGNORECASE),
    ),
    (
        "a JavaScript check",
        re.compile(r"(?:enable|requires?|turn on|activate) (?:java ?script|cookies)", re.IGNORECASE),
    ),
)
_LOGIN = re.compile(r"access denied|403 forbidden|request blocked", re.IGNORECASE)


def wall(markup: str, headers: Mapping[str, str]) -> str | None:
    """Whose wall a page is, or None where it is none.

    A marker counts only on a page with little to read: whole pages load the same scripts, and forms have captchas.
    """
    for name, guard in _HEADERS.items():
        if headers.get(name, "").lower() in {"challenge", "captcha", "block", "protected"} and len(markup) < _SHORT:
            return guard
    head = markup[:_LOOK]
    owner = next((owner for owner, marker in _MARKERS if marker.search(head)), None)
    if owner is None and not _LOGIN.search(head):
        return None
    tree = parsed(markup)
    short = tree is None or len(line_of(text_of_tree(tree))) < _SHORT
    return (owner or "a page that denies access") if short else None
