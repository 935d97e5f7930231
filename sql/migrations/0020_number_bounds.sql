-- The smallest and the largest number that answers a question of the organizer's; NULL: any.
ALTER TABLE meeting_question
  ADD COLUMN number_least INT NULL,
  ADD COLUMN number_most INT NULL;
