-- A description that somebody without an account writes. token_hash: of the secret link that they
-- were mailed; confirm_hash: of the one that the institution's representative was mailed, NULL until
-- it is submitted. Name and e-mail go with the retention of proposals, or on wish; the practice
-- stays, or goes with it where it was never submitted.
CREATE TABLE practice_proposal (
  practice_id BIGINT NOT NULL PRIMARY KEY,
  token_hash BINARY(32) NOT NULL,
  name VARCHAR(200) NOT NULL,
  email VARCHAR(254) NOT NULL,
  email_key VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  language CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  person_id BIGINT NULL,
  confirm_hash BINARY(32) NULL,
  confirm_email VARCHAR(254) NOT NULL DEFAULT '',
  confirmed_by VARCHAR(300) NOT NULL DEFAULT '',
  confirmed_at DATETIME NULL,
  submitted_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE KEY practice_proposal_token (token_hash),
  UNIQUE KEY practice_proposal_confirm (confirm_hash),
  KEY practice_proposal_email (email_key),
  KEY practice_proposal_person (person_id),
  KEY practice_proposal_age (submitted_at, updated_at),
  CONSTRAINT practice_proposal_of FOREIGN KEY (practice_id) REFERENCES practice (id)
    ON DELETE CASCADE,
  CONSTRAINT practice_proposal_by FOREIGN KEY (person_id) REFERENCES person (id)
    ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
