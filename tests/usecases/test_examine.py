from tests.fakes import START, Clock, JsonParser, Web, entry, page, source
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import Source
from watcher.usecases.examine import Finding, State, examine_sources


def examined(web: Web, *sources: Source, parser: JsonParser | None = None) -> list[Finding]:
    return examine_sources(web, parser or JsonParser(), sources, Clock(START))


def test_each_source_is_asked_once_and_shown_in_its_order() -> None:
    web, wire, herald = Web(), source("wire"), source("herald")
    web.put(wire, entry("1"), entry("2"))
    web.put(herald, entry("1"))
    done: list[tuple[int, int]] = []
    found = examine_sources(web, JsonParser(), [wire, herald], Clock(START), lambda *step: done.append(step))
    assert [(one.name, one.state, one.detail) for one in found] == [
        ("wire", State.OK, "2 entries"),
        ("herald", State.OK, "1 entry"),
    ]
    assert (done, len(web.asked)) == ([(1, 2), (2, 2)], 2)


def test_what_answers_badly_is_told_with_its_reason() -> None:
    web, empty, cut, lost, wall = Web(), source("empty"), source("cut"), source("lost"), source("wall")
    web.put(empty)
    web.put(cut, entry("1"), partial="ends in the middle")
    web.pages[lost.url] = FetchError(FetchTrouble.TIMEOUT, "no answer in 30 s")
    web.pages[wall.url] = b"<html>"
    assert [(one.state, one.detail) for one in examined(web, empty, cut, lost, wall)] == [
        (State.WARNING, "it answers, and there is nothing in it"),
        (State.WARNING, "1 entry; ends in the middle"),
        (State.FAILED, "timeout: no answer in 30 s"),
        (State.FAILED, "unreadable: no feed"),
    ]


def test_a_page_is_measured_in_words() -> None:
    web, terms = Web(), page("terms", "amazon")
    web.pages[terms.url] = b"You must not use it."
    assert [one.detail for one in examined(web, terms)] == ["a page of 5 words"]


def test_a_bug_at_one_source_stops_no_other() -> None:
    web, wire, herald = Web(), source("wire"), source("herald")
    web.put(wire, entry("1"))
    web.put(herald, entry("1"))
    found = examined(web, wire, herald, parser=JsonParser(bug="wire"))
    assert [one.state for one in found] == [State.FAILED, State.OK]
    assert found[0].detail == "a bug of the watcher's own (ZeroDivisionError)"
