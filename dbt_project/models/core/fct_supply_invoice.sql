select
    invoices.invoice_id,
    sites.owner_id,
    invoices.site_id,
    sites.quarter_id,
    invoices.invoice_date,
    {{ month_of("invoices.invoice_date") }} as business_month,
    invoices.document_type,
    invoices.seller_id,
    invoices.seller_postcode,
    region.postcode is not null as is_local,
    {{ invoice_sign("invoices.document_type") }} as amount_sign,
    {{ eur(invoice_sign("invoices.document_type") ~ " * invoices.net_eur") }} as net_eur,
    {{ eur(invoice_sign("invoices.document_type") ~ " * invoices.vat_eur") }} as vat_eur,
    {{ eur(invoice_sign("invoices.document_type") ~ " * invoices.gross_eur") }} as gross_eur,
    invoices.delivery_sha256,
    invoices.invoice_row
from {{ ref("stg_einvoices__invoices") }} as invoices
left join {{ ref("dim_site") }} as sites on sites.site_id = invoices.site_id
-- Postcodes of other countries look alike.
left join
    {{ ref("stg_reference__region") }} as region
    on region.postcode = invoices.seller_postcode
    and invoices.seller_country_code = 'DE'
