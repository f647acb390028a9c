# SPDX-License-Identifier: Apache-2.0
"""A small town straight in `raw`, for tests of the dbt project and for measuring it.

Belongs here: raw tables in the contracts' own columns and types, filled by SQL from a number of
receipts, with a few planted cases of which the right answer is known. Does not belong here: files,
adapters, pseudonyms (all identifiers are made up), or expectations about results.

Planted: every till's last closing is delivered a second time; owner `owner-03` withdrew its consent;
each 97th receipt is cancelled by a later one; training receipts, deposits, tips, discounts and
vouchers; one shop with a till that writes CSV; a sensor that was silent for a day; the two
nights on which the clock changes.
"""

from pathlib import Path

from duckdb import DuckDBPyConnection

from foundation.contracts import load_contracts
from foundation.migrations import migrate

SITES = 24
MONTHS = 13
FIRST_DAY = "2025-10-01"
DAYS = 396
LOADER_COLUMNS = "_landing_sha256 VARCHAR, _row_number BIGINT, _dlt_load_id VARCHAR"
# One receipt in SQL: which till, which day and hour, how many lines; every table below reads it.
_RECEIPTS = f"""
CREATE TEMP TABLE town AS
SELECT
    i AS receipt,
    i % {SITES} AS site,
    (i // {SITES} * 7) % {DAYS} AS day_number,
    DATE '{FIRST_DAY}' + CAST((i // {SITES} * 7) % {DAYS} AS INTEGER) AS day,
    1 + (i * 13) % 5 AS line_count,
    i % 97 = 96 AS is_cancellation,
    CASE WHEN i % 53 = 52 THEN 'AVTraining' ELSE 'Beleg' END AS kind,
    'receipt-' || i AS receipt_id
FROM range({{receipts}}) AS t(i)
"""
_WITH_DELIVERY = """
CREATE TEMP TABLE delivered AS
WITH closings AS (
    SELECT DISTINCT site, day, day_number FROM town WHERE site > 0
), shipped AS (
    SELECT *, sha256('dsfinvk' || site || strftime(day, '%Y-%m')) AS delivery, FALSE AS again FROM closings
    UNION ALL
    SELECT *, sha256('again' || site), TRUE FROM closings
    QUALIFY row_number() OVER (PARTITION BY site ORDER BY day_number DESC) = 1
)
SELECT
    delivery, again, site, day,
    'till-' || lpad(site::VARCHAR, 2, '0') AS till,
    day_number + 1 AS z_nr,
    day + INTERVAL 19 HOUR AS closed_at
FROM shipped
"""
# Lines of a receipt: goods first, then what hangs on some receipts only.
_LINES = """
CREATE TEMP TABLE line AS
WITH goods AS (
    SELECT town.*, unnest(range(1, line_count + 1)) AS number FROM town
), named AS (
    SELECT
        *,
        CASE
            WHEN number = 1 THEN 'Umsatz'
            WHEN number = 3 AND receipt % 10 = 0 THEN 'Rabatt'
            WHEN number = 4 AND receipt % 6 = 0 THEN 'Pfand'
            WHEN number = 4 AND receipt % 6 = 1 THEN 'TrinkgeldAN'
            WHEN number = 5 AND receipt % 8 = 0 THEN 'EinzweckgutscheinEinloesung'
            ELSE 'Umsatz'
        END AS gv
    FROM goods
)
SELECT
    *,
    number = 2 AND receipt % 31 = 0 AS is_void,
    (CASE WHEN is_cancellation THEN -1 ELSE 1 END)
    * (CASE WHEN number = 2 AND receipt % 31 = 0 THEN -1 ELSE 1 END)
    * (CASE WHEN gv IN ('Rabatt', 'EinzweckgutscheinEinloesung') THEN -1 ELSE 1 END) AS sign,
    CAST(1.10 + (receipt * 7 + number * 3) % 900 / 100.0 AS DECIMAL(18, 2)) AS amount,
    CASE WHEN gv <> 'Umsatz' AND gv <> 'Rabatt' THEN 5 WHEN number % 2 = 0 THEN 1 ELSE 2 END AS vat_key
FROM named
"""

