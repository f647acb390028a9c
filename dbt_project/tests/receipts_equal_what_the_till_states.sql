select receipt_id, delivery_sha256, total_eur, reported_total_eur
from {{ ref("fct_receipt") }}
where abs(total_eur - reported_total_eur) >= 0.01
