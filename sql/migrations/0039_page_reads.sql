-- How often public pages were read: sums, of nobody. kind: "practice", "meeting", "cycle",
-- "material"; thing_id: of that kind's table. Days older than two years are summed up by month.
CREATE TABLE page_read_day (
  kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  thing_id BIGINT NOT NULL,
  day DATE NOT NULL,  -- in Poland
  reads_count BIGINT NOT NULL,
  PRIMARY KEY (kind, thing_id, day),
  KEY page_read_day_day (day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE page_read_month (
  kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  thing_id BIGINT NOT NULL,
  month DATE NOT NULL,  -- its first day
  reads_count BIGINT NOT NULL,
  PRIMARY KEY (kind, thing_id, month)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
