-- Which of two deliveries of an invoice counts is decided for the whole invoice, not line by line:
-- the fact joins the lines of that one delivery.
select
    _landing_sha256 as delivery_sha256,
    invoice_row,
    _row_number as line_row,
    line_kind,
    line_number,
    gtin,
    quantity,
    unit_code,
    net_eur
from {{ source_table("raw", "einvoice_lines") }}
