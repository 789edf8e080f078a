"""One feed in each encoding, declared in each of the ways in which one can be declared, well and badly."""

import codecs

from tests.fetch.conformance.case import Case

WESTERN = "Café: “Gesichtserkennung” – Prüfung"
LATIN = "Café: Prüfung für Gesichter"


def _feed(text: str, declared: str | None) -> str:
    said = f' encoding="{declared}"' if declared else ""
    return f'<?xml version="1.0"{said}?><rss version="2.0"><channel><item><title>{text}</title></item></channel></rss>'


def _declared(name: str, text: str, codec: str | None = None) -> Case:
    """The document names its own encoding."""
    return Case(f"declared-{name}", _feed(text, name).encode(codec or name), ({"title": text},))


def _served(charset: str, text: str, codec: str | None = None) -> Case:
    """The server names it, the document does not."""
    kind = f"application/rss+xml; charset={charset}"
    return Case(
        f"served-as-{charset}",
        _feed(text, None).encode(codec or charset),
        ({"title": text},),
        kind,
    )


ENCODINGS = [
    *(_declared(name, WESTERN) for name in ("utf-8", "UTF-8", "windows-1252", "cp1252")),
    *(_declared(name, LATIN) for name in ("iso-8859-1", "ISO-8859-15", "latin1", "iso-8859-9", "macintosh")),
    *(_declared(name, "Amazon приостановила") for name in ("windows-1251", "koi8-r", "iso-8859-5", "cp866", "koi8-u")),
    *(_declared(name, "Zażółć gęślą jaźń") for name in ("iso-8859-2", "windows-1250")),
    *(_declared(name, "Αναγνώριση προσώπου") for name in ("iso-8859-7", "windows-1253")),
    *(_declared(name, "顔認証を停止") for name in ("shift_jis", "euc-jp", "iso-2022-jp")),
    *(_declared(name, "人脸识别") for name in ("gb2312", "gbk", "gb18030")),
    _declared("big5", "臉部辨識"),
    _declared("euc-kr", "얼굴 인식"),
    _declared("windows-1255", "זיהוי פנים"),
    _declared("windows-1256", "التعرف على الوجه"),
    _declared("windows-1254", "Yüz tanıma ığş"),
    _declared("tis-620", "จดจำใบหน้า"),
    Case("utf-8-with-a-mark", codecs.BOM_UTF8 + _feed(WESTERN, "utf-8").encode(), ({"title": WESTERN},)),
    Case(
        "utf-8-with-a-mark-and-no-declaration", codecs.BOM_UTF8 + _feed(WESTERN, None).encode(), ({"title": WESTERN},)
    ),
    Case(
        "utf-16-little-endian",
        codecs.BOM_UTF16_LE + _feed(WESTERN, "utf-16").encode("utf-16-le"),
        ({"title": WESTERN},),
    ),
    Case(
        "utf-16-big-endian", codecs.BOM_UTF16_BE + _feed(WESTERN, "utf-16").encode("utf-16-be"), ({"title": WESTERN},)
    ),
    Case("utf-16-without-a-mark", _feed(WESTERN, "utf-16").encode("utf-16-le"), ({"title": WESTERN},)),
    Case("utf-32", codecs.BOM_UTF32_LE + _feed(WESTERN, "utf-32").encode("utf-32-le"), ({"title": WESTERN},)),
    Case("nothing-declared-is-utf-8", _feed(WESTERN, None).encode(), ({"title": WESTERN},)),
    _served("utf-8", WESTERN),
    _served("windows-1252", WESTERN),
    _served("iso-8859-1", LATIN),
    _served('"utf-8"', WESTERN, "utf-8"),
    _served("UTF8", WESTERN, "utf-8"),
    Case(
        "the-server-says-ascii-and-the-document-knows-better",
        _feed(WESTERN, "utf-8").encode(),
        ({"title": WESTERN},),
        "text/xml; charset=us-ascii",
    ),
    Case(
        "the-server-says-latin-1-of-utf-8",
        _feed(WESTERN, "utf-8").encode(),
        ({"title": WESTERN},),
        "application/xml; charset=iso-8859-1",
    ),
    Case(
        "text-xml-without-a-charset-is-not-ascii", _feed(WESTERN, "utf-8").encode(), ({"title": WESTERN},), "text/xml"
    ),
    Case("text-html-is-served-and-a-feed-comes", _feed(WESTERN, "utf-8").encode(), ({"title": WESTERN},), "text/html"),
    Case("no-content-type-at-all", _feed(WESTERN, "utf-8").encode(), ({"title": WESTERN},), ""),
    Case("declared-utf-8-and-in-truth-windows-1252", _feed(WESTERN, "utf-8").encode("cp1252"), ({"title": WESTERN},)),
    Case(
        "declared-iso-8859-1-with-the-quotes-of-windows",
        _feed(WESTERN, "iso-8859-1").encode("cp1252"),
        ({"title": WESTERN},),
    ),
    Case("declared-with-a-name-that-nobody-knows", _feed(WESTERN, "x-unknown").encode(), ({"title": WESTERN},)),
    Case(
        "declared-utf-16-and-in-truth-utf-8",
        _feed(WESTERN, "utf-16").encode(),
        ({"title": WESTERN},),
    ),
    Case(
        "one-broken-byte-costs-one-letter",
        _feed("Amazon pauses @ police use", "utf-8").encode().replace(b"@", b"\xff"),
        ({"title": "Amazon pauses ÿ police use"},),
    ),
    Case("letters-outside-the-first-plane", _feed("Faces 🙂 𝒜", "utf-8").encode(), ({"title": "Faces 🙂 𝒜"},)),
    Case(
        "letters-as-numbers",
        _feed("Caf&#233; &#x1F642; &#8220;x&#8221;", "utf-8").encode(),
        ({"title": "Café 🙂 “x”"},),
    ),
    Case(
        "numbers-that-windows-meant",
        _feed("It&#146;s &#147;new&#148; &#151; now", "utf-8").encode(),
        ({"title": "It’s “new” — now"},),
    ),
    Case("letters-with-their-marks-apart", _feed("Cafe\u0301", "utf-8").encode(), ({"title": "Cafe\u0301"},)),
]
