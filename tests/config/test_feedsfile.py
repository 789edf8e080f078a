import re
import stat
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from watcher.config import feeds
from watcher.config.feedsfile import append, in_braces, lines, preview, with_added
from watcher.config.yaml import parse
from watcher.core.errors import ConfigError

ENTRY = {"id": "new", "type": "feed", "url": "https://new.example/feed", "kind": "news"}
OTHER = {"id": "other", "type": "blog", "url": "https://other.example/", "kind": "news", "name": "A: b # c"}
A = "{id: a, type: feed, url: 'https://a.example/', kind: news}"
B = "{id: b, type: feed, url: 'https://b.example/', kind: news}"
BLOCK = """\
# what we watch
sources:   # in order of trust

  - id: a          # the first
    type: feed
    url: "https://a.example/"
    kind: 'news'

  # ---- second part ----

  - id: b
    type: feed
    url: https://b.example/   # address unverified
    kind: news                # the last key
    # selector: main

# ---- routes
routes:
  - channel: C0123456789
"""


def ids(data: bytes) -> list[str]:
    return [one.id for one in feeds.interpret(parse(data, "f")).sources]


def after(text: str, *entries: dict[str, str]) -> str:
    return with_added(text.encode(), entries or (ENTRY,), "feeds.yaml")[0].decode()


def test_a_source_is_added_after_the_last_one_and_every_other_byte_stays() -> None:
    head, tail = BLOCK.split("# ---- routes")
    added = "\n  - id: new\n    type: feed\n    url: https://new.example/feed\n    kind: news\n"
    assert after(BLOCK) == head[:-1] + added + "\n# ---- routes" + tail


@pytest.mark.parametrize(
    "text",
    [
        BLOCK,
        BLOCK.replace("\n", "\r\n"),
        "\ufeff" + BLOCK,
        BLOCK[: BLOCK.index("\n# ---- routes")],
        f"sources:\n- {A}\n- {B}",
        f"sources:\n- {A}\n-\n    {B}\nvendors: []\n",
        f"vendors: [{{id: sources, name: x}}]\nsources:\n    - {A}\n    - {B}\n...\n",
        f"sources: [{A}, {B}]\n",
        f"sources: [{A}, {B},]\nroutes: null\n",
        f"sources: [\n  {A},  # one\n  {B}  # two ]\n]\n",
        f'{{"sources": [{A}, {B}], "vendors": []}}',
        f"---\n'sources':\n  - &x {A}\n  - <<: *x\n    id: b\n",
        f"sources:\n  - {A}\n  - id: b\n    type: feed\n    url: https://b.example/\n    kind: news\n    name: |\n      Many\n      lines\n\n\n",
        f"sources:\n  - {A}\n  - id: b\n    url: https://b.example/\n    kind: news\n    type: feed\n    name: 日本のニュース # 名\n",
    ],
)
def test_sources_are_added_to_lists_of_every_style(text: str) -> None:
    made = after(text, ENTRY, OTHER)
    assert ids(made.encode()) == ["a", "b", "new", "other"]
    place = next((at for at, (old, new) in enumerate(zip(text, made, strict=False)) if old != new), len(text))
    assert made.endswith(text[place:])


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "sources:\n", "sources: []\n", "vendors: []\nsources: # none\n", "vendors: []"]
)
def test_a_file_without_sources_gets_its_first(text: str) -> None:
    made = after(text)
    assert ids(made.encode()) == ["new"]
    assert re.sub(r"\s", "", text.replace("[]", "")) in re.sub(r"\s", "", made.replace("[]", ""))


@given(
    st.fixed_dictionaries(
        {
            "name": st.text(
                st.characters(
                    codec="utf-8", exclude_characters="\x7f\ufeff\ufffe\uffff", exclude_categories=["Cc", "Cs"]
                ),
                min_size=1,
            ),
            "url": st.from_regex(r"https://[a-z]{1,5}\.example/[!-~]{0,20}", fullmatch=True),
        }
    )
)
def test_any_name_and_address_is_read_back_as_it_was_written(texts: dict[str, str]) -> None:
    entry = {**ENTRY, **texts}
    [found] = yaml.safe_load("\n".join(lines(entry, 0)))
    assert found == entry
    assert yaml.safe_load(in_braces(entry)) == entry


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"x: &x [{A}]\nsources: *x\n", "x"),
        ("sources: {id: a}\n", "sources"),
        ("sources: [\n", "file"),
        (f"sources:\n  - {A}\n  - {A}\n", "sources[1].id (a)"),
    ],
)
def test_a_file_with_faults_is_not_written(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        append(str(file), [ENTRY])
    assert caught.value.faults[0].key == key
    assert file.read_text() == text


def test_an_id_that_stands_already_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text(BLOCK)
    with pytest.raises(ConfigError) as caught:
        append(str(file), [{**ENTRY, "id": "a"}])
    assert "an id that stands once" in str(caught.value)
    assert file.read_text() == BLOCK


def test_the_file_keeps_its_mode_and_a_link_to_it_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "real.yaml", tmp_path / "feeds.yaml"
    file.write_text(BLOCK)
    file.chmod(0o640)
    link.symlink_to(file)
    append(str(link), [ENTRY])
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert ids(file.read_bytes()) == ["a", "b", "new"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["feeds.yaml", "real.yaml"]


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    assert preview(str(file), [ENTRY]).startswith("sources:\n  - id: new\n")
    assert not file.exists()
    append(str(file), [ENTRY])
    assert ids(file.read_bytes()) == ["new"]
    assert file.read_text().startswith("# yaml-language-server: $schema=")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be writable"):
        append(str(tmp_path / "no" / "feeds.yaml"), [ENTRY])


def test_the_file_that_comes_with_the_watcher_takes_a_source() -> None:
    shipped = Path(__file__).parents[2] / "feeds.yaml"
    text = shipped.read_text("utf-8")
    made = after(text)
    assert ids(made.encode())[-1] == "new"
    assert made.startswith(text)
