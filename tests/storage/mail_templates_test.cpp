#include "service/usecases/mails/mail_templates.h"

#include <doctest/doctest.h>

#include <chrono>

#include "service/usecases/mails/stored_wordings.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::Language;
using notifications::MailKind;
using notifications::MailWording;

namespace {

const usecases::MailTemplateKey kReminder{"reminder", Language::pl};

usecases::Call by(usecases::Role role) {
  usecases::Call call;
  call.actor = {usecases::Actor::Kind::person, 7, {{role, {}}}, domain::PersonId{7}};
  call.request_id = "request-1";
  return call;
}

usecases::FieldTexts texts(const std::string& subject) {
  return {{"subject", subject},
          {"heading", "Do zobaczenia"},
          {"intro", "Raz\r\nDwa  "},
          {"closing", ""}};
}

const web::Messages& messages() {
  static const web::Messages all(std::string(NARADA_SOURCE_DIR) + "/web/locales");
  return all;
}

}  // namespace

TEST_CASE("the words of a mail are saved version by version, and go back to the program's") {
  RegistrationWorld world;
  auto& environment = world.environment();
  const auto admin = by(usecases::Role::admin);
  auto view = load_mail_template(environment, messages(), admin.actor, kReminder);
  REQUIRE(view.ok());
  CHECK(view->version == 0);
  CHECK_FALSE(view->is_own);
  CHECK(view->texts == view->standard);
  CHECK(view->standard.at("subject") == "Przypomnienie: {title} ({day})");

  CHECK(save_mail_template(environment, admin, kReminder, 0, texts("Jutro: {title}")).value() == 1);
  CHECK(save_mail_template(environment, admin, kReminder, 1, texts("Jutro: {title}")).value() == 1);
  CHECK(save_mail_template(environment, admin, kReminder, 1, texts("Już jutro: {title}")).value() ==
        2);
  CHECK(describe(save_mail_template(environment, admin, kReminder, 1, texts("Inne: {title}"))) ==
        "stale");
  CHECK(describe(restore_standard_text(environment, admin, kReminder, 0)) == "stale");
  view = load_mail_template(environment, messages(), admin.actor, kReminder);
  CHECK(view->is_own);
  CHECK(view->texts.at("subject") == "Już jutro: {title}");
  CHECK(view->texts.at("intro") == "Raz\nDwa");

  CHECK(restore_standard_text(environment, admin, kReminder, 2).value() == 3);
  CHECK(restore_standard_text(environment, admin, kReminder, 3).value() == 3);
  view = load_mail_template(environment, messages(), admin.actor, kReminder);
  CHECK_FALSE(view->is_own);
  CHECK(view->texts == view->standard);
  REQUIRE(view->history.size() == 3);
  CHECK(view->history[0].is_standard);
  CHECK(view->history[1].texts.at("subject") == "Już jutro: {title}");
  CHECK(view->history[2].texts.at("subject") == "Jutro: {title}");
  CHECK(world.activities() ==
        std::vector<std::string>{"mail_template.changed mail_template:1 person:7",
                                 "mail_template.changed mail_template:2 person:7",
                                 "mail_template.restored mail_template:3 person:7"});
}

TEST_CASE("of two who save the same version one is told that the other was faster") {
  RegistrationWorld world;
  const auto admin = by(usecases::Role::admin);
  int stale = 0;
  for (const char* subject : {"A: {title}", "B: {title}"}) {
    const auto saved = save_mail_template(world.environment(), admin, kReminder, 0, texts(subject));
    if (!saved) stale += describe(saved) == "stale" ? 1 : 100;
  }
  CHECK(stale == 1);
  CHECK(world.count("mail_template") == 1);
}

TEST_CASE("words that are wrong are not saved, and nobody but an admin saves any") {
  RegistrationWorld world;
  auto& environment = world.environment();
  const auto admin = by(usecases::Role::admin);
  struct Case {
    std::string name;
    usecases::FieldTexts typed;
    std::string outcome;
  };
  auto with = [](const std::string& field, const std::string& text) {
    auto all = texts("Jutro: {title}");
    all[field] = text;
    return all;
  };
  for (const Case& given : {
           Case{"no subject", with("subject", " "), "subject:required"},
           Case{"not the meeting", with("subject", "Jutro"), "subject:missing_mark"},
           Case{"unknown", with("intro", "{address}"), "intro:unknown_mark"},
           Case{"unbalanced", with("closing", "{day"), "closing:unbalanced_brace"},
           Case{"a choice", with("heading", "{day, plural, other {#}}"),
                "heading:unbalanced_brace"},
           Case{"too long", with("heading", std::string(201, 'x')), "heading:too_long"},
           Case{"two lines", with("heading", "a\nb"), "heading:control_characters"},
           Case{"turned writing", with("intro", "a\u202Eb"), "intro:control_characters"},
           Case{"all at once",
                {{"subject", "x"}, {"heading", ""}, {"intro", "{}"}},
                "subject:missing_mark, heading:required, intro:unknown_mark"},
       }) {
    CAPTURE(given.name);
    CHECK(describe(save_mail_template(environment, admin, kReminder, 0, given.typed)) ==
          given.outcome);
  }
  const auto good = texts("Jutro: {title}");
  CHECK(describe(save_mail_template(environment, by(usecases::Role::organizer), kReminder, 0,
                                    good)) == "forbidden");
  CHECK(describe(save_mail_template(environment, admin, {"nothing", Language::pl}, 0, good)) ==
        "not_found");
  CHECK(describe(list_mail_templates(environment, by(usecases::Role::organizer).actor)) ==
        "forbidden");
  CHECK(world.count("mail_template") == 0);
}

TEST_CASE("the words that were saved hold for mails within ten seconds, in their language") {
  RegistrationWorld world;
  const auto admin = by(usecases::Role::admin);
  const usecases::StoredWordings words(world.environment());
  CHECK_FALSE(words.find_wording(MailKind::reminder, Language::pl).has_value());
  REQUIRE(save_mail_template(world.environment(), admin, kReminder, 0, texts("Jutro: {title}")));
  world.clock().advance(10s);
  CHECK((words.find_wording(MailKind::reminder, Language::pl) ==
         MailWording{"Jutro: {title}", "Do zobaczenia", "Raz\nDwa", ""}));
  CHECK_FALSE(words.find_wording(MailKind::reminder, Language::en).has_value());
  CHECK_FALSE(words.find_wording(MailKind::digest, Language::pl).has_value());
  REQUIRE(restore_standard_text(world.environment(), admin, kReminder, 1));
  world.clock().advance(10s);
  CHECK_FALSE(words.find_wording(MailKind::reminder, Language::pl).has_value());
}

TEST_CASE("the program's own words are words that an admin could save") {
  RegistrationWorld world;
  const auto admin = by(usecases::Role::admin);
  const auto rows = list_mail_templates(world.environment(), admin.actor);
  REQUIRE(rows.ok());
  CHECK(rows->size() >= 36);
  for (const auto& row : *rows) {
    for (const auto language : {Language::pl, Language::en}) {
      CAPTURE(row.kind);
      const auto view =
          load_mail_template(world.environment(), messages(), admin.actor, {row.kind, language});
      REQUIRE(view.ok());
      auto standard = view->standard;
      CHECK(describe(domain::Outcome<int>(
                usecases::check_mail_template({row.kind, language}, standard))) ==
            describe(domain::Outcome<int>(domain::FieldErrors{})));
      CHECK(standard == view->standard);
    }
  }
}
