#pragma once

#include <string>
#include <string_view>

#include "service/http/pages/account/session.h"
#include "service/http/pages/form.h"
#include "service/usecases/invitees/invitees.h"

namespace narada::http::pages {

// What the pages of one list of invitees share: /panel/spotkania/{id}/zaproszenia and
// /panel/cykle/{id}/zaproszenia with what lies below them.

// What the path is about; throws Error 404 for no number.
domain::InviteeScope invitee_scope(const Page& page);
// Throws Error 404 unless the list is the reader's to change.
void require_list(const Page& page, const usecases::SignedIn& signed_in);
// "/panel/spotkania/7/zaproszenia" and `part` behind it.
std::string invitees_path(const domain::InviteeScope& scope, std::string_view part = {});

// The frame of a page of the list.
void open_invitees(Page& page, const usecases::SignedIn& signed_in,
                   const usecases::InviteeList& list, const std::string& title);

// The list with its forms. What was pasted and is to be corrected stands in the field again.
struct InviteePageState {
  int status = 200;
  std::string text;            // in the field of addresses
  web::View wrong = {};        // [{line, text, rules}] of it
  std::string result;          // what has just been done, in words
  std::string message;         // typed for the mail
  domain::FieldErrors errors;  // of a form
};
Response show_invitees(Page& page, const usecases::SignedIn& signed_in,
                       const InviteePageState& state = {});

// [{line, text, rules: [{rule}]}] of the wrong ones.
web::View wrong_views(const Page& page, const std::vector<usecases::Candidate>& candidates);
// "Jan Kowalski <jan@urzad.example>", or the address alone.
std::string mailbox_text(const std::string& full_name, const std::string& email);

}  // namespace narada::http::pages
