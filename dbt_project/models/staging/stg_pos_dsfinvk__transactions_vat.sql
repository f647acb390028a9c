select
    _landing_sha256 as delivery_sha256,
    bon_id as receipt_id,
    ust_schluessel as vat_key,
    bon_brutto as gross_eur,
    bon_netto as net_eur,
    bon_ust as vat_eur
from {{ source_table("raw", "pos_transactions_vat") }}
