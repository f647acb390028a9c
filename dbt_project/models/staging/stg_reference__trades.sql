select trade_id, name as trade_name, trade_group
from {{ landed_table("raw", "reference_trades") }} {{ last_list() }}
