with
    occurrences as (
        select *, {{ surrogate_key(["event_uid", "first_date", "starts_at"]) }} as event_id
        from {{ ref("stg_events__occurrences") }}
        where not is_cancelled
    ),
    -- A place in words counts for a block or a quarter when it names exactly one.
    placed as (
        select
            occurrences.event_id,
            case when count(distinct blocks.block_id) = 1 then min(blocks.block_id) end as block_id,
            case
                when count(distinct blocks.quarter_id) = 1
                then min(blocks.quarter_id)
                when
                    count(distinct blocks.quarter_id) = 0
                    and count(distinct quarters.quarter_id) = 1
                then min(quarters.quarter_id)
            end as quarter_id
        from occurrences
        left join
            {{ ref("dim_block") }} as blocks
            on blocks.block_id = occurrences.block_id
            or (occurrences.block_id is null and contains(occurrences.place, blocks.block_name))
        left join
            {{ ref("dim_quarter") }} as quarters
            on contains(occurrences.place, quarters.quarter_name)
        group by occurrences.event_id
    ),
    days as (
        select
            *,
            cast(unnest(generate_series(first_date, last_date, interval 1 day)) as date) as day_date
        from occurrences
    )

select
    days.event_id,
    days.day_date,
    placed.quarter_id,
    placed.block_id,
    days.event_kind,
    days.title,
    days.is_public and days.event_kind <> 'baustelle' as is_public_event,
    days.delivery_sha256
from days
inner join placed on placed.event_id = days.event_id
