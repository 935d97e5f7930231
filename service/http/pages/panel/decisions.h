#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/ids.h"
#include "service/domain/outcome.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

// What organizers decide about a registration; the names are those of the forms' values.
enum class Decision { approve, decline, cancel };
std::optional<Decision> find_decision(std::string_view name);

// What came of it, in words.
struct DecisionResult {
  std::string name;  // of the person
  std::string text;
  bool done = false;
};
// One registration in a transaction of its own. `call` is that of the whole form: each registration
// of it counts once, however often it is sent.
DecisionResult decide_on(const Page& page, usecases::Call call, domain::RegistrationId registration,
                         const std::string& name, Decision decision, const std::string& reason);

// The same for one alone: absent when it was done.
std::optional<domain::Failure> decide_alone(const Page& page, const usecases::Call& call,
                                            domain::RegistrationId registration, Decision decision,
                                            const std::string& reason);

// [{value, label}] of sentences that a reason can be made of: picked instead of typed, or put
// before what is typed.
web::View ready_reasons(const Page& page);
// The reason of a posted form: the sentence picked in "ready", then what is typed in "reason".
std::string read_reason(const Page& page, const FormFields& fields);

}  // namespace narada::http::pages
