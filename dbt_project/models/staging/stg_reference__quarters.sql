select quarter_id, name as quarter_name
from {{ landed_table("raw", "reference_quarters") }} {{ last_list() }}
