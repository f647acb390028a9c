-- A delivery may land more than once under the same hash; the first landing sets its place in the order.
select
    delivery_sha256,
    min(contract) as contract_id,
    min(file_name) as file_name,
    min({{ instant('"at"') }}) as landed_at,
    min(first_date) as first_date,
    max(last_date) as last_date
from {{ source_table("landing", "delivery") }}
where event = 'landed'
group by delivery_sha256
