with
    counts as (
        select
            'footfall_hystreet' as contract_id,
            delivery_sha256,
            sensor_name,
            'pedestrians' as metric,
            'persons/h' as unit,
            60 as period_minutes,
            observed_at,
            cast(pedestrians_count as decimal(18, 3)) as observed_value,
            incident
        from {{ ref("stg_footfall_hystreet__counts") }}
        union all
        select
            'footfall_csv',
            delivery_sha256,
            sensor_name,
            'pedestrians',
            'persons/h',
            60,
            observed_at,
            cast(pedestrians_count as decimal(18, 3)),
            cast(null as varchar)
        from {{ ref("stg_footfall_csv__counts") }}
        union all
        select
            'sensorthings',
            delivery_sha256,
            sensor_name,
            metric,
            metric || coalesce('/' || period_minutes || ' min', ''),
            period_minutes,
            observed_at,
            observed_value,
            cast(null as varchar)
        from {{ ref("stg_sensorthings__observations") }}
        union all
        select
            'eco_counter',
            delivery_sha256,
            sensor_name,
            metric,
            metric || '/15 min',
            15,
            observed_at,
            cast(observed_value as decimal(18, 3)),
            case when device_status <> '0' then 'status ' || device_status end
        from {{ ref("stg_eco_counter__counts") }}
    )

select *
from counts
{% for metric in ["pm10", "ozone", "no2", "pm2_5"] -%}
    union all
    select
        'air_uba',
        delivery_sha256,
        sensor_name,
        '{{ metric }}',
        'µg/m³',
        60,
        observed_at,
        cast({{ metric }} as decimal(18, 3)),
        cast(null as varchar)
    from {{ ref("stg_air_uba__hours") }}
    where {{ metric }} is not null
{% endfor %}
