-- Accounts, sessions, roles with a scope, privacy and traces.
-- Secrets are kept as SHA-256 (tokens), argon2id (passwords) or sealed with the installation's key.

ALTER TABLE person
  ADD COLUMN email_proved_at DATETIME NULL,         -- an account: the mailbox answered
  ADD COLUMN feed_generation INT NOT NULL DEFAULT 0, -- of the key of /moje.ics; 0: there is no feed
  ADD COLUMN erased_at DATETIME NULL,               -- name, e-mail and the rest are gone, counts stay
  ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- scope_kind: everywhere, institution, cycle, meeting.
ALTER TABLE person_role
  ADD COLUMN scope_kind VARCHAR(20) NOT NULL DEFAULT 'everywhere',
  ADD COLUMN scope_id BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN granted_by VARCHAR(120) NOT NULL DEFAULT '',
  ADD UNIQUE KEY person_role_scope (person_id, role, scope_kind, scope_id),
  ADD KEY person_role_holders (role, scope_kind, scope_id),
  DROP KEY person_role_once;

-- A token of a person can do what the person may at that moment; one without a person (made on the
-- command line) has its global role. access: read, write.
ALTER TABLE api_token
  ADD COLUMN person_id BIGINT NULL,
  ADD COLUMN access VARCHAR(10) NOT NULL DEFAULT 'write',
  ADD COLUMN last_used_at DATETIME NULL,
  ADD CONSTRAINT api_token_person FOREIGN KEY (person_id) REFERENCES person (id);

