#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/language.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// The words of one kind of mail in one language, as they were saved once. `version` counts from 1.
struct MailTemplate {
  std::string kind;  // notifications::MailKind by name
  domain::Language language = domain::Language::pl;
  int version = 0;
  bool is_standard = false;  // the program's own words hold; the texts are empty
  std::string subject;
  std::string heading;
  std::string intro;
  std::string closing;
  std::string saved_by;    // "person:12"
  std::string saved_name;  // who that is; empty: nobody any more. Only read.
  domain::Instant saved_at{};
};

// The newest version of each kind and language that has one, by kind and language.
std::vector<MailTemplate> list_mail_templates(Connection& connection);
// All of one, the newest first, at most `limit`.
std::vector<MailTemplate> list_mail_template_versions(Connection& connection, std::string_view kind,
                                                      domain::Language language, int limit);
// Duplicate when the version is there.
void insert_mail_template(Connection& connection, const MailTemplate& version);

// A mail that is composed already and goes out as it is.
void save_composed_mail(Connection& connection, domain::OutgoingMailId id,
                        const std::string& subject, const std::string& raw);

}  // namespace narada::storage
