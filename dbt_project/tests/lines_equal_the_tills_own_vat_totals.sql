-- Key 5 (not taxable) is left out: tips to staff stand there, and they are dropped at the door.
with
    lines as (
        select delivery_sha256, receipt_id, vat_key, {{ eur_exact_sum("gross_eur") }} as gross_eur
        from {{ ref("stg_pos_dsfinvk__lines_vat") }}
        where vat_key <> 5
        group by delivery_sha256, receipt_id, vat_key
    ),
    totals as (
        select totals.delivery_sha256, totals.receipt_id, totals.vat_key, totals.gross_eur
        from {{ ref("stg_pos_dsfinvk__transactions_vat") }} as totals
        inner join
            {{ ref("fct_receipt") }} as receipts
            on receipts.delivery_sha256 = totals.delivery_sha256
            and receipts.receipt_id = totals.receipt_id
        where totals.vat_key <> 5
    )

select totals.receipt_id, totals.vat_key, totals.gross_eur, lines.gross_eur as lines_eur
from totals
left join
    lines
    on lines.delivery_sha256 = totals.delivery_sha256
    and lines.receipt_id = totals.receipt_id
    and lines.vat_key = totals.vat_key
where abs(totals.gross_eur - coalesce(lines.gross_eur, 0)) >= 0.01
