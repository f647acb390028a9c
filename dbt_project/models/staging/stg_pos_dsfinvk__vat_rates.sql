-- The rate stands in the export itself; the key alone has meant different rates over the years.
select
    _landing_sha256 as delivery_sha256,
    z_kasse_id as till_id,
    z_nr as closing_number,
    {{ instant("z_erstellung") }} as closed_at,
    ust_schluessel as vat_key,
    ust_satz as vat_rate_percent
from {{ source_table("raw", "pos_vat") }}
