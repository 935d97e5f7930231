-- The organizer's day: fair places and delegations, questions, invitees, challenges, changes that can be
-- taken back, the bin, and what the planner knows of other people's time.

-- Published at a time: not before publish_at, by a background job, for publish_by; publish_problem is why
-- it could not. binned: status says so, and what it was before stands in status_before_bin.
ALTER TABLE meeting
  ADD COLUMN publish_at DATETIME NULL,
  ADD COLUMN publish_by VARCHAR(120) NOT NULL DEFAULT '',
  ADD COLUMN publish_problem VARCHAR(60) NOT NULL DEFAULT '',
  ADD COLUMN binned_at DATETIME NULL,
  ADD COLUMN status_before_bin VARCHAR(20) NOT NULL DEFAULT '',
  ADD COLUMN has_place_rules TINYINT NOT NULL DEFAULT 0,  -- place_policy, place_hold or delegation has a row
  ADD COLUMN asks_challenge TINYINT NOT NULL DEFAULT 0,   -- "with what problem do you come?"
  ADD KEY meeting_publish_at (publish_at),
  ADD KEY meeting_binned_at (binned_at);
ALTER TABLE cycle
  ADD COLUMN publish_at DATETIME NULL,
  ADD COLUMN publish_by VARCHAR(120) NOT NULL DEFAULT '',
  ADD COLUMN publish_problem VARCHAR(60) NOT NULL DEFAULT '',
  ADD COLUMN binned_at DATETIME NULL,
  ADD COLUMN status_before_bin VARCHAR(20) NOT NULL DEFAULT '',
  ADD KEY cycle_publish_at (publish_at),
  ADD KEY cycle_binned_at (binned_at);

