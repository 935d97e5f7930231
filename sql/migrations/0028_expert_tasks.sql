-- People who act for an expert besides expert.person_id: those of an organization, and the person
-- themselves since they were invited. is_shown: the person agrees to be named beside the
-- organization. shares_contact: those who lead the same meetings see their address.
CREATE TABLE expert_member (
  expert_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  is_shown BOOLEAN NOT NULL DEFAULT FALSE,
  shares_contact BOOLEAN NOT NULL DEFAULT FALSE,
  added_at DATETIME NOT NULL,
  invited_at DATETIME NULL,  -- the last mail with a link
  PRIMARY KEY (expert_id, person_id),
  KEY expert_member_person (person_id),
  CONSTRAINT expert_member_of FOREIGN KEY (expert_id) REFERENCES expert (id),
  CONSTRAINT expert_member_is FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
INSERT INTO expert_member (expert_id, person_id, added_at)
  SELECT id, person_id, UTC_TIMESTAMP() FROM expert
  WHERE person_id IS NOT NULL AND merged_into IS NULL;

-- What the experts of a meeting prepare; of a cycle: of its meetings without a plan of their own.
-- Absent: the plan of the meeting's form. closes_days: days after the end of the meeting until
-- which its experts bring and change what is theirs.
CREATE TABLE expert_task_plan (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NULL,
  cycle_id BIGINT NULL,
  closes_days INT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  UNIQUE KEY expert_task_plan_meeting (meeting_id),
  UNIQUE KEY expert_task_plan_cycle (cycle_id),
  CONSTRAINT expert_task_plan_of_meeting FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT expert_task_plan_of_cycle FOREIGN KEY (cycle_id) REFERENCES cycle (id),
  CONSTRAINT expert_task_plan_has_one_owner
    CHECK ((meeting_id IS NOT NULL) + (cycle_id IS NOT NULL) = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- task: its name, "own1" … for the organizer's own ones, which have a title.
CREATE TABLE expert_task_rule (
  plan_id BIGINT NOT NULL,
  position INT NOT NULL,
  task VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(200) NOT NULL DEFAULT '',
  days_before INT NOT NULL,
  is_wanted BOOLEAN NOT NULL,
  PRIMARY KEY (plan_id, task),
  CONSTRAINT expert_task_rule_of FOREIGN KEY (plan_id) REFERENCES expert_task_plan (id)
    ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What holds for one expert of a meeting besides the plan. is_wanted, due_on: of the organizer;
-- absent: as planned. answer: yes or no, to a question; done: of a task that is ticked.
CREATE TABLE expert_task_answer (
  meeting_id BIGINT NOT NULL,
  expert_id BIGINT NOT NULL,
  task VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  is_wanted BOOLEAN NULL,
  due_on DATE NULL,
  answer BOOLEAN NULL,
  answered_at DATETIME NULL,
  answered_by BIGINT NULL,
  PRIMARY KEY (meeting_id, expert_id, task),
  KEY expert_task_answer_expert (expert_id),
  KEY expert_task_answer_person (answered_by),
  CONSTRAINT expert_task_answer_at FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT expert_task_answer_of FOREIGN KEY (expert_id) REFERENCES expert (id),
  CONSTRAINT expert_task_answer_by FOREIGN KEY (answered_by) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Mails that asked a person for what is missing; kept for 90 days after the meeting.
CREATE TABLE expert_task_sent (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  meeting_id BIGINT NOT NULL,
  expert_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  by_hand BOOLEAN NOT NULL,
  outgoing_mail_id BIGINT NULL,
  sent_at DATETIME NOT NULL,
  KEY expert_task_sent_to (meeting_id, expert_id, person_id, sent_at),
  KEY expert_task_sent_expert (expert_id),
  KEY expert_task_sent_person (person_id),
  KEY expert_task_sent_mail (outgoing_mail_id),
  CONSTRAINT expert_task_sent_at FOREIGN KEY (meeting_id) REFERENCES meeting (id),
  CONSTRAINT expert_task_sent_of FOREIGN KEY (expert_id) REFERENCES expert (id),
  CONSTRAINT expert_task_sent_person FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT expert_task_sent_mail FOREIGN KEY (outgoing_mail_id) REFERENCES outgoing_mail (id)
    ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The picture on an expert's page. consent_at: when whoever brought it agreed to its publication.
CREATE TABLE expert_photo (
  expert_id BIGINT NOT NULL PRIMARY KEY,
  digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  file_name VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,  -- by its content
  person_id BIGINT NULL,
  consent_at DATETIME NOT NULL,
  KEY expert_photo_digest (digest),
  KEY expert_photo_person (person_id),
  CONSTRAINT expert_photo_of FOREIGN KEY (expert_id) REFERENCES expert (id),
  CONSTRAINT expert_photo_by FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
