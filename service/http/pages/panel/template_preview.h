#pragma once

#include <optional>
#include <string>

#include "service/http/pages/account/session.h"
#include "service/usecases/mails/mail_templates.h"
#include "service/usecases/meetings/form_drafts.h"

namespace narada::http::pages {

// A mail as its reader would see it, beside the form of its words: the HTML in a frame that can do
// nothing, from an address of its own with a policy of its own, and the text part.

std::string template_path(const usecases::MailTemplateKey& key);
// Of the path; throws Error 404 for who may not edit templates, and where there is no such one.
usecases::MailTemplateKey template_key_of(const Page& page, const usecases::SignedIn& signed_in);
// Where what was typed waits for the frame to ask for it.
usecases::FormDraftName template_draft(const usecases::MailTemplateKey& key);

// The meeting that the reader has chosen for the example ("spotkanie"), in the form or the address;
// absent: an invented one.
std::optional<domain::MeetingId> chosen_meeting(const Page& page,
                                                const usecases::SignedIn& signed_in);

// Puts the frame's address, the subject, the text part and the meetings to choose from into the
// view. `typed`: what is shown in place of what holds.
void add_template_preview(Page& page, const usecases::SignedIn& signed_in, const Parts& parts,
                          const usecases::MailTemplateKey& key,
                          const std::optional<usecases::FieldTexts>& typed);
// The page inside the frame.
Response show_template_frame(Page& page, const usecases::SignedIn& signed_in, const Parts& parts);

}  // namespace narada::http::pages
