#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace narada::domain {

// One rule that one field of the input breaks. `field` is the name in the API (snake_case, nested
// as "places[0].name"; empty for a rule about the whole), `code` names the rule and is the key of
// its text in web/locales ("error.<code>"), `details` fill that text ("max": "200").
struct FieldError {
  std::string field;
  std::string code;
  std::map<std::string, std::string> details = {};

  friend bool operator==(const FieldError&, const FieldError&) = default;
};
using FieldErrors = std::vector<FieldError>;

struct NotFound {};   // no such thing, or not for this reader: the two look alike from outside
struct Forbidden {};  // known, but the role does not allow it
struct Stale {};      // If-Match names a version that is no longer the current one
struct Conflict {     // the thing's state does not allow the step; `code` as in FieldError
  std::string code;
};
struct OperationReused {};  // the same operation key came before with another request

// Why a use case did nothing.
using Failure = std::variant<FieldErrors, NotFound, Forbidden, Stale, Conflict, OperationReused>;

// What a use case returns: its result, or why there is none. Never both, never neither.
template <class T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Outcome(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}
  Outcome(FieldErrors errors) : Outcome(Failure(std::move(errors))) {}
  Outcome(NotFound) : Outcome(Failure(NotFound{})) {}
  Outcome(Forbidden) : Outcome(Failure(Forbidden{})) {}
  Outcome(Stale) : Outcome(Failure(Stale{})) {}
  Outcome(Conflict conflict) : Outcome(Failure(std::move(conflict))) {}
  Outcome(OperationReused) : Outcome(Failure(OperationReused{})) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Precondition: ok().
  const T& value() const& { return std::get<0>(state_); }
  T& value() & { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  // Precondition: !ok().
  const Failure& failure() const { return std::get<1>(state_); }

 private:
  std::variant<T, Failure> state_;
};

}  // namespace narada::domain
