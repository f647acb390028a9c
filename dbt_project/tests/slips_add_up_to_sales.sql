select
    slips.site_id,
    slips.article_number,
    slips.day_date,
    slips.produced_quantity,
    slips.left_over_quantity,
    sales.quantity
from {{ ref("fct_production_day") }} as slips
inner join
    {{ ref("fct_site_day") }} as days
    on days.site_id = slips.site_id
    and days.day_date = slips.day_date
    and days.is_open
left join
    {{ ref("fct_daily_sale") }} as sales
    on sales.site_id = slips.site_id
    and sales.article_number = slips.article_number
    and sales.day_date = slips.day_date
where slips.produced_quantity - slips.left_over_quantity <> coalesce(sales.quantity, 0)
