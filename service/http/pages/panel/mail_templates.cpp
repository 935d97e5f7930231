// /panel/ustawienia/wiadomosci: what each kind of mail says, its preview, and a test of it.

#include "service/usecases/mails/mail_templates.h"

#include <algorithm>

#include "service/http/pages/limits.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/template_preview.h"
#include "service/http/response_headers.h"
#include "service/usecases/meetings/form_drafts.h"

namespace narada::http::pages {
namespace {

using domain::Language;
using usecases::FieldTexts;
using usecases::MailTemplateKey;
using usecases::MailTemplateView;
using usecases::SignedIn;

// --- the list

web::View state_view(const Page& page, const usecases::MailTemplateRow& row, Language language) {
  const auto found = row.states.find(language);
  const bool own = found != row.states.end() && found->second.is_own;
  return {{"url", page.link(template_path({row.kind, language}))},
          {"is_own", own},
          {"state", page.text(own ? "templates.own" : "templates.standard")},
          {"language_name",
           page.text(language == Language::pl ? "templates.in_polish" : "templates.in_english")}};
}

web::View group_view(const Page& page, const std::vector<usecases::MailTemplateRow>& rows,
                     bool of_accounts) {
  web::View views = web::View::array();
  for (const auto& row : rows) {
    if (row.is_of_account != of_accounts) continue;
    views.push_back({{"kind", mail_kind_text(page, row.kind)},
                     {"is_optional", !row.is_necessary},
                     {"polish", state_view(page, row, Language::pl)},
                     {"english", state_view(page, row, Language::en)}});
  }
  return {{"caption", page.text(of_accounts ? "templates.of_accounts" : "templates.of_meetings")},
          {"rows", std::move(views)}};
}

Response show_list(Page& page, const SignedIn& signed_in) {
  const auto rows = take(usecases::list_mail_templates(page.environment(), signed_in.actor));
  open_panel(page, signed_in, PanelRoom::settings, page.text("templates.title"));
  page.crumb(page.text("settings.title"), "/panel/ustawienia");
  page.view()["groups"] = {group_view(page, rows, false), group_view(page, rows, true)};
  return page.render(200, "pages/panel_templates");
}

// --- the form

// What the form is shown with besides what is stored.
struct Filled {
  std::optional<FieldTexts> typed = {};
  domain::FieldErrors errors = {};
  bool is_stale = false;      // somebody else has saved since it was shown
  bool is_previewed = false;  // `typed` is without faults, and kept for the frame
  std::string notice = {};
  int status = 200;
};

FieldTexts read_texts(const OwnForm& fields) {
  FieldTexts texts;
  for (const char* name : {"subject", "heading", "intro", "closing"}) {
    texts[name] = fields.value(name);
  }
  return texts;
}

std::string in_braces(const std::string& name) { return "{" + name + "}"; }

std::string hint_of(const Page& page, const usecases::MailTemplateField& field) {
  std::string hint = page.text("templates." + field.name + "_hint");
  for (const auto& name : field.required) {
    hint += " " + page.text("templates.must_mention", {{"name", in_braces(name)}});
  }
  return hint;
}

web::View field_views(const Page& page, const MailTemplateView& stored, const Filled& filled) {
  const FieldTexts& texts = filled.typed ? *filled.typed : stored.texts;
  web::View views = web::View::array();
  for (const auto& field : stored.fields) {
    const auto& text = texts.at(field.name);
    web::View view{{"id", field.name},
                   {"label", page.text("templates." + field.name)},
                   {"hint", hint_of(page, field)},
                   {"value", text},
                   {"longest", std::to_string(field.longest)},
                   {"is_long", field.longest > 200},
                   {"is_optional", field.name == "closing"},
                   {"standard", stored.standard.at(field.name)}};
    if (filled.is_stale && stored.texts.at(field.name) != text) {
      view["stored"] = stored.texts.at(field.name);
    }
    for (const auto& error : filled.errors) {
      if (error.field == field.name) view["error"] = page.text(error);
    }
    views.push_back(std::move(view));
  }
  return views;
}

web::View placeholder_views(const Page& page, const MailTemplateView& stored) {
  web::View views = web::View::array();
  for (const auto& name : stored.placeholders) {
    views.push_back({{"name", in_braces(name)}, {"meaning", page.text("placeholder." + name)}});
  }
  return views;
}

web::View history_views(const Page& page, const MailTemplateView& stored) {
  web::View views = web::View::array();
  for (const auto& version : stored.history) {
    web::View texts = web::View::array();
    for (const auto& field : stored.fields) {
      const auto found = version.texts.find(field.name);
      if (found == version.texts.end() || found->second.empty()) continue;
      texts.push_back({{"label", page.text("templates." + field.name)}, {"value", found->second}});
    }
    views.push_back(
        {{"version", std::to_string(version.version)},
         {"when", moment_text(page, version.saved_at)},
         {"who", version.saved_name.empty() ? page.text("templates.nobody") : version.saved_name},
         {"what", page.text(version.is_standard ? "templates.restored" : "templates.changed")},
         {"texts", std::move(texts)}});
  }
  return views;
}

// The title of one template: kind and language.
std::string title_of(const Page& page, const MailTemplateKey& key) {
  return page.text(key.language == Language::pl ? "templates.one_polish" : "templates.one_english",
                   {{"kind", mail_kind_text(page, key.kind)}});
}

void show_faults(Page& page, const Filled& filled) {
  domain::FieldErrors errors = filled.errors;
  if (filled.is_stale) errors.push_back({"subject", "changed_meanwhile"});
  if (errors.empty()) return;
  show_errors(page, errors);
  for (auto& shown : page.view()["errors"]) {
    const auto key = "templates." + shown["field"].get<std::string>();
    if (page.messages().has(to_string(page.language()), key)) shown["label"] = page.text(key);
  }
}

Response show_form(Page& page, const SignedIn& signed_in, const Parts& parts,
                   const MailTemplateKey& key, const Filled& filled) {
  const auto stored =
      take(usecases::load_mail_template(page.environment(), page.messages(), signed_in.actor, key));
  open_panel(page, signed_in, PanelRoom::settings, title_of(page, key));
  page.crumb(page.text("settings.title"), "/panel/ustawienia");
  page.crumb(page.text("templates.title"), "/panel/ustawienia/wiadomosci");
  auto& view = page.view();
  view["heading"] = title_of(page, key);
  view["action"] = page.link(template_path(key));
  view["version"] = std::to_string(stored.version);
  view["text_language"] = to_string(key.language);
  view["is_own"] = stored.is_own;
  view["fields"] = field_views(page, stored, filled);
  view["placeholders"] = placeholder_views(page, stored);
  view["history"] = history_views(page, stored);
  view["has_variants"] =
      std::count(stored.placeholders.begin(), stored.placeholders.end(), "standard") > 0;
  if (!filled.notice.empty()) view["done"] = {{"heading", filled.notice}};
  add_template_preview(page, signed_in, parts, key,
                       filled.is_previewed ? filled.typed : std::nullopt);
  show_faults(page, filled);
  const FormGuard guard(page);
  auto response = guard.apply(page.render(filled.status, "pages/panel_template"));
  response.set("Content-Security-Policy",
               std::string(kContentSecurityPolicy) + "; frame-src 'self'");
  return response;
}

int version_of(const OwnForm& fields) {
  domain::FieldErrors ignored;
  const auto version = read_integer(fields, "version", ignored);
  return version && *version >= 0 && *version < 1'000'000 ? static_cast<int>(*version) : -1;
}

Filled failed(FieldTexts typed, const domain::Failure& failure) {
  if (std::holds_alternative<domain::Stale>(failure))
    return {std::move(typed), {}, true, {}, {}, 409};
  return {std::move(typed), errors_of(failure, "change_sent_before"), {}, {}, {}, 422};
}

// What was typed becomes what the frame asks for.
void keep_for_frame(const Page& page, const SignedIn& signed_in, const MailTemplateKey& key,
                    const FieldTexts& texts) {
  (void)usecases::save_form_draft(page.environment(), signed_in.actor, template_draft(key), texts);
}

Response preview(Page& page, const SignedIn& signed_in, const Parts& parts,
                 const MailTemplateKey& key, FieldTexts typed) {
  auto errors = usecases::check_mail_template(key, typed);
  if (!errors.empty())
    return show_form(page, signed_in, parts, key,
                     {std::move(typed), std::move(errors), {}, {}, {}, 422});
  keep_for_frame(page, signed_in, key, typed);
  return show_form(page, signed_in, parts, key, {std::move(typed), {}, {}, true});
}

Response send_test(Page& page, const SignedIn& signed_in, const Parts& parts,
                   const MailTemplateKey& key, const OwnForm& fields, FieldTexts typed) {
  auto errors = usecases::check_mail_template(key, typed);
  if (!errors.empty())
    return show_form(page, signed_in, parts, key,
                     {std::move(typed), std::move(errors), {}, {}, {}, 422});
  limit_mail(page);
  keep_for_frame(page, signed_in, key, typed);
  const auto sent = usecases::send_test_mail(page.environment(), *parts.renderer, page.messages(),
                                             person_call(page, fields, signed_in),
                                             {key, typed, chosen_meeting(page, signed_in)});
  if (!sent) {
    const auto filled = failed(std::move(typed), sent.failure());
    return show_form(page, signed_in, parts, key, filled);
  }
  return show_form(page, signed_in, parts, key,
                   {std::move(typed), {}, {}, true, page.text("templates.test_sent")});
}

Response save(Page& page, const SignedIn& signed_in, const Parts& parts, const MailTemplateKey& key,
              const OwnForm& fields, FieldTexts typed) {
  const bool restore = fields.value("do") == "standard";
  const auto call = person_call(page, fields, signed_in);
  const auto saved =
      restore ? restore_standard_text(page.environment(), call, key, version_of(fields))
              : save_mail_template(page.environment(), call, key, version_of(fields), typed);
  if (!saved)
    return show_form(page, signed_in, parts, key, failed(std::move(typed), saved.failure()));
  discard_form_draft(page.environment(), signed_in.actor, template_draft(key));
  return redirect_done(page, template_path(key), restore ? "template_restored" : "template_saved");
}

Response press(Page& page, const SignedIn& signed_in, const Parts& parts) {
  const auto key = template_key_of(page, signed_in);
  const auto fields = read_own_form(page);
  auto typed = read_texts(fields);
  if (!fields.errors.empty())
    return show_form(page, signed_in, parts, key,
                     {std::move(typed), fields.errors, {}, {}, {}, 422});
  const auto wanted = fields.value("do");
  if (wanted == "preview") return preview(page, signed_in, parts, key, std::move(typed));
  if (wanted == "test") return send_test(page, signed_in, parts, key, fields, std::move(typed));
  return save(page, signed_in, parts, key, fields, std::move(typed));
}

}  // namespace

void add_panel_mail_template_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  const std::string one = "/panel/ustawienia/wiadomosci/{kind}/{wording}";
  add_private_page(router, parts, Method::get, "/panel/ustawienia/wiadomosci", show_list);
  add_private_page(router, parts, Method::get, one, [&parts](Page& page, const SignedIn& who) {
    return show_form(page, who, parts, template_key_of(page, who), {});
  });
  add_private_page(
      router, parts, Method::post, one,
      [&parts](Page& page, const SignedIn& who) { return press(page, who, parts); }, form);
  add_private_page(
      router, parts, Method::get, one + "/podglad",
      [&parts](Page& page, const SignedIn& who) { return show_template_frame(page, who, parts); });
}

}  // namespace narada::http::pages
