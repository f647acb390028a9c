-- The register is a book of events: a file lands, may come again, is loaded or set aside. Where
-- what was set aside came again under its right name, that landing counts.
with
    register as (
        select
            *,
            max(case when event = 'landed' then event_no end) over (
                partition by delivery_sha256
            ) as landing_no
        from {{ source_table("landing", "delivery") }}
    ),
    events as (
        select
            *,
            -- What became of it in the end; a later entry of the steward does not undo it.
            event in ('loaded', 'quarantined', 'refused')
            and row_number() over (
                partition by
                    delivery_sha256,
                    case when event in ('loaded', 'quarantined', 'refused') then 1 else 0 end
                order by event_no desc
            )
            = 1 as is_outcome
        from register
        where event_no >= landing_no
    )

select
    delivery_sha256,
    min(case when event = 'landed' then contract_id end) as contract_id,
    min(case when event = 'landed' then file_name end) as file_name,
    min(landing_no) as landing_no,
    min(case when event = 'landed' then {{ instant('"at"') }} end) as landed_at,
    min(first_date) as first_date,
    max(last_date) as last_date,
    min(case when is_outcome then event end) as outcome,
    {{ count_sum("case when event = 'loaded' then quarantined_rows end") }} as quarantined_rows,
    {{ is_late_delivery("min(case when event = 'landed' then file_name end)") }} as is_late
from events
group by delivery_sha256
