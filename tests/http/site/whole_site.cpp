#include "tests/http/site/whole_site.h"

#include <algorithm>
#include <fstream>

#include "service/usecases/registrations/registration_input.h"
#include "sql/person_store.h"
#include "sql/role_store.h"

namespace narada::testing {
namespace {

web::View read_manifest() {
  std::ifstream file(NARADA_BINARY_DIR "/assets/manifest.json");
  REQUIRE_MESSAGE(file, "the assets are not built");
  return web::View::parse(file);
}

std::string email_of(const std::string& full_name) {
  std::string local = usecases::make_name_key(full_name);
  std::replace(local.begin(), local.end(), ' ', '-');
  return local + "@urzad.example";
}

storage::NewPerson new_person(const std::string& full_name) {
  storage::NewPerson person;
  person.full_name = full_name;
  person.email = email_of(full_name);
  person.name_key = usecases::make_name_key(person.full_name);
  person.email_key = usecases::make_email_key(person.email);
  person.position = "inspektor";
  person.institution = domain::InstitutionId{1};
  return person;
}

}  // namespace

WholeSite::WholeSite(bool rate_limits)
    : messages_(NARADA_SOURCE_DIR "/web/locales"),
      renderer_(NARADA_SOURCE_DIR "/web", messages_, read_manifest()) {
  world_.environment().catalogue = &catalogue_;
  world_.environment().secret_key = std::string(32, 'k');
  SiteParts parts;
  parts.environment = &world_.environment();
  parts.messages = &messages_;
  parts.renderer = &renderer_;
  parts.assets = NARADA_BINARY_DIR "/assets";
  parts.log = http::LogFormat::json;
  parts.write_log_line = [this](std::string_view line) {
    const std::scoped_lock lock(mutex_);
    lines_.emplace_back(line);
  };
  parts.rate_limits = rate_limits;
  parts.find_obstacle = [] { return std::nullopt; };
  site_ = std::make_unique<Site>(parts);
  http::ServerOptions options;
  options.port = 0;
  options.pool_threads = 8;
  options.drain_timeout = std::chrono::seconds(2);
  server_ = std::make_unique<http::Server>(options, site_->router(), site_->hooks());
  site_->watch(server_.get());
  server_->start();
}

WholeSite::~WholeSite() { server_->stop(); }

std::vector<std::string> WholeSite::log() {
  const std::scoped_lock lock(mutex_);
  return lines_;
}

domain::PersonId WholeSite::add_person(const std::string& full_name,
                                       const std::vector<domain::RoleGrant>& grants) {
  const auto now = world_.clock().now();
  const auto id = world_.pool().transact([&](storage::Connection& connection) {
    const auto person = storage::save_person(connection, new_person(full_name), now);
    connection.execute("UPDATE person SET email_proved_at = ? WHERE id = ?", {now, person});
    return person;
  });
  for (const auto& one : grants) grant(id, one);
  return id;
}

void WholeSite::grant(domain::PersonId person, const domain::RoleGrant& grant) {
  REQUIRE(domain::is_allowed_scope(grant.role, grant.scope));
  const auto scope = storage::columns_of(grant.scope);
  world_.pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "INSERT INTO person_role (person_id, role, scope_kind, scope_id, granted_at) "
        "VALUES (?, ?, ?, ?, ?)",
        {person, domain::to_string(grant.role), scope.kind, scope.id, world_.clock().now()});
  });
}

void WholeSite::revoke_roles(domain::PersonId person) {
  world_.pool().transact([&](storage::Connection& connection) {
    return connection.execute("DELETE FROM person_role WHERE person_id = ?", {person});
  });
}

std::string WholeSite::begin_session(domain::PersonId person) {
  const std::string token = usecases::make_token();
  const auto now = world_.clock().now();
  world_.pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "INSERT INTO session (token_hash, person_id, state, method, created_at, last_seen_at, "
        "expires_at) VALUES (?, ?, 'open', 'link', ?, ?, ?)",
        {usecases::hash_token(token), person, now, now, now + std::chrono::hours(14 * 24)});
  });
  return token;
}

Browser WholeSite::browser_of(domain::PersonId person) {
  Browser browser(port());
  browser.cookies()["session"] = begin_session(person);
  return browser;
}

std::string WholeSite::token_of(domain::PersonId person, const std::string& access) {
  const std::string token = usecases::make_token();
  world_.pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "INSERT INTO api_token (token_hash, name, role, person_id, access, created_at) "
        "VALUES (?, 'test', '', ?, ?, ?)",
        {usecases::hash_token(token), person, access, world_.clock().now()});
  });
  return token;
}

}  // namespace narada::testing
