from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from watcher.core.source import SourceKind
from watcher.entrypoints.inputs import Bad, Given, inputs, is_address, present
from watcher.usecases.archive import Record
from watcher.usecases.ports import Fetched

GIVEN = Given(datetime(2020, 6, 11, tzinfo=UTC))
RECORD = '{"id": "r1", "source": {"name": "Press"}, "title": "T", "published": "2020-06-10T12:00:00Z", "text": "x"}'


def nobody(_name: str) -> None:
    return None


def no_web(url: str) -> Fetched:
    raise AssertionError(url)


def read(path: Path, text: str, given: Given = GIVEN) -> list[Record | Bad]:
    path.write_text(text, "utf-8")
    return list(inputs([str(path)], given, nobody, no_web))


def only(found: Iterable[Record | Bad]) -> Record:
    (one,) = found
    assert isinstance(one, Record)
    return one


def test_the_first_line_of_a_text_is_its_title_when_an_empty_line_follows(tmp_path: Path) -> None:
    one = only(read(tmp_path / "a.txt", "A pause\n\nNorthgate pauses.\n\nMore.\n"))
    assert (one.title, one.text, one.id) == ("A pause", "Northgate pauses.\n\nMore.", str(tmp_path / "a.txt"))
    assert one.at == GIVEN.published


def test_a_text_without_an_empty_second_line_has_no_title(tmp_path: Path) -> None:
    one = only(read(tmp_path / "a.txt", "Northgate pauses\nits sales.\n"))
    assert (one.title, one.text) == ("", "Northgate pauses\nits sales.\n")


def test_a_single_line_is_text_and_no_title(tmp_path: Path) -> None:
    assert only(read(tmp_path / "a.txt", "Northgate pauses.")).text == "Northgate pauses."


def test_the_mark_of_a_markdown_heading_is_no_part_of_the_title(tmp_path: Path) -> None:
    assert only(read(tmp_path / "a.md", "# A pause\n\nText")).title == "A pause"


def test_what_the_command_line_says_of_a_text_holds(tmp_path: Path) -> None:
    given = Given(GIVEN.published, title="Mine", vendor="northgate", kind=SourceKind.VENDOR)
    one = only(read(tmp_path / "a.txt", "A pause\n\nText", given))
    assert (one.title, one.source.vendor, one.source.kind) == ("Mine", "northgate", SourceKind.VENDOR)


def test_a_page_is_known_by_its_first_tag_and_gives_its_title(tmp_path: Path) -> None:
    one = only(read(tmp_path / "page", "<!-- x -->\n<!DOCTYPE html><title>A\n &amp; B</title><p>Text"))
    assert (one.title, one.text) == ("A & B", None)
    assert one.html is not None


def test_an_archive_is_known_by_its_first_line_whatever_its_name(tmp_path: Path) -> None:
    assert only(read(tmp_path / "posts", f"\n{RECORD}\n")).id == "r1"


def test_bad_lines_of_an_archive_are_named_with_file_and_number_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    first, bad, last = read(path, f"\n{RECORD}\nnot json\n{RECORD}\n")
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert str(bad).startswith(f"{path}: line 3: ")


def test_bytes_that_are_no_utf8_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"A caf\xe9\n\nText\xff")
    assert only(inputs([str(path)], GIVEN, nobody, no_web)).text is not None


def test_a_page_from_the_web_is_decoded_as_it_says() -> None:
    def web(url: str) -> Fetched:
        body = "<html><title>Café</title>".encode("latin-1")
        return Fetched("k", url, status=200, headers={"content-type": "text/html; charset=ISO-8859-1"}, body=body)

    one = only(inputs(["https://press.example/1"], GIVEN, nobody, web))
    assert (one.title, one.url) == ("Café", "https://press.example/1")


def test_an_unknown_charset_is_read_as_utf8() -> None:
    def web(url: str) -> Fetched:
        return Fetched(
            "k", url, headers={"content-type": "text/html; charset=klingon"}, body="<title>é</title>".encode()
        )

    assert only(inputs(["https://press.example/1"], GIVEN, nobody, web)).title == "é"


def test_everything_that_cannot_be_opened_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("x")
    with pytest.raises(typer.BadParameter, match=r"gone1.*gone2"):
        present([str(tmp_path / "gone1"), str(tmp_path / "here"), str(tmp_path / "gone2"), "-", "https://x.example"])


def test_only_web_addresses_are_addresses() -> None:
    assert is_address("HTTPS://x.example/")
    assert not is_address("ftp://x.example/")
    assert not is_address("http")
