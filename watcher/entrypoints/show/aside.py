"""What is said beside an answer."""

import typer


def tell(sentence: str) -> None:
    """Something that was done on the way: to standard error, because it is no answer."""
    typer.echo(sentence, err=True)
