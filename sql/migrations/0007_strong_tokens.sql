-- Whether the session in which a person's token was made had a second factor: only then does the
-- token bring the roles that wait for a strong sign-in, where the installation asks for one.
ALTER TABLE api_token ADD COLUMN strong TINYINT NOT NULL DEFAULT 0;
