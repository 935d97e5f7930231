#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

// A form that was filled in on this site. With `errors` it must not be acted on, only shown again
// with all that was typed: a field that is no text, or "form_expired" / "form_needs_cookie" for the
// whole.
struct OwnForm : FormFields {
  domain::FieldErrors errors;
};

// What a posted form holds besides its fields, against requests that another site makes a browser
// send: Origin (or Sec-Fetch-Site) must be ours, and the hidden "form_token" must equal the cookie
// of the same name, which another site can neither read nor set. Any process of the installation
// can check it. A wrong token alone is a browser that was restarted, or a second tab: the form has
// expired. Throws Error 403 for a request of another site, 415 for another content type.
OwnForm read_own_form(const Page& page);
// The same for fields that came in another encoding.
OwnForm check_own_form(const Page& page, FormFields fields);

// Puts "form_token" into the view and, when the browser has none yet, its cookie into the response.
// Also "operation", a random name of this one filling-in: sent twice, it counts once. A second
// guard of one page leaves both as they are.
class FormGuard {
 public:
  explicit FormGuard(Page& page);
  Response apply(Response response) const;

 private:
  const Page& page_;
  std::string token_;
  bool is_new_ = false;
};

// The posted form as one operation of this browser: its "operation" field with the form token, and
// a digest of all fields.
usecases::Call form_call(const Page& page, const FormFields& fields);

// What the form shown again says about a failure; `sent_before` is the rule that stands for
// OperationReused, when this filling-in was accepted earlier with other words. Throws Error for
// what no other filling-in would mend.
domain::FieldErrors errors_of(const domain::Failure& failure, std::string_view sent_before);

// Puts the errors into the view: "errors" [{field, text}] for the summary and "error_<field>" for
// the text beside each field; the title says that something is wrong.
void show_errors(Page& page, const domain::FieldErrors& errors);

}  // namespace narada::http::pages
