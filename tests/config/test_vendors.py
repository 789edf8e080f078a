import pytest

from watcher.config import vendors
from watcher.config.vendors import load_vendors
from watcher.config.yaml import parse
from watcher.core.errors import ConfigError
from watcher.core.mention import Namer
from watcher.core.vendor import Name, NameKind


def refusal(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        vendors.check(parse(text.encode(), "v.yaml"))
    return [str(fault) for fault in caught.value.faults]


def named(text: str) -> set[str | None]:
    return {mention.vendor for mention in Namer(load_vendors()).within(text).find(text)}


def name_of(vendor: str, text: str) -> Name:
    return next(name for name in load_vendors()[vendor].names if name.text == text)


def test_the_shipped_vendors_are_sound_and_many() -> None:
    shipped = load_vendors()
    assert len(shipped) >= 80
    assert {"microsoft", "amazon", "ibm", "clearview-ai", "kairos", "gitlab"} <= set(shipped)
    assert all(vendor.names for vendor in shipped.values())


def test_no_shipped_name_holds_a_remark_in_brackets() -> None:
    texts = [name.text for vendor in load_vendors().values() for name in vendor.names]
    assert not [text for text in texts if "(" in text or ";" in text]


def test_no_name_of_two_letters_stands_alone() -> None:
    short = [name for vendor in load_vendors().values() for name in vendor.names if len(name.text) <= 2]
    assert short
    assert all(name.needs for name in short)


def test_units_and_products_speak_of_their_parent() -> None:
    assert name_of("amazon", "Ring").kind is NameKind.UNIT
    assert name_of("amazon", "Rekognition") == Name("Rekognition", NameKind.PRODUCT, technology=True)
    assert name_of("microsoft", "Brad Smith").kind is NameKind.PERSON


def test_unlocking_a_phone_is_no_technology_to_watch() -> None:
    assert not name_of("apple", "Face ID").technology
    assert not name_of("microsoft", "Windows Hello").technology


def test_names_with_an_apostrophe_are_met_in_both_spellings() -> None:
    assert {"Lowe's", "Lowe\u2019s"} <= {name.text for name in load_vendors()["lowes"].names}


@pytest.mark.parametrize(
    "text",
    [
        "The Gender Gap in hiring widens.",
        "The ring of fire and the Ring cycle",
        "Iceland and Norway joined the treaty.",
        "He wrote on X that it was late.",
        "She said in a Zoom call that she would leave.",
        "The Amazon rainforest is shrinking.",
        "Meta-analysis of 40 studies",
        "A Delta variant was found.",
        "Jean-Claude sang with Threads of gold and a Halo.",
        "The ROC curve of the test",
        "Ever since, they have met.",
        "Track the parcel; Reveal the price.",
        "Evolve or die. Discord over taxes.",
        "Clearview High School won.",
        "Brave New World by Huxley",
        "the NEC in Birmingham",
        "The Intel Committee met.",
        "SNAP benefits and a Snap election",
        "The Persona was clear, CLEAR even.",
        "Googled it, then a Google Maps route",
    ],
)
def test_homonyms_are_nobody(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("Ring, the doorbell maker, will not", "amazon"),
        ("Gap told Fight for the Future, as Macy's did", "gap"),
        ("Iceland confirmed a Facewatch trial", "iceland-foods"),
        ("X, formerly Twitter, changed its terms", "x"),
        ("Zoom Rooms: Zoom now shows names", "zoom"),
        ("Meta said it would shut it down", "meta"),
        ("Facebook said it would shut it down", "meta"),
        ("Delta opened an airport terminal", "delta"),
        ("New World, a Foodstuffs chain", "foodstuffs"),
        ("the Redmond company", "microsoft"),
        ("Big Blue, as IBM is called", "ibm"),
        ("China's Face++ did worse", "megvii"),
        ("Lowe\u2019s wrote to a trade site", "lowes"),
    ],
)
def test_an_ambiguous_name_counts_in_company(text: str, vendor: str) -> None:
    assert vendor in named(text)


def test_all_faults_of_a_vendor_file_are_named_at_once() -> None:
    told = refusal(
        "vendors:\n"
        "  - {id: a, name: A, alias: [B]}\n"
        "  - {id: b c, name: B}\n"
        "  - {id: d, name: D, products: [{text: ' x'}]}\n"
        "  - {id: e, name: E, people: [{name: F}]}\n"
    )
    assert told == [
        'v.yaml:2: vendors[0].alias (a): no such key; did you mean "aliases"?',
        "v.yaml:3: vendors[1].id (b c): a name for this file and the ledger: letters, digits and single dashes",
        "v.yaml:4: vendors[2].products[0].text (d): words without spaces around them",
        "v.yaml:5: vendors[3].people[0].text (e): is missing: the name as it stands in articles",
        "v.yaml:5: vendors[3].people[0].name (e): no such key; known are needs, note, role, serves, technology, text, unless",
    ]


def test_ids_and_names_belong_to_one_vendor() -> None:
    told = refusal(
        "vendors:\n  - {id: a, name: A}\n  - {id: b, name: B, units: [A]}\n  - {id: b, name: C}\n  - {id: d}\n"
    )
    assert told == [
        'v.yaml:1: vendors: names of one vendor each; "A" is of a and of b',
        "v.yaml:4: vendors[2].id (b): an id that is used once",
        "v.yaml:5: vendors[3].name (d): is missing: the name to show",
    ]
