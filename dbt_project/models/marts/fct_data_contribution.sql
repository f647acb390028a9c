with
    -- Only what counts: of overlapping deliveries the one that landed first.
    delivered as (
        select
            member_id,
            owner_id,
            site_id,
            business_month,
            delivery_sha256,
            {{ count_sum("line_count") }} as receipt_lines,
            -- Rows set aside from a delivery fall to the last month it covers.
            row_number() over (partition by delivery_sha256 order by business_month desc, site_id)
            = 1 as takes_quarantined_rows
        from {{ ref("fct_receipt") }}
        where site_id is not null and member_id is not null and owner_id is not null
        group by member_id, owner_id, site_id, business_month, delivery_sha256
    )

select
    delivered.member_id,
    delivered.owner_id,
    delivered.site_id,
    delivered.business_month,
    {{ count_sum("delivered.receipt_lines") }}
    + {{ count_sum("case when takes_quarantined_rows then deliveries.quarantined_rows end") }}
    as delivered_rows,
    {{ count_sum("delivered.receipt_lines") }} as passed_rows,
    count(*) as deliveries,
    {{ count_where("not coalesce(deliveries.is_late, false)") }} as on_time_deliveries,
    {{ count_sum("delivered.receipt_lines") }} as receipt_lines
from delivered
left join
    {{ ref("stg_landing__deliveries") }} as deliveries
    on deliveries.delivery_sha256 = delivered.delivery_sha256
group by delivered.member_id, delivered.owner_id, delivered.site_id, delivered.business_month
