"""Dates as feeds write them: after RFC 822, RFC 3339 and W3C-DTF, and as nobody told them to."""

from tests.fetch.conformance.case import Case, atom, moment, rss

RIGHT = {
    "Wed, 10 Jun 2020 08:18:00 GMT": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 08:18:00 +0000": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 08:18:00 UT": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 08:18:00 Z": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 10:18:00 +0200": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 03:18:00 -0500": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 13:48:00 +0530": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 04:18:00 EDT": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 03:18:00 EST": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 01:18:00 PDT": "2020-06-10 08:18",
    "10 Jun 2020 08:18:00 GMT": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 08:18 GMT": "2020-06-10 08:18",
    "Wed, 10 Jun 20 08:18:00 GMT": "2020-06-10 08:18",
    "Wednesday, 10 June 2020 08:18:00 GMT": "2020-06-10 08:18",
    "  Wed, 10 Jun 2020  08:18:00   GMT ": "2020-06-10 08:18",
    "Wed, 1 Jul 2020 08:18:00 GMT": "2020-07-01 08:18",
    "Wed, 10 Jun 2020": "2020-06-10 00:00",
    "2020-06-10T08:18:00Z": "2020-06-10 08:18",
    "2020-06-10T08:18:00.123Z": "2020-06-10 08:18",
    "2020-06-10T10:18:00+02:00": "2020-06-10 08:18",
    "2020-06-10T10:18+02:00": "2020-06-10 08:18",
    "2020-06-10T03:18:00-05:00": "2020-06-10 08:18",
    "2020-06-10": "2020-06-10 00:00",
    "2020-06": "2020-06-01 00:00",
}
WRONG = {
    "Wed,10 Jun 2020 08:18:00 GMT": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 08:18:00": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 10:18:00 CEST": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 13:48:00 IST": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 17:18:00 JST": "2020-06-10 08:18",
    "Wed, 10 Jun 2020 08:18 PM GMT": "2020-06-10 20:18",
    "2020/6/10 08:18:00": "2020-06-10 08:18",
    "1591777080": "2020-06-10 08:18",
    "20200610T081800Z": "2020-06-10 08:18",
    "10.06.2020 08:18": "2020-06-10 08:18",
    "June 10, 2020 08:18": "2020-06-10 08:18",
    "mer., 10 juin 2020 08:18:00 +0000": "2020-06-10 08:18",
    "Mi, 10 Jun 2020 10:18:00 +0200": "2020-06-10 08:18",
    "mié, 10 jun 2020 08:18:00 GMT": "2020-06-10 08:18",
    "Wed, 31 Dec 1969 23:59:59 GMT": None,
    "Mon, 01 Jan 0001 00:00:00 GMT": None,
    "Wed, 10 Jun 2099 08:18:00 GMT": None,
    "Wed, 42 Jun 2020 08:18:00 GMT": None,
    "yesterday": None,
    "0000-00-00T00:00:00Z": None,
    "": None,
}


def _rss(text: str, expected: str | None) -> Case:
    body = rss(f"<title>One</title><pubDate>{text}</pubDate>")
    return Case(f"pubDate-{text or 'empty'}", body, ({"published": moment(expected)},))


DATES = [
    *(_rss(text, expected) for text, expected in RIGHT.items()),
    *(_rss(text, expected) for text, expected in WRONG.items()),
    Case(
        "atom-published-before-updated",
        atom("<title>One</title><published>2020-06-10T08:18:00Z</published><updated>2020-06-12T08:18:00Z</updated>"),
        ({"published": moment("2020-06-10 08:18"), "updated": moment("2020-06-12 08:18")},),
    ),
    Case(
        "atom-with-an-update-alone",
        atom("<title>One</title><updated>2020-06-10T08:18:00Z</updated>"),
        ({"published": moment("2020-06-10 08:18")},),
    ),
    Case(
        "dublin-core-date",
        rss("<title>One</title><dc:date>2020-06-10T10:18:00+02:00</dc:date>"),
        ({"published": moment("2020-06-10 08:18")},),
    ),
    Case(
        "a-date-that-can-be-true-beside-one-that-cannot",
        rss(
            "<title>One</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate><dc:date>2020-06-10T08:18:00Z</dc:date>"
        ),
        ({"published": moment("2020-06-10 08:18")},),
    ),
    Case("without-a-date", rss("<title>One</title>"), ({"published": None, "published_raw": None},)),
]
