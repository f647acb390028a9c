with
    declared as (
        select
            *,
            -- At the same instant a withdrawal outweighs a consent.
            row_number() over (
                partition by member_id, purpose
                order by recorded_at desc, status desc, proof_reference desc
            )
            = 1 as is_current
        from {{ ref("stg_consents__consents") }}
        where recorded_at <= {{ as_of() }}
    )

select
    {{
        surrogate_key(
            [
                "declared.member_id",
                "declared.purpose",
                "declared.status",
                instant_key("declared.recorded_at"),
                "declared.channel",
                "declared.wording_sha256",
                "declared.proof_reference",
            ]
        )
    }} as consent_id,
    declared.member_id,
    members.owner_id,
    members.quarter_id,
    {{ month_of(local_time("declared.recorded_at")) }} as business_month,
    declared.purpose,
    declared.status = 'erteilt' as is_given,
    declared.recorded_at,
    declared.channel,
    declared.wording_sha256,
    declared.proof_reference,
    declared.is_current
from declared
left join {{ ref("stg_members__members") }} as members on members.member_id = declared.member_id
