"""What is sent with the requests for one source, and to whom: its own host alone, whatever a redirect says."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from watcher.core.access import Access, filled

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Credentials:
    """Headers with their values, for one host, and the proxy by which a source is reached. Shows nothing of them."""

    host: tuple[str, str, int] | None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    proxy: str | None = field(default=None, repr=False)

    def headers_for(self, url: str) -> tuple[tuple[str, str], ...]:
        """The headers that may go with a request: none to another host, nor from https down to http."""
        theirs = _host(url)
        upgraded = self.host and theirs == ("https", self.host[1], _PORTS["https"]) and self.host[2] == _PORTS["http"]
        return self.headers if theirs is not None and (theirs == self.host or upgraded) else ()


NOBODY = Credentials(None)


def credentials(url: str, access: Access, values: Mapping[str, str]) -> Credentials:
    """What a source's access comes to, with the values of the settings that it names; all of them must be there."""
    return Credentials(_host(url), tuple(_headers(access, values)), values[access.proxy] if access.proxy else None)


def _headers(access: Access, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((name, filled(text, values)) for name, text in access.headers)
    if access.cookies:
        yield "Cookie", "; ".join(f"{name}={filled(text, values)}" for name, text in access.cookies)
    if access.login:
        yield "Authorization", f"Basic {base64.b64encode(values[access.login].encode()).decode()}"


def _host(url: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(url)
        scheme = parts.scheme.lower()
        return scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(scheme, 0)
    except ValueError:
        return None
