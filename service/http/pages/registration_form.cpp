#include "service/http/pages/registration_form.h"

#include <algorithm>
#include <map>

#include "service/http/pages/needs_fields.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"

namespace narada::http::pages {
namespace {

// Names repeat (a town and the rural municipality around it), so the label that people pick says
// which one; what is picked goes back to its TERYT code.
std::string label_of(const Page& page, const domain::InstitutionRef& institution,
                     const std::map<std::string, int>& times_used) {
  if (times_used.at(institution.name) == 1) return institution.name;
  return institution.name + ", " + word(page, "institution_kind", to_string(institution.kind));
}

std::map<std::string, int> count_names(const std::vector<domain::InstitutionRef>& institutions) {
  std::map<std::string, int> times_used;
  for (const auto& institution : institutions) ++times_used[institution.name];
  return times_used;
}

}  // namespace

std::string institution_key(const Page& page, const std::string& typed) {
  const auto institutions = usecases::all_institutions(page.environment());
  const auto times_used = count_names(institutions);
  for (const auto& institution : institutions)
    if (times_used.at(institution.name) > 1 && label_of(page, institution, times_used) == typed)
      return institution.teryt ? *institution.teryt : std::to_string(institution.id.value);
  return typed;
}

std::string institution_label(const Page& page,
                              const std::optional<domain::InstitutionRef>& institution) {
  if (!institution) return {};
  const auto times_used = count_names(usecases::all_institutions(page.environment()));
  const bool known = times_used.contains(institution->name);  // else it is no choice any more
  return known ? label_of(page, *institution, times_used) : institution->name;
}

void add_institution_choices(Page& page) {
  const auto institutions = usecases::all_institutions(page.environment());
  const auto times_used = count_names(institutions);
  web::View labels = web::View::array();
  for (const auto& institution : institutions)
    labels.push_back(label_of(page, institution, times_used));
  page.view()["institutions"] = std::move(labels);
}

usecases::RegistrationForm read_registration(const Page& page, const FormFields& fields) {
  usecases::RegistrationForm form;
  form.full_name = fields.value("full_name");
  form.email = fields.value("email");
  form.institution = institution_key(page, fields.value("institution"));
  form.position = fields.value("position");
  form.mode = domain::find_attendance_mode(fields.value("mode"));
  auto needs = read_needs(fields);
  form.needs = std::move(needs.needs);
  form.diet = std::move(needs.diet);
  form.access_needs = std::move(needs.access_needs);
  form.interpreter = std::move(needs.interpreter);
  form.question = fields.value("question");
  form.challenge = fields.value("challenge");
  form.challenge_contact = fields.value("challenge_contact") == "yes";
  form.consent = fields.value("consent") == "yes";
  form.visible = fields.value("visible") == "yes";
  form.language = page.language();
  return form;
}

void fill_registration_form(Page& page, const usecases::RegistrationForm& form,
                            const std::vector<domain::AttendanceMode>& modes) {
  web::View mode_views = web::View::array();
  for (const auto mode : modes)
    mode_views.push_back({{"value", to_string(mode)},
                          {"label", page.text("mode." + std::string(to_string(mode)))},
                          {"checked", form.mode == mode || modes.size() == 1}});
  auto& view = page.view();
  add_institution_choices(page);
  view["ask_mode"] = modes.size() > 1;
  view["modes"] = std::move(mode_views);
  view["full_name"] = form.full_name;
  view["email"] = form.email;
  view["institution"] = form.institution;
  view["position"] = form.position;
  fill_needs(page, {form.diet, form.access_needs, form.interpreter, form.needs});
  view["question"] = form.question;
  view["challenge"] = form.challenge;
  view["challenge_contact"] = form.challenge_contact;
  view["consent"] = form.consent;
  view["visible"] = form.visible;
  view["clause_url"] = page.link("/prywatnosc");
}

bool takes_enrolments(const Page& page, const domain::MeetingSummary& meeting) {
  const auto state = decide_registration_state(meeting, page.now());
  return state == domain::RegistrationState::open ||
         state == domain::RegistrationState::waiting_list ||
         state == domain::RegistrationState::not_yet_open;
}

}  // namespace narada::http::pages
