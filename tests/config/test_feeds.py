import json
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from watcher.config import feeds
from watcher.config.yaml import parse
from watcher.core.change import Change
from watcher.core.errors import ConfigError
from watcher.core.routing import Route
from watcher.core.source import FullText, Source, SourceKind, SourceType
from watcher.core.statement import Audience
from watcher.core.vendor import NameKind

ROOT = Path(__file__).parents[2]
ONE = "sources:\n  - {id: a, type: feed, url: 'https://example.org/', kind: news}\n"


def understood(text: str) -> feeds.Configuration:
    return feeds.interpret(parse(text.encode(), "feeds.yaml"))


def refusal(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        understood(text)
    return [str(fault) for fault in caught.value.faults]


def source(**changed: object) -> str:
    entry = {"id": "a", "type": "feed", "url": "https://example.org/", "kind": "news", **changed}
    kept = {key: value for key, value in entry.items() if value is not None}
    return json.dumps({"sources": [kept]})


def test_the_example_of_the_documentation_is_understood() -> None:
    text = """\
sources:
  - id: microsoft-on-the-issues
    type: feed
    url: https://blogs.microsoft.com/on-the-issues/feed/
    name: Microsoft On the Issues
    kind: vendor
    vendor: microsoft
    every: 15m
    full_text: on-match
routes:
  - channel: C0123456789
    vendors: [amazon, microsoft]
    changes: [announced, loosened]
"""
    expected = Source(
        id="microsoft-on-the-issues",
        type=SourceType.FEED,
        url="https://blogs.microsoft.com/on-the-issues/feed/",
        kind=SourceKind.VENDOR,
        name="Microsoft On the Issues",
        vendor="microsoft",
        every=timedelta(minutes=15),
        named_every=True,
        full_text=FullText.ON_MATCH,
    )
    found = understood(text)
    assert found.sources == (expected,)
    assert found.routes == (
        Route(
            "C0123456789",
            frozenset({"amazon", "microsoft"}),
            frozenset(),
            frozenset({Change.ANNOUNCED, Change.LOOSENED}),
        ),
    )
    assert found.vendors == {}


def test_what_is_optional_has_its_usual_value() -> None:
    (feed,) = understood(source()).sources
    assert (feed.name, feed.vendor, feed.every, feed.full_text) == (
        None,
        None,
        timedelta(minutes=30),
        FullText.ON_MATCH,
    )
    (same,) = understood(ONE.replace("news}", "news, name: , vendor: , every: , language: }")).sources
    assert same == feed
    (policy,) = understood(source(type="policy", vendor="ibm")).sources
    assert policy.every == timedelta(hours=6)


def test_eight_faults_in_one_file_are_all_named_with_file_key_and_what_was_expected(tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text(
        """\
sources:
  - {id: one, type: fede, url: https://example.org/1, kind: news}
  - {id: two, type: feed, url: ftp://example.org/2, kind: news}
  - {id: one, type: feed, url: https://example.org/3, kind: news}
  - {id: four, type: feed, url: https://example.org/4, kind: vendor}
  - {id: five, type: feed, url: https://example.org/5, kind: vendor, vendor: microsfot}
  - {id: six, type: feed, url: https://example.org/6, kind: news, evry: 15m}
  - {id: seven, type: feed, url: https://example.org/7, kind: news, every: 10s}
  - {id: eight, type: feed, kind: news}
""",
        "utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        feeds.load(str(file))
    assert [(fault.line, fault.key, fault.expected) for fault in caught.value.faults] == [
        (2, "sources[0].type (one)", "feed, blog or policy, not 'fede'; did you mean \"feed\"?"),
        (3, "sources[1].url (two)", "an address that begins with https:// or http://, with a host and without spaces"),
        (4, "sources[2].id (one)", "an id that stands once; the first is on line 2"),
        (5, "sources[3].vendor (four)", "is missing: the id of the vendor whose own voice it is"),
        (6, "sources[4].vendor (five)", "the id of a known vendor, not 'microsfot'; did you mean \"microsoft\"?"),
        (7, "sources[5].evry (six)", 'no such key; did you mean "every"?'),
        (8, "sources[6].every (seven)", "between 1m and 365d"),
        (9, "sources[7].url (eight)", "is missing: the address, https:// or http://"),
    ]
    assert {fault.file for fault in caught.value.faults} == {str(file)}
    assert "8 faults" in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"id": "a b"}, "letters, digits and single dashes"),
        ({"id": "a--b"}, "letters, digits and single dashes"),
        ({"id": 404}, "not 404: put it in quotes"),
        ({"id": None}, "sources[0].id: is missing"),
        ({"kind": "blog"}, "vendor, news, advocacy, government or newsletter, not 'blog'"),
        ({"kind": ["news"]}, "vendor, news, advocacy, government or newsletter, not ['news']"),
        ({"type": "policy"}, "sources[0].vendor (a): is missing"),
        ({"vendor": "amazon"}, "only for kind vendor or type policy: a news source speaks for itself"),
        ({"kind": "vendor", "vendor": "Google Cloud"}, 'did you mean "google"?'),
        ({"kind": "vendor", "vendor": "nobody-at-all"}, "the id of a known vendor, not 'nobody-at-all'"),
        ({"every": 15}, "such as 15m, 6h or 1d"),
        ({"every": "59s"}, "between 1m"),
        ({"every": [1]}, "such as 15m, 6h or 1d"),
        ({"full_text": "sometimes"}, "always, on-match or never"),
        ({"full_text": True}, "always, on-match or never"),
        ({"url": "example.org"}, "https:// or http://"),
        ({"url": "https://"}, "with a host"),
        ({"url": "https://example.org/a b"}, "without spaces"),
        ({"url": "https://example.org:99999/"}, "an address"),
        ({"url": "file:///etc/passwd"}, "https:// or http://"),
        ({"url": "https://exa\nmple.org/"}, "an address"),
        ({"url": 7}, "the address, https:// or http://; a text, not 7: put it in quotes"),
        ({"name": ""}, "a text that is not empty"),
        ({"language": "German"}, "the language of its texts"),
    ],
)
def test_a_bad_value_is_told_with_what_was_expected(changed: dict[str, Any], told: str) -> None:
    (fault,) = refusal(source(**changed))
    assert told in fault


