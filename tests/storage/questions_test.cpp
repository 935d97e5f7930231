// Questions of the organizer's own, from the panel to the answers and their end.
#include "service/usecases/registrations/questions.h"

#include <doctest/doctest.h>

#include "service/usecases/people/clean_up.h"
#include "service/usecases/registrations/answers.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using domain::Question;
using domain::QuestionId;
using domain::QuestionKind;
using usecases::QuestionStep;

namespace {

const std::string kPdf = "%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n";

Question text_question(const std::string& label, bool required = false) {
  Question question;
  question.label = label;
  question.required = required;
  return question;
}

Question yes_no(const std::string& label) {
  auto question = text_question(label, true);
  question.kind = QuestionKind::yes_no;
  return question;
}

std::string key(const domain::Meeting& meeting) { return std::to_string(meeting.id.value); }

QuestionId add(RegistrationWorld& world, const domain::Meeting& meeting, const Question& question) {
  const auto added =
      usecases::add_question(world.environment(), world.organizer(), key(meeting), question);
  REQUIRE_MESSAGE(added.ok(), describe(added));
  return *added;
}

usecases::RegistrationForm answering(int number, const domain::Answers& values) {
  auto form = RegistrationWorld::person(number);
  form.answers.values = values;
  return form;
}

domain::RegistrationId enter(RegistrationWorld& world, const domain::Meeting& meeting,
                             const usecases::RegistrationForm& form) {
  const auto registered = world.try_register(meeting.id, form);
  REQUIRE_MESSAGE(registered.ok(), describe(registered));
  return registered->registration.id;
}

domain::Answers answers_of(RegistrationWorld& world, domain::RegistrationId id) {
  const auto answered = usecases::find_answers(world.environment(), world.organizer().actor, id);
  REQUIRE_MESSAGE(answered.ok(), describe(answered));
  return answered->answers;
}

std::vector<std::string> labels_of(RegistrationWorld& world, const domain::Meeting& meeting) {
  const auto found =
      usecases::find_meeting_questions(world.environment(), world.organizer().actor, key(meeting));
  REQUIRE_MESSAGE(found.ok(), describe(found));
  std::vector<std::string> labels;
  for (const auto& question : found->questions)
    labels.push_back(question.label + (question.retired ? " (wycofane)" : ""));
  return labels;
}

std::string take_step(RegistrationWorld& world, const domain::Meeting& meeting, QuestionId question,
                      QuestionStep step) {
  return describe(usecases::move_question(world.environment(), world.organizer(), key(meeting),
                                          question, step));
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("questions are put in order, withdrawn and taken away") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto first = add(world, meeting, yes_no("Auto?"));
  auto follower = text_question("Numer");
  follower.depends_on = first;
  follower.depends_value = "yes";
  const auto number = add(world, meeting, follower);
  const auto last = add(world, meeting, text_question("Uwagi"));

  CHECK(take_step(world, meeting, last, QuestionStep::up) == "ok");
  CHECK(labels_of(world, meeting) == Labels{"Uwagi", "Numer", "Auto?"});
  CHECK(take_step(world, meeting, last, QuestionStep::up) == "ok");  // it is the first already
  CHECK(take_step(world, meeting, last, QuestionStep::down) == "ok");
  CHECK(labels_of(world, meeting) == Labels{"Auto?", "Numer", "Uwagi"});

  CHECK(take_step(world, meeting, first, QuestionStep::retire) == "conflict:has_followers");
  CHECK(take_step(world, meeting, number, QuestionStep::retire) == "ok");
  CHECK(take_step(world, meeting, first, QuestionStep::retire) == "ok");
  CHECK(take_step(world, meeting, number, QuestionStep::restore) == "conflict:condition_retired");
  CHECK(take_step(world, meeting, first, QuestionStep::restore) == "ok");
  CHECK(take_step(world, meeting, number, QuestionStep::remove) == "ok");
  CHECK(labels_of(world, meeting) == Labels{"Auto?", "Uwagi"});
  CHECK(take_step(world, meeting, number, QuestionStep::remove) == "not_found");
}

TEST_CASE("a question with answers is withdrawn instead of deleted and keeps its kind") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto question = add(world, meeting, text_question("Uwagi"));
  const auto registration = enter(world, meeting, answering(1, {{question, "Mam psa"}}));

  auto changed = text_question("Uwagi?");
  changed.id = question;
  changed.kind = QuestionKind::number;
  CHECK(describe(usecases::change_question(world.environment(), world.organizer(), key(meeting),
                                           changed)) == "kind:has_answers");
  CHECK(take_step(world, meeting, question, QuestionStep::remove) == "ok");
  CHECK(labels_of(world, meeting) == Labels{"Uwagi (wycofane)"});
  CHECK(answers_of(world, registration) == domain::Answers{{question, "Mam psa"}});
}

TEST_CASE("whoever registers answers what is asked, all that is wrong is named at once") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto car = add(world, meeting, yes_no("Auto?"));
  const auto people = [&] {
    auto question = text_question("Ile osób?", true);
    question.kind = QuestionKind::number;
    return add(world, meeting, question);
  }();
  const auto field = [](QuestionId id) { return domain::answer_field(id); };

  CHECK(describe(world.try_register(meeting.id, answering(1, {{people, "dwie"}}))) ==
        field(car) + ":required, " + field(people) + ":not_a_number");
  CHECK(describe(world.try_register(
            meeting.id, answering(1, {{car, "no"}, {people, "2"}, {QuestionId{999}, "x"}}))) ==
        "answers.999:unknown_question");
  CHECK(world.count("registration") == 0);
  const auto id = enter(world, meeting, answering(1, {{car, "no"}, {people, "2,5"}}));
  CHECK(answers_of(world, id) == domain::Answers{{car, "no"}, {people, "2.5"}});
}

