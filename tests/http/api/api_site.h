#pragma once

#include <doctest/doctest.h>
#include <httplib.h>

#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "service/http/access_log.h"
#include "service/http/edge/server.h"
#include "service/http/errors.h"
#include "service/http/metrics.h"
#include "service/http/middleware.h"
#include "service/http/page_cache.h"
#include "service/http/router.h"
#include "service/usecases/access.h"
#include "service/usecases/catalogue_cache.h"
#include "tests/http/api/contract.h"
#include "tests/http/list_maker.h"
#include "tests/support/registration_world.h"
#include "web/render.h"

namespace narada::testing {

using Headers = std::vector<std::pair<std::string, std::string>>;

// What came back, with its body read as JSON where it is some.
struct Answer {
  int status = 0;
  std::string text;
  nlohmann::json body;
  httplib::Headers headers;

  std::string header(const std::string& name) const;
  // "field code" of each error of a problem, in order.
  std::vector<std::string> errors() const;
};

// Speaks to the API over one kept connection, as one reader. Every answer is held to the contract
// and to texts without holes; what is wrong fails the running test.
class ApiClient {
 public:
  ApiClient(std::uint16_t port, const Contract& contract, std::string token = {});

  Answer get(const std::string& path, const Headers& headers = {});
  Answer post(const std::string& path, const nlohmann::json& body, const Headers& headers = {});
  Answer post(const std::string& path);  // without a body
  Answer patch(const std::string& path, const nlohmann::json& body, const Headers& headers = {});
  Answer send(const std::string& method, const std::string& path, const std::string& body = {},
              const Headers& headers = {});

 private:
  void check(const std::string& method, const std::string& path, const Answer& answer) const;

  httplib::Client client_;
  const Contract& contract_;
  std::string token_;
};

// The API as it runs: edge, middleware, page cache and handlers on a real database, in this
// process. The clock of the world stands still at 4 January 2027, 09:00 UTC.
class ApiSite {
 public:
  ApiSite();
  ~ApiSite();

  RegistrationWorld& world() { return world_; }
  const http::Router& router() const { return router_; }
  const Contract& contract() const { return contract_; }
  std::uint16_t port() const { return server_->port(); }
  std::string token(usecases::Role role);
  ApiClient visitor() { return ApiClient(port(), contract_); }
  ApiClient client(const std::string& token) { return ApiClient(port(), contract_, token); }
  ApiClient organizer() { return client(token(usecases::Role::organizer)); }
  std::vector<std::string> log();
  const http::Server& server() const { return *server_; }

 private:
  RegistrationWorld world_;
  usecases::CatalogueCache catalogue_;
  Contract contract_;
  web::Messages messages_;
  http::ErrorWriter errors_;
  std::mutex mutex_;
  std::vector<std::string> lines_;
  http::AccessLog log_;
  http::Metrics metrics_;
  http::PageCache pages_;
  http::Router router_;
  http::Middleware middleware_;
  std::unique_ptr<http::Server> server_;
};

// A meeting on 19 January 2027 at ten with 40 places on site.
nlohmann::json meeting_json(const std::string& title = "Zielone dachy", int places = 40);
// "Osoba 7" of Gliwice, for the site.
nlohmann::json person_json(int number);
// Created and published; its id as text.
std::string published_meeting(ApiClient& organizer, const nlohmann::json& meeting = meeting_json());

}  // namespace narada::testing
