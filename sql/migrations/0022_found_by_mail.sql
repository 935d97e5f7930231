-- Which invitees a mail was for is asked when the mail is taken back.
ALTER TABLE invitee ADD KEY invitee_mail (outgoing_mail_id);
