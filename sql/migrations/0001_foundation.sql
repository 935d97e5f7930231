-- Institutions, people, cycles, meetings, registrations, mails: the foundation.
-- InnoDB and utf8mb4 everywhere, each table with a primary key, so that it runs on a Galera cluster.
-- Instants are DATETIME in UTC (*_at); wall times are DATETIME without a zone (starts, ends).

CREATE TABLE association (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  code VARCHAR(32) NOT NULL,
  name VARCHAR(200) NOT NULL,
  website VARCHAR(500) NOT NULL DEFAULT '',
  UNIQUE KEY association_code (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE institution (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  slug VARCHAR(120) NOT NULL,
  teryt CHAR(7) NULL,
  name VARCHAR(200) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  county VARCHAR(200) NOT NULL DEFAULT '',
  voivodeship VARCHAR(60) NOT NULL DEFAULT '',
  latitude DOUBLE NULL,
  longitude DOUBLE NULL,
  population BIGINT NULL,
  population_year SMALLINT NULL,
  area_km2 DOUBLE NULL,
  website VARCHAR(500) NOT NULL DEFAULT '',
  active TINYINT NOT NULL DEFAULT 1,
  version BIGINT NOT NULL DEFAULT 1,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE KEY institution_slug (slug),
  UNIQUE KEY institution_teryt (teryt),
  KEY institution_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE institution_alias (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  institution_id BIGINT NOT NULL,
  alias VARCHAR(200) NOT NULL,
  UNIQUE KEY institution_alias_alias (alias, institution_id),
  CONSTRAINT institution_alias_institution FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE association_membership (
  association_id BIGINT NOT NULL,
  institution_id BIGINT NOT NULL,
  member_from DATE NULL,
  member_until DATE NULL,
  certain TINYINT NOT NULL DEFAULT 1,
  PRIMARY KEY (association_id, institution_id),
  CONSTRAINT membership_association FOREIGN KEY (association_id) REFERENCES association (id),
  CONSTRAINT membership_institution FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE topic (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  slug VARCHAR(120) NOT NULL,
  name VARCHAR(200) NOT NULL,
  name_en VARCHAR(200) NOT NULL DEFAULT '',
  UNIQUE KEY topic_slug (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE expert (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  slug VARCHAR(120) NOT NULL,
  name VARCHAR(200) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  description VARCHAR(2000) NOT NULL DEFAULT '',
  institution_id BIGINT NULL,
  UNIQUE KEY expert_slug (slug),
  CONSTRAINT expert_institution FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Identity is (e-mail, name): several people may share one office mailbox. The keys are folded
-- (lower case, single spaces) by the program and compared as bytes.
CREATE TABLE person (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  full_name VARCHAR(200) NOT NULL,
  email VARCHAR(254) NOT NULL,
  name_key VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  email_key VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  position VARCHAR(200) NOT NULL DEFAULT '',
  unit VARCHAR(200) NOT NULL DEFAULT '',
  phone VARCHAR(40) NOT NULL DEFAULT '',
  institution_id BIGINT NULL,
  language CHAR(2) NOT NULL DEFAULT 'pl',
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE KEY person_identity (email_key, name_key),
  CONSTRAINT person_institution FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE person_role (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  person_id BIGINT NOT NULL,
  role VARCHAR(20) NOT NULL,
  granted_at DATETIME NOT NULL,
  UNIQUE KEY person_role_once (person_id, role),
  CONSTRAINT person_role_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Bearer tokens of the API; only the SHA-256 of a token is kept.
CREATE TABLE api_token (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  token_hash BINARY(32) NOT NULL,
  name VARCHAR(200) NOT NULL,
  role VARCHAR(20) NOT NULL,
  created_at DATETIME NOT NULL,
  expires_at DATETIME NULL,
  revoked_at DATETIME NULL,
  UNIQUE KEY api_token_hash (token_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE cycle (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  slug VARCHAR(160) NOT NULL,
  title VARCHAR(300) NOT NULL,
  status VARCHAR(20) NOT NULL,
  topic_id BIGINT NULL,
  summary TEXT NOT NULL,
  challenge TEXT NOT NULL,
  goal TEXT NOT NULL,
  effects TEXT NOT NULL,            -- one a line
  materials TEXT NOT NULL,          -- one a line, named by the source
  participants_text TEXT NOT NULL,  -- one a line, where no institution is known
  published_period VARCHAR(300) NOT NULL DEFAULT '',
  published_meeting_count INT NULL,
  practice_url VARCHAR(1000) NOT NULL DEFAULT '',
  source_urls TEXT NOT NULL,        -- one a line
  caveat TEXT NOT NULL,
  uid VARCHAR(255) NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  published_at DATETIME NULL,
  UNIQUE KEY cycle_slug (slug),
  UNIQUE KEY cycle_uid (uid),
  KEY cycle_status (status, published_at),
  CONSTRAINT cycle_topic FOREIGN KEY (topic_id) REFERENCES topic (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE cycle_institution (
  cycle_id BIGINT NOT NULL,
  institution_id BIGINT NOT NULL,
  role VARCHAR(20) NOT NULL,
  position INT NOT NULL,
  PRIMARY KEY (cycle_id, institution_id, role),
  KEY cycle_institution_institution (institution_id, cycle_id),
  CONSTRAINT cycle_institution_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id),
  CONSTRAINT cycle_institution_of FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE cycle_expert (
  cycle_id BIGINT NOT NULL,
  expert_id BIGINT NOT NULL,
  position INT NOT NULL,
  PRIMARY KEY (cycle_id, expert_id),
  KEY cycle_expert_expert (expert_id),
  CONSTRAINT cycle_expert_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id),
  CONSTRAINT cycle_expert_of FOREIGN KEY (expert_id) REFERENCES expert (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The seat counters stand in this row, which every registration locks first. queue_counter hands out
-- places in the waiting line; it only grows.
CREATE TABLE meeting (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  slug VARCHAR(160) NOT NULL,
  cycle_id BIGINT NULL,
  session_number INT NULL,
  title VARCHAR(300) NOT NULL,
  form VARCHAR(30) NOT NULL,
  status VARCHAR(20) NOT NULL,
  topic_id BIGINT NULL,
  starts DATETIME NOT NULL,
  ends DATETIME NOT NULL,
  tzid VARCHAR(64) NOT NULL,
  time_precision VARCHAR(10) NOT NULL DEFAULT 'minute',
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  previous_starts DATETIME NULL,
  online_url VARCHAR(1000) NOT NULL DEFAULT '',
  summary TEXT NOT NULL,
  description TEXT NOT NULL,
  audience VARCHAR(500) NOT NULL DEFAULT '',
  accessibility VARCHAR(1000) NOT NULL DEFAULT '',
  contact VARCHAR(500) NOT NULL DEFAULT '',
  organizer VARCHAR(300) NOT NULL DEFAULT '',
  onsite_offered TINYINT NOT NULL DEFAULT 0,
  onsite_capacity INT NULL,
  onsite_confirmed INT NOT NULL DEFAULT 0,
  onsite_held INT NOT NULL DEFAULT 0,
  onsite_waiting INT NOT NULL DEFAULT 0,
  online_offered TINYINT NOT NULL DEFAULT 0,
  online_capacity INT NULL,
  online_confirmed INT NOT NULL DEFAULT 0,
  online_held INT NOT NULL DEFAULT 0,
  online_waiting INT NOT NULL DEFAULT 0,
  pending INT NOT NULL DEFAULT 0,
  queue_counter BIGINT NOT NULL DEFAULT 0,
  waitlist TINYINT NOT NULL DEFAULT 1,
  approval TINYINT NOT NULL DEFAULT 0,
  registration_opens_at DATETIME NULL,
  registration_closes_at DATETIME NULL,
  uid VARCHAR(255) NOT NULL,
  sequence INT NOT NULL DEFAULT 0,
  cancel_reason VARCHAR(1000) NOT NULL DEFAULT '',
  source_url VARCHAR(1000) NOT NULL DEFAULT '',
  caveat TEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  published_at DATETIME NULL,
  cancelled_at DATETIME NULL,
  UNIQUE KEY meeting_slug (slug),
  UNIQUE KEY meeting_uid (uid),
  KEY meeting_start (starts_at, id),
  KEY meeting_status_start (status, starts_at, id),
  KEY meeting_cycle (cycle_id, session_number),
  KEY meeting_topic (topic_id, starts_at),
  CONSTRAINT meeting_cycle_of FOREIGN KEY (cycle_id) REFERENCES cycle (id),
  CONSTRAINT meeting_topic_of FOREIGN KEY (topic_id) REFERENCES topic (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE meeting_place (
  meeting_id BIGINT NOT NULL,
  position INT NOT NULL,
  name VARCHAR(300) NOT NULL,
  address VARCHAR(500) NOT NULL DEFAULT '',
  room VARCHAR(200) NOT NULL DEFAULT '',
  institution_id BIGINT NULL,
  latitude DOUBLE NULL,
  longitude DOUBLE NULL,
  PRIMARY KEY (meeting_id, position),
  KEY meeting_place_institution (institution_id, meeting_id),
  CONSTRAINT meeting_place_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT meeting_place_host FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE meeting_expert (
  meeting_id BIGINT NOT NULL,
  expert_id BIGINT NOT NULL,
  position INT NOT NULL,
  PRIMARY KEY (meeting_id, expert_id),
  KEY meeting_expert_expert (expert_id, meeting_id),
  CONSTRAINT meeting_expert_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT meeting_expert_of FOREIGN KEY (expert_id) REFERENCES expert (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE meeting_institution (
  meeting_id BIGINT NOT NULL,
  institution_id BIGINT NOT NULL,
  role VARCHAR(20) NOT NULL,  -- presenting
  position INT NOT NULL,
  PRIMARY KEY (meeting_id, institution_id, role),
  KEY meeting_institution_institution (institution_id, meeting_id),
  CONSTRAINT meeting_institution_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT meeting_institution_of FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE program_item (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NOT NULL,
  position INT NOT NULL,
  starts_minute INT NOT NULL,
  ends_minute INT NOT NULL,
  title VARCHAR(300) NOT NULL,
  description TEXT NOT NULL,
  UNIQUE KEY program_item_position (meeting_id, position),
  CONSTRAINT program_item_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE program_item_expert (
  program_item_id BIGINT NOT NULL,
  expert_id BIGINT NOT NULL,
  position INT NOT NULL,
  PRIMARY KEY (program_item_id, expert_id),
  CONSTRAINT program_item_expert_item FOREIGN KEY (program_item_id) REFERENCES program_item (id) ON DELETE CASCADE,
  CONSTRAINT program_item_expert_of FOREIGN KEY (expert_id) REFERENCES expert (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE program_item_institution (
  program_item_id BIGINT NOT NULL,
  institution_id BIGINT NOT NULL,
  position INT NOT NULL,
  PRIMARY KEY (program_item_id, institution_id),
  CONSTRAINT program_item_institution_item FOREIGN KEY (program_item_id) REFERENCES program_item (id) ON DELETE CASCADE,
  CONSTRAINT program_item_institution_of FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Each version of the information clause (RODO art. 13) in full, so that what was accepted can be shown.
CREATE TABLE information_clause (
  version INT NOT NULL PRIMARY KEY,
  text_pl TEXT NOT NULL,
  text_en TEXT NOT NULL,
  valid_from DATETIME NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE enrolment (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  cycle_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  institution_id BIGINT NULL,
  mode VARCHAR(10) NOT NULL,
  status VARCHAR(20) NOT NULL,  -- active, cancelled
  needs VARCHAR(2000) NOT NULL DEFAULT '',
  clause_version INT NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE KEY enrolment_once (cycle_id, person_id),
  CONSTRAINT enrolment_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id),
  CONSTRAINT enrolment_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- One row per person and meeting for ever: a person who cancelled and comes back gets the same row
-- with a new place in the line. sequence_offset counts this person's own cancellations and returns,
-- so that SEQUENCE of what one calendar received never falls.
CREATE TABLE registration (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  enrolment_id BIGINT NULL,
  institution_id BIGINT NULL,
  status VARCHAR(20) NOT NULL,
  mode VARCHAR(10) NOT NULL,
  queue_number BIGINT NULL,
  position VARCHAR(200) NOT NULL DEFAULT '',
  needs VARCHAR(2000) NOT NULL DEFAULT '',
  question VARCHAR(2000) NOT NULL DEFAULT '',
  language CHAR(2) NOT NULL DEFAULT 'pl',
  clause_version INT NOT NULL,
  sequence_offset INT NOT NULL DEFAULT 0,
  invited TINYINT NOT NULL DEFAULT 0,  -- the last calendar message was a REQUEST
  decline_reason VARCHAR(1000) NOT NULL DEFAULT '',
  version BIGINT NOT NULL DEFAULT 1,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  confirmed_at DATETIME NULL,
  cancelled_at DATETIME NULL,
  UNIQUE KEY registration_once (meeting_id, person_id),
  KEY registration_queue (meeting_id, status, mode, queue_number),
  KEY registration_person (person_id),
  KEY registration_enrolment (enrolment_id),
  CONSTRAINT registration_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT registration_of FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT registration_enrolment_of FOREIGN KEY (enrolment_id) REFERENCES enrolment (id),
  CONSTRAINT registration_institution FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Links to /z/{token}: SHA-256 of 256 random bits. Each mail carries one of its own.
CREATE TABLE registration_token (
  token_hash BINARY(32) NOT NULL PRIMARY KEY,
  registration_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  KEY registration_token_registration (registration_id),
  CONSTRAINT registration_token_of FOREIGN KEY (registration_id) REFERENCES registration (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The outbox. facts: what the mail says, as it was when its cause happened. raw: the composed message,
-- stored before the first attempt and never changed after it, so that every attempt sends the same bytes.
CREATE TABLE outgoing_mail (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  message_id VARCHAR(255) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  state VARCHAR(20) NOT NULL,  -- queued, inflight, awaiting_retry, sent, failed, bounced, aborted
  person_id BIGINT NULL,
  meeting_id BIGINT NULL,
  registration_id BIGINT NULL,
  to_name VARCHAR(200) NOT NULL,
  to_address VARCHAR(254) NOT NULL,
  language CHAR(2) NOT NULL,
  facts MEDIUMTEXT NOT NULL,
  subject VARCHAR(500) NOT NULL DEFAULT '',
  raw MEDIUMBLOB NULL,
  attempts INT NOT NULL DEFAULT 0,
  not_before DATETIME NOT NULL,
  claimed_by VARCHAR(80) NOT NULL DEFAULT '',
  claim_until DATETIME NULL,
  last_code INT NULL,
  last_reply VARCHAR(1000) NOT NULL DEFAULT '',
  created_at DATETIME NOT NULL,
  last_attempt_at DATETIME NULL,
  sent_at DATETIME NULL,
  give_up_at DATETIME NOT NULL,
  UNIQUE KEY outgoing_mail_message_id (message_id),
  KEY outgoing_mail_due (state, not_before, id),
  KEY outgoing_mail_meeting (meeting_id, id),
  KEY outgoing_mail_registration (registration_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The ledger of calendar messages: what each person's calendar was told.
CREATE TABLE invitation (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  registration_id BIGINT NOT NULL,
  outgoing_mail_id BIGINT NOT NULL,
  uid VARCHAR(255) NOT NULL,
  sequence INT NOT NULL,
  method VARCHAR(10) NOT NULL,
  partstat VARCHAR(20) NOT NULL DEFAULT 'needs_action',
  created_at DATETIME NOT NULL,
  KEY invitation_registration (registration_id, id),
  CONSTRAINT invitation_registration_of FOREIGN KEY (registration_id) REFERENCES registration (id),
  CONSTRAINT invitation_mail FOREIGN KEY (outgoing_mail_id) REFERENCES outgoing_mail (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE activity (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  occurred_at DATETIME NOT NULL,
  actor VARCHAR(120) NOT NULL,      -- "person:12", "token:3", "system", "anonymous"
  verb VARCHAR(60) NOT NULL,        -- "registration.cancelled"
  subject VARCHAR(60) NOT NULL,     -- "registration:45"
  meeting_id BIGINT NULL,
  details TEXT NOT NULL,            -- JSON
  request_id VARCHAR(64) NOT NULL DEFAULT '',
  KEY activity_meeting (meeting_id, id),
  KEY activity_subject (subject, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Every write, once: the row is written in the transaction it names. By it a COMMIT whose answer was
-- lost is looked up, and a request with the same Idempotency-Key is answered with the first result.
CREATE TABLE operation (
  id BINARY(32) NOT NULL PRIMARY KEY,
  request_hash BINARY(32) NOT NULL,
  kind VARCHAR(60) NOT NULL,
  result MEDIUMTEXT NOT NULL,
  created_at DATETIME NOT NULL,
  KEY operation_created (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE practice (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  slug VARCHAR(160) NOT NULL,
  title VARCHAR(300) NOT NULL,
  lead TEXT NOT NULL,
  status VARCHAR(20) NOT NULL,
  type VARCHAR(30) NULL,
  type_from_source TINYINT NOT NULL DEFAULT 0,
  area VARCHAR(40) NULL,
  topic_id BIGINT NULL,
  origin VARCHAR(20) NULL,
  state VARCHAR(20) NULL,
  implementation_year SMALLINT NULL,
  implementation_month TINYINT NULL,
  budget_pln DECIMAL(15,2) NULL,
  institution_text VARCHAR(300) NOT NULL DEFAULT '',
  situation_before TEXT NOT NULL,
  aim TEXT NOT NULL,
  description TEXT NOT NULL,
  results TEXT NOT NULL,
  lessons TEXT NOT NULL,
  contact VARCHAR(500) NOT NULL DEFAULT '',
  found_by VARCHAR(60) NOT NULL DEFAULT '',
  financing VARCHAR(500) NOT NULL DEFAULT '',
  verified_on DATE NULL,
  legacy_url VARCHAR(1000) NOT NULL DEFAULT '',
  source_url VARCHAR(1000) NOT NULL DEFAULT '',
  caveat TEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  published_at DATETIME NULL,
  UNIQUE KEY practice_slug (slug),
  KEY practice_published (status, published_at, id),
  CONSTRAINT practice_topic FOREIGN KEY (topic_id) REFERENCES topic (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE practice_institution (
  practice_id BIGINT NOT NULL,
  institution_id BIGINT NOT NULL,
  position INT NOT NULL,  -- 0 is the lead
  PRIMARY KEY (practice_id, institution_id),
  KEY practice_institution_institution (institution_id, practice_id),
  CONSTRAINT practice_institution_practice FOREIGN KEY (practice_id) REFERENCES practice (id),
  CONSTRAINT practice_institution_of FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
