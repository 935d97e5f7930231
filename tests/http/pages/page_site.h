#pragma once

#include <doctest/doctest.h>
#include <httplib.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/http/access_log.h"
#include "service/http/edge/server.h"
#include "service/http/errors.h"
#include "service/http/metrics.h"
#include "service/http/middleware.h"
#include "service/http/pages/pages.h"
#include "tests/http/list_maker.h"
#include "tests/support/registration_world.h"
#include "web/render.h"

namespace narada::testing {

// The fields of a form as a browser would send them: name → value.
using FormData = std::map<std::string, std::string>;

// One answer to a browser.
struct Shown {
  int status = 0;
  std::string html;
  httplib::Headers headers;

  std::string header(const std::string& name) const;
  bool has(const std::string& text) const { return html.find(text) != std::string::npos; }
  std::string title() const;  // of the document, entities decoded
  // Every link, image and form target of the document, entities decoded.
  std::vector<std::string> addresses() const;
  // What the document's form with this field holds: inputs, ticked boxes, text areas, what
  // is selected.
  // Of several the first whose field has this value, when one is given.
  FormData form(const std::string& with_field = "form_token", const std::string& value = {}) const;
  // The texts of the error summary, entities decoded.
  std::vector<std::string> errors() const;
};

// A person's browser: keeps cookies, says where a form comes from, follows nothing by itself.
class Browser {
 public:
  explicit Browser(std::uint16_t port);

  Shown get(const std::string& path, const httplib::Headers& headers = {});
  Shown post(const std::string& path, const FormData& fields, const httplib::Headers& headers = {});
  // A body as it is.
  Shown send(const std::string& path, const std::string& body, const std::string& content_type,
             const httplib::Headers& headers = {});
  // The form of the page at `path`, with some fields filled in, sent to where it stands.
  Shown fill(const std::string& path, const FormData& typed);

  std::map<std::string, std::string>& cookies() { return cookies_; }
  std::string origin() const { return origin_; }

 private:
  Shown exchange(httplib::Request request, const httplib::Headers& headers);

  httplib::Client client_;
  std::string origin_;
  std::map<std::string, std::string> cookies_;
};

// The pages as they run: edge, middleware and handlers on a real database, in this process, without
// the page cache. The clock of the world stands still at 4 January 2027, 09:00 UTC.
class PageSite {
 public:
  PageSite();
  ~PageSite();

  RegistrationWorld& world() { return world_; }
  const http::Router& router() const { return router_; }
  Browser browser() const { return Browser(server_->port()); }

 private:
  RegistrationWorld world_;
  web::Messages messages_;
  web::Renderer renderer_;
  http::pages::Parts parts_;
  http::ErrorWriter errors_;
  http::AccessLog log_;
  http::Metrics metrics_;
  http::Router router_;
  http::Middleware middleware_;
  std::unique_ptr<http::Server> server_;
};

// A complete registration of "Osoba 1" of Gliwice, without the hidden fields.
FormData person_fields(int number = 1);

std::string decode_entities(std::string text);

}  // namespace narada::testing

template <>
struct doctest::StringMaker<narada::testing::FormData> {
  static String convert(const narada::testing::FormData& fields) {
    std::string all;
    for (const auto& [name, value] : fields) all += name + "=" + value + "; ";
    return ("{" + all + "}").c_str();
  }
};
