-- The answer of the data portal is delivered whole each time; the last one holds.
select
    package_id,
    package_title,
    licence_id,
    resource_name,
    resource_url,
    resource_format,
    resource_hash,
    {{ instant("modified_at") }} as modified_at
from {{ landed_table("raw", "vacancy_resources") }} {{ last_list() }}
