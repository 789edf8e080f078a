"""The world of ``eval/year.py``: invented vendors, what they say on which day, and what is to be told of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from hashlib import sha256
from xml.sax.saxutils import escape

from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import HttpState, Source, SourceKind, SourceType
from watcher.core.vendor import Vendor
from watcher.usecases.ports import Fetched, FetchRequest

YEAR = (date(2021, 1, 4), date(2022, 1, 3))  # from Monday to Monday: 52 weeks
OFF = (date(2021, 8, 2), date(2021, 8, 9))  # switched off; the second day is the first on which it runs again
DOWN = (date(2021, 10, 4), date(2021, 10, 9))  # one publisher's server is down
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Story:
    """What one vendor says, by the day, and what is to be told of it: the day and the word for it.

    ``changes`` are the alerts that posts set off; ``calendar`` is what nobody said.
    """

    vendor: str
    why: str
    posts: Mapping[date, str]
    changes: tuple[tuple[date, str], ...] = ()
    calendar: tuple[tuple[date, str], ...] = ()


def _day(text: str) -> date:
    return date.fromisoformat(f"2021-{text}")


def _pause(until: date) -> str:
    return f"We are pausing police use of our facial recognition technology until {until:%B} {until.day}, {until.year}."


def _longer(until: date) -> str:
    named = f"{until:%B} {until.day}, {until.year}"
    return f"We are extending our moratorium on police use of our facial recognition technology until {named}."


def _silent(vendor: str, why: str, told: str, until: str) -> Story:
    """A pause of which nobody speaks again."""
    first, end = _day(told), _day(until)
    return Story(vendor, why, {first: _pause(end)}, ((first, "announced"),), tuple(_ending(end)))


def _ending(end: date, marks: Iterable[int] = (30, 7, 0)) -> Iterator[tuple[date, str]]:
    for mark in marks:
        yield end - mark * DAY, f"{mark} days before {end}"
    yield end + DAY, f"lapsed after {end}"


_NEAR_END = _day("12-20")
STORIES = (
    _silent("northgate", "an end on the day on which New York's clocks go forward", "01-06", "03-14"),
    _silent("southfield", "an end on the day on which Berlin's clocks go forward", "01-07", "03-28"),
    _silent("eastworks", "an end on the eve of Berlin's clocks going back", "01-08", "10-30"),
    _silent("westlake", "an end on the day on which New York's clocks go back", "01-11", "11-07"),
    _silent("hillcrest", "two ends of two vendors on one day", "02-01", "06-30"),
    _silent("riverside", "two ends of two vendors on one day", "02-02", "06-30"),
    Story(
        "stonebridge",
        "an end in the week in which nobody watches: the week's marks are missed, the lapse is told late",
        {_day("02-03"): _pause(_day("08-05"))},
        ((_day("02-03"), "announced"),),
        (
            (_day("07-06"), "30 days before 2021-08-05"),
            (_day("07-29"), "7 days before 2021-08-05"),
            (OFF[1], "lapsed after 2021-08-05"),
        ),
    ),
    Story(
        "fairview",
        "a mark in the week in which nobody watches: it is told late",
        {_day("02-04"): _pause(_day("09-03"))},
        ((_day("02-04"), "announced"),),
        (
            (OFF[1], "30 days before 2021-09-03"),
            (_day("08-27"), "7 days before 2021-09-03"),
            (_day("09-03"), "0 days before 2021-09-03"),
            (_day("09-04"), "lapsed after 2021-09-03"),
        ),
    ),
    Story(
        "lakeside",
        "extended after its first reminder: the old end is told no more, the new one is",
        {_day("02-05"): _pause(_day("05-31")), _day("05-10"): _longer(_day("11-30"))},
        ((_day("02-05"), "announced"), (_day("05-10"), "extended")),
        ((_day("05-01"), "30 days before 2021-05-31"), *_ending(_day("11-30"))),
    ),
    Story(
        "oakhill",
        "lifted before its end: no reminder, no lapse",
        {
            _day("02-08"): _pause(_day("07-15")),
            _day("06-01"): "We are lifting our moratorium on police use of our facial recognition technology.",
        },
        ((_day("02-08"), "announced"), (_day("06-01"), "loosened")),
    ),
    Story(
        "pinewood",
        "made a ban in the week before its end: one reminder, no lapse",
        {
            _day("02-09"): _pause(_day("04-20")),
            _day("04-12"): "Today we are banning police use of our facial recognition technology for good.",
        },
        ((_day("02-09"), "announced"), (_day("04-12"), "tightened")),
        ((_day("03-21"), "30 days before 2021-04-20"),),
    ),
    Story(
        "maplewood",
        "a pause of two weeks: who heard of it needs no reminder of a month",
        {_NEAR_END - 14 * DAY: _pause(_NEAR_END)},
        ((_NEAR_END - 14 * DAY, "announced"),),
        tuple(_ending(_NEAR_END, (7, 0))),
    ),
    Story(
        "elmsford",
        "an end beyond the year: its first reminder only",
        {_day("03-01"): _pause(date(2022, 1, 20))},
        ((_day("03-01"), "announced"),),
        ((_day("12-21"), "30 days before 2022-01-20"),),
    ),
)
VENDORS = {story.vendor: Vendor(story.vendor, story.vendor.capitalize()) for story in STORIES}
SICK = "oakhill"  # whose server is down for five days


def source(vendor: str) -> Source:
    """A vendor's own blog."""
    address = f"https://{vendor}.example/feed"
    return Source(vendor, SourceType.FEED, address, SourceKind.VENDOR, vendor=vendor, every=timedelta(hours=3))


