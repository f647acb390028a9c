-- The register is a book of events: a file lands once, may come again, is loaded or set aside.
select
    delivery_sha256,
    min(contract_id) as contract_id,
    min(case when event = 'landed' then file_name end) as file_name,
    min(case when event = 'landed' then event_no end) as landing_no,
    min(case when event = 'landed' then {{ instant('"at"') }} end) as landed_at,
    min(first_date) as first_date,
    max(last_date) as last_date,
    {{ count_sum("case when event = 'loaded' then quarantined_rows end") }} as quarantined_rows,
    {{ is_late_delivery("min(case when event = 'landed' then file_name end)") }} as is_late
from {{ source_table("landing", "delivery") }}
group by delivery_sha256
having bool_or(event = 'landed')
