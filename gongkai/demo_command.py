"""`demo`: everything there is, on this machine alone."""

from pathlib import Path

import click

from archive import commands, serve
from archive.commands import FINE, LOOK, data_option
from archive.wanted import held_reports
from crawler.portal import read_portals
from crawler.specimens import server as specimens
from crawler.specimens.recall import recall
from gongkai.crawling import run


@click.command()
@data_option
@click.option("--no-serve", is_flag=True, help="End when everything is published.")
@click.option("--port", default=serve.PORT, show_default=True, help="Port of the site.")
def demo(data: Path, no_serve: bool, port: int) -> int:
    """Crawl two specimen portals on this machine and serve the archive that comes of it.

    \b
    Example:
        gongkai demo --no-serve --data /tmp/demo
    """
    if not no_serve:
        serve.require_free("127.0.0.1", port)
    with specimens.serve(data) as running:
        portals = read_portals(running.portals_file)
        click.echo(f"portals     {len(portals)} specimens: {', '.join(running.addresses)}")
        code = run(portals, data, findings_count=False)
    count, complaints = recall(held_reports(data / "gongkai.db"))
    click.echo(f"recall      {count}")
    for complaint in complaints:
        click.echo(f"            {complaint}", err=True)
    code = max(code, LOOK if complaints else FINE)
    if no_serve:
        click.echo(f"to look at it: gongkai serve --data {data}")
        return code
    commands.serve_now(data, port)
    return code
