-- The town corrects its register: of two rows for one premise and month the delivery that landed
-- last counts.
select
    premise_id,
    quarter_id,
    block_id,
    area_m2,
    premise_use,
    status as premise_status,
    vacant_since_date,
    trade_id,
    is_chain,
    recorded_date
from
    {{ landed_table("raw", "vacancy_premises") }}
    {{ last_landed("premise_id, date_trunc('month', recorded_date)") }}
