"""A page looked at day by day: ``Pages`` keeps what a store would keep, and tells what each look brings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.core.absence import FLAP, Absence
from watcher.core.capture import Capture, leads_home
from watcher.core.post import Post
from watcher.core.revision import Revision, is_capture, is_return, is_withdrawal, revise
from watcher.core.source import Source, SourceKind, SourceType

NOW = datetime(2020, 6, 10, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGE = Source("terms", SourceType.POLICY, "https://example.org/terms", SourceKind.VENDOR, vendor="acme")

CLAUSE = "Police may not use the service to find people."
TERMS = f"""# Terms

Last updated 1 May 2020

## Use

The service is sold to customers of the company. You pay for what you use in each month.

{CLAUSE}

## Law

The law of the State of Washington governs these terms. You can end them by a letter to us.

We keep your data for as long as the law asks us to. Notices are sent to the address of your account."""
WITHOUT = TERMS.replace(f"{CLAUSE}\n\n", "")
OTHER = " ".join(
    f"In chapter {word} our museum shows old boats." for word in ["one", "two", "three", "four", "five", "six"]
)
GERMAN = (
    "Der Dienst wird an Kunden der Firma verkauft. Sie zahlen für das, was Sie in dem Monat nutzen. Die Polizei darf "
    "den Dienst nicht nutzen. Es gilt das Recht des Staates. Sie können den Vertrag mit einem Brief an uns beenden."
)


class Pages:
    def __init__(self, source: Source = PAGE) -> None:
        self.source = source
        self.held: Capture | None = None
        self.absences: dict[str, Absence] = {}
        self.stored: list[Capture] = []

    def look(self, day: float, text: str = "", *, absent: str | None = None, **more: object) -> Revision:
        at = NOW + day * DAY
        capture = Capture("terms", at, at, "https://example.org/terms", "Terms", text, "00", "dom-2", absent=absent)
        alike = bool(more.pop("alike", True))
        absences = [one for one in self.absences.values() if one.returned is None]
        found = revise(self.source, self.held, absences, replace(capture, **more), alike=alike)  # type: ignore[arg-type]  # the test's own keywords
        self.absences |= {one.id: one for one in found.absences}
        if found.capture:
            self.stored.append(found.capture)
            self.held = found.capture if found.capture.of_record else self.held
        return found

    def posts(self, day: float, text: str = "", *, absent: str | None = None) -> list[tuple[str, str]]:
        return [(kind(post), post.text) for post in self.look(day, text, absent=absent).posts]


def kind(post: Post) -> str:
    return post.key.partition(":")[0]


@pytest.fixture
def pages() -> Pages:
    made = Pages()
    made.look(0, TERMS)
    return made


def test_first_sight_is_the_whole_page_as_baseline() -> None:
    (post,) = Pages().look(0, TERMS).posts
    assert (post.text, post.baseline, post.title, post.seen) == (TERMS, True, "Terms", NOW)
    assert is_capture(post)
    assert not is_return(post)
    assert not is_withdrawal(post)


@pytest.mark.parametrize("text", ["Just a moment... checking your browser", "404 Page not found"])
def test_neither_a_wall_nor_a_missing_page_is_a_first_sight(text: str) -> None:
    pages = Pages()
    assert not pages.look(0, text).posts
    assert pages.look(1, absent="answered 404") == Revision()
    assert pages.stored == []
    assert pages.look(2, TERMS).posts[0].baseline


def test_the_same_page_is_no_capture_and_a_new_layout_is_one_without_a_post(pages: Pages) -> None:
    assert pages.look(1, TERMS) == Revision()
    moved = TERMS.replace("1 May", "2 June").replace("## Use", "## 7. Use")
    assert (pages.look(2, moved).posts, len(pages.stored)) == ((), 2)


def test_only_new_sentences_are_read(pages: Pages) -> None:
    after = TERMS.replace(CLAUSE, f"{CLAUSE} Schools may not use it.")
    assert pages.posts(1, after) == [("capture", "## Use\n\nSchools may not use it.")]


def test_an_edited_sentence_is_told_at_once_and_remembers_what_it_was(pages: Pages) -> None:
    weaker = CLAUSE.replace("may not", "should not")
    assert pages.posts(1, TERMS.replace(CLAUSE, weaker)) == [("capture", f"## Use\n\n{weaker}")]
    (absence,) = pages.absences.values()
    assert (absence.text, absence.successor, absence.pending) == (CLAUSE, weaker, True)


def test_a_sentence_is_gone_when_two_later_captures_a_day_apart_agree(pages: Pages) -> None:
    assert pages.posts(1, WITHOUT) == []
    assert pages.posts(1.25, WITHOUT) == []
    assert pages.posts(2, WITHOUT) == []
    assert pages.posts(2.25, WITHOUT) == [("withdrawn", f"## Use\n\n{CLAUSE}")]
    assert pages.posts(2.5, WITHOUT) == []
    assert len(pages.stored) == 4, "each look by which it was confirmed is kept"


@pytest.mark.parametrize("days", [1, 3, 7])
def test_a_sentence_that_comes_back_within_a_week_was_a_flap(pages: Pages, days: int) -> None:
    pages.look(1, WITHOUT)
    assert pages.posts(1 + days, TERMS) == [("returned", f"## Use\n\n{CLAUSE}")]
    (absence,) = pages.absences.values()
    assert absence.flap
    assert pages.posts(30, WITHOUT) == []
    assert pages.posts(31, WITHOUT) == []
    assert len(pages.posts(32, WITHOUT)) == 1, "a later withdrawal is one all the same"


def test_a_sentence_that_comes_back_after_a_week_is_new(pages: Pages) -> None:
    for day in (1, 2, 3):
        pages.look(day, WITHOUT)
    assert pages.posts(9, TERMS) == [("capture", f"## Use\n\n{CLAUSE}")]


def test_a_page_that_flips_day_by_day_tells_nothing(pages: Pages) -> None:
    told = [pages.posts(day, (TERMS, WITHOUT)[day % 2]) for day in range(1, 30)]
    assert {kind for posts in told for kind, _ in posts} == {"returned"}
    assert sum(absence.flap for absence in pages.absences.values()) == 14


@pytest.mark.parametrize("absent", ["answered 404", "leads to the home page"])
def test_a_page_is_gone_when_two_later_captures_a_day_apart_agree(pages: Pages, absent: str) -> None:
    assert pages.posts(1, absent=absent) == []
    assert pages.posts(2, absent=absent) == []
    ((told, text),) = pages.posts(3, absent=absent)
    assert told == "withdrawn"
    assert CLAUSE in text
    assert pages.posts(4, absent=absent) == []
    assert [capture.of_record for capture in pages.stored] == [True, False, False, False]


def test_a_page_that_is_back_soon_was_not_gone(pages: Pages) -> None:
    pages.look(1, absent="answered 404")
    pages.look(2, "Sorry, this page could not be found.")
    assert pages.posts(2.5, TERMS) == []
    assert pages.posts(3, absent="answered 404") == []


def test_a_page_that_was_told_as_gone_comes_back_quietly_within_a_week_and_as_news_after_it(pages: Pages) -> None:
    for day in (1, 2, 3):
        pages.look(day, absent="answered 410")
    assert [told for told, _ in pages.posts(5, TERMS)] == ["returned"]
    for day in (20, 21, 22):
        pages.look(day, absent="answered 410")
    assert [told for told, _ in pages.posts(40, TERMS)] == ["capture"]


def test_what_a_page_lost_before_it_went_is_gone_with_it(pages: Pages) -> None:
    pages.look(1, WITHOUT)
    pages.look(2, absent="answered 404")
    assert pages.posts(3, absent="answered 404") == [("withdrawn", f"## Use\n\n{CLAUSE}")]
    ((_, text),) = pages.posts(4, absent="answered 404")
    assert "Washington" in text


def test_a_wall_is_no_capture_of_the_page(pages: Pages) -> None:
    assert pages.look(1, "Access denied. You don't have permission to see this.").wall == "a page that denies access"
    assert pages.stored == pages.stored[:1]


def test_words_of_a_wall_in_a_page_that_is_there_mean_nothing(pages: Pages) -> None:
    assert pages.posts(1, f"{TERMS}\n\nAccess denied is what police read.") == [
        ("capture", "## Law\n\nAccess denied is what police read.")
    ]


def test_a_page_in_another_language_is_no_capture_of_it(pages: Pages) -> None:
    assert pages.look(1, GERMAN).foreign == "it was served in another language (de, not en as on record)"
    assert pages.look(2, TERMS) == Revision()


def test_the_language_of_the_source_takes_the_place_of_another_without_a_word() -> None:
    pages = Pages()
    pages.look(0, GERMAN)
    (post,) = pages.look(1, TERMS).posts
    assert (post.baseline, post.text) == (True, TERMS)
    assert pages.look(2, GERMAN).foreign
    german = Pages(replace(PAGE, language="de"))
    german.look(0, GERMAN)
    assert german.look(1, TERMS).foreign


def test_another_text_takes_the_place_of_a_page_only_when_it_stays(pages: Pages) -> None:
    assert pages.posts(1, OTHER) == []
    assert pages.posts(1.5, TERMS) == []
    assert pages.posts(2, OTHER) == []
    assert pages.posts(3, OTHER) == []
    (new, text), (gone, lost) = pages.posts(4, OTHER)
    assert (new, gone) == ("capture", "withdrawn")
    assert "museum" in text
    assert CLAUSE in lost
    assert pages.posts(5, OTHER) == []
    assert pages.posts(6, OTHER.replace("boats.", "boats. You may not sail.", 1)) != []


def test_a_change_of_our_own_extractor_is_no_news(pages: Pages) -> None:
    (post,) = pages.look(1, WITHOUT.replace("You pay", "Fees are due. You pay"), alike=False).posts
    assert post.baseline
    assert not pages.absences


def test_posts_of_one_moment_are_read_in_the_order_in_which_they_build_on_each_other(pages: Pages) -> None:
    pages.look(1, TERMS.replace("You pay for what you use in each month.", ""))
    pages.look(2, WITHOUT.replace("You pay for what you use in each month.", ""))
    pages.look(2.5, WITHOUT.replace("You pay for what you use in each month.", ""))
    after = WITHOUT.replace("Notices", "It is new. Notices")
    posts = pages.look(3.5, after).posts
    assert [kind(post) for post in sorted(posts, key=lambda post: post.published)] == [
        "returned",
        "capture",
        "withdrawn",
    ]
    assert {post.seen for post in posts} == {NOW + 3.5 * DAY}


def test_a_return_is_a_flap_up_to_seven_days() -> None:
    absence = Absence("terms", "x", NOW, returned=NOW + FLAP)
    assert absence.flap
    assert not replace(absence, returned=NOW + FLAP + HOUR).flap


@pytest.mark.parametrize(
    ("final", "home"),
    [
        ("https://example.org/", True),
        ("https://example.org", True),
        ("https://www.example.org/en-us/index.html?from=terms", True),
        ("https://example.org/legal/terms-of-use", False),
        ("https://example.org/terms", False),
    ],
)
def test_a_redirect_to_the_home_page_is_told_from_one_to_another_place(final: str, home: bool) -> None:
    assert leads_home("https://example.org/terms", final) is home
    assert not leads_home("https://example.org/", final)
    assert not leads_home("http://[", final)
