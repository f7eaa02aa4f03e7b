"""`permea seal-certificate` and `permea rotate-seal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permea.people.models import Organisation

FIRM = click.option("--firm", default="", help="Key of the firm; without it all firms of this instance.")


def _firms(key: str) -> QuerySet[Organisation]:
    """Return the firms meant. Raises ClickException if there are none."""
    from permea.agreements import queries  # noqa: PLC0415 - after the apps are loaded

    firms = queries.sealing_firms(key)
    if not firms:
        raise click.ClickException(f"There is no firm {key} here." if key else "There is no firm here yet.")
    return firms


@click.command("seal-certificate")
@FIRM
@click.option("--all", "with_old", is_flag=True, help="Print the certificates before the one in use as well.")
def seal_certificate(firm: str, *, with_old: bool) -> None:
    """Print the certificate that signed agreements are sealed with, to give to partners who check the seal."""
    from permea.agreements import queries, services  # noqa: PLC0415 - after the apps are loaded
    from permea.foundation.clock import now  # noqa: PLC0415 - after the apps are loaded

    for one in _firms(firm):
        used = services.seal_certificate(organisation=one, at=now())
        for certificate in queries.certificates_of(one) if with_old else [used]:
            until = certificate.retired_at or certificate.ends_at
            click.echo(f"# {one.name}, from {certificate.begins_at:%Y-%m-%d} until {until:%Y-%m-%d}")
            click.echo(f"# SHA-256 {certificate.sha256}\n{certificate.pem.strip()}")


@click.command("rotate-seal")
@FIRM
def rotate_seal(firm: str) -> None:
    """Let a new certificate seal agreements from now on; older seals and their certificates stay as they are.

    Back up the folder "keys" of the data folder afterwards.
    """
    from permea.agreements import services  # noqa: PLC0415 - after the apps are loaded
    from permea.foundation.clock import now  # noqa: PLC0415 - after the apps are loaded

    for one in _firms(firm):
        made = services.rotate_seal(organisation=one, at=now())
        click.echo(f"Agreements of {one.name} are sealed with the certificate {made.sha256} from now on.")


COMMANDS = [seal_certificate, rotate_seal]
