#include "notifications/mail_texts.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "calendar/text.h"
#include "notifications/mail_view.h"
#include "web/dates.h"

namespace narada::notifications {
namespace {

using calendar::clean_line;
using web::View;

std::string two_digits(std::int64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 2) digits.insert(digits.begin(), '0');
  return digits;
}

domain::Date date_of(domain::WallTime time) {
  return domain::Date(std::chrono::floor<std::chrono::days>(time));
}

std::string clock_of(domain::WallTime time) {
  const std::chrono::hh_mm_ss clock(time - std::chrono::floor<std::chrono::days>(time));
  return two_digits(clock.hours().count()) + ":" + two_digits(clock.minutes().count());
}

View date_arguments(const domain::Date& date, const Texts& texts) {
  const std::chrono::weekday weekday{std::chrono::local_days(date)};
  // The year as text: as a number it would get a separator of thousands.
  return {{"weekday", texts.text("weekday." + std::to_string(weekday.iso_encoding()))},
          {"day", std::to_string(static_cast<unsigned>(date.day()))},
          {"month", texts.text("month." + std::to_string(static_cast<unsigned>(date.month())))},
          {"year", std::to_string(static_cast<int>(date.year()))}};
}

std::string long_date(const domain::Date& date, const Texts& texts) {
  return texts.text("date", date_arguments(date, texts));
}

std::string zone_name(const std::string& tzid, const Texts& texts) {
  return tzid == domain::kDefaultZone ? texts.text("zone.warsaw") : clean_line(tzid);
}

std::string all_day_text(const MailFacts& facts, const Texts& texts) {
  using std::chrono::seconds;
  // The end may be midnight, which belongs to the day before.
  const auto last_second = facts.ends > facts.starts ? facts.ends - seconds(1) : facts.starts;
  const std::string first = long_date(date_of(facts.starts), texts);
  const std::string last = long_date(date_of(last_second), texts);
  if (first == last) return texts.text("when.all_day", {{"date", first}});
  return texts.text("when.all_days", {{"first", first}, {"last", last}});
}

std::string start_text(domain::WallTime starts, const MailFacts& facts, const Texts& texts) {
  const std::string date = long_date(date_of(starts), texts);
  if (facts.all_day) return texts.text("when.all_day", {{"date", date}});
  return texts.text(
      "when.start",
      {{"date", date}, {"starts", clock_of(starts)}, {"zone", zone_name(facts.tzid, texts)}});
}

std::string month_text(domain::WallTime month, const MailFacts& facts, const Texts& texts) {
  return texts.text("when.month", {{"month", web::month_year(facts.language, month)}});
}

bool has_lost_its_day(const MailFacts& facts) {
  return facts.previous_starts && facts.month_only && !facts.previous_month_only;
}

std::string day_text(const MailFacts& facts, const Texts& texts) {
  return facts.month_only ? web::month_year(facts.language, facts.starts)
                          : texts.text("day", date_arguments(date_of(facts.starts), texts));
}

// Of a place there is a name; who joins online is somewhere too.
std::string place_text(const MailFacts& facts, const Texts& texts) {
  return facts.place.empty() ? texts.text("mode.online") : clean_line(facts.place);
}

std::string moment_or_nothing(const std::optional<domain::WallTime>& moment, const Texts& texts) {
  return moment ? moment_text(*moment, texts) : std::string();
}

}  // namespace

std::string shortened(const std::string& text, std::size_t longest) {
  std::size_t characters = 0;
  for (std::size_t index = 0; index < text.size(); ++index) {
    const bool starts_character = (static_cast<unsigned char>(text[index]) & 0xC0) != 0x80;
    if (starts_character && characters++ == longest) return text.substr(0, index) + "…";
  }
  return text;
}

std::string when_text(const MailFacts& facts, const Texts& texts) {
  if (facts.month_only) return month_text(facts.starts, facts, texts);
  if (facts.all_day) return all_day_text(facts, texts);
  if (facts.ends <= facts.starts) return start_text(facts.starts, facts, texts);
  const std::string first = long_date(date_of(facts.starts), texts);
  const std::string last = long_date(date_of(facts.ends), texts);
  const View arguments{{"date", first},
                       {"first", first},
                       {"last", last},
                       {"starts", clock_of(facts.starts)},
                       {"ends", clock_of(facts.ends)},
                       {"zone", zone_name(facts.tzid, texts)}};
  return texts.text(first == last ? "when.day" : "when.days", arguments);
}

bool is_rescheduled(const MailFacts& facts) {
  return facts.previous_starts &&
         (*facts.previous_starts != facts.starts || facts.previous_month_only != facts.month_only);
}

std::string previous_text(const MailFacts& facts, const Texts& texts) {
  if (facts.previous_month_only) return web::month_year(facts.language, *facts.previous_starts);
  return start_text(*facts.previous_starts, facts, texts);
}

std::string moment_text(domain::WallTime moment, const Texts& texts) {
  return texts.text("when.start", {{"date", long_date(date_of(moment), texts)},
                                   {"starts", clock_of(moment)},
                                   {"zone", zone_name(domain::kDefaultZone, texts)}});
}

View kind_arguments(const MailFacts& facts, const Texts& texts, const std::string& title) {
  if (facts.account) {
    const auto until = facts.account->until;
    return {{"until", until ? moment_text(*until, texts) : ""},
            {"address", clean_line(facts.to_address)}};
  }
  const bool has_end = facts.ask && facts.ask->until;
  return {{"title", title},
          {"day", day_text(facts, texts)},
          {"rescheduled", has_lost_its_day(facts) ? "undated"
                          : is_rescheduled(facts) ? "yes"
                                                  : "no"},
          {"calendar", facts.method ? "yes" : "no"},
          {"about", facts.ask ? to_displayed_name(facts.ask->about) : ""},
          {"until", has_end ? moment_text(*facts.ask->until, texts) : ""}};
}

std::map<std::string, std::string> placeholder_values(const MailFacts& facts, const Texts& texts,
                                                      const std::string& title) {
  const auto address = clean_line(facts.to_address);
  const auto name = to_displayed_name(facts.to_name);
  std::map<std::string, std::string> values{{"person", name.empty() ? address : name},
                                            {"address", address}};
  if (facts.account) {
    const AccountFacts& account = *facts.account;
    values["until"] = moment_or_nothing(account.until, texts);
    values["happened"] = moment_or_nothing(account.happened, texts);
    if (!account.role.empty()) values["role"] = texts.text("role." + account.role);
    return values;
  }
  values["title"] = title;
  values["day"] = day_text(facts, texts);
  values["when"] = when_text(facts, texts);
  values["place"] = place_text(facts, texts);
  if (facts.ask) {
    values["about"] = to_displayed_name(facts.ask->about);
    values["until"] = moment_or_nothing(facts.ask->until, texts);
  }
  return values;
}

}  // namespace narada::notifications
