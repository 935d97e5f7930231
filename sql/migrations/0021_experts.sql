-- Experts have a page of their own. description and description_en are CommonMark. organization: as it
-- is shown; institution_id: the entry of the catalogue that it is, where there is one. person_id: who
-- writes the description themselves. merged_into: two records of one expert; this one stands for
-- nobody any more, its slug leads to the other.
ALTER TABLE expert
  ADD COLUMN description_en VARCHAR(2000) NOT NULL DEFAULT '',
  ADD COLUMN organization VARCHAR(200) NOT NULL DEFAULT '',
  ADD COLUMN person_id BIGINT NULL,
  ADD COLUMN merged_into BIGINT NULL,
  ADD COLUMN version BIGINT NOT NULL DEFAULT 1,
  ADD KEY expert_person (person_id),
  ADD CONSTRAINT expert_is_person FOREIGN KEY (person_id) REFERENCES person (id),
  ADD CONSTRAINT expert_stands_for FOREIGN KEY (merged_into) REFERENCES expert (id);
UPDATE expert e JOIN institution i ON i.id = e.institution_id SET e.organization = i.name
  WHERE e.organization = '';

-- Whom a mail that puts people in touch tells of, a line each, by the registration and not by what
-- the line says: names and addresses change, and others have the same.
CREATE TABLE contact_told (
  outgoing_mail_id BIGINT NOT NULL,
  position INT NOT NULL,
  registration_id BIGINT NOT NULL,
  PRIMARY KEY (outgoing_mail_id, position),
  KEY contact_told_of (registration_id),
  CONSTRAINT contact_told_in FOREIGN KEY (outgoing_mail_id) REFERENCES outgoing_mail (id) ON DELETE CASCADE,
  CONSTRAINT contact_told_whom FOREIGN KEY (registration_id) REFERENCES registration (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
