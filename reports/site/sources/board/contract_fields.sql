SELECT * FROM contract_fields
