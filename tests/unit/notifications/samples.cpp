#include "tests/unit/notifications/samples.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "notifications/mail_kinds.h"

namespace narada::notifications {
namespace {

using namespace std::chrono_literals;
using domain::Language;
using domain::WallTime;

constexpr WallTime wall(std::chrono::year_month_day date, std::chrono::minutes time) {
  return std::chrono::local_days(date) + time;
}

bool is_invitation(MailKind kind) {
  return kind == MailKind::registration_confirmed || kind == MailKind::registration_promoted ||
         kind == MailKind::registration_changed || kind == MailKind::meeting_moved ||
         kind == MailKind::meeting_dated || kind == MailKind::calendar_repaired ||
         kind == MailKind::substitution_refused;
}

bool is_cancellation(MailKind kind) {
  return kind == MailKind::registration_cancelled || kind == MailKind::meeting_cancelled ||
         kind == MailKind::place_handed_over || kind == MailKind::consent_refused ||
         kind == MailKind::place_lost;
}

std::string local_path(Language language) { return language == Language::en ? "/en" : ""; }

calendar::Event sample_event(const MailFacts& facts, bool cancelled) {
  calendar::Event event;
  event.uid = "7d1c2b3a-4f5e-4a6b-8c7d-9e0f1a2b3c4d@narada.example";
  event.sequence = facts.kind == MailKind::registration_confirmed ? 0 : cancelled ? 2 : 1;
  event.status = cancelled ? calendar::EventStatus::cancelled : calendar::EventStatus::confirmed;
  event.last_modified = kSampleCreation;
  event.starts = facts.starts;
  event.ends = facts.ends;
  event.tzid = facts.tzid;
  event.summary = facts.meeting_title;
  event.description = "Zmień lub odwołaj zgłoszenie: " + facts.manage_url;
  event.location = facts.place;
  event.geo = domain::GeoPoint{50.2945, 18.6714};
  event.url = facts.meeting_url;
  event.categories = {"gospodarka o obiegu zamkniętym", "warsztat"};
  event.related_to = "cycle-1@narada.example";
  event.organizer = calendar::CalendarUser{"Narada", "narada@narada.example"};
  event.attendees = {{{facts.to_name, facts.to_address}}};
  if (!cancelled) event.alarm_minutes = {1440, 60};
  return event;
}

MailFacts account_facts(MailKind kind, Language language) {
  MailFacts facts;
  facts.kind = kind;
  facts.language = language;
  facts.to_name = kind == MailKind::sign_in_link ? "" : "Żaneta Ćwikła-Łęcka";
  facts.to_address = "zaneta.cwikla@gliwice.example";
  facts.tzid = domain::kDefaultZone;
  auto& account = facts.account.emplace();
  if (has_key(kind)) {
    account.url = "https://narada.example" + local_path(language) +
                  "/wejscie/q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";
    account.until = wall(2027y / 1 / 10, 13h + 15min);
  }
  if (kind == MailKind::role_invitation) {
    account.role = "organizer";
    account.scope = "Szkoła prototypowania 2027";
  }
  if (kind == MailKind::new_sign_in) {
    account.url = "https://narada.example" + local_path(language) + "/moje";
    account.device = "Firefox, Windows";
    account.network = "192.0.2.0/24";
    account.happened = wall(2027y / 1 / 10, 13h);
  }
  if (kind == MailKind::credentials_changed) {
    account.url = "https://narada.example" + local_path(language) + "/moje/bezpieczenstwo";
    account.device = "Firefox, Windows";
    account.network = "192.0.2.0/24";
    account.change = "password_set";
    account.happened = wall(2027y / 1 / 10, 13h);
  }
  if (kind == MailKind::email_changed) account.happened = wall(2027y / 1 / 10, 13h);
  return facts;
}

constexpr std::string_view kKey = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";

// The button, the time and the words of the kinds that have them.
std::optional<AskFacts> ask_of(MailKind kind, Language language) {
  const std::string site = "https://narada.example" + local_path(language);
  const bool is_polish = language == Language::pl;
  const WallTime until = wall(2027y / 1 / 12, 12h);
  switch (kind) {
    case MailKind::registration_offered:
      return AskFacts{site + "/z/" + std::string(kKey), until, "", ""};
    case MailKind::consent_asked:
      return AskFacts{site + "/zgoda/" + std::string(kKey), until, "Bogumił Łoś", ""};
    case MailKind::consent_given:
      return AskFacts{site + "/z/" + std::string(kKey) + "/skierowanie.pdf", {}, "", ""};
    case MailKind::meeting_invitation:
      return AskFacts{
          site + "/spotkania/prototyp-przydzialu-lokali/zapisy?zaproszenie=" + std::string(kKey),
          {},
          "",
          is_polish ? "Liczymy na Państwa doświadczenie.\nDo zobaczenia!"
                    : "We count on your experience.\nSee you!",
          "pasted"};
    case MailKind::challenge_answered:
      return AskFacts{site + "/z/" + std::string(kKey),
                      {},
                      "",
                      is_polish ? "Ten problem rozwiązały Tychy." : "Tychy solved this problem."};
    case MailKind::contact_shared:
      return AskFacts{"", {}, "", "Bogumił Łoś, Urząd Miasta Tychy, los@tychy.example"};
    case MailKind::survey_asked:
      return AskFacts{site + "/ankieta/" + std::string(kKey), {}, "", ""};
    case MailKind::organizer_message:
      return AskFacts{"",
                      {},
                      "",
                      is_polish ? "Prosimy zabrać laptopy.\nWejście od podwórza."
                                : "Please bring your laptops.\nThe entrance is in the yard."};
    case MailKind::reply_received:
      return AskFacts{site + "/panel/poczta/odebrane/7",
                      {},
                      "Bogumił Łoś",
                      is_polish ? "Czy możemy zacząć o 11:00?" : "Can we begin at 11:00?"};
    case MailKind::address_bounced:
      return AskFacts{
          site + "/panel/poczta/odebrane/8", {}, "Bogumił Łoś", "550 5.1.1 no such user"};
    case MailKind::substitution_proposed:
      return AskFacts{site + "/delegacja", {}, "Bogumił Łoś", "Ewa Żak"};
    case MailKind::materials_published:
      return AskFacts{site + "/spotkania/prototyp-przydzialu-lokali/materialy",
                      {},
                      "",
                      is_polish ? "Podręcznik: przydział lokali\nPrezentacja: wnioski z badań"
                                : "Handbook: allocation of flats\nPresentation: what we found"};
    case MailKind::material_replaced:
      return AskFacts{site + "/materialy/12",
                      {},
                      is_polish ? "Podręcznik: przydział lokali" : "Handbook: allocation of flats",
                      is_polish ? "Poprawiony wzór uchwały na stronie 14."
                                : "The draft resolution on page 14 is corrected."};
    case MailKind::expert_tasks:
      return AskFacts{
          site + "/prowadzenie/spotkania/3", until, "",
          is_polish ? "Prezentacja\nNotka o prowadzącym" : "Presentation\nA note about you"};
    case MailKind::file_refused:
      return AskFacts{site + "/prowadzenie/spotkania/3",
                      {},
                      "podręcznik.docm",
                      is_polish ? "Plik zawiera makra." : "The file contains macros."};
    case MailKind::practice_proposal_link:
      return AskFacts{site + "/praktyki/zglos/" + std::string(kKey), {}, "", ""};
    case MailKind::practice_confirmation_asked:
      return AskFacts{site + "/praktyki/potwierdzenie/" + std::string(kKey), {}, "Bogumił Łoś", ""};
    case MailKind::practice_step_told:
      return AskFacts{site + "/panel/praktyki/5",
                      {},
                      "",
                      is_polish ? "Opis wraca do uzupełnienia.\nProsimy dopisać budżet."
                                : "It has been sent back for changes.\nPlease add the budget."};
    case MailKind::digest:
      return AskFacts{
          site + "/panel",
          {},
          "",
          is_polish ? "3 zgłoszenia czekają na decyzję." : "3 registrations await a decision."};
    default:
      return std::nullopt;
  }
}

// To who organizes or leads: they have no registration.
bool is_to_organizers(MailKind kind) {
  return kind == MailKind::reply_received || kind == MailKind::address_bounced ||
         kind == MailKind::substitution_proposed || kind == MailKind::digest ||
         kind == MailKind::expert_tasks || kind == MailKind::file_refused;
}

}  // namespace

bool has_key(MailKind kind) {
  return kind != MailKind::meeting_announced && kind != MailKind::new_sign_in &&
         kind != MailKind::account_erased && kind != MailKind::email_changed &&
         kind != MailKind::credentials_changed && !is_to_organizers(kind) &&
         !is_about_practice(kind);
}

MailFacts sample_facts(MailKind kind, Language language) {
  if (is_about_account(kind)) return account_facts(kind, language);
  MailFacts facts;
  facts.kind = kind;
  facts.language = language;
  facts.to_name = "Żaneta Ćwikła-Łęcka";
  facts.to_address = "zaneta.cwikla@gliwice.example";
  facts.meeting_title = "Prototyp przydziału lokali: zbiórka „żółtych” kart";
  facts.cycle_title = "Szkoła prototypowania 2027";
  facts.starts = wall(2027y / 1 / 19, 10h);
  facts.ends = wall(2027y / 1 / 19, 14h);
  facts.tzid = domain::kDefaultZone;
  facts.place = "Centrum 3.0, ul. Zwycięstwa 36, Gliwice, sala 2";
  facts.attendance_mode = "onsite";
  facts.meeting_url =
      "https://narada.example" + local_path(language) + "/spotkania/prototyp-przydzialu-lokali";
  facts.manage_url = "https://narada.example" + local_path(language) +
                     "/z/q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";
  if (kind == MailKind::meeting_announced)
    facts.manage_url = "https://narada.example" + local_path(language) + "/moje/dane";
  facts.ask = ask_of(kind, language);
  if (kind == MailKind::consent_asked) facts.manage_url.clear();
  if (kind == MailKind::meeting_invitation) {
    facts.manage_url = "https://narada.example" + local_path(language) +
                       "/zaproszenie?zaproszenie=" + std::string(kKey);
  }
  if (is_to_organizers(kind)) facts.manage_url.clear();
  if (is_about_practice(kind)) {
    facts.manage_url.clear();
    facts.starts = facts.ends = {};
    facts.tzid.clear();
  }
  if (kind == MailKind::digest) facts.meeting_title.clear();
  if (kind == MailKind::digest || is_about_practice(kind)) {
    facts.cycle_title.clear();
    facts.place.clear();
    facts.attendance_mode.clear();
    facts.meeting_url.clear();
  }
  if (kind == MailKind::organizer_message) {
    facts.subject = language == Language::pl ? "Zabierzcie laptopy" : "Bring your laptops";
  }
  if (!is_necessary(kind)) {
    facts.unsubscribe_url = "https://narada.example" + local_path(language) +
                            "/wypisz/q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";
  }
  if (kind == MailKind::registration_waitlisted || kind == MailKind::place_lost) {
    facts.queue_position = 3;
  }
  if (kind == MailKind::registration_declined || kind == MailKind::meeting_cancelled) {
    facts.reason = language == Language::pl ? "Prowadząca zachorowała." : "The speaker is ill.";
  }
  if (kind == MailKind::meeting_moved) facts.previous_starts = wall(2027y / 1 / 12, 9h + 30min);
  if (is_invitation(kind)) facts.method = calendar::ItipMethod::request;
  if (is_cancellation(kind)) facts.method = calendar::ItipMethod::cancel;
  if (facts.method) facts.event = sample_event(facts, is_cancellation(kind));
  return facts;
}

std::vector<MailSample> mail_samples() {
  std::vector<MailSample> samples;
  for (int index = 0; index <= static_cast<int>(MailKind::practice_step_told); ++index) {
    for (const Language language : {Language::pl, Language::en}) {
      const auto kind = static_cast<MailKind>(index);
      const std::string name =
          std::string(to_string(kind)) + "." + std::string(domain::to_string(language));
      samples.push_back(
          {name, sample_facts(kind, language),
           "00112233445566778899aabbccddee" + std::to_string(10 + index) + "@narada.example"});
    }
  }
  return samples;
}

const web::Messages& sample_messages() {
  static const web::Messages messages(std::string(NARADA_SOURCE_DIR) + "/web/locales");
  return messages;
}

const Composer& sample_composer() {
  calendar::initialize();
  static const web::Renderer renderer(std::string(NARADA_SOURCE_DIR) + "/web", sample_messages(),
                                      web::View::object());
  static const Composer composer(
      renderer, sample_messages(),
      Sender{"narada@narada.example", "Narada", "https://narada.example"});
  return composer;
}

}  // namespace narada::notifications
