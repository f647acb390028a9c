select
    {{ surrogate_key(["wave_month", "panel_id"]) }} as response_id,
    panel_id,
    wave_month,
    submitted_date,
    language,
    quarter_id,
    travel_mode,
    walking_minutes,
    trip_purpose,
    not_found,
    satisfaction
from {{ ref("stg_citizen_panel__responses") }}
-- Who answers twice in one wave has changed their mind: the last answer counts.
qualify
    row_number() over (
        partition by wave_month, panel_id order by submitted_date desc, response_number desc
    )
    = 1
