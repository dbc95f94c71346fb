"""Serve the specimen portals for people who want to look at them: `python -m crawler.specimens`."""

import threading
from pathlib import Path

import click

from crawler.specimens.server import serve


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Keeps the ports.",
)
def main(data: Path) -> None:
    """Serve the specimen portals until Ctrl-C.

    \b
    Example:
      python -m crawler.specimens --data data
    """
    try:
        with serve(data) as specimens:
            for address in specimens.addresses:
                click.echo(address)
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("stopped")
    except (OSError, ValueError) as error:
        raise click.ClickException(f"the specimens cannot be served: {error}") from error


if __name__ == "__main__":
    main()
