"""Addresses on the web: which may be asked, and how they are written and shown."""

import ipaddress
import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from watcher.core.errors import FetchError, FetchTrouble

SCHEMES = frozenset({"http", "https"})
MAX_LENGTH = 8000

_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT = "%/:?#[]@!$&'()*+,;=~"  # what has a meaning in an address, and what is escaped already
# An address that joining and splitting would give back as it is, as nearly all links of feeds are.
_WHOLE = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/[A-Za-z0-9._~%+=@/-]*(?:\?[A-Za-z0-9._~%+=@/&-]+)?")
# Translated or tunnelled addresses reach an IPv4 host that this check would never see (RFC 6052, 8215, 3056, 4380);
# fec0::/10 was the private range before RFC 3879, and Python calls it global.
_NEVER = tuple(
    ipaddress.IPv6Network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10")
)


def normalised(url: str) -> str:
    """The address as it goes over the wire: escaped, the host in ASCII, no fragment.

    Raises:
        FetchError: no http or https address (``UNSAFE``), or none at all (``UNREADABLE``).
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _unreadable() from error
    if parts.scheme.lower() not in SCHEMES:
        raise FetchError(FetchTrouble.UNSAFE, f"not an http address, but {parts.scheme or 'nothing'}:", transient=False)
    if not host or len(url) > MAX_LENGTH:
        raise _unreadable()
    login = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    netloc = f"{login}{_ascii(host)}{f':{port}' if port else ''}"
    return urlunsplit((parts.scheme.lower(), netloc, _escaped(parts.path) or "/", _escaped(parts.query), ""))


def joined(base: str, location: str) -> str:
    """Where a redirect leads, normalised.

    Raises:
        FetchError: as for ``normalised``.
    """
    try:
        return normalised(urljoin(base, location))
    except ValueError as error:
        raise _unreadable() from error


def absolute(base: str, link: str | None) -> str | None:
    """A link of a document as an absolute http address, or None where it is none or longer than any."""
    if link and len(link) > MAX_LENGTH:
        return None
    if link and _WHOLE.fullmatch(link):
        return link
    try:
        url = urljoin(base, (link or "").strip())
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if link and link.strip() and parts.scheme in SCHEMES and parts.hostname else None


def host_of(url: str) -> str:
    """The host, with its port where it is not the usual one; safe to show."""
    parts = urlsplit(url)
    usual = _DEFAULT_PORTS.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return host if parts.port in {None, usual} else f"{host}:{parts.port}"


def without_login(url: str) -> str:
    """The address without user name and password."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def is_public(address: str) -> bool:
    """Whether a numeric address lies on the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or any(ip in net for net in _NEVER)):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local)


def _ascii(host: str) -> str:
    if ":" in host:
        return f"[{host}]"
    try:
        return host.encode("ascii").decode() if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise _unreadable() from error


def _escaped(part: str) -> str:
    return quote(part, safe=_KEPT)


def _unreadable() -> FetchError:
    return FetchError(FetchTrouble.UNREADABLE, "not an address that can be asked", transient=False)
