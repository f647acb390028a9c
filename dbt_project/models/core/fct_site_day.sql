with
    traded as (
        select
            site_id,
            business_date as day_date,
            business_month,
            {{ count_sum("basket_count") }} as receipt_count,
            {{ eur_sum("revenue_eur") }} as revenue_eur
        from {{ ref("fct_receipt") }}
        where site_id is not null
        group by site_id, business_date, business_month
    ),
    spans as (
        select site_id, min(day_date) as first_date, max(day_date) as last_date
        from traded
        group by site_id
    ),
    -- A month without any receipt was not delivered or lies in quarantine; nobody knows its days.
    reported as (select distinct site_id, business_month from traded),
    days as (
        select spans.site_id, days.day_date, days.business_month
        from spans
        inner join
            {{ ref("dim_day") }} as days
            on days.day_date between spans.first_date and spans.last_date
    )

select
    days.site_id,
    sites.owner_id,
    sites.quarter_id,
    sites.block_id,
    sites.trade_id,
    days.day_date,
    traded.site_id is not null as is_open,
    reported.site_id is not null as is_reported,
    coalesce(traded.receipt_count, 0) as receipt_count,
    cast(coalesce(traded.revenue_eur, 0) as decimal(18, 2)) as revenue_eur
from days
inner join {{ ref("dim_site") }} as sites on sites.site_id = days.site_id
left join traded on traded.site_id = days.site_id and traded.day_date = days.day_date
left join
    reported on reported.site_id = days.site_id and reported.business_month = days.business_month