def test_no_fault_repeats_the_password_in_an_address() -> None:
    (fault,) = refusal(source(url="gopher://user:hunter2@example.org/"))
    assert "hunter2" not in fault


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a\n", "feeds.yaml: file: a mapping that begins with `sources:`"),
        ("just words\n", "feeds.yaml: file: a mapping that begins with `sources:`"),
        ("routes: []\n", "feeds.yaml: sources: at least one source"),
        ("sources:\n", "feeds.yaml:1: sources: at least one source"),
        ("sources: []\n", "feeds.yaml:1: sources: at least one source"),
        ("sources: {id: a}\n", "feeds.yaml:1: sources: a list"),
        ("sources: [a]\n", "feeds.yaml:1: sources[0]: a mapping"),
        (f"{ONE}source: []\n", 'feeds.yaml:3: source: no such key; did you mean "sources"?'),
        (f"{ONE}routes:\n  - vendors: [amazn]\n", "feeds.yaml:4: routes[0].channel: is missing: a channel id"),
        (
            f"{ONE}routes:\n  - channel: '#alerts'\n",
            "feeds.yaml:4: routes[0].channel: a channel id such as C0123456789",
        ),
        (f"{ONE}routes:\n  - {{channel: C1, vendors: [amazn]}}\n", "routes[0].vendors[0]: the id of a known vendor"),
        (f"{ONE}routes:\n  - {{channel: C1, changes: [losened]}}\n", 'did you mean "loosened"?'),
        (f"{ONE}routes:\n  - {{channel: C1, changes: [reiterated]}}\n", "announced, tightened, loosened"),
        (
            f"{ONE}routes:\n  - {{channel: C1, audiences: [cops]}}\n",
            "police, government, business, consumers or everyone",
        ),
        (f"{ONE}routes:\n  - {{channel: C1, vendors: amazon}}\n", "routes[0].vendors: a list"),
        (f"{ONE}routes:\n  - {{channel: C1, severity: hihg}}\n", 'did you mean "high"?'),
        (f"{ONE}vendors:\n  - {{id: newco}}\n", "vendors[0].name (newco): is missing: no vendor of this id is shipped"),
        (f"{ONE}vendors:\n  - {{id: n, name: N, units: [Rekognition]}}\n", '"Rekognition" is of amazon and of n'),
        (
            f"{ONE}vendors:\n  - {{id: n, name: N}}\n  - {{id: n, name: M}}\n",
            "vendors[1].id (n): an id that is used once",
        ),
    ],
)
def test_a_wrong_shape_is_told(text: str, told: str) -> None:
    assert any(told in fault for fault in refusal(text))


