"""Policy pages day by day: does each real change alert once, with before and after, and nothing else?

    python eval/policy.py [--misses]              replay the histories of eval/policy/histories.yaml
    python eval/policy.py --write ARCHIVE.jsonl   write their captures, for `watcher backtest ARCHIVE.jsonl`

Each day on which a page was looked at is one capture, with noise that means nothing: numbers, links, dates, quotes,
spelling, order. What is served, and which alerts are wanted, stands in the file.
"""

import html
import json
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from watcher import bootstrap
from watcher.usecases.archive import Record, records
from watcher.usecases.backtest import as_line, backtest

Page = Mapping[str, Any]
Line = Mapping[str, Any]
Form = list[tuple[str, list[str]]]  # sections: a heading and its lines

HERE = Path(__file__).parent
START = datetime(2021, 3, 1, 6, tzinfo=UTC)
LATE = 3  # days after its step by which an alert must have come

_SPELLINGS = (("licence", "license"), ("programme", "program"), ("organis", "organiz"), ("recognis", "recogniz"),
              ("analyse", "analyze"), ("honour", "honor"), ("e-mail", "email"))  # fmt: skip
_HEADINGS = {"account": "Your account", "fees": "Fees and taxes", "data": "Your data", "conduct": "Conduct",
             "support": "Support", "liability": "Liability", "law": "Governing law", "notices": "Notices",
             "changes": "Changes of these terms"}  # fmt: skip
_STATUS = {"missing": 404, "error": 503}


@dataclass
class Wish:
    """An alert that a careful reader wants, and those that came for it."""

    source: str
    day: int
    wants: Mapping[str, Any]
    came: list[Line] = field(default_factory=list)

    def meant(self, line: Line, day: int) -> bool:
        """Whether an alert is the one, by its day and what it says."""
        wants = self.wants
        same = all(line[key] == wants[key] for key in ("change", "position", "audience") if key in wants)
        quoted = wants["quote"] in (line["quote"] or "") and wants.get("before", "") in (line["before"] or "")
        dated = bool(line["page_dated"]) or not wants.get("dated")
        return self.day <= day <= self.day + LATE and same and quoted and dated

    def __str__(self) -> str:
        return f"{self.source}, day {self.day}: {self.wants['change']} {self.wants['quote']!r}"


@cache
def histories() -> Mapping[str, Any]:
    """The file: ``boilerplate``, ``served`` and ``pages``."""
    found: Mapping[str, Any] = yaml.safe_load((HERE / "policy" / "histories.yaml").read_text("utf-8"))
    return found


def captures() -> Iterator[dict[str, Any]]:
    """All captures of all pages, as lines of an archive."""
    for page in histories()["pages"]:
        dice = random.Random(page["source"])
        for day in range(page["days"] + 1):
            yield _capture(page, day, dice)


def _capture(page: Page, day: int, dice: random.Random) -> dict[str, Any]:
    steps = [step for step in page.get("steps", ()) if step["day"] <= day < step["day"] + step.get("for", 10_000)]
    made = {
        "id": f"{page['source']}-{day:02}",
        "kind": "policy",
        "source": page["source"],
        "vendor": page["vendor"],
        "url": f"https://{page['vendor']}.example/{page['source']}",
        "title": page["title"],
        "captured": (START + timedelta(days=day, minutes=dice.randrange(40))).isoformat(),
    }
    served = next((step["serve"] for step in reversed(steps) if "serve" in step), None)
    if served:
        return made | _served(page, served)
    text = _text(page, day, steps, dice)
    redesigned = any(step.get("as") == "redesigned" for step in steps)
    return made | ({"html": _html(page, text, day, redesigned=redesigned)} if page.get("html") else {"text": text})


def _served(page: Page, what: str) -> dict[str, Any]:
    if what in _STATUS:
        return {"status": _STATUS[what]}
    text = histories()["served"][what].strip()
    if what == "home":
        return {"text": text, "final_url": f"https://{page['vendor']}.example/"}
    return {"html": f"<html><body><p>{text}</p></body></html>"} if page.get("html") else {"text": text}


def _text(page: Page, day: int, steps: Sequence[Line], dice: random.Random) -> str:
    forms = {step["as"] for step in steps if "as" in step}
    sections: Form = [(_HEADINGS[name], list(histories()["boilerplate"][name])) for name in page["boilerplate"]]
    sections.insert(2, ("Faces", _put("\n".join(page["faces"]) + "\n", steps)))
    if "moved" in forms or dice.random() < 0.1:
        sections = [*sections[3:], *sections[:3]]
    if "shuffled" in forms or dice.random() < 0.2:
        sections = [(heading, _shuffled(lines, dice)) for heading, lines in sections]
    first = dice.choice([1, 1, 1, 4, 50]) if "renumbered" not in forms else 40
    text = _written(page, sections, first, day)
    return _noisy(text.replace("{host}", f"{page['vendor']}.example/{dice.randrange(9)}"), forms, dice)


def _put(text: str, steps: Sequence[Line]) -> list[str]:
    for step in steps:
        for old, new in step.get("put", {}).items():
            if old not in text:
                raise ValueError(f"day {step['day']}: {old!r} does not stand on the page")
            text = text.replace(old, new)
    return [line for line in text.split("\n") if line.strip()]


