-- The list has one line per till; what a line says of the shop is the same on each of its lines.
select
    sites.site_id,
    min(sites.member_id) as member_id,
    min(members.owner_id) as owner_id,
    min(sites.block_id) as block_id,
    min(blocks.quarter_id) as quarter_id,
    min(sites.trade_id) as trade_id,
    min(trades.trade_group) as trade_group,
    bool_or(sites.is_chain) as is_chain,
    min(sites.opened_date) as opened_date,
    max(sites.closed_date) as closed_date,
    {{ count_where("sites.till_id is not null") }} as till_count
from {{ ref("stg_members__sites") }} as sites
left join {{ ref("dim_member") }} as members on members.member_id = sites.member_id
left join {{ ref("dim_block") }} as blocks on blocks.block_id = sites.block_id
left join {{ ref("dim_trade") }} as trades on trades.trade_id = sites.trade_id
group by sites.site_id
