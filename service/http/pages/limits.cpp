#include "service/http/pages/limits.h"

#include "service/http/rate_limit.h"
#include "service/usecases/rate_limits.h"

namespace narada::http::pages {

void limit_sign_in_mail(const Page& page, std::string_view email) {
  if (!page.has_rate_limits()) return;
  stop_for(usecases::limit_sign_in_mail(page.environment(), page.request().remote_address));
  stop_for(usecases::limit_mailbox(page.environment(), email), "too_many_links");
}

void limit_wrong_link(const Page& page) {
  if (!page.has_rate_limits()) return;
  stop_for(usecases::limit_wrong_link(page.environment(), page.request().remote_address));
}

void limit_mail(const Page& page) {
  if (!page.has_rate_limits()) return;
  stop_for(usecases::limit_mail(page.environment(), page.request().remote_address));
}

}  // namespace narada::http::pages
