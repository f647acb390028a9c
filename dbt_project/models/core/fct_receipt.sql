with
    lines as (
        select
            receipt_id,
            count(*) as line_count,
            {{ count_where("is_basket_line") }} as basket_line_count,
            {{ count_where("line_kind = 'merchandise' and gross_eur > 0") }} as sold_line_count,
            {{ count_where("line_kind in ('merchandise', 'cancellation')") }} as goods_line_count,
            {{ count_where("is_cancelled_line") }} as cancelled_line_count,
            {{ count_where("line_kind = 'service'") }} as service_line_count,
            {{ eur_sum("gross_eur") }} as total_eur,
            {{ eur_sum("case when is_basket_line then gross_eur end") }} as revenue_eur,
            {{ eur_sum("vat_eur") }} as vat_eur
        from {{ ref("fct_receipt_line") }}
        group by receipt_id
    )

select
    receipts.receipt_id,
    receipts.contract_id,
    receipts.delivery_sha256,
    receipts.till_id,
    receipts.site_id,
    receipts.member_id,
    receipts.owner_id,
    receipts.quarter_id,
    receipts.trade_id,
    receipts.trade_group,
    receipts.business_month,
    receipts.business_date,
    receipts.hour,
    receipts.sold_at,
    receipts.is_time_ambiguous,
    receipts.is_cancellation,
    -- A purchase counts 1, its cancellation takes it back; a receipt on which nothing was sold
    -- (goods returned, deposit paid out, a voucher) counts 0 and still moves the revenue.
    cast(
        case
            when receipts.is_cancellation and lines.goods_line_count > 0
            then -1
            when lines.sold_line_count > 0
            then 1
            else 0
        end as smallint
    ) as basket_count,
    coalesce(lines.line_count, 0) as line_count,
    coalesce(lines.basket_line_count, 0) as basket_line_count,
    coalesce(lines.cancelled_line_count, 0) as cancelled_line_count,
    coalesce(lines.service_line_count, 0) as service_line_count,
    coalesce(lines.total_eur, 0) as total_eur,
    coalesce(lines.revenue_eur, 0) as revenue_eur,
    coalesce(lines.vat_eur, 0) as vat_eur,
    receipts.reported_total_eur
from {{ ref("int_receipts_unified") }} as receipts
left join lines on lines.receipt_id = receipts.receipt_id
