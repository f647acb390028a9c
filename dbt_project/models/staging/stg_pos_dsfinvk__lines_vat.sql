select
    _landing_sha256 as delivery_sha256,
    z_kasse_id as till_id,
    z_nr as closing_number,
    {{ instant("z_erstellung") }} as closed_at,
    bon_id as receipt_id,
    pos_zeile as line_number,
    ust_schluessel as vat_key,
    pos_brutto as gross_eur,
    pos_netto as net_eur,
    pos_ust as vat_eur
from {{ source_table("raw", "pos_lines_vat") }}
