#include "service/usecases/meetings/change_preview.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "notifications/composer.h"
#include "notifications/mime.h"
#include "notifications/readable_text.h"
#include "service/usecases/mails/stored_wordings.h"

namespace narada::usecases {
namespace {

std::string method_of(const notifications::MailFacts& facts) {
  return facts.method ? std::string(calendar::to_string(*facts.method)) : "";
}

// What of a mail differs when the same change is tried again: the token of its link.
std::string line_of(const PreviewedMail& mail) {
  return fmt::format("{}|{}|{}|{}|{}\n", to_string(mail.facts.kind), mail.facts.to_address,
                     mail.registration ? mail.registration->value : 0, method_of(mail.facts),
                     mail.sequence.value_or(-1));
}

std::string line_of(const PlaceChange& change) {
  return fmt::format("{}|{}|{}\n", change.registration.value,
                     change.before ? to_string(*change.before) : "", to_string(change.after));
}

}  // namespace

std::string ChangePreview::fingerprint() const {
  if (concerns_nobody()) return {};
  std::string all = fmt::format("{}|{}|{}\n", closes_registration, waiting, invited);
  for (const auto& mail : mails) all += line_of(mail);
  for (const auto& change : places) all += line_of(change);
  std::string text;
  for (const char byte : hash_token(all)) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return text;
}

std::vector<MailGroup> group_mails(const ChangePreview& preview) {
  std::vector<MailGroup> groups;
  for (const auto& mail : preview.mails) {
    const std::string method = method_of(mail.facts);
    auto found = std::find_if(groups.begin(), groups.end(), [&](const MailGroup& group) {
      return group.kind == mail.facts.kind && group.method == method;
    });
    if (found == groups.end()) {
      const int sequence = mail.sequence.value_or(0);
      groups.push_back({mail.facts.kind, method, 0, sequence, sequence, &mail});
      found = std::prev(groups.end());
    }
    ++found->count;
    found->lowest_sequence = std::min(found->lowest_sequence, mail.sequence.value_or(0));
    found->highest_sequence = std::max(found->highest_sequence, mail.sequence.value_or(0));
  }
  return groups;
}

MailWords words_of(const Environment& environment, const web::Renderer& renderer,
                   const web::Messages& messages, const PreviewedMail& mail) {
  const StoredWordings wordings(environment);
  const notifications::Composer composer(
      renderer, messages, {environment.mail_from, environment.mail_from_name, environment.base_url},
      &wordings);
  const auto composed =
      composer.compose(mail.facts, "preview@narada.invalid", environment.clock->now());
  return {composed.subject,
          notifications::readable_text(notifications::mask_manage_tokens(composed.message))};
}

void Rehearsal::add(const ChangePreview& of_meeting) {
  const auto append = [](auto& all, const auto& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  append(preview_.mails, of_meeting.mails);
  append(preview_.places, of_meeting.places);
  append(preview_.reminders, of_meeting.reminders);
  preview_.people.insert(of_meeting.people.begin(), of_meeting.people.end());
  preview_.institutions.insert(of_meeting.institutions.begin(), of_meeting.institutions.end());
  preview_.closes_registration |= of_meeting.closes_registration;
  preview_.waiting += of_meeting.waiting;
  preview_.invited += of_meeting.invited;
}

}  // namespace narada::usecases
