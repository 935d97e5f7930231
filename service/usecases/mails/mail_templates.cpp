#include "service/usecases/mails/mail_templates.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "notifications/mail_kinds.h"
#include "notifications/mail_wording.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/mails/template_key.h"
#include "service/usecases/operations.h"
#include "sql/error.h"
#include "sql/mail_template_store.h"

namespace narada::usecases {
namespace {

using notifications::MailKind;
using notifications::WordingField;
using storage::MailTemplate;

constexpr int kMostVersions = 50;  // shown
constexpr std::size_t kLongestLine = 200;
constexpr std::size_t kLongestText = 2000;

std::size_t longest(WordingField field) {
  const bool is_line = field == WordingField::subject || field == WordingField::heading;
  return is_line ? kLongestLine : kLongestText;
}

FieldTexts texts_of(const MailTemplate& stored) {
  return {{"subject", stored.subject},
          {"heading", stored.heading},
          {"intro", stored.intro},
          {"closing", stored.closing}};
}

// The program's own text with each argument as its placeholder; what happened meanwhile decides
// about some texts, which are therefore "{standard}".
std::string standard_text(const web::Messages& messages, const MailTemplateKey& key,
                          std::string_view field) {
  const auto of = [&](const char* rescheduled, const char* calendar) {
    return messages.text(domain::to_string(key.language),
                         "mail." + key.kind + "." + std::string(field),
                         web::View{{"title", "{title}"},
                                   {"day", "{day}"},
                                   {"about", "{about}"},
                                   {"until", "{until}"},
                                   {"address", "{address}"},
                                   {"rescheduled", rescheduled},
                                   {"calendar", calendar}});
  };
  const auto text = of("no", "no");
  return text == of("yes", "yes") ? text : "{standard}";
}

MailTemplateVersion to_version(const MailTemplate& stored) {
  return {stored.version, stored.is_standard, stored.is_standard ? FieldTexts{} : texts_of(stored),
          stored.saved_name, stored.saved_at};
}

std::vector<MailTemplateField> fields_of(MailKind kind) {
  std::vector<MailTemplateField> fields;
  for (const auto field : notifications::kWordingFields) {
    const auto required = notifications::required_placeholders(kind, field);
    fields.push_back(
        {std::string(to_string(field)), longest(field), {required.begin(), required.end()}});
  }
  return fields;
}

// Writes the version after `seen`, or nothing when it would say what holds already.
domain::Outcome<int> write_version(const Environment& environment, const Call& call,
                                   const MailTemplateKey& key, int seen, MailTemplate next) {
  return run_once<int>(
      environment, call, "save_mail_template",
      [&](storage::Connection& connection) -> domain::Outcome<int> {
        const auto versions =
            storage::list_mail_template_versions(connection, key.kind, key.language, 1);
        const int current = versions.empty() ? 0 : versions.front().version;
        if (current != seen) return domain::Stale{};
        const bool is_standard = versions.empty() || versions.front().is_standard;
        if (is_standard && next.is_standard) return current;
        if (!is_standard && !next.is_standard && texts_of(versions.front()) == texts_of(next)) {
          return current;
        }
        next.version = current + 1;
        storage::insert_mail_template(connection, next);
        record_activity(connection, environment, call,
                        next.is_standard ? "mail_template.restored" : "mail_template.changed",
                        "mail_template", next.version, {},
                        nlohmann::json{{"kind", key.kind},
                                       {"language", domain::to_string(key.language)},
                                       {"version", next.version}}
                            .dump());
        return next.version;
      },
      [](int version) { return std::to_string(version); },
      [](const std::string& text) { return std::stoi(text); });
}

// Two who save at once write the same version, and the key lets one of them.
domain::Outcome<int> write_version_or_stale(const Environment& environment, const Call& call,
                                            const MailTemplateKey& key, int seen,
                                            const MailTemplate& next) {
  try {
    return write_version(environment, call, key, seen, next);
  } catch (const storage::Duplicate&) {
    return domain::Stale{};
  }
}

MailTemplate begin_version(const Environment& environment, const Call& call,
                           const MailTemplateKey& key) {
  MailTemplate next;
  next.kind = key.kind;
  next.language = key.language;
  next.saved_by = call.actor.text();
  next.saved_at = environment.clock->now();
  return next;
}

}  // namespace

bool may_edit_mail_templates(const Actor& actor) { return can(actor, Action::manage_people, {}); }

bool is_mail_template(const MailTemplateKey& key) {
  return notifications::find_mail_kind(key.kind).has_value();
}

domain::Outcome<MailKind> check_template_key(const Actor& actor, const MailTemplateKey& key) {
  if (!may_edit_mail_templates(actor)) return domain::Forbidden{};
  const auto kind = notifications::find_mail_kind(key.kind);
  if (!kind) return domain::NotFound{};
  return *kind;
}

notifications::MailWording wording_of(const FieldTexts& texts) {
  notifications::MailWording wording;
  for (const auto field : notifications::kWordingFields) {
    const auto found = texts.find(std::string(to_string(field)));
    if (found != texts.end()) text_of(wording, field) = found->second;
  }
  return wording;
}

domain::Outcome<std::vector<MailTemplateRow>> list_mail_templates(const Environment& environment,
                                                                  const Actor& actor) {
  if (!may_edit_mail_templates(actor)) return domain::Forbidden{};
  std::vector<MailTemplateRow> rows;
  for (const auto kind : notifications::all_mail_kinds()) {
    rows.push_back({std::string(to_string(kind)),
                    notifications::is_necessary(kind),
                    notifications::is_about_account(kind),
                    {}});
  }
  for (const auto& stored : read_database(environment, storage::list_mail_templates)) {
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const auto& one) { return one.kind == stored.kind; });
    if (row != rows.end()) row->states[stored.language] = {!stored.is_standard, stored.saved_at};
  }
  return rows;
}

