#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "service/domain/permissions.h"
#include "service/http/edge/server.h"
#include "service/site.h"
#include "service/usecases/catalogue_cache.h"
#include "tests/http/api/api_site.h"
#include "tests/http/api/contract.h"
#include "tests/http/pages/page_site.h"
#include "tests/support/registration_world.h"
#include "web/render.h"

namespace narada::testing {

// The whole site as the program serves it: every page, the API and health, with middleware and page
// cache, behind a real server on a free port, on a real database. The clock of the world stands
// still at 4 January 2027, 09:00 UTC. There are no rate limits unless asked for.
class WholeSite {
 public:
  explicit WholeSite(bool rate_limits = false);
  ~WholeSite();
  WholeSite(const WholeSite&) = delete;
  WholeSite& operator=(const WholeSite&) = delete;

  RegistrationWorld& world() { return world_; }
  usecases::Environment& environment() { return world_.environment(); }
  const http::Router& router() const { return site_->router(); }
  const Contract& contract() const { return contract_; }
  std::uint16_t port() const { return server_->port(); }
  std::vector<std::string> log();  // the lines so far

  // Somebody of Gliwice with an account, "anna-nowak@urzad.example" for "Anna Nowak".
  domain::PersonId add_person(const std::string& full_name,
                              const std::vector<domain::RoleGrant>& grants = {});
  void grant(domain::PersonId person, const domain::RoleGrant& grant);
  void revoke_roles(domain::PersonId person);

  Browser visitor() const { return Browser(port()); }
  // A browser that is signed in as the person, by a link in a mail.
  Browser browser_of(domain::PersonId person);
  // The value of the cookie of a new session.
  std::string begin_session(domain::PersonId person);
  // A new bearer token with the rights of the person. access: "read", "write".
  std::string token_of(domain::PersonId person, const std::string& access = "write");

  ApiClient api_visitor() { return ApiClient(port(), contract_); }
  ApiClient api_client(const std::string& token) { return ApiClient(port(), contract_, token); }
  ApiClient api_of(domain::PersonId person) { return api_client(token_of(person)); }

 private:
  RegistrationWorld world_;
  usecases::CatalogueCache catalogue_;
  Contract contract_;
  web::Messages messages_;
  web::Renderer renderer_;
  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::unique_ptr<Site> site_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace narada::testing