-- Links in mails that prove a mailbox. purpose: sign_in, invitation, email_change. Used once.
CREATE TABLE sign_in_link (
  token_hash BINARY(32) NOT NULL PRIMARY KEY,
  purpose VARCHAR(20) NOT NULL,
  email VARCHAR(254) NOT NULL,
  email_key VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  person_id BIGINT NULL,              -- of an invitation or a change of address
  return_to VARCHAR(500) NOT NULL DEFAULT '',
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  used_at DATETIME NULL,
  KEY sign_in_link_email (email_key, created_at),
  KEY sign_in_link_expiry (expires_at),
  CONSTRAINT sign_in_link_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- state: awaiting_code (first factor given, the one-time code is due), open. method: link, password, oidc.
CREATE TABLE session (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  token_hash BINARY(32) NOT NULL,
  person_id BIGINT NOT NULL,
  state VARCHAR(20) NOT NULL,
  method VARCHAR(20) NOT NULL,
  second_factor TINYINT NOT NULL DEFAULT 0,
  device VARCHAR(200) NOT NULL DEFAULT '',   -- browser and system, from User-Agent
  network VARCHAR(64) NOT NULL DEFAULT '',   -- /24 or /48 of the address
  created_at DATETIME NOT NULL,
  last_seen_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,              -- absolute
  ended_at DATETIME NULL,
  UNIQUE KEY session_token (token_hash),
  KEY session_person (person_id, ended_at, expires_at),
  KEY session_expiry (expires_at),
  CONSTRAINT session_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- totp_secret is sealed. totp_last_step: the time step of the last code taken, which is taken once.
CREATE TABLE credential (
  person_id BIGINT NOT NULL PRIMARY KEY,
  password_hash VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  password_set_at DATETIME NULL,
  totp_secret VARBINARY(200) NULL,
  totp_confirmed_at DATETIME NULL,
  totp_last_step BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT credential_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE recovery_code (
  code_hash BINARY(32) NOT NULL PRIMARY KEY,
  person_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  used_at DATETIME NULL,
  KEY recovery_code_person (person_id),
  CONSTRAINT recovery_code_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Who a directory of an office says that a person is (OpenID Connect iss and sub).
CREATE TABLE external_identity (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  issuer VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  person_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE KEY external_identity_once (issuer, subject),
  CONSTRAINT external_identity_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- How much of something one address, account or network did: full_at is when its allowance is whole
-- again (generic cell rate algorithm, one row and one statement each). The key is a digest.
CREATE TABLE rate_allowance (
  allowance_key BINARY(32) NOT NULL PRIMARY KEY,
  full_at DATETIME(3) NOT NULL,
  KEY rate_allowance_full (full_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A sign-in link is waited for, so it overtakes what else is due.
ALTER TABLE outgoing_mail ADD KEY outgoing_mail_kind_due (kind, state, not_before, id);

-- What a person wants to be told besides what is necessary; absent: the default of the kind.
CREATE TABLE notification_choice (
  person_id BIGINT NOT NULL,
  kind VARCHAR(40) NOT NULL,
  wanted TINYINT NOT NULL,
  changed_at DATETIME NOT NULL,
  PRIMARY KEY (person_id, kind),
  CONSTRAINT notification_choice_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE topic_subscription (
  topic_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (topic_id, person_id),
  KEY topic_subscription_person (person_id),
  CONSTRAINT topic_subscription_topic FOREIGN KEY (topic_id) REFERENCES topic (id),
  CONSTRAINT topic_subscription_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Each time somebody accepted the information clause. subject: "registration:45", "account".
CREATE TABLE clause_acceptance (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  person_id BIGINT NOT NULL,
  clause_version INT NOT NULL,
  subject VARCHAR(60) NOT NULL,
  accepted_at DATETIME NOT NULL,
  KEY clause_acceptance_person (person_id, id),
  CONSTRAINT clause_acceptance_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

INSERT INTO clause_acceptance (person_id, clause_version, subject, accepted_at)
  SELECT person_id, clause_version, CONCAT('registration:', id), created_at FROM registration;

-- Participants of other offices see name and office of those who agreed.
ALTER TABLE registration
  ADD COLUMN visible TINYINT NOT NULL DEFAULT 0,
  ADD KEY registration_institution_of (institution_id, meeting_id);
ALTER TABLE enrolment ADD COLUMN visible TINYINT NOT NULL DEFAULT 0;

-- Append-only: the service's own account may insert and select, no more (narada migrate grants it).
-- So nothing in it is a person's: actor and subject are ids, and what was typed about a person stands
-- in activity_personal, which can be erased.
ALTER TABLE activity
  ADD COLUMN address_class VARCHAR(20) NOT NULL DEFAULT '',  -- loopback, private, public, none
  ADD KEY activity_time (occurred_at, id),
  ADD KEY activity_actor (actor, id),
  ADD KEY activity_verb (verb, id);

CREATE TABLE activity_personal (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  activity_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  details TEXT NOT NULL,  -- JSON: {"before": {…}, "after": {…}}
  KEY activity_personal_activity (activity_id),
  KEY activity_personal_person (person_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

ALTER TABLE enrolment
  ADD CONSTRAINT enrolment_institution FOREIGN KEY (institution_id) REFERENCES institution (id);

-- A merged institution is inactive and points to the one that stands for it; moved holds the rows that
-- changed hands (JSON), so that the merge can be undone.
ALTER TABLE institution
  ADD COLUMN merged_into BIGINT NULL,
  ADD CONSTRAINT institution_merged_into FOREIGN KEY (merged_into) REFERENCES institution (id);
CREATE TABLE institution_merge (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  from_id BIGINT NOT NULL,
  into_id BIGINT NOT NULL,
  moved MEDIUMTEXT NOT NULL,
  merged_by VARCHAR(120) NOT NULL,
  merged_at DATETIME NOT NULL,
  undone_at DATETIME NULL,
  KEY institution_merge_time (merged_at),
  CONSTRAINT institution_merge_from FOREIGN KEY (from_id) REFERENCES institution (id),
  CONSTRAINT institution_merge_into FOREIGN KEY (into_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Work that one process of all does, once in a while.
CREATE TABLE background_job (
  name VARCHAR(60) NOT NULL PRIMARY KEY,
  claimed_by VARCHAR(80) NOT NULL DEFAULT '',
  claimed_until DATETIME NULL,
  last_started_at DATETIME NULL,
  last_finished_at DATETIME NULL,
  last_report TEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
