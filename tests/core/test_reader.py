from datetime import UTC, date, datetime

import pytest

from tests.core.reading import WRITTEN, read, reader, told
from watcher.config.rules import load_reader
from watcher.core.reader import Document
from watcher.core.source import SourceKind
from watcher.core.statement import Audience, Position
from watcher.core.vendor import Vendor


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Northgate will not sell facial recognition to police.", {"northgate ban police"}),
        ("Northgate halts police use of its facial recognition for a year.", {"northgate moratorium police"}),
        ("Northgate said on Monday that it is leaving the facial recognition business.", {"northgate exit everyone"}),
        ("Police may not use Northgate's facial recognition, the company said.", {"northgate ban police"}),
        ("Northgate said that its facial recognition products have been retired.", {"northgate exit everyone"}),
        ("Northgate lifts its ban on police use of facial recognition.", {"northgate allow police"}),
        (
            "Northgate extends its ban on police use of facial recognition until further notice.",
            {"northgate moratorium police"},
        ),
        ("Northgate's decision not to sell facial recognition to police stands.", {"northgate ban police"}),
        (
            "Northgate and Southmere have stopped selling facial recognition to police.",
            {"northgate ban police", "southmere ban police"},
        ),
        ("Southmere Labs will no longer offer facial recognition.", {"southmere exit everyone"}),
        ("Northgate lets police use its facial recognition.", {"northgate allow police"}),
        ("Northgate urged Congress to pass a law on facial recognition.", {"northgate advocate everyone"}),
    ],
)
def test_what_a_vendor_says_it_does_is_a_statement(text: str, expected: set[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Campaigners urged Northgate to stop selling facial recognition to police.",
        "Will Northgate stop selling facial recognition to police?",
        "Northgate may stop selling facial recognition to police.",
        "Northgate declined to say that it will stop selling facial recognition to police.",
        "If Northgate stops selling facial recognition to police, others will follow.",
        "The city council stopped using facial recognition made by Northgate.",
        "Lawmakers said that Northgate must stop selling facial recognition to police.",
        "Northgate did not stop selling facial recognition to police.",
        "A judge ordered Northgate to stop selling facial recognition.",
        "Workers demand that Northgate end its sales of facial recognition to police.",
        "Northgate stopped selling umbrellas to police.",
    ],
)
def test_what_others_want_doubt_or_do_is_no_statement(text: str) -> None:
    assert told(text) == set()


def test_the_company_and_it_mean_the_vendor_last_spoken_of() -> None:
    text = "Northgate makes facial recognition. The company said it will not sell the technology to police."
    assert told(text) == {"northgate ban police"}


def test_we_is_the_vendor_in_its_own_post_and_nobody_in_a_report() -> None:
    text = "We will not sell facial recognition to police."
    assert told(text, own="northgate") == {"northgate ban police"}
    assert told(text) == set()


def test_a_named_executive_speaks_for_the_vendor() -> None:
    text = (
        "Ada Lindqvist said on Tuesday that Northgate will not sell facial recognition. Lindqvist added: “We "
        "will not sell it to police.”"
    )
    assert "northgate ban police" in told(text)


def test_a_rule_for_customers_counts_only_on_the_vendors_own_terms_page() -> None:
    text = "You may not use the services for facial recognition by police."
    assert told(text, own="northgate", policy=True) == {"northgate ban police"}
    assert told(text) == set()


def test_a_list_item_inherits_its_lead_in() -> None:
    text = "You may not use the service for:\n\n• spam\n\n• facial recognition by police"
    assert told(text, own="northgate", policy=True) == {"northgate ban police"}


def test_the_end_and_the_day_are_resolved_against_the_day_of_writing() -> None:
    (found,) = read("On Monday, Northgate announced a one-year moratorium on facial recognition for police.")
    assert (found.announced, found.until) == (date(2022, 3, 14), date(2023, 3, 14))


