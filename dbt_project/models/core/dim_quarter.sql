select quarter_id, quarter_name from {{ ref("stg_reference__quarters") }}