CREATE TABLE program_item_practice (
  program_item_id BIGINT NOT NULL,
  practice_id BIGINT NOT NULL,
  position INT NOT NULL,
  PRIMARY KEY (program_item_id, practice_id),
  KEY program_item_practice_practice (practice_id),
  CONSTRAINT program_item_practice_item FOREIGN KEY (program_item_id) REFERENCES program_item (id) ON DELETE CASCADE,
  CONSTRAINT program_item_practice_of FOREIGN KEY (practice_id) REFERENCES practice (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ---- Fair places. The rules of one meeting; they hold for each attendance mode by itself. ----
-- guaranteed_places: for each institution of guaranteed_institution, until guaranteed_until.
-- kinds: names of InstitutionKind separated by commas; empty: all. waiting_order: arrival,
-- unrepresented_first. offer_minutes: how long a freed place waits for the first in line to take it; 0: it is
-- theirs at once.
CREATE TABLE place_policy (
  meeting_id BIGINT NOT NULL PRIMARY KEY,
  guaranteed_places INT NOT NULL DEFAULT 0,
  guaranteed_until DATETIME NULL,
  institution_cap INT NULL,
  smallest_population BIGINT NULL,
  largest_population BIGINT NULL,
  kinds VARCHAR(500) NOT NULL DEFAULT '',
  waiting_order VARCHAR(30) NOT NULL DEFAULT 'arrival',
  offer_minutes INT NOT NULL DEFAULT 0,
  released_at DATETIME NULL,  -- when what was guaranteed went back to all
  version BIGINT NOT NULL DEFAULT 1,
  updated_at DATETIME NOT NULL,
  KEY place_policy_release (released_at, guaranteed_until),
  CONSTRAINT place_policy_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE guaranteed_institution (
  meeting_id BIGINT NOT NULL,
  institution_id BIGINT NOT NULL,
  PRIMARY KEY (meeting_id, institution_id),
  KEY guaranteed_institution_institution (institution_id),
  CONSTRAINT guaranteed_institution_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT guaranteed_institution_of FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Places that organizers keep for one institution: the pilot, the owner.
CREATE TABLE place_hold (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NOT NULL,
  institution_id BIGINT NOT NULL,
  mode VARCHAR(10) NOT NULL,
  places INT NOT NULL,
  until DATETIME NULL,  -- absent: until the meeting begins
  released_at DATETIME NULL,
  UNIQUE KEY place_hold_once (meeting_id, institution_id, mode),
  KEY place_hold_institution (institution_id),
  KEY place_hold_release (released_at, until),
  CONSTRAINT place_hold_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT place_hold_of FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ---- Delegations: places that an institution holds and fills with names. ----
CREATE TABLE delegation (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NOT NULL,
  institution_id BIGINT NOT NULL,
  mode VARCHAR(10) NOT NULL,
  places INT NOT NULL,  -- those with a name and those still open
  created_by VARCHAR(120) NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE KEY delegation_once (meeting_id, institution_id, mode),
  KEY delegation_institution (institution_id, meeting_id),
  CONSTRAINT delegation_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT delegation_of FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Who steps in when a named person drops out, in order. The person is stored, the place is not theirs.
CREATE TABLE delegation_reserve (
  delegation_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  position INT NOT NULL,
  job_title VARCHAR(200) NOT NULL DEFAULT '',
  PRIMARY KEY (delegation_id, person_id),
  KEY delegation_reserve_person (person_id),
  CONSTRAINT delegation_reserve_delegation FOREIGN KEY (delegation_id) REFERENCES delegation (id) ON DELETE CASCADE,
  CONSTRAINT delegation_reserve_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- offer_until: a place is held for this person, who is waitlisted, until then. diet, access_needs and
-- interpreter stand beside needs, which is whatever else. replaces: the registration whose place it took over.
ALTER TABLE registration
  ADD COLUMN delegation_id BIGINT NULL,
  ADD COLUMN replaces BIGINT NULL,
  ADD COLUMN offer_until DATETIME NULL,
  ADD COLUMN missed_offers INT NOT NULL DEFAULT 0,  -- offers of a place that ran out unanswered
  ADD COLUMN diet VARCHAR(500) NOT NULL DEFAULT '',
  ADD COLUMN access_needs VARCHAR(1000) NOT NULL DEFAULT '',
  ADD COLUMN interpreter VARCHAR(200) NOT NULL DEFAULT '',
  ADD COLUMN challenge VARCHAR(2000) NOT NULL DEFAULT '',
  ADD COLUMN challenge_contact TINYINT NOT NULL DEFAULT 0,  -- may be put in touch with others who have it
  ADD COLUMN challenge_group_id BIGINT NULL,
  ADD KEY registration_offer (offer_until),
  ADD KEY registration_delegation (delegation_id),
  ADD KEY registration_challenge_group (challenge_group_id),
  ADD CONSTRAINT registration_delegation_of FOREIGN KEY (delegation_id) REFERENCES delegation (id),
  ADD CONSTRAINT registration_replaces FOREIGN KEY (replaces) REFERENCES registration (id);
ALTER TABLE enrolment
  ADD COLUMN diet VARCHAR(500) NOT NULL DEFAULT '',
  ADD COLUMN access_needs VARCHAR(1000) NOT NULL DEFAULT '',
  ADD COLUMN interpreter VARCHAR(200) NOT NULL DEFAULT '';

-- An office may want a superior's consent before its people take part.
ALTER TABLE institution ADD COLUMN wants_consent TINYINT NOT NULL DEFAULT 0;
CREATE TABLE superior_consent (
  registration_id BIGINT NOT NULL PRIMARY KEY,
  superior_name VARCHAR(200) NOT NULL DEFAULT '',
  superior_email VARCHAR(254) NOT NULL,
  token_hash BINARY(32) NOT NULL,
  answer VARCHAR(10) NOT NULL DEFAULT '',  -- empty: not yet; given, refused
  note VARCHAR(1000) NOT NULL DEFAULT '',
  asked_at DATETIME NOT NULL,
  answered_at DATETIME NULL,
  UNIQUE KEY superior_consent_token (token_hash),
  CONSTRAINT superior_consent_of FOREIGN KEY (registration_id) REFERENCES registration (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ---- Questions of the organizer's own. kind: text, choice, several, number, yes_no, file. ----
-- options: one a line. mode: asked of those alone; NULL: of all. depends_on: asked when that question's
-- answer is depends_value ("yes", or one of its options). A question with answers is retired, not deleted.
CREATE TABLE meeting_question (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NOT NULL,
  position INT NOT NULL,
  kind VARCHAR(20) NOT NULL,
  label VARCHAR(300) NOT NULL,
  label_en VARCHAR(300) NOT NULL DEFAULT '',
  hint VARCHAR(500) NOT NULL DEFAULT '',
  hint_en VARCHAR(500) NOT NULL DEFAULT '',
  options TEXT NOT NULL,
  options_en TEXT NOT NULL,
  required TINYINT NOT NULL DEFAULT 0,
  mode VARCHAR(10) NULL,
  depends_on BIGINT NULL,
  depends_value VARCHAR(300) NOT NULL DEFAULT '',
  retired TINYINT NOT NULL DEFAULT 0,
  KEY meeting_question_meeting (meeting_id, position),
  CONSTRAINT meeting_question_of FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT meeting_question_depends FOREIGN KEY (depends_on) REFERENCES meeting_question (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE registration_answer (
  registration_id BIGINT NOT NULL,
  question_id BIGINT NOT NULL,
  value TEXT NOT NULL,  -- of several: one option a line; of a file: its name
  PRIMARY KEY (registration_id, question_id),
  KEY registration_answer_question (question_id),
  CONSTRAINT registration_answer_of FOREIGN KEY (registration_id) REFERENCES registration (id),
  CONSTRAINT registration_answer_to FOREIGN KEY (question_id) REFERENCES meeting_question (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE registration_file (
  registration_id BIGINT NOT NULL,
  question_id BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  media_type VARCHAR(127) NOT NULL,
  content MEDIUMBLOB NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (registration_id, question_id),
  CONSTRAINT registration_file_answer FOREIGN KEY (registration_id, question_id)
    REFERENCES registration_answer (registration_id, question_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ---- Invitees of a meeting or of a cycle. The key opens the registration form with their details. ----
-- source: typed, pasted, institution, coordinators, edition. state: listed, invited, registered, declined.
CREATE TABLE invitee (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NULL,
  cycle_id BIGINT NULL,
  email VARCHAR(254) NOT NULL,
  email_key VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  full_name VARCHAR(200) NOT NULL DEFAULT '',
  job_title VARCHAR(200) NOT NULL DEFAULT '',
  institution_id BIGINT NULL,
  person_id BIGINT NULL,
  language CHAR(2) NOT NULL DEFAULT 'pl',
  source VARCHAR(20) NOT NULL,
  state VARCHAR(20) NOT NULL,
  key_hash BINARY(32) NULL,
  outgoing_mail_id BIGINT NULL,
  created_by VARCHAR(120) NOT NULL,
  created_at DATETIME NOT NULL,
  invited_at DATETIME NULL,
  reminded_at DATETIME NULL,  -- the last time
  decline_reason VARCHAR(1000) NOT NULL DEFAULT '',
  UNIQUE KEY invitee_of_meeting (meeting_id, email_key, full_name),
  UNIQUE KEY invitee_of_cycle (cycle_id, email_key, full_name),
  UNIQUE KEY invitee_key (key_hash),
  KEY invitee_institution (institution_id),
  KEY invitee_person (person_id),
  KEY invitee_email (email_key),
  CONSTRAINT invitee_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT invitee_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id),
  CONSTRAINT invitee_institution_of FOREIGN KEY (institution_id) REFERENCES institution (id),
  CONSTRAINT invitee_person_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Who wants no more invitations: a keyed digest of the address, without the address.
CREATE TABLE invitation_objection (
  address_digest BINARY(32) NOT NULL PRIMARY KEY,
  objected_at DATETIME NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ---- The challenge box. answered_at: when the answer was last sent. ----
CREATE TABLE challenge_group (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NOT NULL,
  position INT NOT NULL,
  title VARCHAR(300) NOT NULL,
  answer TEXT NOT NULL,
  answered_at DATETIME NULL,
  contacts_shared_at DATETIME NULL,
  version BIGINT NOT NULL DEFAULT 1,
  KEY challenge_group_meeting (meeting_id, position),
  CONSTRAINT challenge_group_of FOREIGN KEY (meeting_id) REFERENCES meeting (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
ALTER TABLE registration
  ADD CONSTRAINT registration_challenge_of FOREIGN KEY (challenge_group_id) REFERENCES challenge_group (id) ON DELETE SET NULL;
CREATE TABLE challenge_group_practice (
  challenge_group_id BIGINT NOT NULL,
  practice_id BIGINT NOT NULL,
  position INT NOT NULL,
  PRIMARY KEY (challenge_group_id, practice_id),
  KEY challenge_group_practice_practice (practice_id),
  CONSTRAINT challenge_group_practice_group FOREIGN KEY (challenge_group_id) REFERENCES challenge_group (id) ON DELETE CASCADE,
  CONSTRAINT challenge_group_practice_of FOREIGN KEY (practice_id) REFERENCES practice (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ---- Changes that can be taken back while their mails are held. ----
-- before_change: what undoing puts back (JSON). mails: ids of the held mails, separated by commas.
CREATE TABLE held_change (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NOT NULL,
  kind VARCHAR(20) NOT NULL,  -- changed, cancelled, published, binned
  made_by VARCHAR(120) NOT NULL,
  made_at DATETIME NOT NULL,
  held_until DATETIME NOT NULL,
  version_after BIGINT NOT NULL,  -- of the meeting, when it was made
  before_change MEDIUMTEXT NOT NULL,
  mails MEDIUMTEXT NOT NULL,
  undone_at DATETIME NULL,
  KEY held_change_meeting (meeting_id, id),
  CONSTRAINT held_change_of FOREIGN KEY (meeting_id) REFERENCES meeting (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ---- What the planner knows. ----
-- Days on which an institution, or everybody (NULL), cannot come.
CREATE TABLE recess (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  institution_id BIGINT NULL,
  title VARCHAR(200) NOT NULL,
  first_day DATE NOT NULL,
  last_day DATE NOT NULL,
  created_by VARCHAR(120) NOT NULL,
  created_at DATETIME NOT NULL,
  KEY recess_days (last_day, first_day),
  KEY recess_institution (institution_id),
  CONSTRAINT recess_of FOREIGN KEY (institution_id) REFERENCES institution (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The iCalendar address or file that an expert gave; of it only when they are busy is kept.
CREATE TABLE expert_calendar (
  expert_id BIGINT NOT NULL PRIMARY KEY,
  address VARCHAR(1000) NOT NULL DEFAULT '',  -- empty: a file was given
  etag VARCHAR(200) NOT NULL DEFAULT '',
  read_at DATETIME NULL,
  due_at DATETIME NULL,  -- when the address is read again
  problem VARCHAR(300) NOT NULL DEFAULT '',  -- of the last reading
  KEY expert_calendar_due (due_at),
  CONSTRAINT expert_calendar_of FOREIGN KEY (expert_id) REFERENCES expert (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE expert_busy (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  expert_id BIGINT NOT NULL,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  KEY expert_busy_time (expert_id, starts_at),
  KEY expert_busy_end (ends_at),
  CONSTRAINT expert_busy_of FOREIGN KEY (expert_id) REFERENCES expert (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A long form as far as somebody has filled it in. form: "cycle", "meeting". subject: "new", or the id.
CREATE TABLE form_draft (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  person_id BIGINT NOT NULL,
  form VARCHAR(40) NOT NULL,
  subject VARCHAR(40) NOT NULL,
  fields MEDIUMTEXT NOT NULL,
  saved_at DATETIME NOT NULL,
  UNIQUE KEY form_draft_once (person_id, form, subject),
  KEY form_draft_saved (saved_at),
  CONSTRAINT form_draft_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- ---- Work that takes longer than a page may wait: its progress is shown. ----
CREATE TABLE task (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  kind VARCHAR(40) NOT NULL,
  person_id BIGINT NOT NULL,
  meeting_id BIGINT NULL,
  cycle_id BIGINT NULL,
  parameters MEDIUMTEXT NOT NULL,  -- JSON
  state VARCHAR(20) NOT NULL,      -- waiting, running, done, failed
  total INT NOT NULL DEFAULT 0,
  finished INT NOT NULL DEFAULT 0,
  failed INT NOT NULL DEFAULT 0,
  report MEDIUMTEXT NOT NULL,      -- JSON: what became of each that failed
  result MEDIUMBLOB NULL,          -- a file to download
  result_name VARCHAR(200) NOT NULL DEFAULT '',
  claimed_by VARCHAR(80) NOT NULL DEFAULT '',
  claimed_until DATETIME NULL,
  created_at DATETIME NOT NULL,
  ended_at DATETIME NULL,
  KEY task_due (state, claimed_until, id),
  KEY task_person (person_id, id),
  CONSTRAINT task_of FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