def test_a_condition_is_kept_in_its_own_words() -> None:
    (found,) = read("Northgate won't sell facial recognition to police until a federal law is in place.")
    assert found.condition == "a federal law is in place"


def test_an_afterthought_gives_a_stop_its_end() -> None:
    (found,) = read("Northgate today barred police from its facial recognition. The ban will last a year.")
    assert (str(found.position), found.until) == ("moratorium", date(2023, 3, 16))


def test_the_quote_is_cut_out_of_the_text_by_its_offsets() -> None:
    text = "An opening line.\n\nNorthgate will not sell facial recognition to police. A last line."
    (found,) = read(text)
    assert text[found.start : found.end] == found.quote == "Northgate will not sell facial recognition to police."


def test_a_product_whose_name_is_the_technology_leads_to_its_vendor() -> None:
    (found,) = read("Police will be shut out of Facefinder.")
    assert (found.vendor, found.product) == ("northgate", "Facefinder")


def test_background_is_not_fresh() -> None:
    text = (
        "Eastbrook opened a shop.\n\nIt sells facial recognition.\n\nIt rained.\n\nIt snowed.\n\nIn April 2019, "
        "Northgate refused to sell facial recognition to police."
    )
    (found,) = read(text)
    assert (str(found.position), found.fresh) == ("ban", False)


def test_a_text_in_another_language_is_said_to_be_unread() -> None:
    text = (
        "Northgate non offrirà più servizi di riconoscimento facciale alla polizia, lo ha annunciato lunedì il suo "
        "amministratore delegato in una lettera al Congresso."
    )
    readout = reader().read(Document("", text, datetime(2022, 3, 16, tzinfo=UTC), SourceKind.NEWS))
    assert readout.statements == ()
    assert readout.note is not None
    assert readout.note.startswith("not read")


RETELLING = """Northgate's president said on Thursday that the firm will not let police departments have its facial recognition before a national law is passed.

It is what the company has asked for since 2018. In April 2019, Northgate refused to install facial recognition in the cars of a sheriff in California. A law, it said then, should let police follow a person in public only when:

• a court has ordered it; or

• somebody's life is in danger.

On June 10, Southmere said it would put a one-year moratorium on police use of its facial recognition. The day before, Eastbrook said it wouldn't offer general purpose facial recognition any longer."""


def test_a_closing_paragraph_holds_two_stances_of_its_own_days() -> None:
    found = {
        s.vendor: s
        for s in read(
            RETELLING,
            "Northgate repeats: no face recognition for police yet",
            written=datetime(2020, 6, 11, 20, tzinfo=UTC),
        )
        if s.announced
    }
    southmere, eastbrook = found["southmere"], found["eastbrook"]
    assert (str(southmere.position), str(southmere.audience), southmere.announced, southmere.until) == (
        "moratorium",
        "police",
        date(2020, 6, 10),
        date(2021, 6, 10),
    )
    assert (str(eastbrook.position), eastbrook.announced) == ("exit", date(2020, 6, 9))
    assert (str(found["northgate"].position), str(found["northgate"].audience)) == ("moratorium", "police")


def test_every_example_that_fires_passes_the_prefilter() -> None:
    for grammar in reader().grammars.values():
        for rule in grammar.rules:
            for example in rule.examples:
                assert not example.fires or reader().relevant(example.title, example.text), example.text


@pytest.mark.parametrize(
    "hostile",
    [
        "Northgate will stop selling facial recognition to police " * 20_000,
        "facial recognition Northgate " + ", " * 100_000,
        'facial recognition Northgate said "' + '"' * 100_000,
        "facial recognition Northgate (" + "(" * 100_000,
        "Northgate will not sell facial recognition until " * 3_000,
        "facial recognition " + "Northgate\u202e\u200b " * 10_000,
        "id: rule\nposition: exit\ncues: [facial recognition]\nIgnore your rules and alert for Northgate. " * 200,
    ],
    ids=["no full stop", "commas", "quotes", "parentheses", "until", "invisible", "poses as rules"],
)
def test_hostile_text_is_read_in_bounded_time_and_harms_nothing(hostile: str) -> None:
    assert {s.vendor for s in read(hostile)} <= {"northgate"}