def _shuffled(lines: list[str], dice: random.Random) -> list[str]:
    items = [line for line in lines if line.startswith("* ")]
    dice.shuffle(items)
    return [items.pop() if line.startswith("* ") else line for line in lines]


def _written(page: Page, sections: Form, first: int, day: int) -> str:
    updated = START - timedelta(days=90) + timedelta(days=0 if page.get("dated") == "stays" else day // 5)
    parts = [f"# {page['title']}", f"Last updated {updated:%B} {updated.day}, {updated.year}"]
    for number, (heading, lines) in enumerate(sections, first):
        prose = [line for line in lines if not line.startswith("* ")]
        items = [line for line in lines if line.startswith("* ")]
        parts += [f"## {number}. {heading}", f"{number}.1 {' '.join(prose)}"]
        parts += ["\n".join(items)] if items else []
    return "\n\n".join(parts)


def _noisy(text: str, forms: set[str], dice: random.Random) -> str:
    if "american" in forms or dice.random() < 0.15:
        for british, american in _SPELLINGS:
            text = text.replace(british, american)
    if dice.random() < 0.2:
        text = text.replace("'", "\u2019").replace(" - ", " \u2014 ")
    if dice.random() < 0.2:
        text = re.sub(r"Section \d+", f"Section {dice.randrange(9)}.{dice.randrange(9)}", text)
    if dice.random() < 0.2:
        text = re.sub(r"^\* ", "- ", text, flags=re.MULTILINE)
    if dice.random() < 0.1:
        text = text.replace("; ", ". ", 1) if dice.random() < 0.5 else text.replace("  ", " ").replace("\n\n", "\n\n\n")
    return text


def _html(page: Page, text: str, day: int, *, redesigned: bool) -> str:
    lines = "\n".join(_element(line) for line in text.split("\n") if line.strip())
    lines = re.sub(r"((?:<li>.*</li>\n?)+)", r"<ul>\1</ul>", lines)
    links = "".join(f'<li><a href="/{n}?v={day}">Product {n}</a></li>' for n in range(6))
    old = f"<header><ul>{links}</ul></header><main><script>var day = {day}</script>{lines}</main><footer>Help</footer>"
    new = (
        f'<div class="top"><nav><ul>{links}</ul></nav></div><div class="cookie-banner">We use cookies.</div>'
        f'<div class="grid"><article>{lines}</article></div><div class="newsletter">Our letter of day {day}</div>'
    )
    title = f"{page['title']} | {day}" if redesigned else page["title"]
    return f"<html><head><title>{title}</title></head><body>{new if redesigned else old}</body></html>"


def _element(line: str) -> str:
    line = re.sub(r"\[([^]]*)\]\(([^)]*)\)", r'<a href="\2">\1</a>', html.escape(line, quote=False))
    if line.startswith("#"):
        level = len(line) - len(line.lstrip("#"))
        return f"<h{level}>{line.lstrip('# ')}</h{level}>"
    return f"<li>{line[2:]}</li>" if line[:2] in {"* ", "- "} else f"<p>{line}</p>"


def wishes() -> list[Wish]:
    """All alerts that are wanted."""
    return [
        Wish(page["source"], step["day"], wants)
        for page in histories()["pages"]
        for step in page.get("steps", ())
        for wants in step.get("tells", ())
    ]


def replay(lines: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The alerts of a back-test over these captures."""
    app = bootstrap.assemble(str(HERE / "policy" / "feeds.yaml"), None)
    parsed = [record for record in records(map(json.dumps, lines)) if isinstance(record, Record)]
    if len(parsed) < len(lines):
        raise ValueError("a capture is no record that can be read")
    return [
        as_line(told) for told in backtest(parsed, app.reader, bootstrap.memory(), markup=app.markup(lambda: START))
    ]


def judged(lines: Sequence[Mapping[str, Any]]) -> tuple[list[Wish], list[Line]]:
    """The wishes with the alerts that came for them, and the alerts that nobody wanted."""
    wanted, false = wishes(), []
    for line in replay(lines):
        source, _, day = str(line["record"]).rpartition("-")
        mine = next((wish for wish in wanted if wish.source == source and wish.meant(line, int(day))), None)
        if mine:
            mine.came.append(line)
        else:
            false.append(line)
    return wanted, false


def main() -> None:
    lines = list(captures())
    if "--write" in sys.argv:
        text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        Path(sys.argv[sys.argv.index("--write") + 1]).write_text(text, "utf-8")
        return
    wanted, false = judged(lines)
    caught = [wish for wish in wanted if wish.came]
    twice = sum(len(wish.came) - 1 for wish in caught)
    print(f"{len(histories()['pages'])} pages, {len(lines)} captures, {len(wanted)} real changes: ", end="")
    print(f"{len(caught)} told with before and after, {twice} told again, {len(false)} false alerts")
    if "--misses" in sys.argv:
        for wish in (wish for wish in wanted if not wish.came):
            print(f"  missed: {wish}")
        for line in false:
            print(f"  false: {line['record']}: {line['change']} {line['quote']}")


if __name__ == "__main__":
    main()
