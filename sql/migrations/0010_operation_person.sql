-- Whom the stored result of an operation tells of, so that it goes with them.
ALTER TABLE operation
  ADD COLUMN person_id BIGINT NULL,
  ADD KEY operation_person (person_id);
