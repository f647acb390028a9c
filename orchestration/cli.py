# SPDX-License-Identifier: Apache-2.0
"""The command line ``ortskern``, for the data steward.

Belongs here: names, options and help of the commands. Does not belong here: what they do (``commands``); imports stand inside the
commands, because Dagster alone takes longer to import than most commands to run.
"""

import sys
from datetime import datetime
from pathlib import Path

import click

from foundation.errors import OrtskernError


class _Group(click.Group):
    """Errors of ours end in their sentence, not in a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except OrtskernError as error:
            click.secho(f"\n{error}", fg="red", err=True)
            ctx.exit(1)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--hilfe", "--help"], "max_content_width": 110},
)
def main() -> None:
    """Ortskern: die Datenmaschine einer lokalen Datengenossenschaft.

    Der erste Weg: `ortskern run` nimmt an, was im Eingang liegt, und macht daraus Portal, Abrechnungen und eine unterschriebene Ausgabe.
    """


@main.command()
@click.option(
    "--nur",
    "only",
    type=click.Choice(["vorschlag", "veroeffentlichen"]),
    help="Nur einen der beiden Schritte ausführen.",
)
@click.option(
    "--massstab",
    "scale",
    type=click.FloatRange(min=0.001),
    default=None,
    help="Größe der Musterstadt (1 = etwa 2 Millionen Belegzeilen).",
)
def run(only: str | None, scale: float | None) -> None:
    """Alles ausführen: annehmen, prüfen, rechnen, freigeben, veröffentlichen."""
    from orchestration.commands.run import run_all

    sys.exit(run_all(only, scale))


@main.command()
@click.option(
    "--massstab",
    "scale",
    type=click.FloatRange(min=0.001),
    default=1.0,
    show_default=True,
    help="1 = etwa 2 Millionen Belegzeilen, 50 = 100 Millionen.",
)
@click.option(
    "--saat",
    "seed",
    type=int,
    default=None,
    help="Startwert des Zufalls; ohne Angabe der aus town.yaml.",
)
@click.option(
    "--monate",
    "months",
    type=click.IntRange(min=1),
    default=None,
    help="Nur die letzten Monate erzeugen.",
)
def simulate(scale: float, seed: int | None, months: int | None) -> None:
    """Die Musterstadt erzeugen: Lieferungen in den Eingang legen, wie echte Systeme sie schicken."""
    from orchestration.commands.simulate import simulate_town

    simulate_town(scale, seed, months)


@main.command()
def status() -> None:
    """Zeigen, was da ist: Lieferungen, Quarantäne, Freigaben, letzte Ausgabe."""
    from orchestration.commands.status import show_status

    show_status()


@main.command()
def doctor() -> None:
    """Prüfen, was fehlt, und sagen, was als Nächstes zu tun ist."""
    from orchestration.commands.doctor import examine

    sys.exit(examine())


@main.command()
@click.argument("ausgabe", type=click.Path(path_type=Path), required=False)
@click.option(
    "--schluessel",
    "key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Öffentlicher Schlüssel der Genossenschaft (public_key.pem), etwa von ihrer Seite.",
)
@click.option(
    "--nur-dateien",
    "files_only",
    is_flag=True,
    help="Nur Unterschrift und Dateien prüfen, nicht aus dem Datenbestand nachrechnen.",
)
def verify(ausgabe: Path | None, key: Path | None, files_only: bool) -> None:
    """Eine Ausgabe prüfen: Unterschrift, jede Datei, und die Zahlen aus dem Datenbestand. Ohne Angabe die neueste."""
    from orchestration.commands.verify import verify_edition

    sys.exit(verify_edition(ausgabe, key, files_only))


@main.command()
@click.argument("lieferung")
@click.option(
    "--grund",
    "reason",
    required=True,
    help="Warum: etwa „ersetzt durch die Lieferung vom 12.11.2026“.",
)
def erledigen(lieferung: str, reason: str) -> None:
    """Eine Lieferung in Quarantäne abhaken, die ersetzt wurde oder nicht gebraucht wird; LIEFERUNG ist ihr Dateiname."""
    from orchestration.commands.erledigen import close_delivery

    close_delivery(lieferung, reason)


@main.command()
@click.argument("kennung")
def woher(kennung: str) -> None:
    """Sagen, woher eine Zahl kommt; KENNUNG ist der Code neben der Zahl, etwa W-7KQ2M4XPAB."""
    from orchestration.commands.woher import explain

    sys.exit(explain(kennung))


@main.command()
@click.argument("tabellen", nargs=-1)
@click.option("--organ", required=True, help="Organ, das freigibt, etwa „Beirat“.")
@click.option(
    "--am",
    "on",
    required=True,
    type=click.DateTime(["%d.%m.%Y", "%Y-%m-%d"]),
    help="Tag des Beschlusses, etwa 10.11.2026.",
)
@click.option("--protokoll", "minutes", required=True, help="Fundstelle im Protokoll.")
@click.option("--gehoert", "heard", default=None, help="Organ, das vorher gehört wurde.")
def approve(
    tabellen: tuple[str, ...], organ: str, on: datetime, minutes: str, heard: str | None
) -> None:
    """Freigaben aufnehmen, die ein Organ beschlossen hat; ohne Tabellen für alle, die warten."""
    from orchestration.commands.approve import record_approvals

    record_approvals(tabellen, organ=organ, on=on.date(), minutes=minutes, heard=heard)


@main.group(cls=_Group)
def experiment() -> None:
    """Versuche: vorher durchrechnen und vor dem Beginn anmelden."""


@experiment.command("diagnose")
@click.argument("versuch")
def experiment_diagnose(versuch: str) -> None:
    """Durchrechnen, ob der Versuch groß genug ist, und das in seine Datei schreiben."""
    from orchestration.commands.experiment import diagnose_experiment

    diagnose_experiment(versuch)


@experiment.command("register")
@click.argument("versuch")
@click.option("--organ", required=True, help="Organ, das den Versuch beschlossen hat.")
@click.option("--protokoll", "minutes", required=True, help="Fundstelle im Protokoll.")
def experiment_register(versuch: str, organ: str, minutes: str) -> None:
    """Den Wortlaut mit Prüfsumme anmelden; nur vor dem Beginn."""
    from orchestration.commands.experiment import register_experiment

    register_experiment(versuch, organ=organ, minutes=minutes)


@main.command()
@click.argument("ordner", type=click.Path(path_type=Path), required=False)
@click.option(
    "--wiederherstellen",
    "restore",
    is_flag=True,
    help="Schlüssel aus dem Wiederherstellungstext zurückholen.",
)
def init(ordner: Path | None, restore: bool) -> None:
    """Eine eigene Genossenschaft anlegen, Schritt für Schritt gefragt."""
    from orchestration.commands.init import create_cooperative

    create_cooperative(ordner, restore)


@main.command()
@click.option(
    "--bestaetigen", "member", default=None, help="Mitgliedsnummer, deren neue IBAN bestätigt wird."
)
@click.option(
    "--person", default=None, help="Wer bestätigt; nicht dieselbe Person, die eingetragen hat."
)
def iban(member: str | None, person: str | None) -> None:
    """Geänderte Bankverbindungen zeigen und mit einer zweiten Person bestätigen."""
    from orchestration.commands.iban import review

    review(member, person)


@main.command()
@click.option("--pruefen", "check", is_flag=True, help="Nur vergleichen, nichts schreiben.")
def contracts(check: bool) -> None:
    """Aus den Verträgen die Quellendatei der Modelle schreiben."""
    from orchestration.commands.contracts import write_sources

    sys.exit(write_sources(check))


if __name__ == "__main__":
    main()
