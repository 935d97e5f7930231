// /praktyki/zglos: anybody proposes a practice; behind a secret link they write it, and behind
// another one somebody of the institution confirms it.

#include "service/domain/practice_rules.h"
#include "service/http/pages/limits.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/editor.h"
#include "service/http/pages/panel/practice_form.h"
#include "service/usecases/practices/proposals.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

using domain::FieldErrors;
using usecases::Proposal;
using usecases::ProposalStanding;

constexpr const char* kStart = "/praktyki/zglos";
constexpr std::uint64_t kFormLimit = 512 << 10;

const std::string& token_of(const Page& page) { return page.request().params.at("token"); }

// Neither kept, nor found by a search engine; the other language has the same secret.
void make_private(Page& page, const std::string& path) {
  auto& view = page.view();
  view["private"] = true;
  view["canonical"] = nullptr;
  view["other_url"] = page.english() ? path : "/en" + path;
  page.crumb(page.text("nav.practices"), "/praktyki");
}

Response show_start(Page& page, const FormFields& typed, const FieldErrors& errors) {
  page.title(page.text("practice_proposal.title"));
  page.crumb(page.text("nav.practices"), "/praktyki");
  auto& view = page.view();
  view["action"] = page.link(kStart);
  view["privacy_url"] = page.link("/prywatnosc");
  for (const char* field : {"name", "email", "institution", "practice_title"})
    view[std::string("value_") + field] = typed.value(field);
  view["institution_names"] = PanelNames(page).institution_labels();
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/practice_proposal_start"));
}

Response show_sent(Page& page) {
  page.title(page.text("practice_proposal.sent_title"));
  page.crumb(page.text("nav.practices"), "/praktyki");
  page.view()["text"] = page.text("practice_proposal.sent_text");
  return page.render(200, "pages/practice_proposal_told");
}

Response begin(Page& page) {
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  // Only programs fill in what people do not see; they are told what people are.
  if (errors.empty() && !fields.value("website").empty()) return show_sent(page);
  if (errors.empty()) {
    limit_mail(page);
    usecases::ProposalStart start;
    start.name = fields.value("name");
    start.email = fields.value("email");
    start.title = fields.value("practice_title");
    start.institution = PanelNames(page).institution_key(fields.value("institution"));
    const auto begun = begin_proposal(page.environment(), form_call(page, fields), start);
    if (begun) return redirect(303, page.link(kStart) + "?wyslano=1");
    errors = errors_of(begun.failure(), "change_sent_before");
    for (auto& error : errors) {
      if (error.field == "title") error.field = "practice_title";
      if (error.field.starts_with("institutions")) error.field = "institution";
    }
  }
  return show_start(page, fields, errors);
}

std::vector<FieldSection> sections_of(const Page& page) {
  auto sections = practice_sections(page);
  sections.resize(4);  // where it was published before is the editors' to know
  return sections;
}

FieldTexts only(const FieldSpecs& specs, const FieldTexts& texts) {
  FieldTexts own;
  for (const auto& spec : specs) own[spec.name] = texts.at(spec.name);
  return own;
}

std::string standing_text(const Page& page, const Proposal& proposal) {
  switch (proposal.standing) {
    case ProposalStanding::writing:
      return {};
    case ProposalStanding::awaiting_confirmation:
      return page.text("practice_proposal.awaiting");
    case ProposalStanding::with_verifiers:
      return page.text("practice_proposal.with_verifiers");
    case ProposalStanding::published:
      return page.text("practice_proposal.published");
    case ProposalStanding::archived:
      return page.text("practice_proposal.archived");
  }
  return {};
}

class ProposalForm {
 public:
  explicit ProposalForm(Page& page)
      : page_(page),
        proposal_(load(page)),
        names_(page),
        path_(std::string(kStart) + "/" + token_of(page)),
        sections_(sections_of(page)),
        specs_(specs_of(sections_)) {}

  Response open() { return show(stored_state(stored(), proposal_.practice.version)); }

  Response press() {
    const auto fields = read_own_form(page_);
    auto typed = canonical_names(specs_, read_texts(fields, specs_), names_);
    if (const auto more = press_list_button(fields, specs_, typed)) {
      auto state = posted_state(fields, std::move(typed));
      state.more = *more;
      return show(state);
    }
    return save(fields, typed);
  }

 private:
  static Proposal load(const Page& page) {
    auto found = find_proposal(page.environment(), token_of(page));
    if (!found) limit_wrong_link(page);
    return value_or_throw(std::move(found));
  }

  FieldTexts stored() const {
    return only(specs_, practice_texts(usecases::form_of(proposal_.practice), names_));
  }

  Response save(const OwnForm& fields, const FieldTexts& typed) {
    auto state = posted_state(fields, typed);
    state.errors = fields.errors;
    const auto& practice = proposal_.practice;
    if (state.errors.empty() && is_behind(fields, practice.version)) {
      const auto merged = merged_state(fields, typed, stored(), practice.version);
      if (merged) return show(*merged);
    }
    const auto form = read_practice_texts(typed, names_, usecases::form_of(practice), state.errors);
    if (!state.errors.empty()) return show(state);
    const auto saved = save_proposal(page_.environment(), form_call(page_, fields), token_of(page_),
                                     practice.version, form);
    if (!saved) {
      state.errors = practice_input_errors(errors_of(saved.failure(), "change_sent_before"));
      return show(state);
    }
    if (fields.value("do") != "submit") return redirect(303, page_.link(path_) + "?zapisano=1");
    return submit(fields);
  }

