select
    panel_id,
    quarter_id,
    wave_month as business_month,
    -- The bands are wide enough that a quarter's cells reach the threshold for counts of persons.
    case
        when walking_minutes < 30
        then '0 bis 29'
        when walking_minutes < 60
        then '30 bis 59'
        when walking_minutes < 90
        then '60 bis 89'
        else 'ab 90'
    end as minutes_band
from {{ ref("fct_response") }}
where quarter_id is not null and walking_minutes is not null