domain::Outcome<MailTemplateView> load_mail_template(const Environment& environment,
                                                     const web::Messages& messages,
                                                     const Actor& actor,
                                                     const MailTemplateKey& key) {
  const auto kind = check_template_key(actor, key);
  if (!kind) return kind.failure();
  const auto versions = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_mail_template_versions(connection, key.kind, key.language, kMostVersions);
  });
  MailTemplateView view;
  view.fields = fields_of(*kind);
  for (const auto& field : view.fields) {
    view.standard[field.name] =
        field.name == "closing" ? "" : standard_text(messages, key, field.name);
  }
  view.texts = view.standard;
  if (!versions.empty()) {
    view.version = versions.front().version;
    view.is_own = !versions.front().is_standard;
    if (view.is_own) view.texts = texts_of(versions.front());
  }
  for (const auto name : notifications::placeholders_of(*kind))
    view.placeholders.emplace_back(name);
  for (const auto& version : versions) view.history.push_back(to_version(version));
  return view;
}

domain::FieldErrors check_mail_template(const MailTemplateKey& key, FieldTexts& texts) {
  domain::FieldErrors errors;
  const auto kind = notifications::find_mail_kind(key.kind);
  if (!kind) return errors;
  FieldChecks checks(errors);
  for (const auto field : notifications::kWordingFields) {
    const std::string name(to_string(field));
    const bool is_line = longest(field) == kLongestLine;
    const auto before = errors.size();
    checks.check_text(
        name, texts[name],
        {longest(field), field == WordingField::closing ? Presence::optional : Presence::required,
         is_line ? Lines::one : Lines::many});
    if (errors.size() != before) continue;
    if (const auto fault = notifications::find_fault(*kind, field, texts[name])) {
      std::map<std::string, std::string> details;
      if (!fault->placeholder.empty()) details["name"] = fault->placeholder;
      errors.push_back({name, fault->code, details});
    }
  }
  return errors;
}

domain::Outcome<int> save_mail_template(const Environment& environment, const Call& call,
                                        const MailTemplateKey& key, int seen, FieldTexts texts) {
  if (const auto kind = check_template_key(call.actor, key); !kind) return kind.failure();
  if (const auto errors = check_mail_template(key, texts); !errors.empty()) return errors;
  MailTemplate next = begin_version(environment, call, key);
  next.subject = texts["subject"];
  next.heading = texts["heading"];
  next.intro = texts["intro"];
  next.closing = texts["closing"];
  return write_version_or_stale(environment, call, key, seen, next);
}

domain::Outcome<int> restore_standard_text(const Environment& environment, const Call& call,
                                           const MailTemplateKey& key, int seen) {
  if (const auto kind = check_template_key(call.actor, key); !kind) return kind.failure();
  MailTemplate next = begin_version(environment, call, key);
  next.is_standard = true;
  return write_version_or_stale(environment, call, key, seen, next);
}

}  // namespace narada::usecases
