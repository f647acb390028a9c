select
    member_id,
    kind as member_kind,
    owner_id,
    quarter_id,
    vat_status,
    self_billing_agreed_date,
    joined_date,
    left_date,
    shares as share_count
from {{ landed_table("raw", "members_members") }} {{ last_list() }}
