-- Reminders, digests and what people want to be told.

-- When the beginning was last set: who hears of a move is not reminded at a time before it. What a
-- reminder would have said before this table existed is not said afterwards.
ALTER TABLE meeting ADD COLUMN times_set_at DATETIME NULL;
UPDATE meeting SET times_set_at = UTC_TIMESTAMP();

-- Of a meeting that has had times of its own; reminders: "7d,1d,2h", or "off". NULL: those of the
-- installation again.
CREATE TABLE reminder_plan (
  meeting_id BIGINT NOT NULL PRIMARY KEY,
  reminders VARCHAR(60) NULL,
  version BIGINT NOT NULL DEFAULT 1,
  changed_at DATETIME NOT NULL,
  CONSTRAINT reminder_plan_of FOREIGN KEY (meeting_id) REFERENCES meeting (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- One row per registration, reminder and beginning, written with its mail: by it nobody is reminded
-- twice. Without a mail: the person wants none. A later beginning has rows of its own.
CREATE TABLE reminder_sent (
  registration_id BIGINT NOT NULL,
  reminder VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  starts_at DATETIME NOT NULL,
  outgoing_mail_id BIGINT NULL,
  decided_at DATETIME NOT NULL,
  PRIMARY KEY (registration_id, reminder, starts_at),
  KEY reminder_sent_mail (outgoing_mail_id),
  CONSTRAINT reminder_sent_to FOREIGN KEY (registration_id) REFERENCES registration (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A reminder that everybody concerned has: it is not looked at again.
CREATE TABLE reminder_round (
  meeting_id BIGINT NOT NULL,
  reminder VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  starts_at DATETIME NOT NULL,
  finished_at DATETIME NOT NULL,
  PRIMARY KEY (meeting_id, reminder, starts_at),
  CONSTRAINT reminder_round_of FOREIGN KEY (meeting_id) REFERENCES meeting (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Whose digest of which day has been decided; without a mail there was nothing new. told: what it
-- was about, as digests, so that the next one knows what is new.
CREATE TABLE digest_sent (
  person_id BIGINT NOT NULL,
  kind VARCHAR(20) NOT NULL,  -- work, topics
  day DATE NOT NULL,
  outgoing_mail_id BIGINT NULL,
  told MEDIUMTEXT NOT NULL,
  decided_at DATETIME NOT NULL,
  PRIMARY KEY (person_id, kind, day),
  KEY digest_sent_mail (outgoing_mail_id),
  KEY digest_sent_decided (decided_at),
  CONSTRAINT digest_sent_to FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- New meetings of their topics, for those who want them told once a day.
CREATE TABLE announcement_waiting (
  person_id BIGINT NOT NULL,
  meeting_id BIGINT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (person_id, meeting_id),
  KEY announcement_waiting_created (created_at),
  CONSTRAINT announcement_waiting_to FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT announcement_waiting_of FOREIGN KEY (meeting_id) REFERENCES meeting (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
