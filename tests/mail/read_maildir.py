"""Lists the messages of a Maildir as JSON, read by Python's own mailbox and email packages."""
import json
import mailbox
import sys
from email import policy
from email.parser import BytesParser

listing = []
for message in mailbox.Maildir(sys.argv[1], create=False):
    parsed = BytesParser(policy=policy.default).parsebytes(message.as_bytes())
    listing.append({"message_id": parsed["Message-ID"].strip("<>"), "subject": parsed["Subject"],
                    "flags": message.get_flags()})
json.dump(listing, sys.stdout)
