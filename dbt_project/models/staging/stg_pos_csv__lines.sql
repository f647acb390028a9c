-- A receipt that is delivered twice counts once: the delivery that landed first holds.
select
    _landing_sha256 as delivery_sha256,
    receipt_id,
    till_id,
    row_number() over (
        partition by receipt_id, _landing_sha256 order by _row_number
    ) as line_number,
    {{ quarter_hour(instant("sold_at")) }} as sold_at,
    {{ is_ambiguous(instant("sold_at")) }} as is_time_ambiguous,
    article as article_number,
    description as article_text,
    quantity,
    unit_price as unit_price_eur,
    line_total as gross_eur,
    vat_rate as vat_rate_percent,
    is_cancellation as is_cancelled_line,
    is_service as is_service_line,
    first_value(_landing_sha256) over (
        partition by receipt_id order by _landing_no nulls last, _landing_sha256
    )
    = _landing_sha256 as is_first_landed
from {{ landed_table("raw", "pos_csv_lines") }}
