# SPDX-License-Identifier: Apache-2.0
"""``ortskern verify``: an edition's signature, files and, where the lake is at hand, its numbers."""

from datetime import date
from pathlib import Path

from foundation import ledger
from foundation.errors import LedgerError, SnapshotGoneError, VerificationError
from foundation.settings import load_settings
from orchestration.console import console
from orchestration.house import House, open_house
from reports.exports import table_hashes
from reports.publication import MANIFEST, Verification, load_public_key, table_problems, verify


def verify_edition(path: Path | None, key: Path | None, files_only: bool) -> int:
    """Check; prints what was checked and returns 0 when all is sound, 1 otherwise."""
    house = open_house(load_settings())
    folder = path or _newest(house.settings.publications_dir)
    has_own = (house.settings.keys_dir / "root.key").is_file()
    trusted = load_public_key(key) if key is not None else None
    if trusted is None and has_own:
        trusted = house.keys.signing_key().public_key()
    found = verify(folder, trusted)
    problems = list(found.problems)
    console.print(f"[bold]Ausgabe {found.edition}[/bold]  {folder}")
    console.print(f"  Schlüssel        {found.key_fingerprint}{_whose(found.is_own_key)}")
    console.print(f"  Dateien          {found.files} geprüft")
    if not files_only and house.lakehouse.exists():
        problems += ledger_problems(house)
        try:
            problems += against_lake(house, folder, found)
        except SnapshotGoneError as gone:
            console.print(f"  Datenbestand     {gone}")
    for table in found.noisy_tables:
        console.print(
            f"  {table}: Rauschen, nicht nachrechenbar; geprüft ist, dass es das einmal gezogene ist"
        )
    console.print(f"  Programmstand    {found.code_revision}")
    for problem in problems:
        console.print(f"  [red]{problem}[/red]")
    console.print(
        "[green]Die Ausgabe ist unversehrt.[/green]"
        if not problems
        else f"[red]{len(problems)} Befunde: die Ausgabe ist nicht, was unterschrieben wurde.[/red]"
    )
    return 0 if not problems else 1


def ledger_problems(house: House) -> list[str]:
    """The first break in the chain of hashes of the books, if there is one."""
    with house.lakehouse.connect(read_only=True) as con:
        try:
            rows = sum(ledger.verify_chain(con).values())
        except LedgerError as broken:
            return [str(broken)]
    console.print(f"  Bücher           {rows} Buchungen, Kette der Prüfsummen ungebrochen")
    return []


def against_lake(house: House, folder: Path, found: Verification) -> list[str]:
    """What the lake of the edition's snapshot gives differently: released rows, and figures computed again.

    Raises:
        SnapshotGoneError: the lake no longer has that snapshot.
    """
    from orchestration.composites import compute_for
    from quality.disclosure.definitions import load_definitions
    from quality.disclosure.recompute import differing_rows, is_recomputable

    definitions = load_definitions(house.settings.cooperative)
    rules, on = house.cooperative.disclosure, date.fromisoformat(found.edition[:10])
    recomputed = 0
    with house.lakehouse.connect(at=found.snapshot) as con:
        problems = table_problems(folder, table_hashes(con, found.tables))
        for table in found.tables:
            definition = definitions.get(table)
            if definition is None or definition.definition_hash != found.definition_hashes[table]:
                # Not the edition's fault: its signature and hashes hold, only this program computes another thing now.
                console.print(
                    f"  {table}: Definition seit der Ausgabe geändert, nachrechnen mit deren Programmstand"
                )
            elif is_recomputable(definition):
                recomputed += 1
                rows = differing_rows(con, definition, rules, on, lambda t: compute_for(house, t))
                if rows:
                    problems.append(
                        f"Tabelle „{table}“: {rows} Zeilen ergeben nachgerechnet anderes."
                    )
    console.print(
        f"  Tabellen         {len(found.tables)} mit Snapshot {found.snapshot} verglichen, {recomputed} aus den Modellen nachgerechnet"
    )
    return problems


def _newest(editions: Path) -> Path:
    found = sorted(p.parent for p in editions.glob(f"*/{MANIFEST}"))
    if not found:
        raise VerificationError(
            f"Ordner „{editions}“: gefunden keine Ausgabe; erst `ortskern run` ausführen oder den Ordner einer Ausgabe nennen."
        )
    return found[-1]


def _whose(is_own: bool | None) -> str:
    if is_own is None:
        return "  (liegt der Ausgabe bei; mit --schluessel den der Genossenschaft nennen)"
    return "  (der Genossenschaft)" if is_own else "  (FREMD)"
