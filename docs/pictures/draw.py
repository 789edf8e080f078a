"""Draw the pictures of this folder anew: the letter as a browser shows it, and an alert as Slack lays it out.

::

    python docs/pictures/draw.py [--chromium chromium]

Needs Chromium. The letter is that of the second week of June 2020, from the record that ``watcher demo`` makes.
"""

import argparse
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from storage.unit_of_work import SqlStore  # noqa: E402  (after the path is set)
from watcher.bootstrap import App, assemble  # noqa: E402  (the same)
from watcher.core.digest import Digest, Sight, Trouble  # noqa: E402  (the same)
from watcher.core.message import Bulletin  # noqa: E402  (the same)
from watcher.core.source import Health  # noqa: E402  (the same)
from watcher.core.week import Schedule, week_named  # noqa: E402  (the same)
from watcher.notify.blocks import payload  # noqa: E402  (the same)
from watcher.notify.letter import as_html  # noqa: E402  (the same)
from watcher.usecases.summarise import Watched, summarise  # noqa: E402  (the same)

ZONE = "Europe/Berlin"
SIZES = {"phone": (390, 1720), "desktop": (800, 1570)}
SLACK = {"phone": (390, 450), "desktop": (800, 380)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python docs/pictures/draw.py")
    parser.add_argument("--chromium", default="chromium")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        work = Path(folder)
        subprocess.run(
            [sys.executable, "-m", "watcher", "demo", "--keep", folder], check=True, stdout=subprocess.DEVNULL
        )
        page = work / "letter.html"
        page.write_text(as_html(_letter(work), ZONE, "https://watcher.example/unsubscribe?t=…"), "utf-8")
        for name, size in SLACK.items():
            page_of_slack = work / "slack.html"
            page_of_slack.write_text(_slack(work), "utf-8")
            _shoot(given.chromium, page_of_slack, HERE / f"slack-{name}.png", size, dark=False)
        for name, size in SIZES.items():
            for look in ("light", "dark"):
                _shoot(given.chromium, page, HERE / f"letter-{name}-{look}.png", size, dark=look == "dark")


def _letter(folder: Path) -> Digest:
    app: App = assemble(None, str(folder / "watcher.db"))
    week = week_named("2020-W24", Schedule(), ZoneInfo(ZONE))
    with SqlStore(f"sqlite:///{folder / 'watcher.db'}", read_only=True) as store:
        digest = summarise(store, Watched(app.sources, app.vendors), week, ZoneInfo(ZONE))
    since = datetime(2020, 6, 12, tzinfo=UTC)
    trouble = Trouble("Axon news", Health.BLOCKED, since, "403, a page for browsers instead of the feed")
    return replace(digest, sight=Sight(42, 41, (trouble,), ("Apple", "Google", "NEC"), ("Axon",)))


def _slack(folder: Path) -> str:
    """Amazon's alert of that week; an imitation of Slack's own layout of its blocks, good enough to see their order."""
    with SqlStore(f"sqlite:///{folder / 'watcher.db'}", read_only=True) as store, store.begin() as work:
        alert = work.alerts.all("amazon")[-1]
        blocks = payload(Bulletin(alert, tuple(work.alerts.reports(alert.key))), buttons=True).blocks
    return (
        "<!doctype html><meta charset=utf-8><style>body{font:15px/22px Lato,'Noto Sans',sans-serif;"
        "color:#1d1c1d;margin:16px}"
        "h3{margin:4px 0;font-size:18px}blockquote{margin:6px 0;padding-left:12px;border-left:4px solid #ddd}"
        "small{color:#616061;display:block}button{font:bold 13px sans-serif;padding:5px 12px;margin:8px 8px 0 0;"
        "background:#fff;border:1px solid #bbb;border-radius:8px}a{color:#1264a3;text-decoration:none}</style>"
        "<b>watcher</b> <small style='display:inline'>APP 21:04</small>" + "".join(map(_block, blocks))
    )


def _block(block: dict[str, Any]) -> str:
    kind = block["type"]
    if kind in {"header", "plain_text"}:
        return f"<h3>{escape(block['text']['text'])}</h3>"
    if kind == "context":
        return "".join(f"<small>{escape(one['text'])}</small>" for one in block["elements"])
    if kind == "actions":
        return (
            "<div>" + "".join(f"<button>{escape(one['text']['text'])}</button>" for one in block["elements"]) + "</div>"
        )
    if kind == "link":
        return f"<a href='#'>{escape(block['text'])}</a>"
    if kind == "text":
        told = escape(block["text"])
        return f"<b>{told}</b>" if block.get("style", {}).get("bold") else told
    tag = {"rich_text_quote": "blockquote", "rich_text_list": "ul"}.get(kind, "div")
    return f"<{tag}>{''.join(map(_block, block['elements']))}</{tag}>"


def _shoot(chromium: str, page: Path, picture: Path, size: tuple[int, int], *, dark: bool) -> None:
    words = [
        *(
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
        ),
        *(["--blink-settings=preferredColorScheme=0"] if dark else ["--blink-settings=preferredColorScheme=1"]),
        *(f"--window-size={size[0]},{size[1]}", f"--screenshot={picture}", page.as_uri()),
    ]
    subprocess.run(words, check=True, capture_output=True)


if __name__ == "__main__":
    main()
