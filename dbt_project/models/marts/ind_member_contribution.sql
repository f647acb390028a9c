select member_id, quarter_id, member_kind from {{ ref("dim_member") }} where is_active
