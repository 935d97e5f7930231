-- Contents of files, each under its SHA-256 in lower-case hexadecimal digits. state: waiting until
-- it has been inspected, then ready or refused. facts: what the inspection found (FileFacts as
-- JSON). content_text: what can be searched. thumbnail: the digest of a small picture. missing_since:
-- the store did not have it when it was last compared.
CREATE TABLE stored_file (
  digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  refusal VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
  facts TEXT NOT NULL DEFAULT '{}',
  content_text MEDIUMTEXT NOT NULL DEFAULT '',
  thumbnail CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  missing_since DATETIME NULL,
  created_at DATETIME NOT NULL,
  inspected_at DATETIME NULL,
  KEY stored_file_state (state, created_at),
  KEY stored_file_thumbnail (thumbnail),
  FULLTEXT KEY stored_file_text (content_text)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A file on its way here (tus 1.0.0). key_hash: SHA-256 of what stands in its address. actor: who
-- brings it, as the activity log writes it. received: octets that are here and will stay. state:
-- receiving, received (all octets), stored (digest known), gone (expired or taken back).
CREATE TABLE upload (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  key_hash BINARY(32) NOT NULL,
  actor VARCHAR(120) NOT NULL,
  person_id BIGINT NULL,
  meeting_id BIGINT NULL,
  cycle_id BIGINT NULL,
  practice_id BIGINT NULL,
  file_name VARCHAR(255) NOT NULL,
  size BIGINT NULL,  -- absent: not said yet (Upload-Defer-Length)
  received BIGINT NOT NULL DEFAULT 0,
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  taken_at DATETIME NULL,  -- into a material
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  UNIQUE KEY upload_key (key_hash),
  KEY upload_state (state, expires_at),
  KEY upload_person (person_id),
  KEY upload_meeting (meeting_id),
  KEY upload_cycle (cycle_id),
  KEY upload_practice (practice_id),
  KEY upload_digest (digest),
  CONSTRAINT upload_by FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT upload_for_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT upload_for_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id),
  CONSTRAINT upload_for_practice FOREIGN KEY (practice_id) REFERENCES practice (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What organizers ask of documents. The row without a meeting is for all that have none.
CREATE TABLE material_policy (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NULL,
  accessibility VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  UNIQUE KEY material_policy_meeting (meeting_id),
  CONSTRAINT material_policy_of FOREIGN KEY (meeting_id) REFERENCES meeting (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
INSERT INTO material_policy (id, meeting_id, accessibility) VALUES (1, NULL, 'advice');

-- Exactly one of meeting_id, cycle_id, practice_id. available_from: UTC. deleted_at: in the bin.
-- exemption: why organizers show it in spite of faults. edition_of: the first of its editions.
CREATE TABLE material (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NULL,
  cycle_id BIGINT NULL,
  practice_id BIGINT NULL,
  kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(200) NOT NULL,
  description VARCHAR(4000) NOT NULL DEFAULT '',
  audience VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'everybody',
  language CHAR(2) NOT NULL DEFAULT 'pl',
  licence VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'all_rights_reserved',
  authors VARCHAR(300) NOT NULL DEFAULT '',
  access VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'everybody',
  available_from DATETIME NULL,
  section VARCHAR(120) NOT NULL DEFAULT '',
  position INT NOT NULL DEFAULT 0,
  link VARCHAR(500) NOT NULL DEFAULT '',
  alt_text VARCHAR(500) NOT NULL DEFAULT '',
  has_consent BOOLEAN NOT NULL DEFAULT FALSE,
  edition_of BIGINT NULL,
  exemption VARCHAR(500) NOT NULL DEFAULT '',
  tells BOOLEAN NOT NULL DEFAULT TRUE,
  expert_id BIGINT NULL,
  added_by BIGINT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  told_at DATETIME NULL,  -- participants were told that it is there
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  deleted_at DATETIME NULL,
  KEY material_meeting (meeting_id, position),
  KEY material_cycle (cycle_id, position),
  KEY material_practice (practice_id, position),
  KEY material_expert (expert_id),
  KEY material_added_by (added_by),
  KEY material_deleted (deleted_at),
  KEY material_told (told_at, updated_at),
  KEY material_edition (edition_of),
  CONSTRAINT material_of_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT material_of_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id),
  CONSTRAINT material_of_practice FOREIGN KEY (practice_id) REFERENCES practice (id),
  CONSTRAINT material_of_expert FOREIGN KEY (expert_id) REFERENCES expert (id),
  CONSTRAINT material_added FOREIGN KEY (added_by) REFERENCES person (id),
  CONSTRAINT material_edition_of FOREIGN KEY (edition_of) REFERENCES material (id) ON DELETE SET NULL,
  CONSTRAINT material_has_one_owner
    CHECK ((meeting_id IS NOT NULL) + (cycle_id IS NOT NULL) + (practice_id IS NOT NULL) = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- digest: NULL while the file is still being brought to the store; upload_id says by which upload.
CREATE TABLE material_version (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  material_id BIGINT NOT NULL,
  number INT NOT NULL,
  upload_id BIGINT NULL,
  digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  file_name VARCHAR(255) NOT NULL,
  size BIGINT NOT NULL,
  note VARCHAR(1000) NOT NULL DEFAULT '',
  created_at DATETIME NOT NULL,
  UNIQUE KEY material_version_number (material_id, number),
  KEY material_version_upload (upload_id),
  KEY material_version_digest (digest),
  CONSTRAINT material_version_of FOREIGN KEY (material_id) REFERENCES material (id),
  CONSTRAINT material_version_from FOREIGN KEY (upload_id) REFERENCES upload (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Which known people took which version, so that they are told when there is a newer one.
CREATE TABLE material_taken (
  material_version_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  taken_at DATETIME NOT NULL,
  told_at DATETIME NULL,  -- that there is a newer one
  PRIMARY KEY (material_version_id, person_id),
  KEY material_taken_person (person_id),
  KEY material_taken_at (taken_at),
  CONSTRAINT material_taken_what FOREIGN KEY (material_version_id) REFERENCES material_version (id),
  CONSTRAINT material_taken_by FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
