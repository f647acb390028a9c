{#-
  Rules of the trade, each once. Belongs here: what a line of a receipt is, what counts in a basket.
  Does not belong here: arithmetic (money.sql) and time (time.sql).
-#}
{#- What a line is, from its Geschäftsvorfall (DSFinV-K, GV_TYP). Names that the standard does not know are 'other'. -#}
{% macro line_kind(business_case) -%}
    case
        when {{ business_case }} = 'Umsatz'
        then 'merchandise'
        when {{ business_case }} = 'Rabatt'
        then 'discount'
        when {{ business_case }} = 'Aufschlag'
        then 'surcharge'
        when {{ business_case }} in ('Pfand', 'PfandRueckzahlung')
        then 'deposit'
        when {{ business_case }} in ('TrinkgeldAG', 'TrinkgeldAN')
        then 'tip'
        when
            {{ business_case }} in (
                'EinzweckgutscheinKauf',
                'EinzweckgutscheinEinloesung',
                'MehrzweckgutscheinKauf',
                'MehrzweckgutscheinEinloesung'
            )
        then 'voucher'
        when {{ business_case }} in ('ZuschussEcht', 'ZuschussUnecht')
        then 'subsidy'
        when
            {{ business_case }} in (
                'Forderungsentstehung',
                'Forderungsaufloesung',
                'Anzahlungseinstellung',
                'Anzahlungsaufloesung'
            )
        then 'receivable'
        when
            {{ business_case }} in (
                'Anfangsbestand',
                'Privatentnahme',
                'Privateinlage',
                'Geldtransit',
                'Lohnzahlung',
                'Einzahlung',
                'Auszahlung',
                'DifferenzSollIst'
            )
        then 'cash_movement'
        else 'other'
    end
{%- endmacro %}

{#-
  Kinds of lines whose value is the value of a basket: goods, less discounts, plus surcharges, less
  what was cancelled (a cancelled line carries the goods a second time, with the other sign).
-#}
{% macro is_basket_kind(line_kind) -%}
    {{ line_kind }} in ('merchandise', 'discount', 'surcharge', 'cancellation')
{%- endmacro %}

{#-
  Whether a delivery came after its due day. The inbox says so: what is late is put into a folder
  `nachlieferung`. The day of landing cannot tell, because a shop that joins hands in its past at once.
-#}
{% macro is_late_delivery(file_name) -%}
    coalesce(regexp_matches({{ file_name }}, '(^|/)nachlieferung/'), false)
{%- endmacro %}
