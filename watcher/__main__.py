"""``python -m watcher`` and the ``watcher`` command."""


def main() -> None:
    """Run the command line."""
    from watcher.entrypoints.cli import app  # noqa: PLC0415  (late, so that importing this module costs nothing)

    app()


if __name__ == "__main__":
    main()
