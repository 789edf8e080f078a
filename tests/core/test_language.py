"""In which language a text is read: its own, and never that of a neighbour."""

import pytest

from tests.core.reading import WRITTEN, reader
from watcher.core.reader import Document, Readout

WITHOUT_RULES = {
    "it": "Amazon ha annunciato mercoledì che vieterà alla polizia di usare il suo software di riconoscimento facciale "
    "per un anno. La società spera che il Congresso approvi nel frattempo una legge sull'uso della tecnologia.",
    "pt": "A Northgate não venderá reconhecimento facial à polícia até que haja uma lei federal, disse o presidente.",
    "nl": "Northgate heeft woensdag bekendgemaakt dat de politie zijn software voor gezichtsherkenning een jaar lang "
    "niet mag gebruiken. Het bedrijf hoopt dat het Congres in die tijd een wet aanneemt.",
    "ca": "Northgate va anunciar dimecres que prohibirà a la policia fer servir el seu programa de reconeixement "
    "facial durant un any. L'empresa espera que el Congrés aprovi una llei sobre l'ús de la tecnologia.",
    "gl": "Northgate anunciou o mércores que prohibirá á policía usar o seu programa de recoñecemento facial durante "
    "un ano. A empresa agarda que o Congreso aprobe unha lei sobre o uso da tecnoloxía.",
    "sv": "Northgate meddelade på onsdagen att polisen inte får använda företagets program för ansiktsigenkänning "
    "under ett år. Företaget hoppas att kongressen antar en lag.",
    "unknown": "Northgatek asteazkenean iragarri zuen urtebetez debekatuko diola poliziari aurpegi-ezagutzako "
    "softwarea erabiltzea, eta enpresak espero du Kongresuak lege bat onartzea laster.",
    "cyrillic": "Northgate объявила в среду, что запретит полиции использовать её систему распознавания лиц в "
    "течение года, пока Конгресс не примет закон об этой технологии.",
}
WITH_RULES = {
    "en": "Northgate will not sell facial recognition to the police until there is a federal law, its president said.",
    "es": "Northgate no venderá reconocimiento facial a la policía hasta que haya una ley federal, dijo su presidente.",
    "fr": "Northgate ne vendra pas de reconnaissance faciale à la police tant qu'il n'y a pas de loi fédérale.",
    "de": "Northgate verkauft keine Gesichtserkennung an die Polizei, bis es ein Bundesgesetz gibt, sagte der Chef.",
}


def readout(text: str, title: str = "", declared: str | None = None) -> Readout:
    return reader().read(Document(title, text, WRITTEN, language=declared))


def language(text: str, declared: str | None = None) -> str:
    return reader().language(Document("", text, WRITTEN, language=declared))


@pytest.mark.parametrize(("name", "text"), WITHOUT_RULES.items())
def test_a_text_in_a_language_without_rules_is_unread_and_said_to_be(name: str, text: str) -> None:
    assert readout(text) == Readout((), f"not read: the text seems to be in a language without rules ({name})")


@pytest.mark.parametrize(("name", "text"), WITH_RULES.items())
def test_a_text_is_read_by_the_grammar_of_its_language(name: str, text: str) -> None:
    assert language(text) == name
    assert [str(found.position) for found in readout(text).statements] == ["moratorium"]


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("es", "Northgate abandona el reconocimiento facial"),
        ("fr", "Northgate arrête la reconnaissance faciale"),
        ("de", "Northgate stoppt Verkauf von Gesichtserkennung"),
        ("en", "Northgate quits facial recognition"),
        ("en", "Northgate quits"),
        ("han", "顔認識ソフト 警察"),
    ],
)
def test_a_headline_is_known_by_its_name_for_the_technology(name: str, headline: str) -> None:
    assert language(headline) == ("cjk" if name == "han" else name)


def test_a_few_words_without_a_name_for_the_technology_are_what_the_source_says() -> None:
    assert language("Northgate macht Schluss", declared="de-AT") == "de"
    assert language("Northgate macht Schluss", declared="sv") == "en"


def test_an_english_headline_in_a_french_feed_is_english() -> None:
    assert language("Northgate quits facial recognition", declared="fr") == "en"


def test_a_mixed_text_is_read_in_the_language_of_most_of_it() -> None:
    assert language(WITH_RULES["en"] + " " + WITH_RULES["fr"] * 4) == "fr"
    assert language(WITH_RULES["en"] * 4 + " " + WITH_RULES["fr"]) == "en"


def test_words_of_no_language_are_of_the_declared_one_or_unknown() -> None:
    names = "Northgate Southmere Eastbrook " * 10
    assert (language(names), language(names, declared="sv-SE")) == ("unknown", "sv")


def test_a_neighbour_is_not_read_for_a_name_in_another_language() -> None:
    text = WITHOUT_RULES["pt"] + " Em espanhol chama-se reconocimiento facial, e não é o mesmo que o uso de câmeras."
    assert readout(text).statements == ()


@pytest.mark.parametrize(
    ("headline", "language"),
    [
        ("Amazon proíbe polícia de usar reconhecimento facial", "pt"),
        ("IBM abbandona il riconoscimento facciale", "it"),
        ("Microsoft stopt met gezichtsherkenning voor politie", "nl"),
    ],
)
def test_a_headline_is_told_by_what_its_language_calls_the_technology(headline: str, language: str) -> None:
    assert reader().language(Document(headline, "", WRITTEN)) == language
