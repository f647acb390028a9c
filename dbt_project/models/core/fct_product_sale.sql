select
    sales.invoice_number,
    sales.invoice_date,
    {{ month_of("sales.invoice_date") }} as business_month,
    sales.service_from_date,
    sales.service_to_date,
    sales.product_id,
    sales.buyer_kind,
    sales.member_id,
    members.quarter_id,
    sales.net_eur,
    sales.vat_rate_percent,
    sales.vat_eur,
    sales.gross_eur
from {{ ref("stg_product_sales__sales") }} as sales
left join {{ ref("stg_members__members") }} as members on members.member_id = sales.member_id
