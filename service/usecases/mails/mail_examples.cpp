#include "service/usecases/mails/mail_examples.h"

#include <chrono>

#include "calendar/zone.h"
#include "notifications/mail_kinds.h"
#include "service/usecases/registrations/registration_mails.h"

namespace narada::usecases {
namespace {

using domain::Language;
using notifications::AskFacts;
using notifications::is_about_account;
using notifications::MailFacts;
using notifications::MailKind;
using std::chrono::days;
using std::chrono::hours;

class Example {
 public:
  Example(const Environment& environment, const web::Messages& messages, MailFacts facts)
      : environment_(environment),
        messages_(messages),
        facts_(std::move(facts)),
        now_(calendar::to_wall_time(environment.clock->now(), domain::kDefaultZone)) {}

  MailFacts take() { return std::move(facts_); }

  void invent_meeting() {
    facts_.meeting_title = text("title");
    facts_.cycle_title = text("cycle");
    facts_.starts = std::chrono::floor<days>(now_) + days(14) + hours(10);
    facts_.ends = facts_.starts + hours(4);
    facts_.tzid = domain::kDefaultZone;
    facts_.place = text("place");
    facts_.attendance_mode = "onsite";
    facts_.meeting_url = url("/kalendarz");
  }

  void add_account() {
    auto& account = facts_.account.emplace();
    const MailKind kind = facts_.kind;
    if (kind == MailKind::sign_in_link || kind == MailKind::email_change ||
        kind == MailKind::role_invitation) {
      account.url = url("/wejscie");
      account.until = now_ + std::chrono::minutes(15);
    } else if (kind != MailKind::account_erased) {
      account.happened = now_;
    }
    if (kind == MailKind::role_invitation) {
      account.role = to_string(Role::organizer);
      account.scope = text("cycle");
    }
    if (kind == MailKind::new_sign_in || kind == MailKind::credentials_changed) {
      account.url = url("/moje");
      account.device = "Firefox, Windows";
      account.network = "192.0.2.0/24";
    }
  }

  void add_details() {
    switch (facts_.kind) {
      case MailKind::meeting_moved:
        facts_.previous_starts = facts_.starts - days(7);
        break;
      case MailKind::registration_waitlisted:
      case MailKind::place_lost:
        facts_.queue_position = 3;
        break;
      case MailKind::registration_declined:
      case MailKind::meeting_cancelled:
        facts_.reason = text("reason");
        break;
      default:
        break;
    }
    facts_.ask = ask();
    if (facts_.kind == MailKind::digest) facts_.meeting_title.clear();
    if (facts_.kind == MailKind::digest) facts_.meeting_url.clear();
    if (is_about_practice(facts_.kind)) keep_title_alone();
  }

 private:
  std::string text(const std::string& key) const {
    return messages_.text(domain::to_string(facts_.language), "mail_example." + key);
  }
  std::string url(const std::string& path) const {
    return environment_.base_url + (facts_.language == Language::en ? "/en" : "") + path;
  }

  void keep_title_alone() {
    facts_.starts = facts_.ends = {};
    facts_.tzid.clear();
    facts_.cycle_title.clear();
    facts_.place.clear();
    facts_.attendance_mode.clear();
    facts_.meeting_url.clear();
    facts_.manage_url.clear();
  }

  std::optional<AskFacts> ask() const {
    const auto until = now_ + days(2);
    switch (facts_.kind) {
      case MailKind::registration_offered:
        return AskFacts{url("/moje"), until};
      case MailKind::consent_asked:
        return AskFacts{url("/moje"), until, text("about")};
      case MailKind::consent_given:
      case MailKind::survey_asked:
        return AskFacts{url("/moje")};
      case MailKind::meeting_invitation:
        return AskFacts{facts_.meeting_url, {}, "", text("words"), "pasted"};
      case MailKind::challenge_answered:
        return AskFacts{url("/praktyki"), {}, "", text("words")};
      case MailKind::contact_shared:
        return AskFacts{"", {}, "", text("contact")};
      case MailKind::organizer_message:
        return AskFacts{"", {}, "", text("words")};
      case MailKind::reply_received:
        return AskFacts{url("/panel/poczta"), {}, text("about"), text("reply")};
      case MailKind::address_bounced:
        return AskFacts{url("/panel/poczta"), {}, text("about"), "550 5.1.1 no such user"};
      case MailKind::substitution_proposed:
        return AskFacts{url("/delegacja"), {}, text("about"), text("contact")};
      case MailKind::materials_published:
        return AskFacts{facts_.meeting_url, {}, "", text("materials")};
      case MailKind::material_replaced:
        return AskFacts{facts_.meeting_url, {}, text("material"), text("replaced")};
      case MailKind::expert_tasks:
        return AskFacts{url("/prowadzenie"), until, "", text("tasks")};
      case MailKind::file_refused:
        return AskFacts{url("/prowadzenie"), {}, text("material"), text("refused")};
      case MailKind::practice_proposal_link:
        return AskFacts{url("/praktyki/zglos")};
      case MailKind::practice_confirmation_asked:
        return AskFacts{url("/praktyki"), {}, text("about")};
      case MailKind::practice_step_told:
        return AskFacts{url("/praktyki"), {}, "", text("refused")};
      case MailKind::digest:
        return AskFacts{url("/panel"), {}, "", text("digest")};
      default:
        return std::nullopt;
    }
  }

  const Environment& environment_;
  const web::Messages& messages_;
  MailFacts facts_;
  domain::WallTime now_;
};

}  // namespace

notifications::MailFacts example_facts(const Environment& environment,
                                       const web::Messages& messages, MailKind kind,
                                       Language language, const ExampleReader& reader,
                                       const std::optional<domain::Meeting>& meeting) {
  MailFacts facts;
  if (meeting && !is_about_account(kind)) {
    facts = make_announcement(environment, *meeting,
                              {reader.person, reader.full_name, reader.email, language});
  }
  facts.kind = kind;
  facts.language = language;
  facts.to_name = reader.full_name;
  facts.to_address = reader.email;
  facts.tzid = facts.tzid.empty() ? domain::kDefaultZone : facts.tzid;
  facts.manage_url = environment.base_url + (language == Language::en ? "/en/moje" : "/moje");
  facts.unsubscribe_url.clear();
  Example example(environment, messages, std::move(facts));
  if (is_about_account(kind)) {
    example.add_account();
    return example.take();
  }
  if (!meeting) example.invent_meeting();
  example.add_details();
  return example.take();
}

}  // namespace narada::usecases
