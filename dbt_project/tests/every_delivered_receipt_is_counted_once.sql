with
    delivered as (
        select 'pos_dsfinvk' as contract_id, count(distinct receipt_id) as receipt_count
        from {{ ref("stg_pos_dsfinvk__transactions") }}
        where receipt_type = 'Beleg'
        union all
        select 'pos_csv', count(distinct receipt_id)
        from {{ ref("stg_pos_csv__lines") }}
    ),
    counted as (
        select contract_id, count(*) as receipt_count
        from {{ ref("fct_receipt") }}
        group by contract_id
    )

select delivered.contract_id, delivered.receipt_count, counted.receipt_count as counted
from delivered
left join counted on counted.contract_id = delivered.contract_id
where delivered.receipt_count <> coalesce(counted.receipt_count, 0)
