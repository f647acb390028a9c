select
    days.block_id,
    cast(date_trunc('week', days.day_date) as date) as week_start_date,
    days.owner_id,
    days.trade_id,
    {{ count_sum("days.receipt_count") }} as receipt_count,
    {{ eur_sum("days.revenue_eur") }} as revenue_eur
from {{ ref("fct_site_day") }} as days
inner join
    {{ ref("dim_owner") }} as owners on owners.owner_id = days.owner_id and owners.is_in_indicators
where
    days.block_id is not null
    and days.trade_id is not null
    -- The week of the as-of day is not over.
    and date_trunc('week', days.day_date) < date_trunc('week', {{ as_of_date() }})
group by days.block_id, week_start_date, days.owner_id, days.trade_id