def test_a_missing_file_says_which_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"none\.yaml: file: does not exist; name another with --feeds or WATCHER_FEEDS"
    ):
        feeds.load(str(tmp_path / "none.yaml"))


def test_a_source_of_a_vendor_with_a_fault_of_its_own_is_not_at_fault_as_well() -> None:
    told = refusal(
        "sources:\n  - {id: a, type: feed, url: 'https://e.org', kind: vendor, vendor: newco}\n"
        "vendors:\n  - {id: newco, name: Newco, alias: [New]}\n"
    )
    assert told == ['feeds.yaml:4: vendors[0].alias (newco): no such key; did you mean "aliases"?']


def test_a_vendor_can_be_added_and_then_named() -> None:
    found = understood(
        "vendors:\n  - {id: newco, name: Newco, products: [{text: NewFace, technology: true}]}\n"
        "sources:\n  - {id: a, type: feed, url: 'https://e.org', kind: vendor, vendor: newco}\n"
        "routes:\n  - {channel: C1, vendors: [newco], audiences: [police]}\n"
    )
    assert [(name.text, name.kind) for name in found.vendors["newco"].names] == [
        ("Newco", NameKind.COMPANY),
        ("NewFace", NameKind.PRODUCT),
    ]
    assert found.routes == (Route("C1", frozenset({"newco"}), frozenset({Audience.POLICE})),)


def test_a_shipped_vendor_keeps_the_keys_that_are_not_given() -> None:
    found = understood(f"{ONE}vendors:\n  - {{id: amazon, units: [Twitch]}}\n").vendors["amazon"]
    texts = {name.text for name in found.names}
    assert {"Amazon", "Rekognition", "Twitch"} <= texts
    assert "Ring" not in texts


def test_ten_thousand_sources_load_without_a_wait(tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    entry = "  - id: s{0}\n    type: feed\n    url: http://127.0.0.1/{0}\n    kind: news\n    every: 15m\n"
    file.write_text("sources:\n" + "".join(entry.format(number) for number in range(10_000)), "utf-8")
    begun = time.perf_counter()
    assert len(feeds.load(str(file)).sources) == 10_000
    assert time.perf_counter() - begun < 20


# --- what is shipped


def test_the_shipped_file_is_sound() -> None:
    found = feeds.load(str(ROOT / "feeds.yaml"))
    assert len(found.sources) >= 80
    assert {source.type for source in found.sources} == set(SourceType)
    assert not [source.id for source in found.sources if not source.url.startswith("https://")]


def test_no_archive_of_others_speaks_in_a_vendors_voice() -> None:
    shipped = feeds.load(str(ROOT / "feeds.yaml")).sources
    assert not [source.id for source in shipped if "github.com" in source.url and source.vendor]


def test_the_shipped_schema_is_that_of_the_models() -> None:
    stored = json.loads((ROOT / "feeds.schema.json").read_text("utf-8"))
    assert stored == feeds.schema(), "feeds.schema.json is old: json.dumps(feeds.schema(), indent=2) makes it anew"


def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(feeds.schema())
    return jsonschema.Draft202012Validator(feeds.schema())


def test_the_schema_accepts_the_shipped_file() -> None:
    text = (ROOT / "feeds.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=./feeds.schema.json\n")
    assert list(validator().iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "fede"},
        {"kind": "vendor"},
        {"type": "policy"},
        {"evry": "15m"},
        {"every": "15"},
        {"id": "a b"},
        {"url": "ftp://example.org/"},
        {"url": None},
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(changed: dict[str, Any]) -> None:
    text = source(**changed)
    assert refusal(text)
    assert not validator().is_valid(json.loads(text))


def test_every_example_of_the_documentation_loads() -> None:
    text = (ROOT / "docs" / "sources.md").read_text("utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(examples) >= 5
    for example in examples:
        assert understood(example if example.startswith("sources:") else ONE + example).sources


def test_every_unverified_address_is_named_in_the_documentation() -> None:
    entries = (ROOT / "feeds.yaml").read_text("utf-8").split("\n  - id: ")[1:]
    marked = {entry.split()[0] for entry in entries if "address unverified" in entry}
    documented = (ROOT / "docs" / "sources.md").read_text("utf-8")
    assert marked
    assert not [name for name in marked if f"`{name}`" not in documented]
