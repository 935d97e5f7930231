-- What a reminder says is of the meeting and the place as they were when it was written: the version of
-- the meeting, and calendar_shown of the registration, then. Version 0: written before this was kept.
ALTER TABLE reminder_sent
  ADD COLUMN meeting_version BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN calendar_shown VARCHAR(16) NOT NULL DEFAULT '';