TEST_CASE("answers are changed until registration closes, and go when somebody withdraws") {
  RegistrationWorld world;
  auto form = world.meeting_form();
  form.window.closes_at = world.clock().now() + std::chrono::hours(24);
  const auto meeting = world.publish(form);
  const auto question = add(world, meeting, text_question("Uwagi", true));
  const auto id = enter(world, meeting, answering(1, {{question, "Mam psa"}}));
  const auto change = [&](const domain::Answers& values) {
    usecases::RegistrationChange wanted;
    wanted.answers.emplace().values = values;
    return describe(usecases::change_registration(world.environment(), world.holder(id), id,
                                                  std::nullopt, wanted));
  };

  CHECK(change({}) == domain::answer_field(question) + ":required");
  CHECK(change({{question, "Mam kota"}}) == "ok");
  CHECK(answers_of(world, id) == domain::Answers{{question, "Mam kota"}});
  world.clock().advance(std::chrono::hours(24));
  CHECK(change({{question, "Mam konia"}}) == "conflict:answers_closed");
  CHECK(change({{question, "Mam kota"}}) == "ok");  // as it was
  world.cancel(id);
  CHECK(world.count("registration_answer") == 0);
}

TEST_CASE("files are told by their content, kept while they stay and seen by organizers") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  auto question = text_question("Zgoda przełożonego", true);
  question.kind = QuestionKind::file;
  const auto id = add(world, meeting, question);
  const auto field = domain::answer_field(id);
  const auto with_file = [&](const std::string& name, const std::string& content) {
    auto form = RegistrationWorld::person(1);
    form.answers.files[id] = {name, content};
    return form;
  };

  CHECK(describe(world.try_register(meeting.id, RegistrationWorld::person(1))) ==
        field + ":required");
  CHECK(describe(world.try_register(meeting.id, with_file("zgoda.pdf", "<html></html>"))) ==
        field + ":unknown_file_kind");
  CHECK(describe(world.try_register(meeting.id,
                                    with_file("zgoda.pdf", kPdf + std::string(5 << 20, ' ')))) ==
        field + ":file_too_large");
  auto from_api = answering(1, {{id, "zgoda.pdf"}});
  from_api.answers.takes_files = false;
  CHECK(describe(world.try_register(meeting.id, from_api)) == field + ":file_only_on_page");

  const auto registration = enter(world, meeting, with_file("C:\\biurko\\zgoda ż.pdf", kPdf));
  CHECK(answers_of(world, registration) == domain::Answers{{id, "zgoda ż.pdf"}});
  usecases::RegistrationChange kept;
  kept.answers.emplace().values[id] = "zgoda ż.pdf";
  REQUIRE(usecases::change_registration(world.environment(), world.holder(registration),
                                        registration, std::nullopt, kept));
  const auto file =
      usecases::find_answer_file(world.environment(), world.organizer().actor, registration, id);
  REQUIRE(file);
  CHECK(file->name == "zgoda ż.pdf");
  CHECK(file->media_type == "application/pdf");
  CHECK(file->content == kPdf);
  CHECK_FALSE(
      usecases::find_answer_file(world.environment(), world.visitor().actor, registration, id));
}

TEST_CASE("answers and needs are kept for their time, no longer") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto question = add(world, meeting, text_question("Uwagi"));
  auto form = answering(1, {{question, "Mam psa"}});
  form.diet = "vegan";
  form.access_needs = "wejście bez schodów";
  form.interpreter = "pjm";
  form.challenge = "Bariery";
  form.challenge_contact = true;
  const auto id = enter(world, meeting, form);
  const auto stored = world.load(id);
  CHECK(stored.diet == "vegan");
  CHECK(stored.challenge_contact);

  const auto clean = [&] {
    usecases::Call call;
    call.actor.kind = usecases::Actor::Kind::system;
    const auto report = usecases::clean_up(world.environment(), call, "test");
    REQUIRE_MESSAGE(report.ok(), describe(report));
  };
  world.clock().set(meeting.times.ends_at + std::chrono::days(30) + std::chrono::seconds(1));
  clean();
  CHECK(world.count("registration WHERE diet <> '' OR access_needs <> '' OR interpreter <> ''") ==
        0);
  CHECK(world.count("registration WHERE challenge = 'Bariery'") == 1);
  CHECK(world.count("registration_answer") == 1);
  world.clock().set(meeting.times.ends_at + std::chrono::days(180) + std::chrono::seconds(1));
  clean();
  CHECK(world.count("registration WHERE challenge <> '' OR challenge_contact = 1") == 0);
  CHECK(world.count("registration_answer") == 0);
}

TEST_CASE("questions are copied with what they depend on, not those withdrawn") {
  RegistrationWorld world;
  const auto from = world.publish();
  const auto to = world.publish();
  const auto first = add(world, from, yes_no("Auto?"));
  auto follower = text_question("Numer");
  follower.depends_on = first;
  follower.depends_value = "yes";
  add(world, from, follower);
  const auto gone = add(world, from, text_question("Uwagi"));
  REQUIRE(take_step(world, from, gone, QuestionStep::retire) == "ok");

  const auto copied =
      usecases::copy_questions(world.environment(), world.organizer(), key(to), key(from));
  REQUIRE_MESSAGE(copied.ok(), describe(copied));
  const auto found =
      usecases::find_meeting_questions(world.environment(), world.organizer().actor, key(to));
  REQUIRE(found->questions.size() == 2);
  CHECK(found->questions[1].depends_on == found->questions[0].id);
  CHECK(found->questions[0].id != first);
  CHECK(describe(usecases::copy_questions(world.environment(), world.organizer(), key(from),
                                          key(from))) == "from:unknown_value");
}
