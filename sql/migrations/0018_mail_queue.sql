-- The outbox under load.
-- priority: 0 somebody waits for it, 1 about what somebody did, 2 the same to many; of its kind.
-- paused: its meeting's mails are paused, so that claiming passes it over without looking at it.
-- stop_reason: why an aborted mail was never sent: "organizer", or what was found right before sending.
ALTER TABLE outgoing_mail
  ADD COLUMN priority TINYINT NOT NULL DEFAULT 1,
  ADD COLUMN paused TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN stop_reason VARCHAR(40) NOT NULL DEFAULT '',
  ADD COLUMN mail_domain VARCHAR(254) GENERATED ALWAYS AS (LOWER(SUBSTRING_INDEX(to_address, '@', -1))) STORED,
  ADD KEY outgoing_mail_ready (state, paused, priority, not_before, id),
  ADD KEY outgoing_mail_domain (mail_domain, state, priority, not_before),
  DROP KEY outgoing_mail_due,
  DROP KEY outgoing_mail_kind_due;

UPDATE outgoing_mail SET priority = 0 WHERE kind IN ('sign_in_link', 'email_change');
UPDATE outgoing_mail SET priority = 2 WHERE kind IN ('meeting_announced', 'meeting_invitation');
UPDATE outgoing_mail SET stop_reason = 'organizer' WHERE state = 'aborted';

-- What is not sent for now, besides mails that somebody sits and waits for. pause_key: "all", "bulk" (what
-- goes to many) or "meeting:45".
CREATE TABLE mail_pause (
  pause_key VARCHAR(40) NOT NULL PRIMARY KEY,
  meeting_id BIGINT NULL,
  paused_at DATETIME NOT NULL,
  paused_by BIGINT NULL,
  KEY mail_pause_meeting (meeting_id),
  CONSTRAINT mail_pause_of FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT mail_pause_person FOREIGN KEY (paused_by) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
