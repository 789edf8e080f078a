import pytest

from watcher.core.tongue import tongue

TEXTS = {
    "en": "You may not use the service to identify people in public places, and we are not liable for any such use.",
    "de": "Sie dürfen den Dienst nicht für die Erkennung von Personen verwenden, und wir haften nicht für die Nutzung.",
    "fr": "Vous ne pouvez pas utiliser le service pour identifier des personnes dans les lieux publics sans notre accord.",
    "es": "No puede usar el servicio para identificar a las personas en los lugares públicos sin el permiso de la empresa.",
    "it": "Non è consentito utilizzare il servizio per identificare le persone nei luoghi pubblici e per la sorveglianza.",
    "nl": "U mag de dienst niet gebruiken om mensen te herkennen in openbare ruimten en wij zijn niet aansprakelijk voor u.",
    "cjk": "お客様は本サービスを利用して公共の場所で人物を特定してはなりません。当社は責任を負いません。",
    "cyrillic": "Вы не можете использовать сервис для распознавания людей в общественных местах без согласия.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_is_told_by_its_frequent_words_or_its_script(language: str) -> None:
    found = tongue(TEXTS[language])
    assert found == language or (language == "cjk" and found in {"cjk", "hiragana"})


def test_a_short_or_strange_text_has_no_language() -> None:
    assert tongue("Face recognition") is None
    assert tongue("1 2 3 " * 50) is None
    assert tongue("lorem ipsum dolor sit amet consectetur " * 10) is None
