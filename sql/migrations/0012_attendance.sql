-- Who came. What a registration was before it was marked, so that the mark can be taken back; empty: it
-- is not marked, or nobody had registered and the person was added at the door.
ALTER TABLE registration ADD COLUMN status_before_attendance VARCHAR(20) NOT NULL DEFAULT '';

-- Enrolments made before acceptances of the clause had rows of their own.
INSERT INTO clause_acceptance (person_id, clause_version, subject, accepted_at)
  SELECT e.person_id, e.clause_version, CONCAT('enrolment:', e.id), e.created_at
  FROM enrolment e JOIN person p ON p.id = e.person_id AND p.erased_at IS NULL
  WHERE e.clause_version > 0 AND NOT EXISTS (SELECT 1 FROM clause_acceptance a
    WHERE a.person_id = e.person_id AND a.subject = CONCAT('enrolment:', e.id));
