-- What the register says of a premise at its last recording.
select
    premise_id,
    quarter_id,
    block_id,
    area_m2,
    premise_use,
    premise_status,
    trade_id,
    is_chain,
    recorded_date as last_recorded_date
from {{ ref("stg_vacancy_register__premises") }}
qualify row_number() over (partition by premise_id order by recorded_date desc) = 1
