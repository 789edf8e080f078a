"""What comes from a feed, made harmless and short before anybody sees it."""

import re
import unicodedata
from urllib.parse import urlsplit

# Terminal control sequences, whole, so that no remainder such as "[31m" is left standing (ECMA-48, 5.4 and 5.6).
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]"
)
# Letters and marks by their class that take no room on the screen, or look like blanks.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_MOST = 10_000
_ENTITY_CUT = re.compile(r"&[a-z]{0,4}$")
# Characters that end an address in running text or in Slack's <address|label>, and what may follow a bad one.
_UNSAFE_IN_LINK = re.compile(r"[<>|\"`{}\\^\s]")


def clean(text: str) -> str:
    """The text on one line: no control sequence, control, bidirectional or invisible character; white space folded.

    Only the beginning of an endless one: no channel shows more, and a hostile feed must not cost time.
    """
    left = _SEQUENCES.sub("", text[:_MOST])
    hidden = {ord(char): None for char in set(left) if not char.isspace() and not _shown(char)}
    return " ".join((left.translate(hidden) if hidden else left).split())


def _shown(char: str) -> bool:
    # Cc controls; Cf bidirectional controls, zero width, tags; Cs halves of pairs that no encoder takes
    return char not in _INVISIBLE and unicodedata.category(char) not in {"Cc", "Cf", "Cs"}


def size(text: str) -> int:
    """The length in UTF-16 units: what JavaScript on the other side counts, and never less than ``len``."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """The text in at most ``limit`` UTF-16 units, cut at a word's border and marked with "…".

    A text that is escaped already is never cut inside an escape (``&amp;``).
    """
    if size(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    border = max(kept.rfind(" "), kept.rfind("\n"))
    if border > len(kept) // 2:
        kept = kept[:border]
    return _ENTITY_CUT.sub("", kept.rstrip(" \n,;:")).rstrip() + "…"


def web_link(url: str | None, longest: int = 2000) -> str | None:
    """The address if it is http or https with a host, with what could end it early percent-encoded; else None."""
    if not url:
        return None
    address = _UNSAFE_IN_LINK.sub(lambda match: f"%{ord(match[0]):02X}", clean(url))
    host = host_of(address)
    return address if host and len(address) <= longest else None


def host_of(address: str) -> str | None:
    """The host that a web address leads to, without a leading www; None where it leads to no web host."""
    try:
        parts = urlsplit(address)
        host = parts.hostname if parts.scheme in {"http", "https"} else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
