-- What each person's calendar was last told: with `invited` (the method was REQUEST) the SEQUENCE and what
-- was shown (domain::shown_in_calendar; empty: told before this was kept). The row of `invitation` that
-- said so has the same.
ALTER TABLE invitation ADD COLUMN shown VARCHAR(16) NOT NULL DEFAULT '';
ALTER TABLE registration
  ADD COLUMN calendar_sequence INT NULL,
  ADD COLUMN calendar_shown VARCHAR(16) NOT NULL DEFAULT '';
UPDATE registration r JOIN (SELECT registration_id, MAX(sequence) AS sequence FROM invitation
  GROUP BY registration_id) i ON i.registration_id = r.id SET r.calendar_sequence = i.sequence;
ALTER TABLE registration DROP COLUMN sequence_offset;

-- What is kept for taking changes back is of the tables as they were.
UPDATE held_change SET before_change = '', held_until = made_at WHERE before_change <> '';
