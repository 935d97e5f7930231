#include "tests/http/site/matrix_world.h"

#include <algorithm>

#include "service/usecases/institutions/institutions.h"
#include "service/usecases/materials/materials.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/practices/practices.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::testing {
namespace {

using domain::Role;

constexpr const char* kOwnInstitution = "2466011";
constexpr const char* kForeignInstitution = "1020031";

Canaries canaries_of(const std::string& side) {
  return {"Kanarek" + side,           "kanarek-" + side + "@tajne.example",
          "potrzeba-kanarka-" + side, "pytanie-kanarka-" + side,
          "Szkic kanarka " + side,    "pokoj-kanarka-" + side};
}

std::string text_of(std::int64_t id) { return std::to_string(id); }

}  // namespace

MatrixWorld::MatrixWorld() : own_(canaries_of("wlasny")), foreign_(canaries_of("obcy")) {
  site_.environment().hold_seconds = 0;
  for (const bool own : {true, false}) {
    add_catalogue(own);
    add_side(own);
    enrol(own);
  }
  add_readers();
}

void MatrixWorld::name(const std::string& key, bool own, const std::string& value) {
  std::string upper = key;
  upper[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(upper[0])));
  things_[own ? key : upper] = value;
}

// A practice that is a draft, and one that is published.
void MatrixWorld::add_catalogue(bool own) {
  auto& world = site_.world();
  usecases::PracticeForm form;
  form.lead = "Zajawka.";
  form.source_url = "https://example.org/praktyka";
  form.institutions = {own ? kOwnInstitution : kForeignInstitution};
  form.title = (own ? own_ : foreign_).draft + " praktyki";
  const auto draft = usecases::create_practice(site_.environment(), world.organizer(), form);
  REQUIRE_MESSAGE(draft.ok(), describe(draft));
  name("praktyka_szkic", own, draft->slug);
  name("practice_draft", own, text_of(draft->id.value));
  form.title = own ? "Dobra praktyka" : "Inna praktyka";
  const auto practice = usecases::create_practice(site_.environment(), world.organizer(), form);
  REQUIRE(usecases::publish_practice(site_.environment(), world.organizer(), practice->id).ok());
  name("praktyka", own, practice->slug);
  name("practice", own, text_of(practice->id.value));
  const auto topic = usecases::create_topic(site_.environment(), world.organizer(),
                                            own ? "Zieleń miejska" : "Transport", "");
  REQUIRE(topic.ok());
  name("temat", own, topic->slug);
  usecases::ExpertForm expert;
  expert.name = own ? "Irena Prowadząca" : "Jan Prowadzący";
  const auto leads = usecases::create_expert(site_.environment(), world.organizer(), expert);
  REQUIRE(leads.ok());
  name("expert", own, text_of(leads->id.value));
  name("prowadzacy", own, leads->slug);
  name("institution", own, own ? "1" : "2");
  name("teryt", own, own ? kOwnInstitution : kForeignInstitution);
}

// A cycle with a published meeting and a draft, and a cycle that is a draft.
void MatrixWorld::add_side(bool own) {
  auto& world = site_.world();
  const Canaries& canaries = own ? own_ : foreign_;
  const auto organizer = world.organizer();
  usecases::CycleForm cycle_form;
  cycle_form.title = own ? "Cykl A" : "Cykl B";
  cycle_form.institutions = {
      {own ? kOwnInstitution : kForeignInstitution, domain::CycleRole::challenge_owner}};
  const auto cycle = usecases::create_cycle(site_.environment(), organizer, cycle_form);
  REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
  REQUIRE(usecases::publish_cycle(site_.environment(), organizer, cycle->id).ok());
  auto form = world.meeting_form();
  form.title = own ? "Spotkanie A" : "Spotkanie B";
  form.cycle = cycle->slug;
  form.places[0].institution = own ? kOwnInstitution : kForeignInstitution;
  form.online = {true, 10};
  form.online_url = "https://pokoj.example/" + canaries.online;
  const auto meeting = world.publish(form);
  form.title = canaries.draft;
  const auto draft = usecases::create_meeting(site_.environment(), organizer, form);
  REQUIRE_MESSAGE(draft.ok(), describe(draft));
  cycle_form.title = canaries.draft + " cyklu";
  const auto draft_cycle = usecases::create_cycle(site_.environment(), organizer, cycle_form);
  add_materials(own, meeting.id);
  name("cycle", own, text_of(cycle->id.value));
  name("cykl", own, cycle->slug);
  name("meeting", own, text_of(meeting.id.value));
  name("spotkanie", own, meeting.slug);
  name("draft", own, text_of(draft->id.value));
  name("szkic", own, draft->slug);
  name("draft_cycle", own, text_of(draft_cycle->id.value));
  name("szkic_cyklu", own, draft_cycle->slug);
}

// A link that everybody may follow, and one of the organizers.
void MatrixWorld::add_materials(bool own, domain::MeetingId meeting) {
  usecases::MaterialForm form;
  form.title = own ? "Nagranie A" : "Nagranie B";
  form.link = "https://nagrania.example/1";
  const auto add = [&](const std::string& key) {
    const auto added =
        usecases::add_material(site_.environment(), site_.world().organizer(), meeting, form);
    REQUIRE_MESSAGE(added.ok(), describe(added));
    name(key, own, text_of(added->value));
  };
  add("material");
  form.title = (own ? own_ : foreign_).draft + " nagrania";
  form.access = domain::MaterialAccess::organizers;
  add("inner_material");
}

