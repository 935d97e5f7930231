-- crc32: what an archive says of the content (ZIP), computed when one is asked for the first time.
ALTER TABLE stored_file ADD COLUMN crc32 INT UNSIGNED NULL;
