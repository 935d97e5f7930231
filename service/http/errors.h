#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/domain/language.h"
#include "service/domain/outcome.h"
#include "service/http/message.h"
#include "web/render.h"

namespace narada::http {

// What went wrong, in terms that a client may know. `code` names the rule; its texts are the
// messages "problem.<code>.title" and "problem.<code>.detail", which `details` fill.
struct Problem {
  int status = 500;
  std::string code = "internal";
  std::map<std::string, std::string> details = {};
  domain::FieldErrors errors = {};                                // 422 only
  std::vector<std::pair<std::string, std::string>> headers = {};  // e.g. Retry-After
};

// The plain problem of an HTTP status: 404 is "not_found", one without texts is "status_<n>".
Problem problem_of_status(int status);
Problem problem_of(const domain::Failure& failure);

// Interrupts a handler; the middleware answers with the problem. what() is for the log.
class Error : public std::runtime_error {
 public:
  explicit Error(Problem problem, const std::string& internal = {})
      : std::runtime_error(internal), problem_(std::move(problem)) {}
  explicit Error(int status, const std::string& internal = {})
      : Error(problem_of_status(status), internal) {}
  const Problem& problem() const { return problem_; }

 private:
  Problem problem_;
};

// What a use case returned, or its failure thrown as an Error.
template <class T>
T value_or_throw(domain::Outcome<T> outcome) {
  if (!outcome) throw Error(problem_of(outcome.failure()));
  return std::move(outcome).value();
}

// The text of a broken rule, in the reader's language: the message "error.<code>".
std::string text_of(const web::Messages& messages, domain::Language language,
                    const domain::FieldError& error);

// The language of the answer: of the path for pages ("/en/…" is English), of Accept-Language for
// the API. Polish unless English is asked for.
domain::Language language_of(const Request& request);
bool is_api(const Request& request);

// Writes problems: RFC 9457 JSON for the API, the page "pages/error" for people. Thread-safe; keeps
// references to what it is built from.
class ErrorWriter {
 public:
  // Without a renderer every answer is JSON.
  ErrorWriter(const web::Messages& messages, const web::Renderer* renderer)
      : messages_(messages), renderer_(renderer) {}

  // Never throws for a problem whose texts are missing: the code stands in for them.
  Response write(const Request& request, const Problem& problem) const;
  // To a request that has not been understood, so that neither path nor language is known.
  Response refuse(int status, const std::string& request_id) const;

 private:
  Response write_json(const Problem& problem, domain::Language language,
                      const std::string& request_id) const;
  Response write_page(const Problem& problem, domain::Language language,
                      const std::string& request_id) const;
  std::pair<std::string, std::string> title_and_detail(const Problem& problem,
                                                       domain::Language language) const;

  const web::Messages& messages_;
  const web::Renderer* renderer_;
};

}  // namespace narada::http
