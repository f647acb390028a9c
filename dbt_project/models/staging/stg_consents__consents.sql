-- The list is delivered whole each time: what is repeated word for word is one declaration.
select distinct
    member_id,
    purpose,
    status,
    {{ instant("recorded_at") }} as recorded_at,
    channel,
    wording_sha256,
    proof_reference
from {{ source_table("raw", "members_consents") }}
