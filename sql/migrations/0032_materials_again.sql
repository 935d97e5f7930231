-- ready_since: when the content was ready for the first time; inspected_at moves each time that it
-- is looked into. refusal_told: who brought it has been told that it is refused. A content may also
-- be lost: named, but in no store since a restoration, until somebody brings it again.
ALTER TABLE stored_file
  ADD COLUMN ready_since DATETIME NULL AFTER inspected_at,
  ADD KEY stored_file_kept (state, size);
UPDATE stored_file SET ready_since = COALESCE(inspected_at, created_at) WHERE state = 'ready';
ALTER TABLE upload ADD COLUMN refusal_told BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE upload u JOIN stored_file f ON f.digest = u.digest SET u.refusal_told = TRUE
  WHERE f.inspected_at IS NOT NULL;
ALTER TABLE expert_photo ADD COLUMN refusal_told BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE expert_photo p JOIN stored_file f ON f.digest = p.digest SET p.refusal_told = TRUE
  WHERE f.inspected_at IS NOT NULL;
