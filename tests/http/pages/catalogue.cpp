#include "tests/http/pages/catalogue.h"

#include <stdexcept>

#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/practices/practices.h"

namespace narada::testing {
namespace {

template <class T>
T value_of(domain::Outcome<T> outcome) {
  if (!outcome) throw std::runtime_error("refused: " + describe(outcome.failure()));
  return std::move(outcome).value();
}

usecases::MeetingForm full_meeting(RegistrationWorld& world, const std::string& text,
                                   const std::string& expert, const std::string& institution) {
  auto form = world.meeting_form();
  form.title = text;
  form.summary = form.description = form.audience = form.accessibility = text;
  form.contact = form.organizer = form.caveat = text;
  form.places = {{text, text, text, institution, {}}};
  form.experts = {expert};
  form.presenting = {institution};
  form.program = {{600, 660, text, text, {expert}, {institution}}};
  return form;
}

usecases::CycleForm full_cycle(const std::string& text, const std::string& expert,
                               const std::string& institution) {
  usecases::CycleForm form;
  form.title = form.summary = form.challenge = form.goal = form.caveat = text;
  form.published_period = text;
  form.effects = form.materials = form.participants_text = {text};
  form.institutions = {{institution, domain::CycleRole::challenge_owner}};
  form.experts = {expert};
  return form;
}

usecases::PracticeForm full_practice(const std::string& text, const std::string& institution) {
  usecases::PracticeForm form;
  form.title = form.lead = form.institution_text = text;
  form.situation_before = form.aim = form.description = form.results = form.lessons = text;
  form.contact = form.financing = form.caveat = text;
  form.source_url = "https://example.org/praktyka";
  form.institutions = {institution};
  return form;
}

}  // namespace

Catalogue fill_catalogue(RegistrationWorld& world, const std::string& text) {
  const auto& environment = world.environment();
  const auto call = world.organizer();
  usecases::InstitutionForm body;
  body.name = body.county = text;
  body.kind = domain::InstitutionKind::foundation;
  body.aliases = {text + " 2"};
  body.position = domain::GeoPoint{50.29, 18.67};
  const auto institution = value_of(create_institution(environment, call, body));
  const auto key = std::to_string(institution.id.value);
  usecases::ExpertForm person;
  person.name = person.description = text;
  const auto expert = value_of(create_expert(environment, call, person)).slug;

  auto cycle_form = full_cycle(text, expert, key);
  cycle_form.meetings = {full_meeting(world, text, expert, key)};
  const auto cycle = value_of(create_cycle(environment, call, cycle_form));
  const auto shown = value_of(publish_cycle(environment, call, cycle.id));
  const auto practice = value_of(create_practice(environment, call, full_practice(text, key)));
  value_of(publish_practice(environment, call, practice.id));
  return {"/spotkania/" + shown.meetings.front().slug, "/cykle/" + shown.slug,
          "/praktyki/" + practice.slug, "/gminy/" + institution.slug};
}

void publish_many(RegistrationWorld& world, int count) {
  auto form = world.meeting_form();
  for (int i = 0; i < count; ++i) {
    form.title = "Spotkanie " + std::to_string(i + 1);
    world.publish(form);
    form.starts += std::chrono::hours(24);
    form.ends += std::chrono::hours(24);
  }
}

}  // namespace narada::testing
