-- A closing is a fiscal record and never changes. When exports overlap, the delivery that landed
-- first holds; the others stay here, marked, so that what was delivered can be counted.
select
    _landing_sha256 as delivery_sha256,
    z_kasse_id as till_id,
    z_nr as closing_number,
    {{ instant("z_erstellung") }} as closed_at,
    z_buchungstag as booking_date,
    taxonomie_version as taxonomy_version,
    z_se_zahlungen as payments_eur,
    z_se_barzahlungen as cash_payments_eur,
    row_number() over (
        partition by z_kasse_id, z_nr, z_erstellung
        order by _landing_no nulls last, _landing_sha256, _row_number
    )
    = 1 as is_first_landed
from {{ landed_table("raw", "pos_closings") }}
