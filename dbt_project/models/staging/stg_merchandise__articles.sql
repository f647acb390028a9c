-- A list is corrected by delivering it again: of two rows for one article and day the later counts.
select
    _landing_sha256 as delivery_sha256,
    owner_id,
    article_number,
    article_name,
    product_group,
    unit,
    unit_price_eur,
    unit_cost_eur,
    salvage_eur,
    shelf_life_days,
    pack_size,
    minimum_order,
    is_perishable,
    valid_from_date
from
    {{ landed_table("raw", "merchandise_articles") }}
    {{ last_landed("owner_id, article_number, valid_from_date") }}
