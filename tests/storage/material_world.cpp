#include "tests/storage/material_world.h"

#include <doctest/doctest.h>

#include "service/usecases/environment.h"
#include "service/usecases/meetings/cycles.h"
#include "sql/pool.h"
#include "sql/role_store.h"
#include "sql/upload_store.h"

namespace narada::testing {

MaterialWorld::MaterialWorld() {
  usecases::CycleForm cycle_form;
  cycle_form.title = "Szkoła materiałów";
  const auto made = usecases::create_cycle(environment(), organizer(), cycle_form);
  REQUIRE_MESSAGE(made.ok(), describe(made));
  REQUIRE(usecases::publish_cycle(environment(), organizer(), made->id).ok());
  cycle = made->id;
  auto form = meeting_form();
  form.cycle = made->slug;
  meeting = publish(form);
  pool().transact([&](storage::Connection& connection) {
    expert = domain::ExpertId{connection.insert(
        "INSERT INTO expert (slug, name, kind) VALUES ('ewa', 'Ewa Ekspert', 'person')"
        " RETURNING id")};
  });
}

usecases::Call MaterialWorld::account(const std::string& name,
                                      const std::vector<domain::RoleGrant>& grants) {
  usecases::Call call;
  call.request_id = "request-" + name;
  pool().transact([&](storage::Connection& connection) {
    const domain::PersonId person{connection.insert(
        "INSERT INTO person (full_name, email, name_key, email_key, language, created_at,"
        " updated_at) VALUES (?, CONCAT(?, '@konto.example'), LOWER(?), CONCAT(?,"
        " '@konto.example'), 'pl', '2027-01-01', '2027-01-01') RETURNING id",
        {name, name, name, name})};
    for (const auto& grant : grants)
      storage::save_grant(connection, person, grant, "system", clock().now());
    call.actor = {usecases::Actor::Kind::person, person.value, grants, person};
  });
  return call;
}

usecases::Call MaterialWorld::lead(const std::string& name) {
  auto call = account(name, {{domain::Role::expert, meeting.id}});
  pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "INSERT INTO expert_member (expert_id, person_id, added_at) VALUES (?, ?, '2027-01-01')",
        {expert, *call.actor.person});
    connection.execute(
        "INSERT IGNORE INTO meeting_expert (meeting_id, expert_id, position) VALUES (?, ?, 0)",
        {meeting.id, expert});
  });
  return call;
}

usecases::Call MaterialWorld::person_of(domain::RegistrationId registration) {
  usecases::Call call;
  call.request_id = "request-person";
  const auto person = RegistrationWorld::load(registration).person.id;
  call.actor = {usecases::Actor::Kind::person, person.value, {}, person};
  return call;
}

void MaterialWorld::set_status(domain::RegistrationId registration, const std::string& status) {
  pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE registration SET status = ? WHERE id = ?", {status, registration});
  });
}

std::string MaterialWorld::bring(const usecases::Call& call, const domain::MaterialOwner& owner,
                                 const std::string& file_name) {
  storage::NewUploadRow row;
  row.key = usecases::make_token();
  row.actor = call.actor.text();
  row.person = call.actor.person;
  row.owner = owner;
  row.file_name = file_name;
  row.size = 1000;
  row.received = 1000;
  row.state = storage::UploadState::received;
  row.created_at = clock().now();
  row.expires_at = clock().now() + std::chrono::days(7);
  pool().transact(
      [&](storage::Connection& connection) { storage::insert_upload(connection, row); });
  return row.key;
}

std::string MaterialWorld::inspect(const std::string& key, const std::string& state,
                                   const std::string& facts, const std::string& text) {
  std::string digest(64, '0');
  const std::string number = std::to_string(++contents_);
  digest.replace(64 - number.size(), number.size(), number);
  pool().transact([&](storage::Connection& connection) {
    const auto upload = storage::lock_upload(connection, key);
    REQUIRE(upload);
    storage::save_stored(connection, *upload, {digest}, clock().now());
    connection.execute(
        "UPDATE stored_file SET state = ?, facts = ?, content_text = ?, inspected_at = ?,"
        " ready_since = IF(state = 'ready', inspected_at, NULL) WHERE digest = ?",
        {state, facts, text, clock().now(), digest});
  });
  return digest;
}

domain::MaterialId MaterialWorld::add(const usecases::MaterialForm& form) {
  auto with_file = form;
  if (form.link.empty()) with_file.upload = bring(organizer(), meeting.id);
  const auto added = usecases::add_material(environment(), organizer(), meeting.id, with_file);
  REQUIRE_MESSAGE(added.ok(), describe(added));
  if (form.link.empty()) inspect(with_file.upload);
  return *added;
}

domain::MaterialId MaterialWorld::add(const std::string& title, domain::MaterialAccess access) {
  usecases::MaterialForm form;
  form.title = title;
  form.access = access;
  return add(form);
}

void MaterialWorld::add_version(domain::MaterialId material, const std::string& note,
                                const std::string& facts) {
  const std::string key = bring(organizer(), meeting.id, "nowy.pdf");
  const auto added = usecases::add_version(environment(), organizer(), material, key, note);
  REQUIRE_MESSAGE(added.ok(), describe(added));
  inspect(key, "ready", facts);
}

domain::Material MaterialWorld::load(domain::MaterialId id) {
  const auto found = usecases::find_readable_material(environment(), organizer().actor, id);
  REQUIRE_MESSAGE(found.ok(), describe(found));
  return found->material;
}

std::string MaterialWorld::reading(const usecases::Actor& actor, domain::MaterialId id) {
  const auto found = usecases::find_readable_material(environment(), actor, id);
  if (!found) return describe(found);
  if (found->reading != domain::MaterialReading::open) {
    CHECK(found->material.versions.empty());
    CHECK(found->material.link.empty());
    return found->reading == domain::MaterialReading::not_yet ? "not_yet" : "participants_only";
  }
  std::string text = "open";
  for (const auto& version : found->material.versions)
    text += (text == "open" ? " " : ",") + std::to_string(version.number);
  return text;
}

std::vector<std::string> MaterialWorld::titles(const usecases::Actor& actor,
                                               const domain::MaterialOwner& owner) {
  const auto found = usecases::load_readable_materials(environment(), actor, owner);
  REQUIRE_MESSAGE(found.ok(), describe(found));
  std::vector<std::string> titles;
  for (const auto& one : *found) titles.push_back(one.material.title);
  return titles;
}

std::vector<notifications::MailFacts> MaterialWorld::mails_of(notifications::MailKind kind) {
  std::vector<notifications::MailFacts> found;
  for (auto& one : facts())
    if (one.kind == kind) found.push_back(std::move(one));
  return found;
}

}  // namespace narada::testing
