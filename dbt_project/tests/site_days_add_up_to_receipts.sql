with
    receipts as (
        select
            site_id,
            business_month,
            {{ eur_sum("revenue_eur") }} as revenue_eur,
            {{ count_sum("basket_count") }} as receipt_count
        from {{ ref("fct_receipt") }}
        where site_id is not null
        group by site_id, business_month
    ),
    site_days as (
        select
            site_id,
            {{ month_of("day_date") }} as business_month,
            {{ eur_sum("revenue_eur") }} as revenue_eur,
            {{ count_sum("receipt_count") }} as receipt_count
        from {{ ref("fct_site_day") }}
        group by site_id, {{ month_of("day_date") }}
    )

select receipts.site_id, receipts.business_month, receipts.revenue_eur
from receipts
left join
    site_days
    on site_days.site_id = receipts.site_id
    and site_days.business_month = receipts.business_month
where
    site_days.site_id is null
    or site_days.revenue_eur <> receipts.revenue_eur
    or site_days.receipt_count <> receipts.receipt_count
