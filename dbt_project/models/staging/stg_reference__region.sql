select postcode, place from {{ landed_table("raw", "reference_region") }} {{ last_list() }}
