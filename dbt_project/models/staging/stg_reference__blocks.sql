select block_id, quarter_id, name as block_name
from {{ landed_table("raw", "reference_blocks") }} {{ last_list() }}
