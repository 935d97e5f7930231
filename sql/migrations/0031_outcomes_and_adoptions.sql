-- What a meeting or cycle produced: exactly one of meeting_id, cycle_id.
CREATE TABLE outcome (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NULL,
  cycle_id BIGINT NULL,
  kind VARCHAR(20) NOT NULL,
  title VARCHAR(300) NOT NULL,
  description TEXT NOT NULL,
  responsible_id BIGINT NULL,
  next_step VARCHAR(1000) NOT NULL DEFAULT '',
  next_step_by DATE NULL,
  practice_id BIGINT NULL,
  grew_from_id BIGINT NULL,
  source_url VARCHAR(1000) NOT NULL DEFAULT '',
  position INT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  KEY outcome_meeting (meeting_id, position),
  KEY outcome_cycle (cycle_id, position),
  KEY outcome_practice (practice_id),
  KEY outcome_responsible (responsible_id),
  KEY outcome_grew_from (grew_from_id),
  CONSTRAINT outcome_of_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT outcome_of_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id),
  CONSTRAINT outcome_became FOREIGN KEY (practice_id) REFERENCES practice (id)
    ON DELETE SET NULL,
  CONSTRAINT outcome_answered_by FOREIGN KEY (responsible_id) REFERENCES institution (id),
  CONSTRAINT outcome_grew FOREIGN KEY (grew_from_id) REFERENCES outcome (id) ON DELETE SET NULL,
  CONSTRAINT outcome_has_one_owner CHECK ((meeting_id IS NOT NULL) + (cycle_id IS NOT NULL) = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The stages it reached. A date may be known to the year or the month alone.
CREATE TABLE outcome_stage (
  outcome_id BIGINT NOT NULL,
  stage VARCHAR(20) NOT NULL,
  year SMALLINT NULL,
  month TINYINT NULL,
  day TINYINT NULL,
  material_id BIGINT NULL,
  document_url VARCHAR(1000) NOT NULL DEFAULT '',
  note VARCHAR(1000) NOT NULL DEFAULT '',
  PRIMARY KEY (outcome_id, stage),
  KEY outcome_stage_material (material_id),
  CONSTRAINT outcome_stage_of FOREIGN KEY (outcome_id) REFERENCES outcome (id) ON DELETE CASCADE,
  CONSTRAINT outcome_stage_shown_by FOREIGN KEY (material_id) REFERENCES material (id)
    ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Minutes and conclusions of a meeting or cycle as a whole; Markdown.
CREATE TABLE work_report (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NULL,
  cycle_id BIGINT NULL,
  minutes MEDIUMTEXT NOT NULL,
  conclusions TEXT NOT NULL,
  is_public BOOLEAN NOT NULL DEFAULT FALSE,
  version BIGINT NOT NULL DEFAULT 1,
  updated_at DATETIME NOT NULL,
  UNIQUE KEY work_report_meeting (meeting_id),
  UNIQUE KEY work_report_cycle (cycle_id),
  CONSTRAINT work_report_of_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT work_report_of_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id),
  CONSTRAINT work_report_has_one_owner
    CHECK ((meeting_id IS NOT NULL) + (cycle_id IS NOT NULL) = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Institution X considers, adapts or has adopted a practice.
CREATE TABLE adoption (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  practice_id BIGINT NOT NULL,
  institution_id BIGINT NOT NULL,
  status VARCHAR(20) NOT NULL,
  since DATE NULL,
  learnt_at_id BIGINT NULL,
  changed TEXT NOT NULL,
  document_url VARCHAR(1000) NOT NULL DEFAULT '',
  version BIGINT NOT NULL DEFAULT 1,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  UNIQUE KEY adoption_once (practice_id, institution_id),
  KEY adoption_institution (institution_id, practice_id),
  KEY adoption_learnt_at (learnt_at_id),
  CONSTRAINT adoption_of FOREIGN KEY (practice_id) REFERENCES practice (id) ON DELETE CASCADE,
  CONSTRAINT adoption_by FOREIGN KEY (institution_id) REFERENCES institution (id),
  CONSTRAINT adoption_learnt FOREIGN KEY (learnt_at_id) REFERENCES meeting (id)
    ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
