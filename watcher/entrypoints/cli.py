"""The ``watcher`` command: which commands there are, and how it ends.

Exit status: 0 done; 1 it ran, and something in it failed; 2 the command line or a configuration is wrong. Nothing heavy
is imported before a command needs it, so that help and completion come at once.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from io import TextIOWrapper
from typing import Annotated, NoReturn

import typer
from typer.core import TyperGroup

from watcher.core.errors import ConfigError, WatcherError
from watcher.entrypoints import logs
from watcher.entrypoints.options import Status

_IN_ORDER_OF_USE = (
    *("demo", "check", "doctor", "baseline", "run", "poll"),
    *("status", "history", "why", "alerts", "review", "sources"),
    *("digest", "subscribers"),
    *("analyze", "backtest", "rules", "export", "db"),
)
_Commands = Mapping[str, Callable[..., None]]
_HELP = "Tells, with proof, when a company announces or changes its facial-recognition policy."
_EPILOG = """\b
Examples:
  watcher demo                             June 2020 in fast motion, no network
  watcher status amazon --on 2020-07-01    what held on that day, and the proof
"""


class _InOrder(TyperGroup):
    """Lists the commands as a newcomer meets them."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # its own class is private
        return sorted(super().list_commands(ctx), key=_IN_ORDER_OF_USE.index)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415  (only here)

        typer.echo(f"watcher {version('watcher')}")
        raise typer.Exit


def _main(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done, too.")] = False,
) -> None:
    """Tells, with proof, when a company announces or changes its facial-recognition policy."""
    del version  # its callback has done all
    logs.set_up(verbose=verbose)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _watching(commands: typer.Typer) -> None:
    from watcher.entrypoints.commands import watch  # noqa: PLC0415  (late: see the module's head)

    for command in (watch.demo, watch.run, watch.poll):
        commands.command()(command)


def _looking(commands: typer.Typer) -> None:
    from watcher.entrypoints.commands import doctor, look, review  # noqa: PLC0415  (late: see the module's head)

    for command in (look.check, doctor.doctor, look.analyze, look.backtest, review.review):
        commands.command()(command)


def _asking(commands: typer.Typer) -> None:
    from watcher.entrypoints.commands import ask, listing  # noqa: PLC0415  (late: see the module's head)

    for command in (ask.status, ask.history, ask.why, ask.alerts):
        commands.command()(command)
    # Alone it shows how they fare; the commands below it change or hand out the list.
    sources = _group("Show how each source fares (add, import, export).", bare=False)
    sources.callback(invoke_without_command=True)(ask.sources)
    within: _Commands = {"add": listing.sources_add, "import": listing.sources_import, "export": listing.sources_export}
    for name, command in within.items():
        sources.command(name)(command)
    commands.add_typer(sources, name="sources")


def _keeping(commands: typer.Typer) -> None:
    from watcher.entrypoints.commands import keep  # noqa: PLC0415  (late: see the module's head)

    commands.command()(keep.export)
    _add_group(commands, "baseline", "Take known stances into the ledger (import).", {"import": keep.baseline_import})
    within: _Commands = {"upgrade": keep.upgrade, "backup": keep.backup}
    _add_group(commands, "db", "Look after the record (upgrade, backup).", within)


def _trying(commands: typer.Typer) -> None:
    from watcher.entrypoints.commands import rules  # noqa: PLC0415  (late: see the module's head)

    within: _Commands = {"test": rules.rules_test, "diff": rules.rules_diff}
    _add_group(commands, "rules", "Try the rules that read (test, diff).", within)


def _writing(commands: typer.Typer) -> None:
    from watcher.entrypoints.commands import letters  # noqa: PLC0415  (late: see the module's head)

    within: _Commands = {"preview": letters.preview, "send": letters.send}
    _add_group(commands, "digest", "The weekly letter (preview, send).", within)
    readers: _Commands = {"add": letters.add, "list": letters.listed, "remove": letters.remove}
    _add_group(commands, "subscribers", "Who gets the weekly letter (add, list, remove).", readers)


_HOME: Mapping[str, Callable[[typer.Typer], None]] = {
    **dict.fromkeys(("demo", "run", "poll"), _watching),
    **dict.fromkeys(("check", "doctor", "analyze", "backtest", "review"), _looking),
    **dict.fromkeys(("status", "history", "why", "alerts", "sources"), _asking),
    **dict.fromkeys(("baseline", "export", "db"), _keeping),
    "rules": _trying,
    **dict.fromkeys(("digest", "subscribers"), _writing),
}


def _commands(first: str | None) -> typer.Typer:
    """All commands, or those beside the one with which a command line begins: the others' imports cost time."""
    commands = _group(_HELP, cls=_InOrder, bare=False)
    commands.callback(epilog=_EPILOG, invoke_without_command=True)(_main)
    wanted = _HOME.get(first or "")
    for add_to in [wanted] if wanted else dict.fromkeys(_HOME.values()):
        add_to(commands)
    return commands


def _add_group(commands: typer.Typer, name: str, text: str, within: _Commands) -> None:
    group = _group(text)
    for word, command in within.items():
        group.command(word)(command)
    group.callback()(_nothing)
    commands.add_typer(group, name=name)


def _group(text: str, cls: type[TyperGroup] = TyperGroup, *, bare: bool = True) -> typer.Typer:
    # Plain help: Typer's boxes cost 0.1 s and more than 80 columns.
    return typer.Typer(
        cls=cls,
        help=text,
        no_args_is_help=bare,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    )


def _nothing() -> None:
    """A callback makes a group of a single command a group all the same."""


def app(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command line (that of the process unless given) and end the process with its status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a C locale must not turn a quotation mark into a traceback
    status = _status(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone (head, less): what is left is thrown away, or the interpreter would complain of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


def _status(arguments: Sequence[str] | None) -> int | str | None:
    try:
        words = sys.argv[1:] if arguments is None else list(arguments)
        _commands(words[0] if words else None)(args=words, prog_name="watcher")
    except SystemExit as end:
        return end.code
    except ConfigError as error:
        return _failed(error, Status.WRONG)
    except WatcherError as error:
        return _failed(error, Status.FAILED)
    return Status.DONE


def _failed(error: WatcherError, status: Status) -> int:
    typer.echo(f"watcher: {error}", err=True)
    return status