_INSERTS = {
    "pos_closings": """
        SELECT delivery AS _landing_sha256, till AS z_kasse_id, closed_at AS z_erstellung, z_nr,
            '2.4' AS taxonomie_version, 0 AS z_se_zahlungen, 0 AS z_se_barzahlungen
        FROM delivered""",
    "pos_transactions": """
        SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
            t.receipt_id AS bon_id, t.receipt AS bon_nr, t.kind AS bon_typ, t.is_cancellation AS bon_storno,
            t.day + to_minutes(7 * 60 + t.receipt % 600) AS bon_start,
            t.day + to_minutes(7 * 60 + 2 + t.receipt % 600) AS bon_ende,
            FALSE AS bon_start_mehrdeutig,
            coalesce(s.total, 0) AS ums_brutto
        FROM town t JOIN delivered d ON d.site = t.site AND d.day = t.day
        LEFT JOIN (SELECT receipt, sum(sign * amount) AS total FROM line GROUP BY receipt) s USING (receipt)""",
    "pos_transactions_vat": """
        SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
            l.receipt_id AS bon_id, l.vat_key AS ust_schluessel, sum(l.sign * l.amount) AS bon_brutto,
            sum(l.sign * l.amount) AS bon_netto, 0 AS bon_ust
        FROM line l JOIN delivered d ON d.site = l.site AND d.day = l.day GROUP BY ALL""",
    "pos_lines": """
        SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
            l.receipt_id AS bon_id, l.number AS pos_zeile, 'Artikel ' || l.receipt % 400 AS artikeltext,
            l.gv AS gv_typ, FALSE AS inhaus, l.is_void AS p_storno, 'A' || l.receipt % 400 AS art_nr,
            'W' || l.receipt % 12 AS warengr_id, 'Warengruppe ' || l.receipt % 12 AS warengr,
            l.sign AS menge, 1 AS faktor, 'Stück' AS einheit, l.amount AS stk_br
        FROM line l JOIN delivered d ON d.site = l.site AND d.day = l.day""",
    "pos_lines_vat": """
        SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
            l.receipt_id AS bon_id, l.number AS pos_zeile, l.vat_key AS ust_schluessel,
            l.sign * l.amount AS pos_brutto, l.sign * l.amount AS pos_netto, 0 AS pos_ust
        FROM line l JOIN delivered d ON d.site = l.site AND d.day = l.day""",
    "pos_payments": """
        SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
            l.receipt_id AS bon_id, 'Bar' AS zahlart_typ, sum(l.sign * l.amount) AS basiswaeh_betrag
        FROM line l JOIN delivered d ON d.site = l.site AND d.day = l.day GROUP BY ALL""",
    "pos_vat": """
        SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
            v.key AS ust_schluessel, v.rate AS ust_satz
        FROM delivered d, (VALUES (1, 19), (2, 7), (5, 0)) AS v(key, rate)""",
    "pos_csv_lines": """
        SELECT sha256('csv' || strftime(day, '%Y-%m')) AS _landing_sha256, receipt_id, 'till-00' AS till_id,
            day + INTERVAL 9 HOUR AS sold_at, 'A' || receipt % 400 AS article, gv AS description,
            sign AS quantity, amount AS unit_price, sign * amount AS line_total,
            number = 2 AND sign < 0 AS is_cancellation, gv = 'Pfand' AS is_service
        FROM line WHERE site = 0""",
    "members_members": f"""
        SELECT sha256('members') AS _landing_sha256, 'member-' || lpad(i::VARCHAR, 2, '0') AS member_id,
            CASE WHEN i >= {SITES} THEN 'buerger' WHEN i % 8 = 7 THEN 'erzeuger' ELSE 'haendler' END AS kind,
            ['ALT', 'BAH', 'NOR', 'SUE'][1 + i % 4] AS quarter_id,
            CASE WHEN i < {SITES} THEN 'owner-' || lpad((i // 2 * 2 % 22 + i % 2)::VARCHAR, 2, '0') END AS owner_id,
            CASE WHEN i < {SITES} THEN 'regulaer' ELSE 'keine' END AS vat_status,
            'gueltig' AS vat_id_check, 'gueltig' AS tax_number_check, 'gueltig' AS iban_check, TRUE AS has_iban,
            DATE '2024-01-01' AS joined_date,
            CASE WHEN i = 39 THEN DATE '2026-03-31' END AS left_date, 1 AS shares
        FROM range(40) AS t(i)""",
    "members_sites": f"""
        SELECT sha256('sites') AS _landing_sha256, 'site-' || lpad(i::VARCHAR, 2, '0') AS site_id,
            'member-' || lpad(i::VARCHAR, 2, '0') AS member_id,
            ['ALT', 'BAH', 'NOR', 'SUE'][1 + i % 4] || '-01' AS block_id,
            ['baeckerei', 'cafe', 'bekleidung', 'friseur'][1 + i // 4 % 4] AS trade_id,
            i % 9 = 8 AS is_chain, 'till-' || lpad(i::VARCHAR, 2, '0') AS till_id,
            DATE '2020-01-01' AS opened_date
        FROM range({SITES}) AS t(i)""",
    "members_consents": f"""
        SELECT sha256('consents') AS _landing_sha256, 'member-' || lpad(i::VARCHAR, 2, '0') AS member_id,
            'indikatoren' AS purpose, 'erteilt' AS status, TIMESTAMP '2025-01-10 09:00:00' AS recorded_at,
            'Beitrittsformular' AS channel, sha256('wortlaut') AS wording_sha256, 'N-' || i AS proof_reference
        FROM range({SITES}) AS t(i)
        UNION ALL
        SELECT sha256('consents'), 'member-03', 'indikatoren', 'widerrufen', TIMESTAMP '2026-05-04 08:30:00',
            'Brief', sha256('wortlaut'), 'N-W'""",
    "sales_product_sales": """
        SELECT sha256('sales') AS _landing_sha256, 'R-' || i AS invoice_number, DATE '2026-01-15' AS invoice_date,
            DATE '2026-01-01' AS service_from_date, DATE '2026-01-31' AS service_to_date, 'quartiersbericht' AS product_id,
            CASE WHEN i = 1 THEN 'mitglied' ELSE 'dritte' END AS buyer_kind, CASE WHEN i = 1 THEN 'member-01' END AS member_id,
            100 AS net_eur, 19 AS vat_rate_percent, 19 AS vat_eur, 119 AS gross_eur
        FROM range(3) AS t(i)""",
    "footfall_hystreet_counts": f"""
        SELECT sha256('hystreet' || strftime(h, '%Y-%m')) AS _landing_sha256, 'Markt' AS location, h AS measured_at,
            (date_part('hour', h) * 20 + 7)::BIGINT AS pedestrians_count, 12.5 AS temperature
        FROM (SELECT unnest(generate_series(
            TIMESTAMP '{FIRST_DAY}' - INTERVAL 2 HOUR, TIMESTAMP '2026-10-31 22:00:00', INTERVAL 1 HOUR)) AS h)
        WHERE h::DATE <> DATE '2026-02-03'""",
    "footfall_csv_counts": """
        SELECT sha256('zaehlung') AS _landing_sha256, 'Ring' AS sensor, h AS measured_at, 50 AS pedestrians_count
        FROM (SELECT unnest(generate_series(
            TIMESTAMP '2026-05-01 08:00:00', TIMESTAMP '2026-05-01 16:00:00', INTERVAL 1 HOUR)) AS h)""",
    "vacancy_premises": f"""
        SELECT sha256('kataster' || m) AS _landing_sha256, 'L-' || i AS premise_id,
            ['ALT', 'BAH', 'NOR', 'SUE'][1 + i % 4] AS quarter_id, ['ALT', 'BAH', 'NOR', 'SUE'][1 + i % 4] || '-01' AS block_id,
            80 AS area_m2, 'Laden' AS premise_use,
            CASE WHEN (i + m) % 9 = 0 THEN 'leer' WHEN i % 17 = 0 THEN 'umbau' ELSE 'belegt' END AS status,
            CASE WHEN (i + m) % 9 <> 0 THEN 'baeckerei' END AS trade_id,
            CASE WHEN i % 11 <> 0 THEN i % 3 = 0 END AS is_chain,
            DATE '{FIRST_DAY}' + to_months(m::INTEGER) AS recorded_date
        FROM range(80) AS t(i), range({MONTHS}) AS u(m)""",
    "reference_quarters": """
        SELECT sha256('quarters') AS _landing_sha256, * FROM (VALUES
            ('ALT', 'Altstadt'), ('BAH', 'Bahnhofsviertel'), ('NOR', 'Nordstadt'), ('SUE', 'Südring')) AS v(quarter_id, name)""",
    "reference_blocks": """
        SELECT sha256('blocks') AS _landing_sha256, q || '-01' AS block_id, q AS quarter_id, 'Block ' || q AS name
        FROM (VALUES ('ALT'), ('BAH'), ('NOR'), ('SUE')) AS v(q)""",
    "reference_trades": """
        SELECT sha256('trades') AS _landing_sha256, * FROM (VALUES
            ('baeckerei', 'Bäckerei', 'Lebensmittel'), ('cafe', 'Café', 'Gastronomie'),
            ('bekleidung', 'Bekleidung', 'Non-Food'), ('friseur', 'Friseur', 'Dienstleistung'))
            AS v(trade_id, name, trade_group)""",
    "reference_sensors": """
        SELECT sha256('sensors') AS _landing_sha256, * FROM (VALUES
            ('S-1', 'Markt', 'ALT', 'ALT-01', 'footfall_hystreet'), ('S-2', 'Ring', 'SUE', 'SUE-01', 'footfall_csv'))
            AS v(sensor_id, name, quarter_id, block_id, contract)""",
}


