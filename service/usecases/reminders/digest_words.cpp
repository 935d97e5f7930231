#include "service/usecases/reminders/digest_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "service/domain/half_fixed.h"

namespace narada::usecases {
namespace {

using domain::Language;
using domain::MeetingNeed;

std::string_view either(Language language, std::string_view polish, std::string_view english) {
  return language == Language::en ? english : polish;
}

std::string described(const domain::OverviewMeeting& meeting, Language language) {
  return meeting.title + " (" + digest_date(meeting.times, language) + ")";
}

std::string need_text(MeetingNeed need, const domain::OverviewMeeting& meeting, Language language) {
  const auto what = described(meeting, language);
  const auto taken = domain::places_taken(meeting);
  switch (need) {
    case MeetingNeed::approvals:
      return fmt::format(fmt::runtime(either(language, "Zgłoszenia czekają na decyzję ({}): {}",
                                             "Registrations await a decision ({}): {}")),
                         meeting.pending, what);
    case MeetingNeed::half_empty:
      return fmt::format(
          fmt::runtime(either(language, "Spotkanie już blisko, a zajęte są {} z {} miejsc: {}",
                              "The meeting is near, and {} of {} places are taken: {}")),
          taken.taken, taken.places, what);
    case MeetingNeed::waiting:
      return fmt::format(
          fmt::runtime(either(language, "Nie ma już miejsc, a w kolejce czeka {}: {}",
                              "No places are left, and {} wait in line: {}")),
          domain::people_waiting(meeting), what);
    case MeetingNeed::open_names:
      return fmt::format(fmt::runtime(either(language, "Miejsca delegacji bez nazwisk ({}): {}",
                                             "Places of delegations without a name ({}): {}")),
                         meeting.open_names, what);
    case MeetingNeed::attendance:
      return fmt::format(fmt::runtime(either(language, "Nie zaznaczono jeszcze, kto był: {}",
                                             "Who came has not been marked yet: {}")),
                         what);
    case MeetingNeed::day_open:
      return fmt::format(fmt::runtime(either(language, "Spotkanie wciąż nie ma dnia: {}",
                                             "The meeting still has no day: {}")),
                         what);
    case MeetingNeed::draft:
      return fmt::format(
          fmt::runtime(either(language, "Termin już blisko, a spotkanie nie jest opublikowane: {}",
                              "The meeting is near and not published: {}")),
          what);
    case MeetingNeed::publishes:
      break;  // it needs nobody
  }
  return {};
}

// A number that grows is news; how full a meeting is, is not told again each day.
std::string need_key(MeetingNeed need, const domain::OverviewMeeting& meeting) {
  const bool counts = need == MeetingNeed::approvals;
  return fmt::format("{}:{}:{}", to_string(need), meeting.id.value, counts ? meeting.pending : 0);
}

std::string_view status_text(domain::RegistrationStatus status, Language language) {
  using enum domain::RegistrationStatus;
  switch (status) {
    case pending:
      return either(language, "czeka na decyzję organizatorów", "awaits the organizers' decision");
    case confirmed:
      return either(language, "ma miejsce", "has a place");
    case waitlisted:
      return either(language, "czeka w kolejce", "waits in line");
    case cancelled:
      return either(language, "zgłoszenie odwołane", "registration cancelled");
    case declined:
      return either(language, "zgłoszenie nie zostało przyjęte", "registration declined");
    case attended:
      return either(language, "obecność zaznaczona", "marked as present");
    case absent:
      return either(language, "nieobecność zaznaczona", "marked as absent");
  }
  return {};
}

}  // namespace

std::string digest_date(const domain::MeetingTimes& times, Language language) {
  const domain::Date date{std::chrono::floor<std::chrono::days>(times.starts)};
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month());
  const auto day = static_cast<unsigned>(date.day());
  if (is_half_fixed(times)) {
    return language == Language::en ? fmt::format("{:04}-{:02}", year, month)
                                    : fmt::format("{:02}.{:04}", month, year);
  }
  std::string text = language == Language::en ? fmt::format("{:04}-{:02}-{:02}", year, month, day)
                                              : fmt::format("{:02}.{:02}.{:04}", day, month, year);
  if (times.precision == domain::TimePrecision::minute) {
    const std::chrono::hh_mm_ss clock(times.starts -
                                      std::chrono::floor<std::chrono::days>(times.starts));
    text += fmt::format(", {}:{:02}", clock.hours().count(), clock.minutes().count());
  }
  return text;
}

std::vector<DigestLine> organizer_lines(const Overview& overview, const OrganizerCounts& counts,
                                        Language language) {
  std::vector<DigestLine> lines;
  for (const auto& failed : overview.unpublished) {
    lines.push_back(
        {fmt::format("unpublished:{}:{}", failed.of_cycle ? "cycle" : "meeting", failed.id),
         std::string(either(language, "Nie udało się opublikować o czasie: ",
                            "Could not be published on time: ")) +
             failed.title});
  }
  if (counts.open_proposals > 0) {
    lines.push_back(
        {fmt::format("proposals:{}", counts.open_proposals),
         fmt::format(fmt::runtime(either(language, "Propozycje zastępstwa do rozpatrzenia: {}",
                                         "Proposed substitutions to decide: {}")),
                     counts.open_proposals)});
  }
  if (counts.unhandled_answers > 0) {
    lines.push_back(
        {fmt::format("answers:{}", counts.unhandled_answers),
         fmt::format(fmt::runtime(either(language, "Odpowiedzi, którymi nikt się nie zajął: {}",
                                         "Answers that nobody has handled: {}")),
                     counts.unhandled_answers)});
  }
  if (overview.mails.failed > 0) {
    lines.push_back(
        {fmt::format("failed:{}", overview.mails.failed),
         fmt::format(fmt::runtime(either(language,
                                         "Wiadomości, które nie dotarły w ostatnich {} dniach: {}",
                                         "Messages not delivered in the last {} days: {}")),
                     kMailTroubleDays, overview.mails.failed)});
  }
  for (const auto& group : overview.needs) {
    if (group.need == MeetingNeed::publishes) continue;
    for (const auto& meeting : group.meetings) {
      lines.push_back({need_key(group.need, meeting), need_text(group.need, meeting, language)});
    }
  }
  return lines;
}

// Without names: a mail that has left cannot forget somebody who is erased. They stand on the page
// that the mail leads to.
std::vector<DigestLine> coordinator_lines(const OfficeNews& news, Language language) {
  std::vector<DigestLine> lines;
  for (const auto& person : news.consents) {
    lines.push_back(
        {fmt::format("consent:{}", person.registration.value),
         fmt::format(fmt::runtime(either(language, "Czeka na zgodę przełożonego: {} ({})",
                                         "A superior's consent is awaited: {} ({})")),
                     person.meeting_title, digest_date(person.times, language))});
  }
  for (const auto& open : news.open_places) {
    lines.push_back(
        {fmt::format("places:{}:{}", open.delegation.value, open.places),
         fmt::format(fmt::runtime(either(language, "Miejsca bez nazwisk ({}): {} ({})",
                                         "Places without a name ({}): {} ({})")),
                     open.places, open.meeting_title, digest_date(open.times, language))});
  }
  for (const auto& person : news.changed) {
    lines.push_back(
        {fmt::format("registration:{}:{}", person.registration.value, person.version),
         fmt::format("{}: {}, {} ({})",
                     either(language, "Osoba z Twojego urzędu", "Somebody from your office"),
                     status_text(person.status, language), person.meeting_title,
                     digest_date(person.times, language))});
  }
  return lines;
}

}  // namespace narada::usecases
