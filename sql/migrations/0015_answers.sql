-- Answers. When the answer in partstat came, and when its writer gave it (DTSTAMP of the REPLY).
ALTER TABLE invitation
  ADD COLUMN answered_at DATETIME NULL,
  ADD COLUMN answer_dtstamp DATETIME NULL;

-- What came to the reply mailbox, and what came of it. digest: SHA-256 of what identifies a message,
-- so that the same one that comes again has no second effect. registration_id and outgoing_mail_id:
-- what the address that it came to proves it to be about; NULL: nothing.
CREATE TABLE inbound_mail (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  digest BINARY(32) NOT NULL,
  arrivals INT NOT NULL DEFAULT 1,
  kind VARCHAR(20) NOT NULL,    -- reply, counter, delegation, refresh, free_text, bounce, complaint, …
  effect VARCHAR(40) NOT NULL,  -- accepted, declined, told, stale, replayed, no_proof, …
  meeting_id BIGINT NULL,
  registration_id BIGINT NULL,
  outgoing_mail_id BIGINT NULL,
  from_name VARCHAR(200) NOT NULL DEFAULT '',
  from_address VARCHAR(254) NOT NULL DEFAULT '',
  subject VARCHAR(500) NOT NULL DEFAULT '',
  body TEXT NOT NULL,
  proposed_starts_at DATETIME NULL,
  proposed_ends_at DATETIME NULL,
  received_at DATETIME NOT NULL,
  handled_at DATETIME NULL,
  handled_by BIGINT NULL,
  UNIQUE KEY inbound_mail_digest (digest),
  KEY inbound_mail_meeting (meeting_id, id),
  KEY inbound_mail_registration (registration_id, id),
  KEY inbound_mail_received (received_at),
  KEY inbound_mail_from (from_address),
  CONSTRAINT inbound_mail_about_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT inbound_mail_about_registration FOREIGN KEY (registration_id) REFERENCES registration (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Which mails told organizers what such a message says, so that their words go with it.
CREATE TABLE inbound_mail_notice (
  outgoing_mail_id BIGINT NOT NULL PRIMARY KEY,
  inbound_mail_id BIGINT NOT NULL,
  written_at DATETIME NOT NULL,
  KEY inbound_mail_notice_of (inbound_mail_id),
  KEY inbound_mail_notice_written (written_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A place whose person has declined in the calendar, until the hold is over or they accept again.
CREATE TABLE calendar_decline (
  registration_id BIGINT NOT NULL PRIMARY KEY,
  inbound_mail_id BIGINT NOT NULL,
  due_at DATETIME NOT NULL,
  KEY calendar_decline_due (due_at),
  CONSTRAINT calendar_decline_of FOREIGN KEY (registration_id) REFERENCES registration (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Whom somebody's calendar names to come instead, until somebody accepts or refuses it.
CREATE TABLE substitution_proposal (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  registration_id BIGINT NOT NULL,
  inbound_mail_id BIGINT NOT NULL,
  full_name VARCHAR(200) NOT NULL DEFAULT '',
  email VARCHAR(254) NOT NULL,
  state VARCHAR(10) NOT NULL,  -- open, accepted, refused
  created_at DATETIME NOT NULL,
  decided_at DATETIME NULL,
  decided_by BIGINT NULL,
  KEY substitution_proposal_registration (registration_id, id),
  KEY substitution_proposal_email (email),
  KEY substitution_proposal_created (created_at),
  CONSTRAINT substitution_proposal_of FOREIGN KEY (registration_id) REFERENCES registration (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What is known of an address that mail has come back from. dead_since: a permanent failure said that
-- nobody has it; mail to it stops until it is cleared, or somebody shows that they read it.
CREATE TABLE mail_address (
  email_key VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  dead_since DATETIME NULL,
  hard_bounces INT NOT NULL DEFAULT 0,
  soft_bounces INT NOT NULL DEFAULT 0,
  last_reply VARCHAR(1000) NOT NULL DEFAULT '',
  changed_at DATETIME NOT NULL,
  KEY mail_address_changed (changed_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
