#pragma once

#include <string>

#include "service/http/pages/account/session.h"
#include "service/http/pages/page.h"
#include "service/usecases/registrations/questions.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::http::pages {

// Who has a registration in hand, and how they came to it.
struct Holder {
  std::string path;  // of the registration's page, in Polish
  usecases::RegistrationView found;
  const usecases::SignedIn* signed_in = nullptr;  // null: by the link
  usecases::AnsweredQuestions answered = {};
};
usecases::Actor actor_of(const Holder& holder);

// What the page of the registration shows of it.
void fill_manage_page(Page& page, const Holder& holder);
// The ways of taking part, with `chosen` marked; none where there is no choice.
void add_modes(Page& page, const usecases::RegistrationView& found, domain::AttendanceMode chosen);
// The organizers' questions, with `given` in their fields.
void fill_answers(Page& page, const Holder& holder, const domain::Answers& given);
// What has just been done, by the page's address.
web::View done_view(const Page& page, const usecases::RegistrationView& found);

}  // namespace narada::http::pages
