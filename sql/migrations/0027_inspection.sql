-- How files are looked into. gallery: the digest of a larger picture of a photo. served: the digest
-- of what readers get instead, the same picture without the place where it was taken; NULL: the
-- content itself. again: to be inspected once more, readable meanwhile. claimed_by, claim_until:
-- who inspects it. inspect_after: not before then, as the scanner could not be reached.
ALTER TABLE stored_file
  ADD COLUMN gallery CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER thumbnail,
  ADD COLUMN served CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER gallery,
  ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN tries INT NOT NULL DEFAULT 0,
  ADD COLUMN inspect_after DATETIME NULL,
  ADD COLUMN claimed_by VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN claim_until DATETIME NULL,
  ADD KEY stored_file_again (again, created_at),
  ADD KEY stored_file_gallery (gallery),
  ADD KEY stored_file_served (served);