def fabricate(con: DuckDBPyConnection, cooperative: Path, receipts: int) -> None:
    """Fill `lake.raw` and `lake.landing` with a town of `receipts` receipts (about three lines each).

    `con` has a new lake attached as `lake`. Tables have the contracts' columns, types and loader columns.
    """
    migrate(con, "landing")
    con.execute(_RECEIPTS.format(receipts=receipts))
    con.execute(_LINES)
    con.execute(_WITH_DELIVERY)
    for contract in load_contracts(cooperative).values():
        for table in contract.objects:
            columns = ", ".join(f'"{f.name}" {f.raw_type}' for f in table.raw_fields)
            con.execute(f"CREATE OR REPLACE TABLE lake.raw.{table.name} ({columns}, {LOADER_COLUMNS})")
            if table.name not in _INSERTS:
                continue
            con.execute(
                f"INSERT INTO lake.raw.{table.name} BY NAME SELECT *, row_number() OVER () AS _row_number,"
                f" 'load-1' AS _dlt_load_id FROM ({_INSERTS[table.name]})"
            )
    # Second deliveries land last, all others in the order of their hashes; till 5 was late in May.
    con.execute("""
        INSERT INTO lake.landing.delivery BY NAME
        SELECT delivery AS delivery_sha256, 'pos_dsfinvk' AS contract_id, 'landed' AS event,
            CASE WHEN min(till) = 'till-05' AND min(day) BETWEEN DATE '2026-05-01' AND DATE '2026-05-31'
                THEN 'nachlieferung/' ELSE '' END || min(till) || '.zip' AS file_name,
            row_number() OVER (ORDER BY bool_or(again), delivery) AS event_no,
            min(day) AS first_date, max(day) AS last_date, TIMESTAMPTZ '2026-11-22 06:00:00+01' AS "at"
        FROM delivered GROUP BY delivery""")
