select site_id, member_id, till_id, block_id, trade_id, is_chain, opened_date, closed_date
from {{ landed_table("raw", "members_sites") }} {{ last_list() }}
