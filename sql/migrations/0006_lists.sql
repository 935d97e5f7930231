-- Lists of registrations, and mails that are sent once more.

-- A list in the order of arrival, without sorting what it does not show.
ALTER TABLE registration ADD KEY registration_arrival (meeting_id, queue_number, id);

-- repeated_as: the mail that was written in the place of this one, which had ended unsent.
ALTER TABLE outgoing_mail ADD COLUMN repeated_as BIGINT NULL;
