"""Spanish, French and German: what is read, with its terms, and what is not."""

from datetime import date

import pytest

from tests.core.reading import read, reader, told
from watcher.core import when
from watcher.core.sentence import split
from watcher.core.when import Calendar

WEDNESDAY = date(2022, 3, 16)


def calendar(language: str) -> Calendar:
    return reader().grammars[language].syntax.calendar


def texts(language: str, whole: str) -> list[str]:
    return [one.text for one in split(whole, reader().grammars[language].syntax.writing)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "el 8 de junio de 2020", date(2020, 6, 8)),
        ("es", "dijo el miércoles", WEDNESDAY),
        ("es", "el pasado lunes", date(2022, 3, 14)),
        ("es", "ayer", date(2022, 3, 15)),
        ("fr", "le 8 juin 2020", date(2020, 6, 8)),
        ("fr", "le 1er mars", date(2022, 3, 1)),
        ("fr", "a annoncé mercredi", WEDNESDAY),
        ("fr", "mercredi dernier", date(2022, 3, 9)),
        ("de", "am 8. Juni 2020", date(2020, 6, 8)),
        ("de", "am Mittwoch", WEDNESDAY),
        ("de", "gestern", date(2022, 3, 15)),
        ("de", "am vergangenen Mittwoch", date(2022, 3, 9)),
    ],
)
def test_a_day_is_read_in_its_language(language: str, text: str, expected: date) -> None:
    assert when.days(calendar(language), text, WEDNESDAY)[0].day == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "durante un año", (1, "year")),
        ("es", "una moratoria de seis meses", (6, "month")),
        ("fr", "pendant un an", (1, "year")),
        ("fr", "un moratoire d'un an", (1, "year")),
        ("fr", "pendant douze mois", (12, "month")),
        ("de", "für ein Jahr", (1, "year")),
        ("de", "ein Jahr lang", (1, "year")),
        ("de", "ein einjähriges Moratorium", (1, "year")),
        ("de", "seit Jahren", None),
    ],
)
def test_a_span_is_read_in_its_language(language: str, text: str, expected: tuple[int, str] | None) -> None:
    assert when.span(calendar(language), text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "finales de 2023", date(2023, 12, 31)),
        ("es", "junio de 2023", date(2023, 6, 30)),
        ("fr", "fin 2023", date(2023, 12, 31)),
        ("fr", "la fin de l'année prochaine", date(2023, 12, 31)),
        ("de", "Ende 2023", date(2023, 12, 31)),
        ("de", "Ende des Jahres", date(2022, 12, 31)),
    ],
)
def test_an_end_is_read_in_its_language(language: str, text: str, expected: date) -> None:
    assert when.end_day(calendar(language), text, WEDNESDAY) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "el año pasado"),
        ("es", "en 2019"),
        ("fr", "l'an dernier"),
        ("fr", "il y a deux ans"),
        ("de", "vor zwei Jahren"),
    ],
)
def test_words_that_look_back_in_their_language(language: str, text: str) -> None:
    assert when.looks_back(calendar(language), text, WEDNESDAY)


def test_a_german_ordinal_and_a_spanish_abbreviation_end_no_sentence() -> None:
    assert texts("de", "Am 8. Juni sprach Dr. Weber. Die Firma schwieg.") == [
        "Am 8. Juni sprach Dr. Weber.",
        "Die Firma schwieg.",
    ]
    assert texts("es", "Habló el Sr. Ruiz en EE. UU. ¿Y después? «Nada.» La empresa calló.") == [
        "Habló el Sr. Ruiz en EE. UU. ¿Y después?",
        "«Nada.»",
        "La empresa calló.",
    ]


def test_a_french_quotation_keeps_its_marks_and_their_spaces() -> None:
    assert texts("fr", "« Nous arrêtons. » Le groupe se tait. « Rien », dit-il.") == [
        "« Nous arrêtons. »",
        "Le groupe se tait.",
        "« Rien », dit-il.",
    ]


def test_a_french_report_over_two_sentences_is_one_pause_with_its_end() -> None:
    (found,) = read(
        "Les forces de l'ordre ne pourront plus utiliser la reconnaissance faciale de Northgate pendant douze mois. "
        "L'entreprise l'a annoncé mercredi dans un billet de blog."
    )
    assert (str(found.position), str(found.audience), found.until) == ("moratorium", "police", date(2023, 3, 16))


def test_a_german_verb_at_the_end_of_its_clause_reads_whom_it_is_about() -> None:
    text = (
        "Northgate teilte am Montag mit, dass es der Polizei seine Gesichtserkennung nicht mehr zur Verfügung stellt."
    )
    (found,) = read(text)
    assert (found.vendor, str(found.position), str(found.audience)) == ("northgate", "ban", "police")
    assert found.announced == date(2022, 3, 14)


def test_a_german_genitive_names_its_owner() -> None:
    assert told("Die Polizei darf Northgates Gesichtserkennung nicht mehr nutzen, sagte ein Sprecher der Firma.") == {
        "northgate ban police"
    }


def test_a_spanish_verb_in_the_first_person_is_the_vendors_own_voice() -> None:
    text = "A partir de hoy no venderemos tecnología de reconocimiento facial a la policía de ningún estado."
    (found,) = read(text, own="northgate")
    assert (str(found.position), str(found.audience), found.own_voice) == ("ban", "police", True)


@pytest.mark.parametrize(
    "text",
    [
        "Según un informe, Northgate vende su reconocimiento facial a los gobiernos de medio mundo.",
        "Selon la plainte, Northgate vend sa reconnaissance faciale à des gouvernements sans contrôle.",
        "Laut der Klage will Northgate weiterhin Gesichtserkennung an die Polizei verkaufen.",
        "¿Dejará Northgate de vender su reconocimiento facial a la policía el próximo año?",
        "Northgate va-t-elle cesser de vendre sa reconnaissance faciale à la police ?",
        "Die Polizei darf die Gesichtserkennung von Northgate wegen eines neuen Gesetzes nicht mehr nutzen.",
    ],
)
def test_what_others_say_and_what_is_asked_is_no_stance(text: str) -> None:
    assert told(text) == set()
