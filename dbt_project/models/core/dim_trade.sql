select trade_id, trade_name, trade_group from {{ ref("stg_reference__trades") }}
