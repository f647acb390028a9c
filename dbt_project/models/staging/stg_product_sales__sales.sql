-- An invoice is never changed, only cancelled by another: the first landed row of a number is the
-- invoice.
select
    invoice_number,
    invoice_date,
    service_from_date,
    service_to_date,
    product_id,
    buyer_kind,
    member_id,
    net_eur,
    vat_rate_percent,
    vat_eur,
    gross_eur
from {{ landed_table("raw", "sales_product_sales") }} {{ first_landed("invoice_number") }}
