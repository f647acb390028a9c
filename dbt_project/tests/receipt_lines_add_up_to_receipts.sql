with
    lines as (
        select
            receipt_id,
            count(*) as line_count,
            {{ eur_sum("gross_eur") }} as total_eur,
            {{ eur_sum("case when is_basket_line then gross_eur end") }} as revenue_eur
        from {{ ref("fct_receipt_line") }}
        group by receipt_id
    )

select receipts.receipt_id, receipts.total_eur, lines.total_eur as lines_eur
from {{ ref("fct_receipt") }} as receipts
full outer join lines on lines.receipt_id = receipts.receipt_id
where
    receipts.receipt_id is null
    or receipts.total_eur <> coalesce(lines.total_eur, 0)
    or receipts.revenue_eur <> coalesce(lines.revenue_eur, 0)
    or receipts.line_count <> coalesce(lines.line_count, 0)
