with
    lines as (
        select
            site_id,
            business_date as day_date,
            {{ eur_sum("gross_eur") }} as revenue_eur,
            sum(
                case when line_kind in ('merchandise', 'cancellation') then quantity else 0 end
            ) as quantity
        from {{ ref("fct_receipt_line") }}
        where is_basket_line and site_id is not null and article_number is not null
        group by site_id, business_date
    ),
    sales as (
        select
            site_id,
            day_date,
            {{ eur_sum("revenue_eur") }} as revenue_eur,
            sum(quantity) as quantity
        from {{ ref("fct_daily_sale") }}
        group by site_id, day_date
    )

select lines.site_id, lines.day_date, lines.revenue_eur, sales.revenue_eur as in_sales_eur
from lines
full outer join sales on sales.site_id = lines.site_id and sales.day_date = lines.day_date
where
    lines.site_id is null
    or sales.site_id is null
    or lines.revenue_eur <> sales.revenue_eur
    or lines.quantity <> sales.quantity