// A person with an account, enrolled in the cycle: one registration, one mail.
void MatrixWorld::enrol(bool own) {
  const Canaries& canaries = own ? own_ : foreign_;
  usecases::RegistrationForm form;
  form.full_name = canaries.name + " Osoba";
  form.email = canaries.email;
  form.institution = own ? kOwnInstitution : kForeignInstitution;
  form.needs = canaries.needs;
  form.mode = domain::AttendanceMode::onsite;
  form.question = canaries.question;
  form.consent = true;
  const auto enrolled = usecases::enrol_person(site_.environment(), site_.world().visitor(),
                                               things_.at(own ? "cycle" : "Cycle"), form);
  REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
  REQUIRE(enrolled->registrations.size() == 1);
  const auto& registration = enrolled->registrations[0];
  const std::string& url = enrolled->manage_urls.at(0);
  name("enrolment", own, text_of(enrolled->id.value));
  name("registration", own, text_of(registration.id.value));
  name("z", own, url.substr(url.rfind('/') + 1));
  name("person", own, text_of(registration.person.id.value));
  const auto mail = site_.world().pool().read([&](storage::Connection& connection) {
    return connection
        .query("SELECT id FROM outgoing_mail WHERE registration_id = ?", {registration.id})[0]
        .integer(0);
  });
  name("outgoing_mail", own, text_of(mail));
  site_.world().pool().transact([&](storage::Connection& connection) {
    const auto received = connection.insert(
        "INSERT INTO inbound_mail (digest, kind, effect, meeting_id, registration_id, from_name, "
        "from_address, subject, body, received_at) VALUES (UNHEX(SHA2(?, 256)), 'free_text', "
        "'told', ?, ?, ?, ?, 'Re', ?, '2027-01-04') RETURNING id",
        {canaries.name, registration.meeting, registration.id, canaries.name, canaries.email,
         canaries.question});
    const auto proposal = connection.insert(
        "INSERT INTO substitution_proposal (registration_id, inbound_mail_id, email, state, "
        "created_at) VALUES (?, ?, 'zastepca@urzad.example', 'open', '2027-01-04') RETURNING id",
        {registration.id, received});
    name("received_mail", own, text_of(received));
    name("proposal", own, text_of(proposal));
  });
  if (own) people_[Reader::official] = registration.person.id;
}

void MatrixWorld::add_readers() {
  const auto id = [&](const char* key) { return std::stoll(things_.at(key)); };
  const domain::InstitutionId institution{id("institution")};
  const auto add = [&](Reader reader, const char* full_name,
                       const std::vector<domain::RoleGrant>& grants) {
    people_[reader] = site_.add_person(full_name, grants);
  };
  site_.grant(people_.at(Reader::official), {Role::official, {}});
  add(Reader::expert, "Ewa Ekspert",
      {{Role::expert, domain::MeetingId{id("meeting")}},
       {Role::expert, domain::MeetingId{id("draft")}}});
  add(Reader::coordinator, "Kinga Koordynator", {{Role::coordinator, institution}});
  add(Reader::of_cycle, "Cezary Cykl",
      {{Role::organizer, domain::CycleId{id("cycle")}},
       {Role::organizer, domain::CycleId{id("draft_cycle")}}});
  add(Reader::of_institution, "Iga Instytucja", {{Role::organizer, institution}});
  add(Reader::organizer, "Olga Organizator", {{Role::organizer, {}}});
  add(Reader::admin, "Adam Admin", {{Role::admin, {}}});
  for (const auto& [reader, person] : people_) bearers_[reader] = site_.token_of(person);
  const auto spare = site_.add_person("Zenon Zapasowy");
  things_["spare"] = text_of(spare.value);
  site_.token_of(spare);
  things_["Token"] = text_of(site_.world().count("api_token"));  // the last one's id
}

std::vector<std::string> MatrixWorld::hidden_from(Reader reader) const {
  const auto all = [](const Canaries& canaries) {
    return std::vector<std::string>{canaries.name,     canaries.email, canaries.needs,
                                    canaries.question, canaries.draft, canaries.online};
  };
  if (reader == Reader::organizer || reader == Reader::admin) return {};
  auto hidden = all(foreign_);
  const auto hide = [&](std::initializer_list<std::string> more) {
    hidden.insert(hidden.end(), more);
  };
  if (reader == Reader::visitor) {
    const auto own = all(own_);
    hidden.insert(hidden.end(), own.begin(), own.end());
  } else if (reader == Reader::holder || reader == Reader::official) {
    hide({own_.draft, own_.online});
  } else if (reader == Reader::expert) {
    hide({own_.name, own_.email, own_.needs, own_.question});
  } else if (reader == Reader::coordinator) {
    hide({own_.needs, own_.draft, own_.online});
  }
  return hidden;
}

}  // namespace narada::testing
