with
    -- A delivery of a shop is one owner's; of a file that was never read nobody knows the shop.
    owners_of as (
        select delivery_sha256, owner_id
        from {{ ref("fct_receipt") }}
        union all
        select delivery_sha256, owner_id
        from {{ ref("fct_supply_invoice") }}
        union all
        select slips.delivery_sha256, sites.owner_id
        from {{ ref("stg_returns_slip__lines") }} as slips
        inner join {{ ref("dim_site") }} as sites on sites.site_id = slips.site_id
        union all
        select delivery_sha256, owner_id
        from {{ ref("stg_merchandise__articles") }}
    ),
    shops as (
        select delivery_sha256, min(owner_id) as owner_id
        from owners_of
        where owner_id is not null
        group by delivery_sha256
    ),
    -- Lists that hold for ever and files that could not be read count in the month they came in.
    dated as (
        select
            {{ delivering_source("deliveries.contract_id") }} as source_id,
            {{
                month_of(
                    "least(coalesce(deliveries.last_date, "
                    ~ month_in_name("deliveries.file_name")
                    ~ ", cast("
                    ~ local_time("deliveries.landed_at")
                    ~ " as date)), cast("
                    ~ local_time("deliveries.landed_at")
                    ~ " as date))"
                )
            }} as business_month,
            shops.owner_id,
            {{ is_own_or_public_source("deliveries.contract_id") }} as is_about_nobody,
            deliveries.outcome,
            deliveries.quarantined_rows
        from {{ ref("stg_landing__deliveries") }} as deliveries
        left join shops on shops.delivery_sha256 = deliveries.delivery_sha256
        where deliveries.outcome is not null
    ),
    -- An unknown shop is counted with a known one of the same month, or stands alone: it must not
    -- make four owners look like five.
    owned as (
        select
            *,
            case
                when not is_about_nobody
                then
                    coalesce(
                        owner_id,
                        min(owner_id) over (partition by source_id, business_month),
                        'unbekannt'
                    )
            end as counted_owner_id
        from dated
    )

select
    source_id,
    business_month,
    counted_owner_id as owner_id,
    {{ count_where("outcome = 'loaded'") }} as loaded_count,
    {{ count_where("outcome = 'quarantined'") }} as quarantined_count,
    {{ count_where("outcome = 'refused'") }} as refused_count,
    {{ count_sum("quarantined_rows") }} as left_out_rows
from owned
group by source_id, business_month, counted_owner_id
