select contributions.owner_id, consents.recorded_at
from {{ ref("ind_basket_contribution") }} as contributions
inner join
    {{ ref("fct_consent") }} as consents
    on consents.owner_id = contributions.owner_id
    and consents.purpose = 'indikatoren'
    and consents.is_current
    and not consents.is_given
