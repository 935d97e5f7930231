#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

// What a posted form holds besides its fields, against requests that another site makes a browser
// send: Origin (or Sec-Fetch-Site) must be ours, and the hidden "form_token" must equal the cookie
// of the same name, which another site can neither read nor set. Any process of the installation
// can check it. Throws Error 403 for a request of another site, 415 for another content type, 422
// for a field that is not UTF-8.
FormFields read_own_form(const Page& page);

// Puts "form_token" into the view and, when the browser has none yet, its cookie into the response.
// Also "operation", a random name of this one filling-in: sent twice, it counts once.
class FormGuard {
 public:
  explicit FormGuard(Page& page);
  Response apply(Response response) const;

 private:
  const Page& page_;
  std::string token_;
  bool is_new_ = false;
};

// The posted form as one operation: its "operation" field and a digest of all fields.
usecases::Call form_call(const Page& page, const FormFields& fields);

// Puts the errors into the view: "errors" [{field, text}] for the summary and "error_<field>" for
// the text beside each field; the title says that something is wrong.
void show_errors(Page& page, const domain::FieldErrors& errors);

}  // namespace narada::http::pages
