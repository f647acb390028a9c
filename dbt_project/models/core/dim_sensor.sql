with
    -- What a sensor measures is seen in what it delivered; a station of air measures several
    -- things.
    measured as (
        select
            contract_id,
            sensor_name,
            case when count(distinct metric) > 1 then 'several' else min(metric) end as metric,
            case when count(distinct unit) = 1 then min(unit) end as unit
        from {{ ref("int_observations_unified") }}
        group by contract_id, sensor_name
    )

select
    sensors.sensor_id,
    sensors.sensor_name,
    sensors.quarter_id,
    sensors.block_id,
    sensors.contract_id,
    measured.metric,
    measured.unit
from {{ ref("stg_reference__sensors") }} as sensors
left join
    measured
    on measured.contract_id = sensors.contract_id
    and measured.sensor_name = sensors.sensor_name
