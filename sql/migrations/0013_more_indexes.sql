-- Keys of statements that read a whole table to find a few rows: acceptances of the clause by what they
-- were given for, snapshots of changes whose hold is over, questions that went to one superior.
ALTER TABLE clause_acceptance ADD KEY clause_acceptance_subject (subject);
ALTER TABLE held_change ADD KEY held_change_until (held_until);
ALTER TABLE superior_consent ADD KEY superior_consent_email (superior_email);
