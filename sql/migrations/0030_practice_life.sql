-- What a practice holds besides, and how it came to be. contact_consented_on: NULL: person, e-mail
-- and phone are for the editors alone. source_name, source_id: of the catalogue it was imported
-- from, whose next import finds it again.
ALTER TABLE practice
  ADD COLUMN contact_person VARCHAR(200) NOT NULL DEFAULT '',
  ADD COLUMN contact_unit VARCHAR(300) NOT NULL DEFAULT '',
  ADD COLUMN contact_email VARCHAR(254) NOT NULL DEFAULT '',
  ADD COLUMN contact_phone VARCHAR(60) NOT NULL DEFAULT '',
  ADD COLUMN contact_consented_on DATE NULL,
  ADD COLUMN contact_consented_by VARCHAR(300) NOT NULL DEFAULT '',
  ADD COLUMN ended_year SMALLINT NULL,
  ADD COLUMN ended_month TINYINT NULL,
  ADD COLUMN from_cycle_id BIGINT NULL,
  ADD COLUMN from_meeting_id BIGINT NULL,
  ADD COLUMN source_name VARCHAR(100) NULL,
  ADD COLUMN source_id VARCHAR(200) NULL,
  ADD COLUMN verified_by VARCHAR(300) NOT NULL DEFAULT '',
  ADD COLUMN author_id BIGINT NULL,
  ADD COLUMN featured_at DATETIME NULL,
  ADD COLUMN archived_at DATETIME NULL,
  ADD UNIQUE KEY practice_source (source_name, source_id),
  ADD KEY practice_featured (featured_at),
  ADD KEY practice_from_cycle (from_cycle_id),
  ADD KEY practice_from_meeting (from_meeting_id),
  ADD KEY practice_author (author_id),
  ADD CONSTRAINT practice_by FOREIGN KEY (author_id) REFERENCES person (id) ON DELETE SET NULL,
  ADD CONSTRAINT practice_of_cycle FOREIGN KEY (from_cycle_id) REFERENCES cycle (id)
    ON DELETE SET NULL,
  ADD CONSTRAINT practice_of_meeting FOREIGN KEY (from_meeting_id) REFERENCES meeting (id)
    ON DELETE SET NULL;

-- The words in a language besides Polish, whose are in the row itself.
CREATE TABLE practice_edition (
  practice_id BIGINT NOT NULL,
  language CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(300) NOT NULL,
  lead TEXT NOT NULL,
  situation_before TEXT NOT NULL,
  aim TEXT NOT NULL,
  description TEXT NOT NULL,
  results TEXT NOT NULL,
  lessons TEXT NOT NULL,
  PRIMARY KEY (practice_id, language),
  CONSTRAINT practice_edition_of FOREIGN KEY (practice_id) REFERENCES practice (id)
    ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The programmes that paid. logo_digest: of a stored file; NULL: no logo.
CREATE TABLE practice_financing (
  practice_id BIGINT NOT NULL,
  position INT NOT NULL,
  programme VARCHAR(300) NOT NULL,
  logo_digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  logo_text VARCHAR(300) NOT NULL DEFAULT '',
  PRIMARY KEY (practice_id, position),
  CONSTRAINT practice_financing_of FOREIGN KEY (practice_id) REFERENCES practice (id)
    ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The description as it was after each change. content: JSON, every field of the form.
CREATE TABLE practice_revision (
  practice_id BIGINT NOT NULL,
  number INT NOT NULL,  -- 1, 2, …
  content LONGTEXT NOT NULL,
  note VARCHAR(500) NOT NULL DEFAULT '',
  actor VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_at DATETIME NOT NULL,
  PRIMARY KEY (practice_id, number),
  CONSTRAINT practice_revision_of FOREIGN KEY (practice_id) REFERENCES practice (id)
    ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Every state it went through, who said so and in which words to the author.
CREATE TABLE practice_step (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  practice_id BIGINT NOT NULL,
  from_status VARCHAR(20) NOT NULL,
  to_status VARCHAR(20) NOT NULL,
  comment TEXT NOT NULL,
  actor VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_at DATETIME NOT NULL,
  KEY practice_step_practice (practice_id, id),
  CONSTRAINT practice_step_of FOREIGN KEY (practice_id) REFERENCES practice (id)
    ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
