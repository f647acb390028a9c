select
    _landing_sha256 as delivery_sha256,
    z_kasse_id as till_id,
    z_nr as closing_number,
    {{ instant("z_erstellung") }} as closed_at,
    bon_id as receipt_id,
    bon_typ as receipt_type,
    bon_storno as is_cancellation,
    {{ quarter_hour(instant("bon_start")) }} as started_at,
    {{ quarter_hour(instant("bon_ende")) }} as sold_at,
    bon_start_mehrdeutig as is_time_ambiguous,
    ums_brutto as total_eur
from {{ source_table("raw", "pos_transactions") }}
