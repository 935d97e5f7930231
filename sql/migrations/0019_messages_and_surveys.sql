-- What organizers write to the people of a meeting or of a cycle. audience: names of groups, separated by
-- commas. institution_name: that it was for this one alone, as it was called then.
CREATE TABLE organizer_message (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NULL,
  cycle_id BIGINT NULL,
  audience VARCHAR(120) NOT NULL,
  mode VARCHAR(10) NULL,
  institution_name VARCHAR(300) NOT NULL DEFAULT '',
  subject VARCHAR(200) NOT NULL,
  body TEXT NOT NULL,
  subject_en VARCHAR(200) NOT NULL DEFAULT '',
  body_en TEXT NOT NULL,
  written_by VARCHAR(120) NOT NULL,
  created_at DATETIME NOT NULL,
  leaves_at DATETIME NOT NULL,
  taken_back_at DATETIME NULL,
  people INT NOT NULL,
  left_out INT NOT NULL DEFAULT 0,
  task_id BIGINT NULL,
  KEY organizer_message_meeting (meeting_id, id),
  KEY organizer_message_cycle (cycle_id, id),
  KEY organizer_message_created (created_at),
  CONSTRAINT organizer_message_of_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT organizer_message_of_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- One row for each person that it is for. Who that is stands here only until the mail is written: then
-- the row names the mail alone, or nothing, when the person could not be written to any more.
CREATE TABLE organizer_message_person (
  message_id BIGINT NOT NULL,
  number INT NOT NULL,
  registration_id BIGINT NULL,
  invitee_id BIGINT NULL,
  outgoing_mail_id BIGINT NULL,
  written TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (message_id, number),
  KEY organizer_message_person_mail (outgoing_mail_id),
  CONSTRAINT organizer_message_person_of FOREIGN KEY (message_id)
    REFERENCES organizer_message (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What people are asked after a meeting. Of a cycle: what its meetings ask that have none of their own.
-- asked_at: when the mails were written. closes_at: until when answers are taken.
CREATE TABLE survey (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NULL,
  cycle_id BIGINT NULL,
  enabled TINYINT NOT NULL,
  hours_after INT NOT NULL,
  asked_at DATETIME NULL,
  reminded_at DATETIME NULL,
  closes_at DATETIME NULL,
  answers INT NOT NULL DEFAULT 0,
  version BIGINT NOT NULL DEFAULT 1,
  UNIQUE KEY survey_once_meeting (meeting_id),
  UNIQUE KEY survey_once_cycle (cycle_id),
  KEY survey_asked (asked_at),
  CONSTRAINT survey_of_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT survey_of_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE survey_question (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  survey_id BIGINT NOT NULL,
  position INT NOT NULL,
  kind VARCHAR(20) NOT NULL,
  label VARCHAR(300) NOT NULL,
  label_en VARCHAR(300) NOT NULL DEFAULT '',
  options TEXT NOT NULL,
  options_en TEXT NOT NULL,
  required TINYINT NOT NULL DEFAULT 0,
  KEY survey_question_survey (survey_id, position),
  CONSTRAINT survey_question_of FOREIGN KEY (survey_id) REFERENCES survey (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Who was asked, and whether they have answered: not what, and not when.
CREATE TABLE survey_asked (
  registration_id BIGINT NOT NULL PRIMARY KEY,
  survey_id BIGINT NOT NULL,
  token_hash BINARY(32) NOT NULL,
  answered TINYINT NOT NULL DEFAULT 0,
  UNIQUE KEY survey_asked_token (token_hash),
  KEY survey_asked_survey (survey_id, answered),
  CONSTRAINT survey_asked_registration FOREIGN KEY (registration_id) REFERENCES registration (id),
  CONSTRAINT survey_asked_of FOREIGN KEY (survey_id) REFERENCES survey (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Single answers that nothing connects: neither whose they are nor which belong together nor when they
-- came. The key is random, so that the order of rows says nothing either.
CREATE TABLE survey_answer (
  id BINARY(16) NOT NULL PRIMARY KEY,
  question_id BIGINT NOT NULL,
  value TEXT NOT NULL,
  KEY survey_answer_question (question_id),
  CONSTRAINT survey_answer_to FOREIGN KEY (question_id) REFERENCES survey_question (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
