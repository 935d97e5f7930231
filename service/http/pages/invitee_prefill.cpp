#include "service/http/pages/invitee_prefill.h"

#include "service/http/pages/registration_form.h"
#include "service/usecases/invitees/invitee_sending.h"

namespace narada::http::pages {
namespace {

constexpr std::string_view kKey = "zaproszenie";

void fill(std::string& field, const std::string& known) {
  if (field.empty()) field = known;
}

}  // namespace

void prefill_for_invitee(Page& page, const domain::InviteeScope& scope,
                         usecases::RegistrationForm& form) {
  const auto key = page.request().query_value(kKey);
  if (key.empty()) return;
  const auto found = find_invitation(page.environment(), key);
  if (!found || found->invitee.scope != scope ||
      found->invitee.state == domain::InviteeState::registered) {
    return;
  }
  const auto& invitee = found->invitee;
  fill(form.full_name, invitee.full_name);
  fill(form.email, invitee.email);
  fill(form.position, invitee.job_title);
  fill(form.institution, institution_label(page, invitee.institution));
  page.view()["invitee_key"] = key;
}

void keep_invitee_key(Page& page, const FormFields& fields) {
  if (fields.has(kKey)) page.view()["invitee_key"] = fields.value(kKey);
}

void note_invitee(const Page& page, const FormFields& fields, const domain::InviteeScope& scope) {
  const auto key = fields.value(kKey);
  if (!key.empty())
    note_invitee_registered(page.environment(), form_call(page, fields), key, scope);
}

Response private_if_invited(Page& page, Response response) {
  if (page.view().contains("invitee_key")) response.set("Cache-Control", "no-store");
  return response;
}

}  // namespace narada::http::pages
