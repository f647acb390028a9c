-- A slip is corrected by handing it in again: of two rows for one article and day the later counts.
select
    _landing_sha256 as delivery_sha256,
    day_date,
    site_id,
    article_number,
    produced_quantity,
    left_over_quantity,
    sold_out_time
from
    {{ landed_table("raw", "returns_slip_lines") }}
    {{ last_landed("site_id, article_number, day_date") }}