  Response submit(const OwnForm& fields) {
    limit_mail(page_);
    auto call = form_call(page_, fields);
    if (call.idempotency_key) *call.idempotency_key += "/submit";
    const auto sent =
        submit_proposal(page_.environment(), call, token_of(page_), fields.value("representative"));
    if (sent) return redirect(303, page_.link(path_) + "?zgloszono=1");
    proposal_ = load(page_);
    auto state = stored_state(stored(), proposal_.practice.version);
    for (auto& error : errors_of(sent.failure(), "change_sent_before"))
      if (error.field == "representative")
        state.errors.push_back(error);
      else
        for (auto& own : practice_input_errors({error})) state.errors.push_back(own);
    representative_ = fields.value("representative");
    return show(state);
  }

  void show_needs(web::View& view) {
    view["needs"] = web::View::array();
    for (const auto& need : domain::practice_needs(proposal_.practice))
      view["needs"].push_back({{"met", need.met},
                               {"missing", !need.met},
                               {"label", practice_field_label(page_, need.field)},
                               {"input", "#practice_" + std::string(need.field)}});
  }

  Response show(const EditorState& state) {
    page_.title(page_.text("practice_proposal.write_title"));
    make_private(page_, path_);
    auto& view = page_.view();
    view["action"] = page_.link(path_);
    view["writing"] = proposal_.standing == ProposalStanding::writing ||
                      proposal_.standing == ProposalStanding::awaiting_confirmation;
    view["standing_text"] = standing_text(page_, proposal_);
    view["comment"] = proposal_.comment;
    view["saved"] = page_.request().find_query("zapisano").has_value();
    view["sent"] = page_.request().find_query("zgloszono").has_value();
    view["asks_representative"] = !proposal_.has_coordinator;
    view["value_representative"] = representative_;
    view["practice_url"] = proposal_.standing == ProposalStanding::published
                               ? page_.link("/praktyki/" + proposal_.practice.slug)
                               : "";
    show_needs(view);
    for (const auto& error : state.errors)
      if (error.field == "representative") view["error_representative"] = page_.text(error);
    const int status = show_editor(page_, sections_, names_, state);
    const FormGuard guard(page_);
    return guard.apply(page_.render(status, "pages/practice_proposal"));
  }

  Page& page_;
  Proposal proposal_;
  PanelNames names_;
  std::string path_;
  std::vector<FieldSection> sections_;
  FieldSpecs specs_;
  std::string representative_;
};

Response show_confirmation(Page& page, const FieldErrors& errors) {
  auto found = find_confirmation(page.environment(), token_of(page));
  if (!found) limit_wrong_link(page);
  const auto proposal = value_or_throw(std::move(found));
  const auto& practice = proposal.practice;
  page.title(page.text("practice_proposal.confirm_title"));
  const std::string path = "/praktyki/potwierdzenie/" + token_of(page);
  make_private(page, path);
  auto& view = page.view();
  view["action"] = page.link(path);
  view["version"] = std::to_string(practice.version);
  view["open"] = proposal.standing == ProposalStanding::awaiting_confirmation;
  view["practice_title"] = practice.title;
  view["parts"] = web::View::array();
  const auto add = [&](const char* field, const std::string& text) {
    if (!text.empty())
      view["parts"].push_back(
          {{"label", practice_field_label(page, field)}, {"text", web::markdown_html(text, 3)}});
  };
  add("lead", practice.lead);
  add("situation_before", practice.situation_before);
  add("aim", practice.aim);
  add("description", practice.description);
  add("results", practice.results);
  add("lessons", practice.lessons);
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/practice_confirmation"));
}

Response confirm(Page& page) {
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_confirmation(page, fields.errors);
  const auto version = posted_state(fields, {}).version;
  const auto confirmed =
      confirm_proposal(page.environment(), form_call(page, fields), token_of(page), version);
  if (confirmed) return redirect(303, page.link("/praktyki/potwierdzenie/" + token_of(page)));
  if (std::holds_alternative<domain::Stale>(confirmed.failure()))
    return show_confirmation(page, {{"", "proposal_changed"}});
  return show_confirmation(page, errors_of(confirmed.failure(), "change_sent_before"));
}

}  // namespace

void add_practice_proposal_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  const auto add = [&](Method method, const char* path, Response (*make)(Page&)) {
    add_page(
        router, method, path,
        [&parts, make](const Request& request) {
          Page page(parts, request, Section::practices);
          return make(page);
        },
        method == Method::post ? form : RouteOptions{});
  };
  add(Method::get, kStart, [](Page& page) {
    if (page.request().find_query("wyslano")) return show_sent(page);
    return show_start(page, {}, {});
  });
  add(Method::post, kStart, begin);
  add(Method::get, "/praktyki/zglos/{token}", [](Page& page) { return ProposalForm(page).open(); });
  add(Method::post, "/praktyki/zglos/{token}",
      [](Page& page) { return ProposalForm(page).press(); });
  add(Method::get, "/praktyki/potwierdzenie/{token}",
      [](Page& page) { return show_confirmation(page, {}); });
  add(Method::post, "/praktyki/potwierdzenie/{token}", confirm);
}

}  // namespace narada::http::pages
