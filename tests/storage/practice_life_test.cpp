#include "service/usecases/practices/practice_life.h"

#include <doctest/doctest.h>

#include "service/usecases/practices/practice_catalogue.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::PracticeStatus;
using domain::PracticeStep;

namespace {

PracticeForm whole_form() {
  PracticeForm form;
  form.title = "Ogrody deszczowe";
  form.lead = "W skrócie";
  form.type = domain::PracticeType::social;
  form.area = domain::PracticeArea::technical_services;
  form.state = domain::PracticeState::implemented;
  form.implementation_year = 2020;
  form.implementation_month = 5;
  form.ended_year = 2021;
  form.institutions = {"2477011", "2462011"};
  form.situation_before = "przed";
  form.aim = "cel";
  form.description = "opis";
  form.results = "efekty";
  form.english = domain::PracticeText{"Rain gardens", "In short", "", "", "", "", ""};
  form.contact_person = {"Anna Lis", "Wydział Zieleni", "anna@tychy.example",
                         "32 1",     std::nullopt,      ""};
  form.financed_by = {{"Program Infrastruktura", {}, ""}, {"Fundusz", {}, ""}};
  form.source_name = "baza";
  form.source_id = "17";
  return form;
}

struct Life : Catalogue {
  Life() {
    add_municipality("Bytom", "2462011");
    add_municipality("Tychy", "2477011");
    auto made = create_practice(environment, organizer, whole_form());
    REQUIRE(made);
    id = made->id;
  }
  auto take(PracticeStep step, const std::string& comment = "") {
    clock.advance(std::chrono::minutes{1});
    return move_practice(environment, organizer, id, {step, comment, "Metropolia"});
  }
  domain::Practice stored() {
    auto found = load_practice_to_edit(environment, organizer.actor, id);
    REQUIRE(found);
    return *found;
  }
  bool is_public() { return find_practice(environment, visitor, "ogrody-deszczowe").ok(); }
  domain::PracticeId id;
};

}  // namespace

TEST_CASE("every field of a description is found again as it was written") {
  Life life;
  const auto form = form_of(life.stored());
  auto wanted = whole_form();
  CHECK(form.english == wanted.english);
  CHECK(form.contact_person == wanted.contact_person);
  CHECK(form.financed_by == wanted.financed_by);
  CHECK(form.ended_year == wanted.ended_year);
  CHECK(form.source_name == "baza");
  CHECK(form.source_id == "17");
  CHECK(form.institutions.size() == 2);
}

TEST_CASE("a description goes from its draft to readers in two checks, and each is remembered") {
  Life life;
  CHECK(failed_with<domain::Conflict>(life.take(PracticeStep::publish)));
  REQUIRE(life.take(PracticeStep::submit));
  CHECK_FALSE(life.is_public());
  CHECK(failed_with<domain::FieldErrors>(life.take(PracticeStep::send_back)));
  REQUIRE(life.take(PracticeStep::send_back, "Dopisz efekty"));
  REQUIRE(life.take(PracticeStep::submit));
  REQUIRE(life.take(PracticeStep::check));
  CHECK_FALSE(life.is_public());
  REQUIRE(life.take(PracticeStep::publish));
  CHECK(life.is_public());
  CHECK(life.stored().verified_by == "Metropolia");
  REQUIRE(life.take(PracticeStep::archive));
  CHECK_FALSE(life.is_public());
  CHECK(find_archived_practice(life.environment, "ogrody-deszczowe").has_value());
  const auto history = load_practice_history(life.environment, life.organizer.actor, life.id);
  REQUIRE(history);
  std::string way;
  for (const auto& step : history->steps) way += std::string(to_string(step.to)) + ' ';
  CHECK(way == "submitted draft submitted checked published archived ");
  CHECK(history->steps[1].comment == "Dopisz efekty");
}

TEST_CASE("what is not complete is not submitted, and is published at once only from a source") {
  Life life;
  auto form = form_of(life.stored());
  form.aim.clear();
  form.source_id.clear();
  form.source_name.clear();
  REQUIRE(change_practice(life.environment, life.organizer, life.id, life.stored().version, form));
  const auto refused = life.take(PracticeStep::submit);
  REQUIRE(failed_with<domain::FieldErrors>(refused));
  CHECK(std::get<domain::FieldErrors>(refused.failure()) ==
        domain::FieldErrors{{"aim", "required"}});
  CHECK(failed_with<domain::Conflict>(publish_practice(life.environment, life.organizer, life.id)));
  form.source_url = "https://example.org/zrodlo";
  REQUIRE(change_practice(life.environment, life.organizer, life.id, life.stored().version, form));
  CHECK(publish_practice(life.environment, life.organizer, life.id).ok());
}

TEST_CASE("each change is a revision that can be compared and restored; the contact stays") {
  Life life;
  auto form = form_of(life.stored());
  form.aim = "inny cel";
  form.contact_person.phone = "32 2";
  REQUIRE(change_practice(life.environment, life.organizer, life.id, 1, form));
  CHECK(failed_with<domain::Stale>(
      change_practice(life.environment, life.organizer, life.id, 1, form)));
  REQUIRE(change_practice(life.environment, life.organizer, life.id, 2, form));
  CHECK(life.stored().version == 2);
  const auto comparison = compare_revision(life.environment, life.organizer.actor, life.id, 2);
  REQUIRE(comparison);
  CHECK(comparison->before.at("aim") == "cel");
  CHECK(comparison->after.at("aim") == "inny cel");
  for (const auto& [field, text] : comparison->after)
    CHECK(text.find("anna@") == std::string::npos);
  REQUIRE(restore_revision(life.environment, life.organizer, life.id, 1));
  CHECK(life.stored().aim == "cel");
  CHECK(life.stored().english == whole_form().english);
  CHECK(life.stored().financed_by == whole_form().financed_by);
  CHECK(life.stored().contact_person.phone == "32 2");
  const auto history = load_practice_history(life.environment, life.organizer.actor, life.id);
  CHECK(history->revisions.size() == 3);
}

TEST_CASE("readers see the contact person with consent alone") {
  Life life;
  REQUIRE(publish_practice(life.environment, life.organizer, life.id));
  auto seen = find_practice(life.environment, life.visitor, "ogrody-deszczowe");
  CHECK(seen->contact_person ==
        domain::PracticeContact{"", "Wydział Zieleni", "", "", std::nullopt, ""});
  auto form = form_of(life.stored());
  form.contact_person.consented =
      domain::Date{std::chrono::year{2027}, std::chrono::month{1}, std::chrono::day{2}};
  CHECK(failed_with<domain::FieldErrors>(
      change_practice(life.environment, life.organizer, life.id, life.stored().version, form)));
  form.contact_person.consented_by = "sama, mailem";
  REQUIRE(change_practice(life.environment, life.organizer, life.id, life.stored().version, form));
  seen = find_practice(life.environment, life.visitor, "ogrody-deszczowe");
  CHECK(seen->contact_person.email == "anna@tychy.example");
  CHECK(seen->contact_person.consented_by.empty());
}
