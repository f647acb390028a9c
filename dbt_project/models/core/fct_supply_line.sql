select
    {{ surrogate_key(["lines.delivery_sha256", "lines.line_row"]) }} as supply_line_id,
    invoices.invoice_id,
    invoices.owner_id,
    invoices.site_id,
    invoices.quarter_id,
    invoices.invoice_date,
    invoices.business_month,
    invoices.seller_id,
    invoices.seller_postcode,
    invoices.is_local,
    lines.line_kind,
    lines.gtin,
    cast(invoices.amount_sign * lines.quantity as decimal(18, 4)) as quantity,
    lines.unit_code,
    {{ eur("invoices.amount_sign * lines.net_eur") }} as net_eur
from {{ ref("stg_einvoices__lines") }} as lines
inner join
    {{ ref("fct_supply_invoice") }} as invoices
    on invoices.delivery_sha256 = lines.delivery_sha256
    and invoices.invoice_row = lines.invoice_row
