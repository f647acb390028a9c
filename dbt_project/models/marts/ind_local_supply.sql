select
    lines.owner_id,
    lines.quarter_id,
    lines.business_month,
    {{ eur_sum("lines.net_eur") }} as net_eur,
    {{ eur_sum("case when lines.is_local then lines.net_eur else 0 end") }} as local_net_eur
from {{ ref("fct_supply_line") }} as lines
inner join
    {{ ref("dim_owner") }} as owners on owners.owner_id = lines.owner_id and owners.is_in_indicators
where lines.quarter_id is not null
group by lines.owner_id, lines.quarter_id, lines.business_month
