select block_id, quarter_id, block_name from {{ ref("stg_reference__blocks") }}
