select panel_id, quarter_id, wave_month as business_month, travel_mode
from {{ ref("fct_response") }}
where quarter_id is not null and travel_mode is not null
