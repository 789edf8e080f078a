"""Bytes to text, whatever the label says.

A byte order mark wins. Then valid UTF-8 wins over every other label, since text in another encoding is hardly ever
valid UTF-8 by chance, while UTF-8 under a wrong label is common. Then the HTTP header, then the document's own word.
"""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OPENINGS = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_HEAD = 4096
# Python has codecs that are no encodings of documents, and some are slow on purpose-made input (punycode, idna).
_CODECS = re.compile(
    r"ascii|utf-(8|16|32)(-[bl]e|-sig)?|iso8859-\d+|cp\d+|koi8-\w|gb\w+|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|mac-\w+"
    r"|tis-620|johab|hz"
)
# The web reads these labels as their supersets (https://encoding.spec.whatwg.org/).
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
_STATEFUL = ("iso2022_", "hz")  # written in ASCII bytes, so that they look like valid UTF-8


def decode(body: bytes, content_type: str = "") -> str:
    """The text of an XML, HTML or JSON document, without a byte order mark. Never fails."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], name)
    for opening, name in _OPENINGS:
        if body.startswith(opening):
            return _decoded(body, name)
    labels = [label for label in (_from_header(content_type), _from_document(body)) if label]
    label = labels[0] if labels else None
    if label and label.startswith(_STATEFUL):
        return _decoded(body, label)
    if label in {None, "utf-8"} or _is_utf8(body):
        return _decoded(body, "utf-8")
    return _decoded(body, label or "utf-8")


def _from_header(content_type: str) -> str | None:
    match = _HEADER.search(content_type)
    return _codec(match.group(1)) if match else None


def _from_document(body: bytes) -> str | None:
    match = _XML.search(body[:_HEAD]) or _META.search(body[:_HEAD])
    name = _codec(match.group(1).decode("ascii")) if match else None
    # The declaration could be read, so that it cannot stand in an encoding of two bytes.
    return None if name and name.startswith(("utf-16", "utf-32")) else name


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if _CODECS.fullmatch(name) else None


def _is_utf8(body: bytes) -> bool:
    """Whether it is UTF-8, perhaps cut in the middle of a character."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(body: bytes, name: str) -> str:
    return body.decode(name, "watcher.cp1252" if name == "utf-8" else "replace")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 are mostly pasted from Windows: read these alone so, and keep the rest."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("watcher.cp1252", _as_cp1252)
