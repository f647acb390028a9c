select
    _landing_sha256 as delivery_sha256,
    bon_id as receipt_id,
    pos_zeile as line_number,
    gv_typ as business_case,
    p_storno as is_cancelled_line,
    art_nr as article_number,
    gtin,
    warengr_id as product_group_id,
    warengr as product_group,
    artikeltext as article_text,
    menge as quantity,
    einheit as quantity_unit,
    stk_br as unit_price_eur
from {{ source_table("raw", "pos_lines") }}
