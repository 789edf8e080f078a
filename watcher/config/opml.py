"""OPML (http://opml.org/spec2.opml), in which readers hand lists of feeds to each other: in and out.

What comes in is anybody's file. Declarations of entities are refused, nothing is fetched, an outline may nest as deep
as libxml2 lets it, and an address that is not http or https is left out by name.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from xml.etree import ElementTree as ET

from lxml import etree

from watcher.config.feeds import is_address
from watcher.core.errors import ConfigError, Fault
from watcher.core.source import Source, SourceType

MAX_BYTES = 5_000_000
MAX_OUTLINES = 10_000

_LONGEST_TITLE = 200
_DECLARES = re.compile(r"<!ENTITY|<!DOCTYPE[^>]*\[", re.IGNORECASE)
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.-]+)")
_XML_HEAD = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_BARE = re.compile(r"&(?!#?\w{1,10};)")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed that an OPML file names."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Outlines:
    """What an OPML file names. ``skipped`` are those left out: the title of each, and why."""

    feeds: tuple[Outline, ...]
    skipped: tuple[str, ...]


def load(path: str) -> Outlines:
    """The feeds of a file.

    Raises:
        ConfigError: it cannot be read, is too large, declares entities, or is no OPML.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _fault(path, f"must be readable: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise _fault(path, f"at most {MAX_BYTES // 1_000_000} MB")
    return parse(data, path)


def parse(data: bytes, path: str) -> Outlines:
    """The feeds that a document names, each address once; ``path`` is its name in messages.

    Raises:
        ConfigError: as for ``load``.
    """
    text = _NOT_XML.sub("", _text(data))
    if _DECLARES.search(text):
        raise _fault(path, "OPML without declarations of entities")
    root = _root(_XML_HEAD.sub("", text))
    if root is None or str(root.tag).lower() != "opml":
        raise _fault(path, "OPML: a file that begins with <opml>")
    found: dict[str, Outline] = {}
    skipped: list[str] = []
    for number, outline in enumerate(root.iter("outline")):
        if number >= MAX_OUTLINES:
            raise _fault(path, f"at most {MAX_OUTLINES:,} outlines")
        _take(outline, found, skipped)
    return Outlines(tuple(found.values()), tuple(skipped))


def _take(outline: Any, found: dict[str, Outline], skipped: list[str]) -> None:  # noqa: ANN401 (lxml ships no types)
    names = {str(key).lower(): str(value) for key, value in outline.attrib.items()}
    url = names.get("xmlurl", "").strip()
    title = " ".join((names.get("title") or names.get("text") or "").split())[:_LONGEST_TITLE]
    if not url:
        return
    reason = None if is_address(url) else "no http address"
    reason = "its address holds a login" if not reason and "@" in urlsplit(url).netloc else reason
    if reason:
        skipped.append(f"{title or 'an outline without a title'} ({reason})")
    else:
        found.setdefault(url, Outline(title, url))


def write(sources: Iterable[Source], title: str) -> str:
    """The feeds among some sources as OPML; an address goes out without its user name and password."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    for source in sources:
        if source.type is SourceType.FEED:
            ET.SubElement(body, "outline", type="rss", text=source.label, title=source.label, xmlUrl=_shown(source.url))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def left_out(sources: Sequence[Source]) -> list[str]:
    """The ids of sources that OPML has no form for: pages are no feeds."""
    return [source.id for source in sources if source.type is not SourceType.FEED]


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    declared = _DECLARED_ENCODING.search(data[:200])
    try:
        return data.decode(declared.group(1).decode() if declared else "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _root(text: str) -> Any:  # noqa: ANN401  (lxml ships no types)
    """The tree; files with a bare "&" in a title or an address are common, and are read all the same."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        return etree.fromstring(_BARE.sub("&amp;", text).strip().encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return None


def _fault(path: str, expected: str) -> ConfigError:
    return ConfigError([Fault(path, "file", expected)])
