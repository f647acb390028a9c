select sensor_id, name as sensor_name, quarter_id, block_id, contract as contract_id
from {{ landed_table("raw", "reference_sensors") }} {{ last_list() }}
