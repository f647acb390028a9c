select
    tills.till_id,
    sites.site_id,
    sites.member_id,
    sites.owner_id,
    sites.quarter_id,
    sites.trade_id,
    sites.trade_group
from {{ ref("stg_members__sites") }} as tills
inner join {{ ref("dim_site") }} as sites on sites.site_id = tills.site_id
where tills.till_id is not null
