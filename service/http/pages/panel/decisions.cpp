#include "service/http/pages/panel/decisions.h"

#include <algorithm>
#include <array>

#include "service/domain/enum_names.h"
#include "service/http/pages/views.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::http::pages {
namespace {

constexpr domain::EnumNames<Decision, 3> kDecisions{{"approve", "decline", "cancel"}};
static_assert(is_complete(kDecisions, Decision::cancel));

constexpr std::array<std::string_view, 4> kReadyReasons = {"places", "one_per_office", "audience",
                                                           "next"};

domain::Outcome<domain::Registration> decide(const usecases::Environment& environment,
                                             const usecases::Call& call,
                                             domain::RegistrationId registration, Decision decision,
                                             const std::string& reason) {
  switch (decision) {
    case Decision::approve:
      return approve_registration(environment, call, registration);
    case Decision::decline:
      return decline_registration(environment, call, registration, reason);
    case Decision::cancel:
      break;
  }
  return cancel_registration(environment, call, registration);
}

std::string refusal_text(const Page& page, const domain::Failure& failure) {
  if (const auto* errors = std::get_if<domain::FieldErrors>(&failure)) {
    std::string text;
    for (const auto& error : *errors) text += (text.empty() ? "" : " ") + page.text(error);
    return text;
  }
  if (const auto* conflict = std::get_if<domain::Conflict>(&failure))
    return page.text(domain::FieldError{"", conflict->code});
  if (std::holds_alternative<domain::NotFound>(failure)) return page.text("lists.gone");
  if (std::holds_alternative<domain::OperationReused>(failure))
    return page.text("lists.sent_before");
  return page.text("lists.not_allowed");
}

}  // namespace

web::View ready_reasons(const Page& page) {
  web::View reasons = web::View::array();
  for (const auto name : kReadyReasons)
    reasons.push_back(
        {{"value", name}, {"label", page.text("lists.ready_reason_" + std::string(name))}});
  return reasons;
}

std::string read_reason(const Page& page, const FormFields& fields) {
  const auto picked = fields.value("ready");
  const auto typed = fields.value("reason");
  const bool is_ready =
      std::find(kReadyReasons.begin(), kReadyReasons.end(), picked) != kReadyReasons.end();
  if (!is_ready) return typed;
  const auto sentence = page.text("lists.ready_reason_" + picked);
  return typed.empty() ? sentence : sentence + " " + typed;
}

std::optional<Decision> find_decision(std::string_view name) { return kDecisions.find(name); }

DecisionResult decide_on(const Page& page, usecases::Call call, domain::RegistrationId registration,
                         const std::string& name, Decision decision, const std::string& reason) {
  if (call.idempotency_key) *call.idempotency_key += ":" + std::to_string(registration.value);
  const auto outcome = decide(page.environment(), call, registration, decision, reason);
  if (!outcome) return {name, refusal_text(page, outcome.failure()), false};
  const auto status = word(page, "registration_status", to_string(outcome->status));
  return {name, page.text("lists.result_now", {{"status", status}}), true};
}

std::optional<domain::Failure> decide_alone(const Page& page, const usecases::Call& call,
                                            domain::RegistrationId registration, Decision decision,
                                            const std::string& reason) {
  const auto outcome = decide(page.environment(), call, registration, decision, reason);
  if (outcome) return std::nullopt;
  return outcome.failure();
}

}  // namespace narada::http::pages
