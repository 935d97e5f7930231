#include "service/usecases/meetings/cycle_form.h"

#include <algorithm>

namespace narada::usecases {
namespace {

using domain::Cycle;

constexpr std::size_t kMostLines = 30;  // of 500 characters each: TEXT holds 65,535 octets
constexpr std::size_t kMostInstitutions = 200;
constexpr std::size_t kMostExperts = 50;
constexpr TextRule kLongText{.max = 15'000, .lines = Lines::many};

std::string item_name(std::string_view list, std::size_t index) {
  return std::string(list) + '[' + std::to_string(index) + ']';
}

// Each in one line, empty ones left out.
std::vector<std::string> read_lines(FieldChecks& checks, std::string_view field,
                                    std::vector<std::string>& lines) {
  std::vector<std::string> kept;
  if (!checks.check_count(field, lines.size(), kMostLines)) return kept;
  for (std::size_t index = 0; index < lines.size(); ++index) {
    checks.check_text(item_name(field, index), lines[index], {.max = 500});
    if (!lines[index].empty()) kept.push_back(lines[index]);
  }
  return kept;
}

std::vector<std::string> read_urls(FieldChecks& checks, std::string_view field,
                                   std::vector<std::string>& urls) {
  std::vector<std::string> kept;
  if (!checks.check_count(field, urls.size(), kMostLines)) return kept;
  for (std::size_t index = 0; index < urls.size(); ++index) {
    checks.check_url(item_name(field, index), urls[index]);
    if (!urls[index].empty()) kept.push_back(urls[index]);
  }
  return kept;
}

std::vector<domain::CycleInstitution> read_institutions(
    FieldChecks& checks, References& references, const std::vector<CycleInstitutionForm>& forms) {
  std::vector<domain::CycleInstitution> institutions;
  if (!checks.check_count("institutions", forms.size(), kMostInstitutions)) return institutions;
  for (std::size_t index = 0; index < forms.size(); ++index) {
    const std::string name = item_name("institutions", index);
    if (forms[index].institution.empty()) checks.add(name, "required");
    auto institution = references.find_institution(checks, name, forms[index].institution);
    if (!institution) continue;
    const domain::CycleRole role = forms[index].role;
    const bool is_new =
        std::none_of(institutions.begin(), institutions.end(), [&](const auto& earlier) {
          return earlier.institution.id == institution->id && earlier.role == role;
        });
    if (is_new) institutions.push_back({std::move(*institution), role});
  }
  return institutions;
}

void read_texts(CycleForm& form, FieldChecks& checks, Cycle& cycle) {
  checks.check_text("title", form.title, {.max = 300, .presence = Presence::required});
  checks.check_text("summary", form.summary, {.max = 2000, .lines = Lines::many});
  checks.check_text("challenge", form.challenge, kLongText);
  checks.check_text("goal", form.goal, kLongText);
  checks.check_text("published_period", form.published_period, {.max = 300});
  checks.check_url("practice_url", form.practice_url);
  checks.check_text("caveat", form.caveat, {.max = 2000, .lines = Lines::many});
  cycle.title = form.title;
  cycle.summary = form.summary;
  cycle.challenge = form.challenge;
  cycle.goal = form.goal;
  cycle.published_period = form.published_period;
  cycle.practice_url = form.practice_url;
  cycle.caveat = form.caveat;
}

}  // namespace

Cycle read_cycle_form(CycleForm form, FieldChecks& checks, References& references) {
  Cycle cycle;
  read_texts(form, checks, cycle);
  cycle.topic = references.find_topic(checks, "topic", form.topic);
  cycle.effects = read_lines(checks, "effects", form.effects);
  cycle.materials = read_lines(checks, "materials", form.materials);
  cycle.participants_text = read_lines(checks, "participants_text", form.participants_text);
  cycle.source_urls = read_urls(checks, "source_urls", form.source_urls);
  cycle.published_meeting_count = form.published_meeting_count;
  if (form.published_meeting_count) {
    checks.check_range("published_meeting_count", *form.published_meeting_count, 1, 1000);
  }
  cycle.institutions = read_institutions(checks, references, form.institutions);
  cycle.experts = references.find_experts(checks, "experts", form.experts, kMostExperts);
  return cycle;
}

CycleForm form_of(const Cycle& cycle) {
  CycleForm form;
  form.title = cycle.title;
  if (cycle.topic) form.topic = cycle.topic->slug;
  form.summary = cycle.summary;
  form.challenge = cycle.challenge;
  form.goal = cycle.goal;
  form.effects = cycle.effects;
  form.materials = cycle.materials;
  form.participants_text = cycle.participants_text;
  form.published_period = cycle.published_period;
  form.published_meeting_count = cycle.published_meeting_count;
  form.source_urls = cycle.source_urls;
  form.practice_url = cycle.practice_url;
  form.caveat = cycle.caveat;
  for (const auto& [institution, role] : cycle.institutions) {
    form.institutions.push_back(
        {institution.teryt ? *institution.teryt : std::to_string(institution.id.value), role});
  }
  for (const auto& expert : cycle.experts) form.experts.push_back(expert.slug);
  return form;
}

MeetingForm session_form(const CycleForm& cycle, int number) {
  MeetingForm form = cycle.meetings.at(static_cast<std::size_t>(number - 1));
  form.cycle.clear();
  form.session_number = number;
  if (form.topic.empty()) form.topic = cycle.topic;
  if (form.title.empty()) form.title = cycle.title + " – spotkanie " + std::to_string(number);
  return form;
}

}  // namespace narada::usecases
