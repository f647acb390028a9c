{{
    config(
        severity="error",
        meta={"owner": "source owner"},
        description="Der Betrag jedes Belegs ist der, den die Kasse selbst nennt (UMS_BRUTTO). Abhilfe: Lieferung in Quarantäne nehmen, Export der Kasse wiederholen.",
    )
}}

select receipt_id, delivery_sha256, total_eur, reported_total_eur
from {{ ref("fct_receipt") }}
where abs(total_eur - reported_total_eur) >= 0.01
