with
    dsfinvk as (
        select
            transactions.receipt_id,
            'pos_dsfinvk' as contract_id,
            transactions.delivery_sha256,
            transactions.till_id,
            transactions.sold_at,
            transactions.is_time_ambiguous,
            transactions.is_cancellation,
            transactions.total_eur as reported_total_eur
        from {{ ref("stg_pos_dsfinvk__transactions") }} as transactions
        inner join
            {{ ref("stg_pos_dsfinvk__closings") }} as closings
            on closings.delivery_sha256 = transactions.delivery_sha256
            and closings.till_id = transactions.till_id
            and closings.closing_number = transactions.closing_number
            and closings.closed_at = transactions.closed_at
        where closings.is_first_landed and transactions.receipt_type = 'Beleg'
    ),
    csv_receipts as (
        select
            receipt_id,
            min(delivery_sha256) as delivery_sha256,
            min(till_id) as till_id,
            min(sold_at) as sold_at,
            cast({{ local_time("min(sold_at)") }} as date) as sold_date,
            bool_or(is_time_ambiguous) as is_time_ambiguous,
            bool_and(is_cancelled_line) as takes_all_back,
            {{ eur_sum("gross_eur") }} as total_eur
        from {{ ref("stg_pos_csv__lines") }}
        where is_first_landed
        group by receipt_id
    ),
    csv_numbered as (
        select
            *,
            row_number() over (
                partition by till_id, sold_date, abs(total_eur), takes_all_back
                order by sold_at, receipt_id
            ) as nth_of_its_kind
        from csv_receipts
    ),
    -- A file of lines does not say that a receipt cancels another one. It does when all its lines
    -- are cancelled and the same till sold for exactly this amount that day; otherwise goods came
    -- back.
    csv as (
        select
            receipts.receipt_id,
            'pos_csv' as contract_id,
            receipts.delivery_sha256,
            receipts.till_id,
            receipts.sold_at,
            receipts.is_time_ambiguous,
            sales.receipt_id is not null as is_cancellation,
            cast(null as decimal(18, 2)) as reported_total_eur
        from csv_numbered as receipts
        left join
            csv_numbered as sales
            on receipts.takes_all_back
            and not sales.takes_all_back
            and sales.till_id = receipts.till_id
            and sales.sold_date = receipts.sold_date
            and sales.total_eur = - receipts.total_eur
            and sales.nth_of_its_kind = receipts.nth_of_its_kind
    ),
    unified as (
        select *
        from dsfinvk
        union all
        select *
        from csv
    ),
    local as (select *, {{ local_time("sold_at") }} as sold_local_at from unified)

select
    local.receipt_id,
    local.contract_id,
    local.delivery_sha256,
    local.till_id,
    tills.site_id,
    tills.member_id,
    tills.owner_id,
    tills.quarter_id,
    tills.trade_id,
    tills.trade_group,
    {{ month_of("local.sold_local_at") }} as business_month,
    cast(local.sold_local_at as date) as business_date,
    cast(extract(hour from local.sold_local_at) as smallint) as hour,
    local.sold_at,
    local.is_time_ambiguous,
    local.is_cancellation,
    {{ eur("local.reported_total_eur") }} as reported_total_eur
from local
left join {{ ref("int_tills_assigned") }} as tills on tills.till_id = local.till_id
