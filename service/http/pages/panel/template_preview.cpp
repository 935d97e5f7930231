#include "service/http/pages/panel/template_preview.h"

#include <charconv>
#include <chrono>

#include "calendar/zone.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/meetings/meetings.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Language;
using usecases::FieldTexts;
using usecases::MailTemplateKey;
using usecases::SignedIn;

constexpr int kMostMeetings = 50;  // to choose from
// Nothing loads, runs, opens or is sent; the styles are the mail's own.
constexpr const char* kFramePolicy =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'";

std::string parameter(const Page& page, std::string_view name) {
  const auto found = page.request().params.find(name);
  return found == page.request().params.end() ? std::string() : found->second;
}

std::optional<domain::MeetingId> read_meeting(const std::string& text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return domain::MeetingId{id};
}

// Those to come, which the reader may organize.
web::View meeting_options(const Page& page, const SignedIn& signed_in,
                          const std::optional<domain::MeetingId>& chosen) {
  usecases::MeetingFilter filter;
  filter.from = domain::Date{std::chrono::floor<std::chrono::days>(
      calendar::to_wall_time(page.now(), domain::kDefaultZone))};
  web::View options = web::View::array();
  for (const auto& meeting :
       list_meetings(page.environment(), signed_in.actor, filter, {kMostMeetings, {}}).items) {
    options.push_back(
        {{"value", std::to_string(meeting.id.value)},
         {"label", meeting.title + ", " + web::day_date(page.language(), meeting.times)},
         {"selected", chosen == meeting.id}});
  }
  return options;
}

usecases::MailExample example_of(const Page& page, const SignedIn& signed_in, const Parts& parts,
                                 const MailTemplateKey& key,
                                 const std::optional<FieldTexts>& typed) {
  return take(show_mail_example(page.environment(), *parts.renderer, page.messages(),
                                signed_in.actor, {key, typed, chosen_meeting(page, signed_in)}));
}

}  // namespace

std::string template_path(const MailTemplateKey& key) {
  return "/panel/ustawienia/wiadomosci/" + key.kind + "/" + std::string(to_string(key.language));
}

MailTemplateKey template_key_of(const Page& page, const SignedIn& signed_in) {
  const auto language = parameter(page, "wording");
  if (!usecases::may_edit_mail_templates(signed_in.actor)) throw Error(404);
  if (language != "pl" && language != "en") throw Error(404);
  const MailTemplateKey key{parameter(page, "kind"), domain::language_or_polish(language)};
  if (!usecases::is_mail_template(key)) throw Error(404);
  return key;
}

usecases::FormDraftName template_draft(const MailTemplateKey& key) {
  return {"mail", key.kind + "." + std::string(to_string(key.language))};
}

std::optional<domain::MeetingId> chosen_meeting(const Page& page, const SignedIn& signed_in) {
  const auto& request = page.request();
  const auto typed = request.method == Method::post
                         ? read_meeting(parse_form(request.body).value("spotkanie"))
                         : read_meeting(request.query_value("spotkanie"));
  if (!typed) return std::nullopt;
  const auto found =
      find_meeting(page.environment(), signed_in.actor, std::to_string(typed->value));
  return found ? typed : std::nullopt;
}

void add_template_preview(Page& page, const SignedIn& signed_in, const Parts& parts,
                          const MailTemplateKey& key, const std::optional<FieldTexts>& typed) {
  const auto chosen = chosen_meeting(page, signed_in);
  const auto example = example_of(page, signed_in, parts, key, typed);
  std::string address =
      page.link(template_path(key) + "/podglad") + (typed ? "?szkic=1" : "?szkic=0");
  if (chosen) address += "&spotkanie=" + std::to_string(chosen->value);
  page.view()["preview"] = {{"url", address},
                            {"subject", example.subject},
                            {"text", example.text},
                            {"is_draft", typed.has_value()},
                            {"to", signed_in.person.email}};
  page.view()["meetings"] = meeting_options(page, signed_in, chosen);
}

Response show_template_frame(Page& page, const SignedIn& signed_in, const Parts& parts) {
  const auto key = template_key_of(page, signed_in);
  std::optional<FieldTexts> typed;
  if (page.request().query_value("szkic") == "1") {
    const auto draft = find_form_draft(page.environment(), signed_in.actor, template_draft(key));
    if (draft) typed = draft->texts;
  }
  auto response = html_response(200, example_of(page, signed_in, parts, key, typed).html);
  response.set("Content-Security-Policy", kFramePolicy);
  return response;
}

}  // namespace narada::http::pages
