with
    vat as (
        -- A line may be taxed at two rates (a set menu); then it has no rate of its own.
        select
            lines_vat.delivery_sha256,
            lines_vat.receipt_id,
            lines_vat.line_number,
            {{ eur_exact_sum("lines_vat.gross_eur") }} as gross_eur,
            {{ eur_exact_sum("lines_vat.vat_eur") }} as vat_eur,
            min(rates.vat_rate_percent) as lowest_rate_percent,
            max(rates.vat_rate_percent) as highest_rate_percent
        from {{ ref("stg_pos_dsfinvk__lines_vat") }} as lines_vat
        left join
            {{ ref("stg_pos_dsfinvk__vat_rates") }} as rates
            on rates.delivery_sha256 = lines_vat.delivery_sha256
            and rates.till_id = lines_vat.till_id
            and rates.closing_number = lines_vat.closing_number
            and rates.closed_at = lines_vat.closed_at
            and rates.vat_key = lines_vat.vat_key
        group by lines_vat.delivery_sha256, lines_vat.receipt_id, lines_vat.line_number
    ),
    dsfinvk as (
        select
            lines.delivery_sha256,
            lines.receipt_id,
            lines.line_number,
            {{ line_kind("lines.business_case") }} as line_kind,
            lines.is_cancelled_line,
            lines.article_number,
            lines.product_group,
            lines.quantity,
            lines.unit_price_eur,
            coalesce(vat.gross_eur, 0) as gross_eur,
            coalesce(vat.vat_eur, 0) as vat_eur,
            case
                when vat.lowest_rate_percent = vat.highest_rate_percent then vat.lowest_rate_percent
            end as vat_rate_percent
        from {{ ref("stg_pos_dsfinvk__lines") }} as lines
        left join
            vat
            on vat.delivery_sha256 = lines.delivery_sha256
            and vat.receipt_id = lines.receipt_id
            and vat.line_number = lines.line_number
    ),
    csv as (
        select
            delivery_sha256,
            receipt_id,
            line_number,
            case
                -- Postage that is paid back is no more a basket than postage that is paid.
                when is_service_line
                then 'service'
                when is_cancelled_line
                then 'cancellation'
                else 'merchandise'
            end as line_kind,
            is_cancelled_line,
            article_number,
            cast(null as varchar) as product_group,
            quantity,
            unit_price_eur,
            gross_eur,
            gross_eur - gross_eur as vat_eur,
            vat_rate_percent
        from {{ ref("stg_pos_csv__lines") }}
        where is_first_landed
    ),
    unified as (
        select *
        from dsfinvk
        union all
        select *
        from csv
    )

select
    receipts.receipt_id,
    unified.line_number,
    receipts.contract_id,
    receipts.site_id,
    receipts.quarter_id,
    receipts.business_month,
    receipts.business_date,
    unified.line_kind,
    {{ is_basket_kind("unified.line_kind") }} as is_basket_line,
    unified.is_cancelled_line,
    unified.article_number,
    unified.product_group,
    cast(unified.quantity as decimal(18, 3)) as quantity,
    {{ eur_exact("unified.unit_price_eur") }} as unit_price_eur,
    {{ eur_exact("unified.gross_eur") }} as gross_eur,
    {{ eur_exact("unified.vat_eur") }} as vat_eur,
    cast(unified.vat_rate_percent as decimal(5, 2)) as vat_rate_percent
from unified
inner join
    {{ ref("int_receipts_unified") }} as receipts
    on receipts.delivery_sha256 = unified.delivery_sha256
    and receipts.receipt_id = unified.receipt_id
