-- Keys for what runs in the background and for the log, and what the traces still lacked.

-- What an undone merge could not give back, because it had changed since.
ALTER TABLE institution_merge ADD COLUMN left_behind INT NOT NULL DEFAULT 0;
