-- A supplier gives each number once (§ 14 Abs. 4 Nr. 4 UStG), some once a year, some once for
-- invoices and once for credit notes: what arrives again with number, kind and year, in whatever
-- file, is the same invoice, and the first landed row counts.
select
    _landing_sha256 as delivery_sha256,
    _row_number as invoice_row,
    {{ surrogate_key(["seller_id", "invoice_number", "document_type", "year(invoice_date)"]) }}
    as invoice_id,
    site_id,
    invoice_number,
    invoice_date,
    document_type,
    seller_id,
    seller_postcode,
    seller_country_code,
    net_eur,
    coalesce(vat_eur, 0) as vat_eur,
    gross_eur
from
    {{ landed_table("raw", "einvoice_invoices") }}
    {{ first_landed("seller_id, invoice_number, document_type, year(invoice_date)") }}
