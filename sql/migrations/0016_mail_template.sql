-- The words of each kind of mail, as admins have written them: every version, the newest of a kind and
-- language holds. A version that is standard has no words and gives the program's own back.
CREATE TABLE mail_template (
  kind VARCHAR(40) NOT NULL,
  language CHAR(2) NOT NULL,
  version INT NOT NULL,
  is_standard BOOLEAN NOT NULL,
  subject VARCHAR(200) NOT NULL,
  heading VARCHAR(200) NOT NULL,
  intro TEXT NOT NULL,
  closing TEXT NOT NULL,
  saved_by VARCHAR(60) NOT NULL,
  saved_at DATETIME NOT NULL,
  PRIMARY KEY (kind, language, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
