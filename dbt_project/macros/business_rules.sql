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

{#-
  Source that a public report counts a delivery under. All tills are one: the tills of a small town that
  write the same kind of file are few, and a count of their deliveries would speak of a single shop.
-#}
{% macro delivering_source(contract_id) -%}
    case when starts_with({{ contract_id }}, 'pos_') then 'pos' else {{ contract_id }} end
{%- endmacro %}

{#-
  Contracts under which the town, the cooperative's office or its sensors deliver. Whatever stands not
  here comes from shops, and only counts of at least five owners leave the house: a new contract that
  nobody entered is withheld, never exposed. A test holds the list to the contracts.
-#}
{% macro is_own_or_public_source(contract_id) -%}
    {{ contract_id }} in (
        'air_uba',
        'citizen_panel',
        'consents',
        'eco_counter',
        'events_ical',
        'footfall_csv',
        'footfall_hystreet',
        'members',
        'open_holidays',
        'product_sales',
        'reference',
        'sensorthings',
        'vacancy_register',
        'weather_bright_sky',
        'weather_dwd'
    )
{%- endmacro %}

{#- The month that a file's name speaks of (2026-05); for files that cannot be opened. -#}
{% macro month_in_name(file_name) -%}
    try_cast(
        nullif(regexp_extract({{ file_name }}, '(20[0-9]{2}-(0[1-9]|1[0-2]))[^/]*$', 1), '')
        || '-01' as date
    )
{%- endmacro %}

{#-
  Whether a document adds to purchases (1) or takes back (-1). Only 381 takes back: 389 is called
  Gutschrift in German tax law, but is an invoice that the buyer writes for the supplier. Corrections
  (384) carry their sign in the amounts.
-#}
{% macro invoice_sign(document_type) -%}
    case when {{ document_type }} = '381' then -1 else 1 end
{%- endmacro %}

{#- The states of Germany, as two letters. -#}
{% macro german_states() -%}
    (
        values
            {%- for state in [
                "BB",
                "BE",
                "BW",
                "BY",
                "HB",
                "HE",
                "HH",
                "MV",
                "NI",
                "NW",
                "RP",
                "SH",
                "SL",
                "SN",
                "ST",
                "TH",
            ] %}
                ('{{ state }}'){{ "," if not loop.last }}
            {%- endfor %}
    )
{%- endmacro %}
