-- A wave is exported whole: of several exports of one wave the one that landed last holds,
-- so that a response which a correction left out is gone.
select
    wave_month,
    response_number,
    panel_id,
    submitted_date,
    language,
    quarter_id,
    travel_mode,
    walking_minutes,
    purpose as trip_purpose,
    not_found,
    satisfaction
from {{ landed_table("raw", "citizen_panel_responses") }}
qualify
    dense_rank() over (
        partition by wave_month order by _landing_no desc nulls last, _landing_sha256 desc
    )
    = 1
