"""What a source asks of those who read it: headers, cookies, a login, a proxy.

Only names of settings stand here, never their values: what is known of a source may be shown, logged and exported.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SETTING = "WATCHER_SOURCE_[A-Z0-9_]*[A-Z0-9]"
REFERENCE = re.compile(rf"\$\{{({SETTING})\}}")


@dataclass(frozen=True, slots=True)
class Access:
    """How a source is asked.

    ``headers`` and ``cookies`` are pairs of a name and a text in which ``${WATCHER_SOURCE_X}`` stands for a setting;
    ``login`` names the setting that holds ``user:password``, ``proxy`` the one that holds a proxy's address.
    """

    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[tuple[str, str], ...] = ()
    login: str | None = None
    proxy: str | None = None

    def settings(self) -> Iterator[tuple[str, str]]:
        """The settings that are named, each with the key under which it is."""
        for key, pairs in (("headers", self.headers), ("cookies", self.cookies)):
            for _, text in pairs:
                yield from ((name, key) for name in REFERENCE.findall(text))
        yield from ((name, key) for name, key in ((self.login, "auth"), (self.proxy, "proxy")) if name)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with the values of settings in the place of their names."""
    return REFERENCE.sub(lambda match: values[match.group(1)], text)
