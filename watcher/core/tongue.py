"""In which language a page is served, as far as that tells one version of it from another.

This is for comparing captures of one page; what is read is decided in ``language``, for which the frequent words here
tell the languages that have no rules.
"""

import re
import unicodedata
from collections import Counter

_LEAST = 12  # words below which nothing is told
_SHARE = 0.12  # of all words; running text has a quarter to a half of them
_LOOK = 20_000  # characters
_WORD = re.compile(r"[^\W\d_]+")
_FREQUENT = {
    "en": "the of and to in is for that you or not with by are may as this be our any your we on it",
    "de": "der die das und in zu den von mit ist für nicht ein eine sie wir dem des auf oder werden durch nach",
    "fr": "le la les et de des du en un une est pour que vous nous pas par dans ou au aux sur ne qui votre vos",
    "es": "el la los las y de que en un una para por con no es del se su al o como usted sus nuestros",
    "it": "il di che e la per un una non del della con sono dei le gli al o nel si da i delle lo può",
    "pt": "o a os as e de que em um uma para por com não é do da dos das se ao ou você no na nossos",
    "nl": "de het een en van in is voor niet dat op met zijn of u we te door aan onze worden als",
    "ca": "el la els les i de que en un una és per amb no del al dels als com més aquest aquesta va seu seva l d fins",
    "gl": "o a os as e de que en unha un é para por con non do da dos das se ao ou pola polo máis súa",
    "ro": "și de în la cu nu pe o că un pentru este din care sau prin mai ale sunt se au fi să al",
    "sv": "och att det som en på är av för med inte den till ett du vi eller kan om vår",
    "da": "og at det som en på er af for med ikke den til et du vi eller kan om vores der",
    "nb": "og at det som en på er av for med ikke den til et du vi eller kan om etter seg fra har ble",
    "fi": "ja on ei se että tai ovat kuin mutta myös joka sen hän oli voi ole mukaan tämä niin jos",
    "cs": "a v na se že je s do z pro o to jako by ale nebo podle jsou který která po od ve",
    "hu": "a az és hogy nem egy is ez de van meg vagy mint csak szerint azt már ki lesz",
    "pl": "i w na z do nie się że jest o jak po lub przez dla od oraz może są przy",
    "tr": "ve bir bu için ile de da veya olarak olan gibi daha sizin bizim değil",
    "id": "dan yang di untuk dengan tidak dari ini atau anda kami pada ke dalam adalah",
    "vi": "và của các là cho không được trong có một với những này bạn",
}
FREQUENT = {language: frozenset(words.split()) for language, words in _FREQUENT.items()}
_NAMES = {  # what languages without rules call face recognition: by this a headline of a few words is told
    "pt": "reconhecimento facial",
    "it": "riconoscimento facciale",
    "ca": "reconeixement facial",
    "gl": "recoñecemento facial",
    "nl": "gezichtsherkenning",
    "ro": "recunoaștere facială",
    "sv": "ansiktsigenkänning",
    "da": "ansigtsgenkendelse",
    "nb": "ansiktsgjenkjenning",
    "fi": "kasvojentunnistus",
    "cs": "rozpoznávání obličej",
    "hu": "arcfelismer",
    "pl": "rozpoznawani",
    "tr": "yüz tanıma",
    "id": "pengenalan wajah",
    "vi": "nhận dạng khuôn mặt",
}
_SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "CYRILLIC", "ARABIC", "HEBREW", "GREEK", "THAI", "DEVANAGARI")


def tongue(text: str) -> str | None:
    """The language of a text, or its script where that says enough; None where neither can be told."""
    sample = text[:_LOOK]
    script = script_of(sample)
    if script:
        return script
    words = [word.casefold() for word in _WORD.findall(sample)]
    if len(words) < _LEAST:
        return None
    counts = {language: sum(word in known for word in words) for language, known in FREQUENT.items()}
    best, second = sorted(counts, key=lambda language: -counts[language])[:2]
    clear = counts[best] >= _SHARE * len(words) and counts[best] > counts[second]
    return best if clear else None


def foreign_name(text: str) -> str | None:
    """The language without rules whose name for face recognition stands in a text; None where none does."""
    lower = unicodedata.normalize("NFC", text[:_LOOK]).casefold()
    return next((language for language, name in _NAMES.items() if name in lower), None)


def script_of(sample: str) -> str | None:
    """The script of a text, where a third of its letters are of one that is not Latin."""
    letters = [char for char in sample if char.isalpha()]
    foreign = Counter(unicodedata.name(char, "").split()[0].partition("-")[0] for char in letters if char > "\u036f")
    found = [(foreign[name], name) for name in _SCRIPTS if foreign[name] * 3 >= len(letters) > 0]
    return max(found)[1].lower() if found else None
