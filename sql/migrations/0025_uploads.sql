-- metadata: Upload-Metadata as it was sent, which tus gives back. tries, next_try_at: of bringing
-- what is received to the store of files.
ALTER TABLE upload
  ADD COLUMN metadata VARCHAR(4000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN tries INT NOT NULL DEFAULT 0,
  ADD COLUMN next_try_at DATETIME NULL;

-- One row, which is changed before room is counted and given away, so that two uploads do not get
-- the same.
CREATE TABLE upload_gate (
  id BIGINT NOT NULL PRIMARY KEY,
  turn BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
INSERT INTO upload_gate (id, turn) VALUES (1, 0);
