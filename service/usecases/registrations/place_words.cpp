#include "service/usecases/registrations/place_words.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "calendar/zone.h"

namespace narada::usecases {
namespace {

using domain::Language;
using domain::PlaceExplanation;
using domain::PlaceReason;

constexpr std::array<std::string_view, 12> kMonths{
    "stycznia", "lutego",   "marca",    "kwietnia",     "maja",      "czerwca",
    "lipca",    "sierpnia", "września", "października", "listopada", "grudnia"};
constexpr std::array<std::string_view, 12> kMonthsEnglish{
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// "5 maja, 12:00".
std::string moment(domain::Instant instant, const std::string& tzid, Language language) {
  const domain::WallTime wall = calendar::to_wall_time(instant, tzid);
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(wall - day);
  const std::size_t month = static_cast<unsigned>(date.month()) - 1;
  return fmt::format("{} {}, {:02}:{:02}", static_cast<unsigned>(date.day()),
                     language == Language::en ? kMonthsEnglish.at(month) : kMonths.at(month),
                     clock.hours().count(), clock.minutes().count());
}

std::string in_polish(const PlaceExplanation& why, const std::string& until) {
  const int number = why.number.value_or(0);
  switch (why.reason) {
    case PlaceReason::guaranteed_place:
      return "Masz miejsce, bo jest ono zagwarantowane Twojej instytucji.";
    case PlaceReason::kept_place:
      return "Masz miejsce, bo organizatorzy zachowali je dla Twojej instytucji.";
    case PlaceReason::delegated_place:
      return "Masz miejsce, bo zajmujesz jedno z miejsc swojej instytucji.";
    case PlaceReason::offered_place:
      return fmt::format("Zwolniło się miejsce i trzymamy je dla Ciebie do {}.", until);
    case PlaceReason::all_taken:
      if (!why.newcomers_first) return "Czekasz, bo wszystkie miejsca są zajęte.";
      return "Czekasz, bo wszystkie miejsca są zajęte, a pierwszeństwo mają instytucje, których "
             "jeszcze nie ma.";
    case PlaceReason::guaranteed_others:
      if (until.empty()) {
        return "Czekasz, bo pozostałe miejsca są zagwarantowane instytucjom, których jeszcze nie "
               "ma.";
      }
      return fmt::format(
          "Czekasz, bo pozostałe miejsca są do {} zagwarantowane instytucjom, których jeszcze nie "
          "ma.",
          until);
    case PlaceReason::kept_others:
      return "Czekasz, bo pozostałe miejsca organizatorzy zachowali dla innych instytucji.";
    case PlaceReason::promised_others:
      return "Czekasz, bo pozostałe miejsca są już komuś obiecane i czekają na potwierdzenie.";
    case PlaceReason::offers_missed:
      return fmt::format(
          "Czekasz, ale kolejnego miejsca nie zaproponujemy, bo tyle propozycji minęło bez "
          "odpowiedzi: {}.",
          number);
    case PlaceReason::cap_reached:
      return fmt::format(
          "Czekasz, bo Twoja instytucja ma już tyle miejsc, ile może mieć jedna instytucja ({}).",
          number);
    default:
      return {};
  }
}

std::string in_english(const PlaceExplanation& why, const std::string& until) {
  const int number = why.number.value_or(0);
  switch (why.reason) {
    case PlaceReason::guaranteed_place:
      return "You have a place because it is guaranteed to your institution.";
    case PlaceReason::kept_place:
      return "You have a place because the organizers kept it for your institution.";
    case PlaceReason::delegated_place:
      return "You have a place because it is one of those your institution holds.";
    case PlaceReason::offered_place:
      return fmt::format("A place became free and we hold it for you until {}.", until);
    case PlaceReason::all_taken:
      if (!why.newcomers_first) return "You are waiting because all places are taken.";
      return "You are waiting because all places are taken, and institutions that are not there "
             "yet come first.";
    case PlaceReason::guaranteed_others:
      if (until.empty()) {
        return "You are waiting because the remaining places are guaranteed to institutions that "
               "are not there yet.";
      }
      return fmt::format(
          "You are waiting because until {} the remaining places are guaranteed to institutions "
          "that are not there yet.",
          until);
    case PlaceReason::kept_others:
      return "You are waiting because the organizers keep the remaining places for other "
             "institutions.";
    case PlaceReason::promised_others:
      return "You are waiting because the remaining places are promised to others, who have yet to "
             "confirm.";
    case PlaceReason::offers_missed:
      return fmt::format(
          "You are waiting, but we will not offer you another place because {} offers ran out "
          "without an answer.",
          number);
    case PlaceReason::cap_reached:
      return fmt::format(
          "You are waiting because your institution already has as many places as one institution "
          "may have ({}).",
          number);
    default:
      return {};
  }
}

}  // namespace

std::string explain_place(const PlaceExplanation& why, const std::string& tzid, Language language) {
  const std::string until = why.until ? moment(*why.until, tzid, language) : "";
  return language == Language::en ? in_english(why, until) : in_polish(why, until);
}

}  // namespace narada::usecases
