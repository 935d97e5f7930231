#pragma once

#include "service/domain/invitee.h"
#include "service/http/pages/form.h"
#include "service/http/pages/page.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::http::pages {

// The registration form as an invitee's personal link (?zaproszenie=KEY) opens it. A key that is
// unknown, of something else or used leaves the form as everybody sees it.

// What is known of the invitee, into fields that are still empty; the key goes along hidden
// ("invitee_key" of the view).
void prefill_for_invitee(Page& page, const domain::InviteeScope& scope,
                         usecases::RegistrationForm& form);
// The same key again, in a form that is shown once more.
void keep_invitee_key(Page& page, const FormFields& fields);
// That somebody has registered by it, under whatever name and address.
void note_invitee(const Page& page, const FormFields& fields, const domain::InviteeScope& scope);
// Nowhere kept once somebody's details stand in it.
Response private_if_invited(Page& page, Response response);

}  // namespace narada::http::pages
