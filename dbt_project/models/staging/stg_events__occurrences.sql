-- Of two versions of an event the one with the higher number counts, of two alike the one that
-- landed last; it counts with all its occurrences.
select
    _landing_sha256 as delivery_sha256,
    uid as event_uid,
    sequence,
    event_status = 'CANCELLED' as is_cancelled,
    event_class = 'PUBLIC' as is_public,
    title,
    lower(category) as event_kind,
    place,
    block_id,
    first_date,
    last_date,
    {{ instant("starts_at") }} as starts_at
from {{ landed_table("raw", "events_occurrences") }}
qualify
    dense_rank() over (
        partition by uid order by sequence desc, _landing_no desc nulls last, _landing_sha256 desc
    )
    = 1
