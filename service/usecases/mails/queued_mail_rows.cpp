#include "service/usecases/mails/queued_mail_rows.h"

#include <utility>

#include "sql/stored_enum.h"

namespace narada::usecases {

MailState state_of(const storage::MailRow& row) {
  return storage::stored_enum("outgoing_mail.state", row.state, find_mail_state);
}

QueuedMail to_queued_mail(storage::MailRow row) {
  QueuedMail mail;
  mail.id = row.id;
  mail.state = state_of(row);
  mail.kind = std::move(row.kind);
  mail.meeting = row.meeting;
  mail.meeting_slug = std::move(row.meeting_slug);
  mail.meeting_title = std::move(row.meeting_title);
  mail.registration = row.registration;
  mail.to_name = std::move(row.to_name);
  mail.to_address = std::move(row.to_address);
  mail.subject = std::move(row.subject);
  mail.stop_reason = std::move(row.stop_reason);
  mail.attempts = row.attempts;
  mail.last_code = row.last_code;
  mail.last_reply = std::move(row.last_reply);
  mail.created_at = row.created_at;
  mail.not_before = row.not_before;
  mail.last_attempt_at = row.last_attempt_at;
  mail.sent_at = row.sent_at;
  mail.repeated_as = row.repeated_as;
  return mail;
}

std::vector<QueuedMail> to_queued_mails(std::vector<storage::MailRow> rows) {
  std::vector<QueuedMail> mails;
  mails.reserve(rows.size());
  for (auto& row : rows) mails.push_back(to_queued_mail(std::move(row)));
  return mails;
}

}  // namespace narada::usecases
