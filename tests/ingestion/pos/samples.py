# SPDX-License-Identifier: Apache-2.0
"""Small till deliveries, made by hand, that tests can spoil in one place.

Belongs here: a DSFinV-K archive as rows of text, its packing, one CSV export, and a lake that
knows some tills. Does not belong here: the simulated town, which has its own writer.
"""

import io
import json
import tarfile
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from foundation.contracts import Contract, load_contract
from foundation.keys import Keys, open_keys
from foundation.lakehouse import Lakehouse
from foundation.settings import PROJECT_ROOT, Settings, load_settings
from ingestion import raw
from ingestion.pseudonyms import Pseudonyms

CONTRACTS = PROJECT_ROOT / "cooperative" / "contracts"
TABLES = json.loads((PROJECT_ROOT / "ingestion/pos/layout.json").read_text("utf-8"))["tables"]
CANARY = "KANARIENVOGEL"
TILL = "KASSE-Zeisig-01"
Row = dict[str, str]


def shipped(contract_id: str) -> Contract:
    """The contract of the sample cooperative."""
    return load_contract(CONTRACTS / f"{contract_id}.odcs.yaml")


@dataclass
class Archive:
    """One DSFinV-K export as rows; `columns` may be changed, `index_columns` follow unless set."""

    files: dict[str, list[Row]]
    columns: dict[str, list[str]] = field(
        default_factory=lambda: {n: [c[0] for c in t["columns"]] for n, t in TABLES.items()}
    )
    index_columns: dict[str, list[str]] = field(default_factory=dict)
    encoding: str = "utf-8"
    decimal: str = ","
    grouping: str = "."

    def members(self) -> dict[str, bytes]:
        """File name to bytes, `index.xml` included."""
        packed = {"index.xml": self._index().encode()}
        for name in TABLES:
            columns = self.columns[name]
            lines = [";".join(columns)]
            lines += [";".join(r.get(c, "") for c in columns) for r in self.files.get(name, [])]
            packed[name] = ("\r\n".join(lines) + "\r\n").encode(self.encoding)
        return packed

    def zip(self, folder: str = "", without: tuple[str, ...] = ()) -> bytes:
        """The archive as zip, in a folder where one is named."""
        return zipped(
            {folder + name: data for name, data in self.members().items() if name not in without}
        )

    def tar(self, mode: str = "w") -> bytes:
        """The archive as tar; mode `w:gz` compresses."""
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
            for name, data in self.members().items():
                info = tarfile.TarInfo(f"export/{name}")
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return stream.getvalue()

    def _index(self) -> str:
        tables = []
        for name, table in TABLES.items():
            types = {c[0]: c[1] for c in table["columns"]}
            columns = "".join(
                f"<VariableColumn><Name>{c}</Name>"
                f"<{'Numeric' if types.get(c) == 'n' else 'AlphaNumeric'}/></VariableColumn>"
                for c in self.index_columns.get(name, self.columns[name])
            )
            tables.append(
                f"<Table><URL>{name}</URL><Name>{table['logical_name']}</Name><UTF8/>"
                f"<DecimalSymbol>{self.decimal}</DecimalSymbol>"
                f"<DigitGroupingSymbol>{self.grouping}</DigitGroupingSymbol>"
                "<Range><From>2</From></Range><VariableLength>"
                "<ColumnDelimiter>;</ColumnDelimiter><RecordDelimiter>&#13;&#10;</RecordDelimiter>"
                f'<TextEncapsulator>"</TextEncapsulator>{columns}</VariableLength></Table>'
            )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">\n'
            f"<DataSet><Version>1.0</Version><Media><Name>Kasse</Name>{''.join(tables)}</Media>"
            "</DataSet>"
        )


