// /panel/poczta/niedostarczone: what did not arrive, why, and another try for all of it.

#include <fmt/format.h>

#include "service/http/pages/form.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/mails.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/mails/mail_reasons.h"
#include "service/usecases/mails/mail_repeat_task.h"

namespace narada::http::pages {
namespace {

using usecases::SignedIn;

std::string path_of_unsent() { return std::string(kMailsPath) + "/niedostarczone"; }

usecases::MailQueueFilter read_filter(const Request& request) {
  auto filter = read_mail_filter(request);
  filter.state.reset();
  filter.unsent = true;
  return filter;
}

// As mail_views, with the reason and when it was last tried.
web::View unsent_views(const Page& page, const std::vector<usecases::QueuedMail>& mails) {
  auto views = mail_views(page, mails);
  for (std::size_t index = 0; index < mails.size(); ++index) {
    const auto& mail = mails[index];
    views[index]["reason"] = page.text("mail_reason." + usecases::reason_of(mail));
    views[index]["ended"] = moment_text(page, mail.last_attempt_at.value_or(mail.created_at));
  }
  return views;
}

Response show(Page& page, const SignedIn& signed_in, int status = 200) {
  const auto& request = page.request();
  const auto filter = read_filter(request);
  const auto queue = list_mails(page, signed_in, filter);
  const auto path = path_of_unsent();
  const auto title = page.text("mails.unsent_title");
  auto& view = page.view();
  open_list(page, signed_in, ListRoom::mails,
            view.contains("errors") ? page.text("form.error_title", {{"title", title}}) : title);
  page.crumb(page.text("lists.mails_title"), kMailsPath);
  view["heading"] = title;
  view["mails"] = unsent_views(page, queue.mails.items);
  view["filter"] = {{"meeting", filter.meeting}, {"q", filter.recipient}};
  view["list_url"] = page.link(path);
  view["action"] = page.link(path) + query_without(request, {"po", "zrobione"});
  view["may_repeat"] = !queue.mails.items.empty() && !signed_in.actor.read_only;
  if (queue.mails.next) view["more_url"] = next_url(page, path, *queue.mails.next);
  view["not_first"] = request.find_query("po").has_value();
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_mails_unsent"));
}

Response repeat(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto filter = read_filter(page.request());
  list_mails(page, signed_in, filter);  // 404 for who sees none
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto task =
        start_mail_repeats(page.environment(), person_call(page, fields, signed_in), filter);
    if (task) return redirect(303, page.link(fmt::format("/panel/zadania/{}", task->value)));
    if (std::holds_alternative<domain::Forbidden>(task.failure())) throw Error(404);
    errors = errors_of(task.failure(), "change_sent_before");
  }
  page.title(page.text("mails.unsent_title"));
  show_errors(page, errors);
  return show(page, signed_in, 422);
}

}  // namespace

void add_unsent_mail_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_private_page(router, parts, Method::get, path_of_unsent(),
                   [](Page& page, const SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, path_of_unsent(), repeat, form);
}

}  // namespace narada::http::pages
