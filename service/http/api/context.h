#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/http/errors.h"
#include "service/http/message.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"
#include "web/render.h"

namespace narada::http::api {

// One request to the API: who asks, in which language, and what its headers say. Keeps references.
class Context {
 public:
  // Throws Error 401 when Authorization is there but opens nothing.
  Context(const usecases::Environment& environment, const Request& request);

  const usecases::Environment& environment() const { return environment_; }
  const Request& request() const { return request_; }
  const usecases::Actor& actor() const { return actor_; }
  domain::Language language() const { return language_; }

  // Throw Error 401 for a visitor, 403 for somebody whose roles are not enough; before the body is
  // looked at, so that nobody learns by its errors what they may not do.
  // The action on anything at all, or on what belongs to nobody.
  void require_reach(domain::Action action) const;
  void require(domain::Action action) const;
  // Somebody, whoever it is.
  void require_bearer() const;
  // Whether the answer may hold what is for those who run the meeting. Asks the database only for
  // somebody with a role.
  bool sees_numbers_of(domain::MeetingId meeting) const;

  // For a use case that writes. Throws Error 422 for a malformed Idempotency-Key.
  usecases::Call call() const;
  // Same, with the manage token's holder as the actor.
  usecases::Call call_as(usecases::Actor actor) const;

  // The version in If-Match. Throws Error 428 without one, 412 for what is not a tag of ours.
  std::int64_t required_version() const;
  std::optional<std::int64_t> find_required_version() const;  // absent only without If-Match

  // {id} of the path. Throws Error 404 when it is no id.
  std::int64_t id() const;
  std::string key(std::string_view name = "id") const;

  // Address of a page of the site: url("/spotkania/", slug).
  std::string url(std::string_view path, std::string_view slug) const;

  // The use case's result; its Forbidden is 401 for a visitor, who may only lack a token.
  template <class T>
  T take(domain::Outcome<T> outcome) const {
    if (!outcome && std::holds_alternative<domain::Forbidden>(outcome.failure())) refuse_access();
    return value_or_throw(std::move(outcome));
  }

 private:
  [[noreturn]] void refuse_access() const;

  const usecases::Environment& environment_;
  const Request& request_;
  usecases::Actor actor_;
  domain::Language language_;
};

// JSON answers. Text that is not UTF-8 after all is replaced, never thrown over.
Response answer(int status, const web::View& body);
// With the ETag of a thing that has a version.
Response answer(int status, const web::View& body, std::int64_t version);
// 201 with Location, which is a path of the API.
Response created(const web::View& body, const std::string& location);
Response created(const web::View& body, const std::string& location, std::int64_t version);

// {"items": […], "next": …}
template <class T, class Write>
web::View list_view(const usecases::PageOf<T>& page, const Write& write) {
  web::View items = web::View::array();
  for (const T& item : page.items) items.push_back(write(item));
  web::View view = {{"items", std::move(items)}, {"next", nullptr}};
  if (page.next) view["next"] = *page.next;
  return view;
}

}  // namespace narada::http::api