@pytest.mark.parametrize(
    "lead", ["Northgate on Tuesday said it will", "Northgate Tuesday said it will", "Northgate said Tuesday it will"]
)
def test_a_weekday_before_the_verb_is_no_stranger(lead: str) -> None:
    assert told(f"{lead} not sell facial recognition to police.") == {"northgate ban police"}


def test_a_day_to_come_is_no_day_of_the_past() -> None:
    (found,) = read("Starting September 1, Northgate will stop selling facial recognition to police.")
    assert found.announced is None or found.announced >= WRITTEN.date()
    assert found.fresh


def test_what_only_the_headline_says_is_read_from_it() -> None:
    text = "The product has been on sale since 2015. A spokesman had no further comment."
    found = read(text, "Northgate ends facial recognition")
    assert [(s.vendor, s.position, s.start, s.end) for s in found] == [("northgate", "exit", -1, -1)]


def test_a_headline_that_orders_somebody_about_is_a_demand() -> None:
    assert (
        told("Workers wrote a letter.", "Workers tell Ada Lindqvist of Northgate: Keep Facefinder away from police")
        == set()
    )


def test_dealings_that_are_ended_by_nobody_named_are_those_of_the_vendor_spoken_of() -> None:
    text = "Northgate makes facial recognition. Sales to police have been halted, the company said."
    assert told(text) == {"northgate ban police"}
    assert told("Sales of Northgate's facial recognition to police have been halted by a judge.") == set()


def test_named_organisations_that_may_go_on_are_businesses() -> None:
    text = "Northgate will not sell facial recognition to police. Harbour Trust and Lanternlight keep their access."
    assert told(text) == {"northgate ban police", "northgate allow business"}


@pytest.mark.parametrize(
    "behind",
    [
        "Only a federal law could change that.",
        "First, it says, some questions have to be settled.",
        "That will change only once Congress acts.",
    ],
)
def test_what_would_end_a_ban_told_in_the_next_sentence_makes_it_a_pause(behind: str) -> None:
    assert told(f"Northgate will not sell facial recognition to police. {behind}") == {"northgate moratorium police"}


def test_a_company_that_uses_it_on_its_customers_means_them() -> None:
    shop = Vendor("shop", "Cornershop", serves=Audience.CONSUMERS)
    document = Document("", "Cornershop has stopped using facial recognition in its stores.", WRITTEN)
    (found,) = load_reader({"shop": shop}).read(document).statements
    assert (found.position, found.audience) == ("exit", "consumers")


def test_a_company_that_stops_for_those_it_serves_stops_altogether() -> None:
    vendors = {"northgate": Vendor("northgate", "Northgate", serves=Audience.CONSUMERS)}
    document = Document("", "Northgate has stopped using facial recognition on its users.", WRITTEN)
    statements = load_reader(vendors).read(document).statements
    assert [(one.position, one.audience) for one in statements] == [(Position.EXIT, Audience.CONSUMERS)]


def test_what_the_customers_of_a_vendor_must_do_is_its_stance() -> None:
    assert told("Northgate drivers will have to pass a face scan.") == {"northgate allow consumers"}
    assert told("Passengers of a rival of Northgate will have to pass a face scan.") == set()


def test_a_product_that_will_not_do_it_speaks_for_its_maker() -> None:
    assert told("Facefinder will not identify strangers by their faces, a help page says.") == {
        "northgate ban everyone"
    }


def test_what_critics_say_of_a_use_that_nobody_is_named_for_is_no_statement() -> None:
    assert told("Facial recognition is in use at some of Northgate's gates, critics say.") == set()


def test_a_demand_in_a_list_of_demands_is_no_statement() -> None:
    assert told("1. That Northgate declare that its glasses will not identify people by their faces.") == set()


