#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "service/http/errors.h"
#include "service/http/pages/account/session.h"

namespace narada::http::pages {

// The rooms of the panel, as its navigation names them.
enum class PanelRoom {
  start,
  cycles,
  dates,
  experts,
  practices,
  people,
  institutions,
  activity,
  registrations,
  mails,
  privacy,
  statistics,
  settings
};

// The frame of a page of the panel: title, way back, navigation with what is for this person, and
// what has just been done ("?zrobione=…"). Throws Error 404 for whoever runs nothing.
void open_panel(Page& page, const usecases::SignedIn& signed_in, PanelRoom room,
                const std::string& title);

// What the use case found; throws Error 404 where it is Forbidden: what is not for somebody does
// not exist for them.
template <class T>
T take(domain::Outcome<T> outcome) {
  if (!outcome && std::holds_alternative<domain::Forbidden>(outcome.failure())) throw Error(404);
  return value_or_throw(std::move(outcome));
}

// The number that stands as {id} (or another parameter) in the path; throws Error 404 for none.
std::int64_t id_of(const Request& request, std::string_view parameter = "id");

// To a page of the panel that says what has been done, in a text "panel.done_<done>".
Response redirect_done(const Page& page, const std::string& path, std::string_view done);

// The number typed into a field; absent for an empty one, an error for what is none.
std::optional<std::int64_t> read_integer(const FormFields& fields, std::string_view name,
                                         domain::FieldErrors& errors);
std::optional<double> read_number(const FormFields& fields, std::string_view name,
                                  domain::FieldErrors& errors);

// "21 stycznia 2027, 9:30", in Warsaw.
std::string moment_text(const Page& page, domain::Instant at);

}  // namespace narada::http::pages