@dataclass
class World:
    """The web at the fetcher's port: each vendor's feed as it stands at the clock's moment."""

    clock: Callable[[], datetime]
    asked: int = 0
    _posts: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for story in STORIES:
            said = [(datetime.combine(day, time(9), UTC), text) for day, text in story.posts.items()]
            self._posts[story.vendor] = sorted([*said, *_small_talk()])

    def fetch(self, requests: Iterable[FetchRequest], *, idle: float | None = None) -> Iterator[Fetched | None]:
        """Answer each request at once."""
        del idle
        for request in requests:
            self.asked += 1
            yield self._answer(request)

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, request: FetchRequest) -> Fetched:
        vendor = request.url.removeprefix("https://").split(".")[0]
        now = self.clock()
        if vendor == SICK and DOWN[0] <= now.date() < DOWN[1]:
            error = FetchError(FetchTrouble.SERVER, "status 500", status=500)
            return Fetched(request.key, request.url, error=error)
        body = _feed(vendor, [one for one in self._posts[vendor] if one[0] <= now][-20:])
        name = sha256(body).hexdigest()
        http = HttpState(etag=name[:16], body_sha256=name)
        if request.http.etag == http.etag:
            return Fetched(request.key, request.url, http, 304, not_modified=True)
        kind = {"content-type": "application/rss+xml"}
        return Fetched(request.key, request.url, http, 200, kind, body, final_url=request.url)


def _small_talk() -> Iterator[tuple[datetime, str]]:
    """A post a fortnight that says nothing, so that no feed falls silent."""
    day = YEAR[0] - 26 * WEEK
    while day < YEAR[1]:
        yield datetime.combine(day, time(8), UTC), f"Our office was repainted on {day}."
        day += 2 * WEEK


def _feed(vendor: str, posts: Sequence[tuple[datetime, str]]) -> bytes:
    items = "".join(
        f"<item><title>{escape(text[:40])}</title><guid>{vendor}-{at:%Y%m%d%H}</guid>"
        f"<link>https://{vendor}.example/{at:%Y%m%d%H}</link><pubDate>{format_datetime(at)}</pubDate>"
        f"<description>{escape(text)}</description></item>"
        for at, text in reversed(posts)
    )
    return f'<rss version="2.0"><channel><title>{vendor}</title>{items}</channel></rss>'.encode()
