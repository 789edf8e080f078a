"""The link that ends somebody's letters.

It is signed, so that nobody ends another's, and ends them by POST alone, as mailbox providers ask with one click (RFC
8058): scanners open every link of a letter by GET.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import parse_qs, urlsplit

from watcher.usecases.letters import unsubscribe
from watcher.usecases.ports import Store

PATH = "/unsubscribe"
KEY = "unsubscribe"  # the name of the key in the record
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
)
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="robots" content="noindex"><title>{title}</title>'
    '<body style="font:16px/1.5 sans-serif;max-width:32em;margin:3em auto;padding:0 1em">'
    "<h1>{title}</h1>{text}</body></html>"
)


@dataclass(frozen=True, slots=True)
class Page:
    """An answer over HTTP."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def link(base: str, key: str, address: str) -> str:
    """The address of the page that ends the letters to an address; ``base``: where this watcher is reached."""
    return f"{base.rstrip('/')}{PATH}?t={_text(address.encode())}.{_signature(key, address)}"


def address_of(token: str, key: str) -> str | None:
    """Whose letters a link ends; None for one that was not made with this key."""
    named, _, signature = token.partition(".")
    try:
        address = base64.urlsafe_b64decode(named + "=" * (-len(named) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return address if hmac.compare_digest(_signature(key, address).encode(), signature.encode()) else None


def _signature(key: str, address: str) -> str:
    return _text(hmac.digest(key.encode(), f"unsubscribe\n{address}".encode(), hashlib.sha256)[:18])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def handle(store: Callable[[], Store], key: str, method: str, target: str, now: datetime) -> Page:
    """Answer a request for the page.

    Args:
        store: the record, asked for only when a letter is to be ended.
        key: the key that signs.
        method: GET shows a button, POST ends the letters; to do it twice is to do it once.
        target: path and query of the request.
        now: the moment.
    """
    token = next(iter(parse_qs(urlsplit(target).query).get("t", [])), "")
    address = address_of(token, key)
    if method not in {"GET", "HEAD", "POST"}:
        return _page(405, "Not like this", "Open the link of the letter, or press its button.")
    if address is None:
        return _page(404, "No such link", "The link is not whole. Copy all of it from the letter.")
    if method == "POST":
        unsubscribe(store(), address, now)
        return _page(200, "Done", f"No further letter goes to {escape(address)}.")
    button = '<form method="post"><button style="font:inherit;padding:.5em 1em">Send me no more letters</button></form>'
    return _page(200, "The weekly letter", f"It goes to {escape(address)}.{button}")


def _page(status: int, title: str, text: str) -> Page:
    return Page(status, _HEADERS, _PAGE.format(title=title, text=f"<p>{text}</p>").encode())
