-- Every process keeps its index of words in memory. generation rises when they are to be built anew.
CREATE TABLE search_generation (
  id BIGINT NOT NULL PRIMARY KEY,
  generation BIGINT NOT NULL,
  asked_at DATETIME NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
INSERT INTO search_generation (id, generation) VALUES (1, 1);

-- Words are looked up there and nowhere else.
ALTER TABLE stored_file DROP INDEX stored_file_text;
