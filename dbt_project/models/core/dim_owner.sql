with
    withdrawn as (
        select distinct owner_id
        from {{ ref("fct_consent") }}
        where purpose = 'indikatoren' and is_current and not is_given
    ),
    sites as (select owner_id, count(*) as site_count from {{ ref("dim_site") }} group by owner_id)

select
    members.owner_id,
    count(*) as member_count,
    coalesce(min(sites.site_count), 0) as site_count,
    -- One owner is one contributor: a withdrawal for one shop takes all its shops out.
    min(withdrawn.owner_id) is null as is_in_indicators
from {{ ref("dim_member") }} as members
left join sites on sites.owner_id = members.owner_id
left join withdrawn on withdrawn.owner_id = members.owner_id
where members.owner_id is not null
group by members.owner_id