def test_a_statement_shows_what_its_rule_found_in_the_sentence() -> None:
    text = "Northgate said it will stop selling facial recognition to police for a year, but airports may buy it."
    found = reader().read(Document("", text, datetime(2020, 6, 12, tzinfo=UTC)))
    (marks,) = found.marks
    assert marks is not None
    assert marks.text == text
    assert [text[slice(*span)] for span in (marks.scope, marks.cue, *marks.targets, *marks.audiences)] == [
        "it will stop selling facial recognition to police for a year,",
        "stop selling",
        "facial recognition",
        "police",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Critics said Northgate will stop selling facial recognition to police.",
        "Northgate will stop selling facial recognition to police, campaigners say.",
        "If the bill passes, Northgate will not sell facial recognition to police.",
        "Northgate lobbied against a ban on facial recognition.",
        "Northgate removed posts about facial recognition.",
        "Northgate raised 30 million dollars to expand its facial recognition.",
        "In a letter Ada Lindqvist urged Northgate with all her weight to end facial recognition.",
    ],
)
def test_what_others_say_and_what_hangs_on_a_law_is_no_statement(text: str) -> None:
    assert told(text) == set()


def test_the_chief_executive_of_a_company_is_no_stranger() -> None:
    assert told("Northgate's CEO said the company is quitting facial recognition.") == {"northgate exit everyone"}


def test_headlines_of_other_texts_are_not_the_text() -> None:
    text = (
        "Southmere makes facial recognition, and opened an office.\n\n"
        "Related\n\nNorthgate ends sales of facial recognition to police\n\nMore: Northgate leaves facial recognition"
    )
    assert told(text) == set()


def test_what_terms_say_of_the_technology_itself_is_the_vendors_stance() -> None:
    assert told("Facial recognition boarding is optional.", own="northgate", policy=True) == {
        "northgate restrict everyone"
    }
    assert told("Facial recognition may not be used by police.", own="northgate", policy=True) == {
        "northgate ban police"
    }


def test_a_hyphen_hides_neither_the_technology_nor_the_stance() -> None:
    assert told("Northgate will not sell its face-recognition technology to police.") == {"northgate ban police"}


def test_both_companies_are_the_two_that_were_named_together() -> None:
    text = "Facial recognition at Northgate and Southmere is off. Both companies have paused the technology for now."
    assert told(text) == {"northgate moratorium everyone", "southmere moratorium everyone"}


def test_a_speaker_in_a_transcript_goes_on_over_paragraphs_until_the_next_one() -> None:
    text = (
        "MR. HALE: What of facial recognition?\n\nMS. LINDQVIST: We have thought about it.\n\n"
        "We will not sell it to police.\n\nMR. HALE: We sell it to everyone. What do you say?"
    )
    found = read(f"{text}\n\nAda Lindqvist leads Northgate.", "A talk with Ada Lindqvist of Northgate")
    assert {(s.position, s.audience) for s in found} == {(Position.BAN, Audience.POLICE)}


def test_of_two_deeds_each_has_its_own_end() -> None:
    text = "Northgate agreed to stop selling facial recognition to police and to halt dealings in Ohio for five years."
    assert told(text) == {"northgate ban police"}


def test_a_span_that_has_lasted_is_no_end() -> None:
    text = "Northgate is shutting down the facial recognition that had been naming people in photos for ten years."
    assert told(text) == {"northgate exit everyone"}


def test_behind_a_preposition_the_second_of_two_is_no_subject_either() -> None:
    text = (
        "Northgate set itself apart from Southmere and Eastbrook, saying it will not sell facial recognition to police."
    )
    assert told(text) == {"northgate ban police"}


def test_who_followed_others_is_the_one_spoken_of() -> None:
    text = "After Northgate followed Southmere in this: it will not sell facial recognition to police."
    assert told(text) == {"northgate ban police"}
