#include "sql/mail_template_store.h"

namespace narada::storage {
namespace {

constexpr std::string_view kSelect =
    "SELECT t.kind, t.language, t.version, t.is_standard, t.subject, t.heading, t.intro,"
    " t.closing, t.saved_by, p.full_name, t.saved_at FROM mail_template t LEFT JOIN person p ON"
    " t.saved_by = CONCAT('person:', p.id) AND p.erased_at IS NULL ";

MailTemplate read_template(const Rows::Row& row) {
  MailTemplate read;
  read.kind = row.text(0);
  read.language = domain::language_or_polish(row.text(1));
  read.version = row.small_integer(2);
  read.is_standard = row.boolean(3);
  read.subject = row.text(4);
  read.heading = row.text(5);
  read.intro = row.text(6);
  read.closing = row.text(7);
  read.saved_by = row.text(8);
  read.saved_name = row.text_or_empty(9);
  read.saved_at = row.instant(10);
  return read;
}

std::vector<MailTemplate> read_templates(const Rows& rows) {
  std::vector<MailTemplate> templates;
  for (const auto row : rows) templates.push_back(read_template(row));
  return templates;
}

}  // namespace

std::vector<MailTemplate> list_mail_templates(Connection& connection) {
  static const std::string kNewest =
      std::string(kSelect) +
      "WHERE t.version = (SELECT MAX(n.version) FROM mail_template n WHERE n.kind = t.kind AND"
      " n.language = t.language) ORDER BY t.kind, t.language";
  return read_templates(connection.query(kNewest));
}

std::vector<MailTemplate> list_mail_template_versions(Connection& connection, std::string_view kind,
                                                      domain::Language language, int limit) {
  static const std::string kVersions =
      std::string(kSelect) + "WHERE t.kind = ? AND t.language = ? ORDER BY t.version DESC LIMIT ?";
  return read_templates(connection.query(kVersions, {kind, domain::to_string(language), limit}));
}

void insert_mail_template(Connection& connection, const MailTemplate& version) {
  constexpr std::string_view kInsert =
      "INSERT INTO mail_template (kind, language, version, is_standard, subject, heading, intro,"
      " closing, saved_by, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  connection.execute(kInsert, {version.kind, domain::to_string(version.language), version.version,
                               version.is_standard ? 1 : 0, version.subject, version.heading,
                               version.intro, version.closing, version.saved_by, version.saved_at});
}

void save_composed_mail(Connection& connection, domain::OutgoingMailId id,
                        const std::string& subject, const std::string& raw) {
  connection.execute("UPDATE outgoing_mail SET subject = ?, raw = ? WHERE id = ?",
                     {subject, raw, id});
}

}  // namespace narada::storage
