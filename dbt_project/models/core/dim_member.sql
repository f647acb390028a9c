select
    member_id,
    owner_id,
    quarter_id,
    member_kind,
    vat_status,
    self_billing_agreed_date,
    joined_date,
    left_date,
    share_count,
    joined_date <= {{ as_of_date() }}
    and coalesce(left_date > {{ as_of_date() }}, true) as is_active
from {{ ref("stg_members__members") }}
