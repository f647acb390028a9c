select
    _landing_sha256 as delivery_sha256,
    bon_id as receipt_id,
    zahlart_typ as payment_kind,
    zahlwaeh_code as currency_code,
    zahlwaeh_betrag as foreign_amount,
    basiswaeh_betrag as amount_eur
from {{ source_table("raw", "pos_payments") }}
