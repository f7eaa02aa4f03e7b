"""The `permea` command: what a person types on the machine the instance runs on."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from permea.config.env import SettingsError, read_env

COMMANDS = {
    "serve": "permea.config.commands:serve",
    "demo": "permea.config.commands:demo",
    "worker": "permea.config.commands:worker",
    "check": "permea.config.commands:check",
    "sign-in": "permea.config.commands:sign_in",
    "import": "permea.config.commands:import_table",
    "import-comments": "permea.config.commands:import_comments",
    "export": "permea.config.commands:export",
    "pack": "permea.config.commands:pack",
    "unpack": "permea.config.commands:unpack",
    "shortlist": "permea.selection.commands:shortlist",
    "verify": "permea.ledger.commands:verify",
    "rotate-key": "permea.ledger.commands:rotate_key",
    "seal-certificate": "permea.agreements.commands:seal_certificate",
    "rotate-seal": "permea.agreements.commands:rotate_seal",
}
WITHOUT_SETTINGS = ("shortlist", "verify")


class Commands(click.Group):
    """Loads a command's module when it is used, so that `permea shortlist` needs no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a first reader."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, with the settings checked and the apps loaded where it needs them."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in WITHOUT_SETTINGS and not ctx.resilient_parsing:
            prepare(cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        return command if isinstance(command, click.Command) else None


def prepare(command: str) -> None:
    """Check the settings and load the apps; a wrong setting ends the program with one sentence."""
    if command == "demo":
        os.environ.setdefault("PERMEA_DATA_DIR", "var/demo")
        os.environ["PERMEA_DEMO"] = "yes"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "permea.config.settings.prod")
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # small matrices: threads cost more than they bring
    try:
        env = read_env(os.environ)
        env.data_dir.mkdir(parents=True, exist_ok=True)
    except SettingsError as error:
        click.echo(f"permea: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"permea: PERMEA_DATA_DIR cannot be used: {error}.", err=True)
        sys.exit(2)
    import django  # noqa: PLC0415 - after the settings are known to be right

    django.setup()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="permea")
def main() -> None:
    """Permea: ask the world, judge with few hours, answer everybody."""
