-- All empty files have the same bytes; each is a fault of its own.
COMMENT ON COLUMN lake.landing.delivery.delivery_sha256 IS
'SHA-256 of the file as delivered; of contract and path, joined by a slash, where the file is empty';
COMMENT ON COLUMN lake.landing.delivery.event IS
'landed | duplicate | loaded | quarantined | refused | closed; landed again under another name after quarantined or closed';
