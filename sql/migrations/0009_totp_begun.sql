-- When the secret of one-time codes that waits for its first code was made: it waits for minutes.
ALTER TABLE credential ADD COLUMN totp_begun_at DATETIME NULL;
