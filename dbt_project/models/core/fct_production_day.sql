select
    slips.site_id,
    sites.owner_id,
    slips.article_number,
    slips.day_date,
    slips.produced_quantity,
    slips.left_over_quantity,
    cast(slips.sold_out_time as time) as sold_out_at,
    coalesce(deliveries.is_late, false) as is_late
from {{ ref("stg_returns_slip__lines") }} as slips
inner join {{ ref("dim_site") }} as sites on sites.site_id = slips.site_id
left join
    {{ ref("stg_landing__deliveries") }} as deliveries
    on deliveries.delivery_sha256 = slips.delivery_sha256
