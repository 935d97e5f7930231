#pragma once

#include <string>

#include "service/http/pages/account/session.h"
#include "service/usecases/mails/mail_pauses.h"
#include "service/usecases/mails/mail_queue.h"

namespace narada::http::pages {

// What the pages under /panel/poczta share.

inline constexpr const char* kMailsPath = "/panel/poczta";

// Of the URL: stan, spotkanie, q. What is too long is left out, as if it were not there.
usecases::MailQueueFilter read_mail_filter(const Request& request);
// 404 for who sees no mails.
usecases::MailQueue list_mails(const Page& page, const usecases::SignedIn& signed_in,
                               const usecases::MailQueueFilter& filter);

// GET and POST /panel/poczta/niedostarczone.
void add_unsent_mail_pages(Router& router, const Parts& parts);

// Into the view: "waiting" by priority for who may pause everything, "pauses" with what resumes
// them, and what may be paused.
void show_sending(Page& page, const usecases::SignedIn& signed_in, const std::string& meeting);

// POST /panel/poczta: pauses or resumes what its field "of" names.
Response change_sending(Page& page, const usecases::SignedIn& signed_in);

}  // namespace narada::http::pages
