select sensor_id, sensor_name, quarter_id, block_id, contract_id
from {{ ref("stg_reference__sensors") }}