def zipped(members: dict[str, bytes]) -> bytes:
    """Files as zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def closing(
    till: str = TILL, day: str = "2026-09-05", number: int = 7, receipts: int = 3
) -> Archive:
    """One closing with so many receipts of two lines each (1.234,50 + 2,00 euros, 19 %)."""
    key = {"Z_KASSE_ID": till, "Z_ERSTELLUNG": f"{day}T19:00:00+02:00", "Z_NR": str(number)}
    files: dict[str, list[Row]] = {name: [] for name in TABLES}
    files["vat.csv"].append(key | {"UST_SCHLUESSEL": "1", "UST_SATZ": "19,00"})
    for i in range(1, receipts + 1):
        bon = key | {"BON_ID": f"{number}-{i}"}
        files["transactions.csv"].append(
            bon
            | {
                "BON_NR": f"12.{i:03d}",
                "BON_TYP": "Beleg",
                "BON_STORNO": "0",
                "BON_START": f"{day}T10:00:{i:02d}+02:00",
                "BON_ENDE": f"{day}T10:01:{i:02d}+02:00",
                "BEDIENER_NAME": CANARY,
                "KUNDE_NAME": CANARY,
                "BON_NOTIZ": CANARY,
                "UMS_BRUTTO": "1.236,50",
            }
        )
        for line, gross in enumerate(("1.234,50", "2,00"), start=1):
            at = bon | {"POS_ZEILE": str(line)}
            files["lines.csv"].append(
                at
                | {
                    "ARTIKELTEXT": "Brötchen",
                    "GV_TYP": "Umsatz",
                    "GV_NAME": CANARY,
                    "P_STORNO": "0",
                    "GUTSCHEIN_NR": CANARY,
                    "MENGE": "1,000",
                    "STK_BR": gross,
                }
            )
            files["lines_vat.csv"].append(at | _vat("POS", gross))
        files["transactions_vat.csv"].append(bon | _vat("BON", "1.236,50"))
        files["datapayment.csv"].append(
            bon | {"ZAHLART_TYP": "Bar", "ZAHLWAEH_CODE": "EUR", "BASISWAEH_BETRAG": "1236,50"}
        )
    files["cashpointclosing.csv"].append(
        key
        | {
            "Z_BUCHUNGSTAG": day,
            "TAXONOMIE_VERSION": "2.4",
            "NAME": f"Bäckerei {CANARY}",
            "STNR": "337/5704/1716",
            "Z_SE_ZAHLUNGEN": _german(Decimal("1236.50") * receipts),
        }
    )
    return Archive(files)


def _vat(prefix: str, gross: str) -> Row:
    value = Decimal(gross.replace(".", "").replace(",", "."))
    net = (value / Decimal("1.19")).quantize(Decimal("0.00001"))
    return {
        "UST_SCHLUESSEL": "1",
        f"{prefix}_BRUTTO": gross,
        f"{prefix}_NETTO": _german(net),
        f"{prefix}_UST": _german(value - net),
    }


def _german(value: Decimal) -> str:
    return str(value).replace(".", ",")


CSV_HEADER = (
    "Belegnummer;Datum;Kasse;Artikelnr;Bezeichnung;Menge;Einzelpreis;Summe;MwSt;Storno;Verkäufer"
)
CSV_LINES = (
    f"4711;05.09.2026 09:30;{TILL};A1;Käse;1,000;1.234,50;1.234,50;7;N;{CANARY}",
    f"4711;05.09.2026 09:30;{TILL};A2;Brötchen;3;0,45;1,35;7;N;{CANARY}",
    f"4712;05.09.2026 23:45;{TILL};A2;Brötchen;-1;0,45;-0,45;7;J;{CANARY}",
)


def till_csv(*lines: str, header: str = CSV_HEADER) -> bytes:
    """A CSV export as the shipped contract describes it: cp1252, German numbers."""
    return ("\r\n".join((header, *(lines or CSV_LINES))) + "\r\n").encode("cp1252")


@dataclass(frozen=True)
class Home:
    """A lake of its own, with keys and an inbox."""

    settings: Settings
    keys: Keys
    lakehouse: Lakehouse

    def deliver(self, contract_id: str, name: str, data: bytes) -> None:
        """Put a file into the inbox."""
        path = self.settings.inbox / contract_id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query on the lake."""
        with self.lakehouse.connect(read_only=True) as con:
            return con.execute(query).fetchall()

    def know(self, *tills: str, member: str = "M-1", site: str | None = None) -> None:
        """Write a shop with these tills, its member and owner, into the raw tables."""
        pseudonyms = Pseudonyms(self.keys)
        member_id = pseudonyms.of("member", member)
        with self.lakehouse.writer() as con:
            for contract_id in ("members", "consents"):
                raw.create_tables(con, shipped(contract_id))
            con.executemany(
                "INSERT INTO lake.raw.members_sites BY NAME "
                "SELECT ? AS till_id, ? AS member_id, ? AS site_id",
                [
                    [pseudonyms.of("till", till), member_id, pseudonyms.of("site", site)]
                    for till in tills
                ],
            )
            con.execute(
                "INSERT INTO lake.raw.members_members BY NAME SELECT ? AS member_id, ? AS owner_id",
                [member_id, pseudonyms.of("owner", member)],
            )

    def withdraw(self, at: str, member: str = "M-1") -> None:
        """Record that the member withdrew the consent for indicators at this instant."""
        with self.lakehouse.writer() as con:
            con.execute(
                "INSERT INTO lake.raw.members_consents BY NAME SELECT ? AS member_id, "
                "'indikatoren' AS purpose, 'widerrufen' AS status, ?::TIMESTAMPTZ AS recorded_at",
                [Pseudonyms(self.keys).of("member", member), at],
            )


def new_home(folder: Path) -> Home:
    """An empty lake in `folder`."""
    settings = load_settings(home=folder)
    home = Home(settings, open_keys(settings), Lakehouse(settings))
    home.lakehouse.create()
    return home
