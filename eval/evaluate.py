"""How well the rules read: statements and alerts, on labelled posts and on the short texts beside this file.

    python eval/evaluate.py                                    only the short texts: sentences, passages, traps
    python eval/evaluate.py POSTS.jsonl [--misses]             labelled posts; each miss and false alarm, its sentence
    python eval/evaluate.py POSTS.jsonl --rules FOLDER         with other rules than the shipped ones
    python eval/evaluate.py POSTS.jsonl --cross FOLDER         the shipped rules against older ones, half against half
    python eval/evaluate.py POSTS.jsonl --leave-out            what each rule gains on each half

eval/README.md tells what a labelled post is, what is counted, and why the events are split.
"""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import yaml
from crossing import cross, leave_out
from scores import DEPTHS, Score, alerts, labelled, read_all, score

from watcher.config.rules import load_reader, rule_files
from watcher.config.vendors import load_vendors
from watcher.core.errors import ConfigError
from watcher.core.reader import Document, Reader
from watcher.core.source import SourceKind

HERE = Path(__file__).parent


def sentences(name: str, reader: Reader, *, misses: bool) -> None:
    """Print how the short texts of a file beside this one are read."""
    position, audience = Score(), Score()
    for number, entry in enumerate(yaml.safe_load((HERE / name).read_text("utf-8")), 1):
        kind = SourceKind.VENDOR if "by" in entry else SourceKind.NEWS
        written = datetime.fromisoformat(entry.get("on", "2022-03-16")).replace(hour=12, tzinfo=UTC)
        document = Document(
            entry.get("title", ""), entry["text"], written, kind, entry.get("by"), policy=entry.get("policy", False)
        )
        found = [f"{s.vendor} {s.position} {s.audience}" for s in reader.read(document).statements]
        audience.add(str(number), dict.fromkeys(entry["says"], entry["text"]), dict.fromkeys(found, entry["text"]))
        position.add(str(number), _short(entry["says"]), _short(found))
    print(f"{name + ', vendor and position:':53}{position}")
    print(f"{name + ', vendor, position and audience:':53}{audience}")
    if misses:
        print("\n".join(audience.lines))


def _short(statements: Sequence[str]) -> dict[str, str]:
    return {" ".join(statement.split()[:2]): "" for statement in statements}


def posts(path: str, reader: Reader, *, misses: bool) -> None:
    """Print how the posts of a labelled file are read, and which alerts they set off as one stream."""
    found = labelled(path)
    read, told = read_all(found, reader), alerts(found, reader)[None]
    for name, depth in DEPTHS.items():
        print(f"statements, {name + ':':36}{score(found, read, depth)}")
    if misses:
        print("\n".join(score(found, read, DEPTHS["vendor, position and audience"]).lines))
    print(f"alerts: {told}")
    if misses:
        print("\n".join(told.lines))


def main() -> None:
    parser = argparse.ArgumentParser(description="How well the rules read.")
    parser.add_argument("files", nargs="*", metavar="POSTS.jsonl", help="labelled posts; without any, the short texts")
    parser.add_argument("--misses", action="store_true", help="show each miss and false alarm with its sentence")
    parser.add_argument("--rules", metavar="FOLDER", help="other rules than the shipped ones")
    parser.add_argument("--cross", metavar="FOLDER", help="older rules: what came since, by half and crosswise")
    parser.add_argument("--leave-out", action="store_true", help="what each rule gains on each half")
    given = parser.parse_args()
    reader = load_reader(load_vendors(), rule_files(given.rules))
    if given.cross or given.leave_out:
        whole = [post for path in given.files for post in labelled(path)]
        if given.cross:
            cross(whole, load_reader(load_vendors(), rule_files(given.cross)), reader)
        if given.leave_out:
            leave_out(whole, reader)
        return
    short = [file for kind in ("sentences", "passages", "traps") for file in HERE.glob(f"{kind}*.yaml")]
    for texts in sorted(short, key=lambda file: len(file.name)):
        sentences(texts.name, reader, misses=given.misses)
    for path in given.files:
        posts(path, reader, misses=given.misses)


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        raise SystemExit(f"evaluate: {error}") from error
