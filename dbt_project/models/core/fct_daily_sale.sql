with
    sold as (
        select
            lines.site_id,
            lines.article_number,
            lines.business_date as day_date,
            min(lines.product_group) as product_group,
            -- A discount has a quantity too, but moves no goods.
            sum(
                case when lines.line_kind in ('merchandise', 'cancellation') then lines.quantity end
            ) as quantity,
            {{ eur_sum("lines.gross_eur") }} as revenue_eur,
            count(
                distinct case
                    when lines.line_kind = 'merchandise' and lines.quantity > 0
                    then lines.receipt_id
                end
            ) as receipt_count,
            max(
                case
                    when lines.line_kind = 'merchandise' and lines.quantity > 0
                    then receipts.sold_at
                end
            ) as last_sold_at
        from {{ ref("fct_receipt_line") }} as lines
        inner join
            {{ ref("int_receipts_unified") }} as receipts on receipts.receipt_id = lines.receipt_id
        where
            lines.is_basket_line and lines.site_id is not null and lines.article_number is not null
        group by lines.site_id, lines.article_number, lines.business_date
    )

select
    sold.site_id,
    sites.owner_id,
    sites.quarter_id,
    sites.block_id,
    sites.trade_id,
    sold.article_number,
    sold.product_group,
    sold.day_date,
    cast(coalesce(sold.quantity, 0) as decimal(18, 3)) as quantity,
    sold.revenue_eur,
    sold.receipt_count,
    {{ local_time("sold.last_sold_at") }} as last_sold_at
from sold
inner join {{ ref("dim_site") }} as sites on sites.site_id = sold.site_id
