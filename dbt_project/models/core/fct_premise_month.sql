select
    premises.premise_id,
    {{ month_of("premises.recorded_date") }} as business_month,
    premises.quarter_id,
    premises.block_id,
    premises.premise_status,
    premises.premise_status = 'leer' as is_vacant,
    premises.vacant_since_date,
    premises.trade_id,
    trades.trade_group,
    premises.is_chain,
    premises.recorded_date
from {{ ref("stg_vacancy_register__premises") }} as premises
left join {{ ref("dim_trade") }} as trades on trades.trade_id = premises.trade_id
