from hypothesis import given
from hypothesis import strategies as st

from watcher.core.sentence import MAX_SENTENCE, Line, split


def texts(whole: str) -> list[str]:
    return [sentence.text for sentence in split(whole)]


def test_sentences_end_at_full_stops_and_not_at_abbreviations() -> None:
    assert texts("Flights from Minneapolis-St. Paul left. So did ours.") == [
        "Flights from Minneapolis-St. Paul left.",
        "So did ours.",
    ]
    assert texts("Mr. Smith of ID.me Inc. spoke. The U.S. police listened. It cost $1.5m.") == [
        "Mr. Smith of ID.me Inc. spoke.",
        "The U.S. police listened.",
        "It cost $1.5m.",
    ]


def test_a_quotation_keeps_its_closing_mark() -> None:
    assert texts('He said: "No." Then he left.') == ['He said: "No."', "Then he left."]


def test_a_list_item_knows_its_lead_in() -> None:
    lead, first, second = split("You may not use it for:\n\n• spam\n\n• face databases")
    assert (lead.line, first.line, second.lead_in) == (Line.PROSE, Line.ITEM, "You may not use it for:")


def test_a_new_paragraph_ends_the_list() -> None:
    assert split("Rules:\n• one\nAnother paragraph stands here, which is long enough to be prose.")[-1].lead_in is None


def test_a_short_line_without_a_full_stop_is_a_heading() -> None:
    assert split("Quiet companies\n\nNEC supplies the system.")[0].line is Line.HEADING


@given(st.text(max_size=3000))
def test_offsets_always_cut_the_sentence_out_of_the_text(whole: str) -> None:
    for sentence in split(whole):
        assert whole[sentence.start : sentence.end] == sentence.text
        assert len(sentence.text) <= MAX_SENTENCE


def test_a_megabyte_without_a_full_stop_is_cut_into_pieces() -> None:
    assert max(len(text) for text in texts("word " * 200_000)) <= MAX_SENTENCE


def test_an_item_that_says_what_to_do_goes_on_from_the_line_above_without_a_colon() -> None:
    found = split("We ask Northgate\n\n- to say so,\n\n- to stop.")
    assert [sentence.lead_in for sentence in found] == [None, "We ask Northgate", "We ask Northgate"]


def test_a_list_that_a_heading_forbids_has_the_heading_in_its_lead_in() -> None:
    found = split("Do Not Use for Surveillance\n\nThis includes using our services to:\n\n- Track people")
    assert found[-1].lead_in == "Do Not Use for Surveillance - This includes using our services to:"


def test_a_sentence_above_a_list_is_no_heading_of_it() -> None:
    found = split("Nothing is allowed.\n\nThis includes:\n\n- Tracking people")
    assert found[-1].lead_in == "This includes:"
