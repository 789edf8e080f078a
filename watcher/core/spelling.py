"""British and American spellings of one word, brought to one form. For comparing only: the form need not be a word."""

import re

_ENDINGS = (
    (re.compile(r"is(e|ed|es|ing|er|ers|ation|ations|ational|able)$"), r"iz\1"),
    (re.compile(r"ys(e|ed|es|ing|er|ers)$"), r"yz\1"),
    (re.compile(r"(?<=[a-z]{2})our(?=(s|ed|ing|able|ably|ful|ite|ites|al|ally|hood|less)?$)"), "or"),
    (re.compile(r"(?<=[cdfhlpr])ae(?=[a-z]{3})|(?<=[a-z])oe(?=[a-z]{4})"), "e"),
)
_DOUBLED = re.compile(
    r"^((?:un|re|mis)?(?:cance|labe|mode|trave|signa|leve|channe|tunne|counse|marsha|tota|fue|dia|riva|"
    r"enro|fulfi|insta|ski|wi))ll?(?=(?:ed|ing|er|ers|ation|ations|ment|ments|ful|fully|s)?$)"
)
_CENTRE = re.compile(r"^(cent|met|lit|theat|fib|calib|spect|somb|lust|meag|kilomet|millimet)re(s|d)?$")
_WORDS = {
    "acknowledgement": "acknowledgment",
    "afterwards": "afterward",
    "ageing": "aging",
    "amongst": "among",
    "analogue": "analog",
    "artefact": "artifact",
    "artefacts": "artifacts",
    "catalogue": "catalog",
    "catalogues": "catalogs",
    "cheque": "check",
    "cheques": "checks",
    "defence": "defense",
    "dialogue": "dialog",
    "grey": "gray",
    "judgement": "judgment",
    "judgements": "judgments",
    "learnt": "learned",
    "licence": "license",
    "licences": "licenses",
    "offence": "offense",
    "offences": "offenses",
    "practise": "practice",
    "practised": "practiced",
    "practises": "practices",
    "practising": "practicing",
    "pretence": "pretense",
    "programme": "program",
    "programmes": "programs",
    "sceptical": "skeptical",
    "towards": "toward",
    "tyre": "tire",
    "whilst": "while",
}


def one_spelling(word: str) -> str:
    """The form that all spellings of a lower-case word share."""
    if word in _WORDS:
        return _WORDS[word]
    doubled = _DOUBLED.sub(r"\1l", word)
    if doubled != word:
        return doubled
    centre = _CENTRE.sub(r"\1er\2", word)
    if centre != word:
        return centre
    for ending, form in _ENDINGS:
        word = ending.sub(form, word)
    return word
