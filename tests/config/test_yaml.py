import itertools

import pytest
from yaml import safe_load

from watcher.config import yaml
from watcher.core.errors import ConfigError


def refusal(data: bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        yaml.parse(data, "f.yaml").refuse()
    return str(caught.value)


def test_every_key_and_item_knows_its_line() -> None:
    loaded = yaml.parse(b"a: 1\nb:\n  - x\n  - c: 2\n    d: 3\n", "f.yaml")
    assert loaded.value == {"a": 1, "b": ["x", {"c": 2, "d": 3}]}
    assert yaml.line_of(loaded.value, ("b", 1, "d")) == 5
    assert yaml.line_of(loaded.value, ("b", 1, "missing")) == 4


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "f.yaml: file: is empty"),
        (b"# only a remark\n", "f.yaml: file: is empty"),
        (b"a: [1\nb: 2", "f.yaml:2: file: valid YAML: did not find expected ',' or ']' (column 2)"),
        (b"a:\n\t- b", "f.yaml:2: file: valid YAML"),
        (b"a: \x00", "f.yaml: file: valid YAML: characters that YAML does not allow"),
        (b"a: 1\nb: \xe9\n", "f.yaml:2: file: UTF-8 text"),
        (b"a: 1\n---\nb: 2\n", "f.yaml:2: file: one document"),
        (b"a: 1\nb: 2\na: 3\n", "f.yaml:3: a: each key once; the first is on line 1"),
        (b"a: 2020-13-45\n", "f.yaml:1: a: a plain value, not '2020-13-45'"),
        (b"a: !thing x\n", "f.yaml:1: a: a plain value, not 'x'"),
        (b"? [a]\n: b\n", "f.yaml:1: file: keys that are plain words"),
        (b"a: *nobody\n", "f.yaml:1: a: an anchor &nobody"),
        (b"&a [*a]\n", "f.yaml:1: [0]: an anchor &a that is complete"),
        (b"<<: 3\n", "f.yaml:1: file: mappings after <<"),
        (b"a" * (yaml.MAX_BYTES + 1), "f.yaml: file: at most 5 MB"),
    ],
)
def test_a_fault_is_told_with_its_place(data: bytes, told: str) -> None:
    assert told in refusal(data)


@pytest.mark.parametrize("data", [b"[" * 100_000, b"{a: " * 100_000, b"- " * 100_000 + b"x"])
def test_deep_nesting_is_refused_and_does_not_end_the_process(data: bytes) -> None:
    assert "40 deep" in refusal(data)


def test_aliases_that_multiply_are_refused() -> None:
    names = "abcdefgh"
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in itertools.pairwise(names)]
    assert "each alias counted every time" in refusal("\n".join(lines).encode())


def test_aliases_and_merge_keys_save_writing() -> None:
    loaded = yaml.parse(b"d: &d {x: 1, y: 2}\nb: {<<: *d, y: 3}\nc: {<<: [{x: 9}, *d]}\ne: *d\n", "f.yaml")
    assert loaded.faults == []
    assert loaded.value["b"] == {"x": 1, "y": 3}
    assert loaded.value["c"] == {"x": 9, "y": 2}
    assert loaded.value["e"] == {"x": 1, "y": 2}


def test_no_tag_makes_a_python_object() -> None:
    loaded = yaml.parse(b"a: !!python/object/apply:os.getcwd []\nb: !!python/name:os.getcwd x\n", "f.yaml")
    assert loaded.value == {"a": [], "b": None}
    assert len(loaded.faults) == 1


def test_a_missing_file_says_how_to_come_by_one(tmp_path: object) -> None:
    with pytest.raises(ConfigError, match=r"gone\.yaml: file: does not exist; make one"):
        yaml.read(f"{tmp_path}/gone.yaml", missing="make one")


def test_a_folder_is_no_file(tmp_path: object) -> None:
    with pytest.raises(ConfigError, match="must be readable"):
        yaml.read(str(tmp_path), missing="")


def test_a_byte_order_mark_is_no_fault() -> None:
    assert yaml.parse(b"\xef\xbb\xbfa: 1\n", "f.yaml").value == {"a": 1}


def test_faults_come_in_the_order_of_the_file_and_once() -> None:
    loaded = yaml.parse(b"a: 1\nb: 2\n", "f.yaml")
    for path in ("b", "a", "b"):
        loaded.fault((path,), "something else")
    with pytest.raises(ConfigError) as caught:
        loaded.refuse()
    assert [fault.key for fault in caught.value.faults] == ["a", "b"]


PLAIN = [
    "text",
    "1",
    "-1.5",
    ".5",
    "1e3",
    "yes",
    "no",
    "On",
    "off",
    "null",
    "Null",
    "~",
    "",
    "2020-06-10",
    "0x1F",
    "x: y",
]


@pytest.mark.parametrize("written", [*PLAIN[:-1], *(f"'{one}'" for one in PLAIN), "! 1", "!!str 1", "!!int '1'"])
def test_a_value_is_what_yaml_says(written: str) -> None:
    data = f"a: {written}\nb: [{written or '~'}]\n"
    assert yaml.parse(data.encode(), "f.yaml").value == safe_load(data)


def test_a_merge_key_in_quotes_is_a_key() -> None:
    assert yaml.parse(b"a: {'<<': {x: 1}, <<: {y: 2}}\n", "f.yaml").value == {"a": {"<<": {"x": 1}, "y": 2}}
