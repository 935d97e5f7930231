#include "notifications/mail_view.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "calendar/text.h"
#include "web/dates.h"

namespace narada::notifications {
namespace {

using calendar::clean_line;
using web::View;

// At most `longest` characters; a cut ends with an ellipsis.
std::string shortened(const std::string& text, std::size_t longest) {
  std::size_t characters = 0;
  for (std::size_t index = 0; index < text.size(); ++index) {
    const bool starts_character = (static_cast<unsigned char>(text[index]) & 0xC0) != 0x80;
    if (starts_character && characters++ == longest) return text.substr(0, index) + "…";
  }
  return text;
}

// The texts of one language.
class Texts {
 public:
  Texts(const web::Messages& messages, domain::Language language)
      : messages_(messages), language_(domain::to_string(language)) {}

  std::string text(const std::string& key, const View& arguments = View::object()) const {
    return messages_.text(language_, "mail." + key, arguments);
  }

 private:
  const web::Messages& messages_;
  std::string_view language_;
};

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

bool has_lost_its_day(const MailFacts& facts) {
  return facts.previous_starts && facts.month_only && !facts.previous_month_only;
}

std::string previous_text(const MailFacts& facts, const Texts& texts) {
  if (facts.previous_month_only) return web::month_year(facts.language, *facts.previous_starts);
  return start_text(*facts.previous_starts, facts, texts);
}

// A moment that is told with an account, in Poland.
std::string moment_text(domain::WallTime moment, const Texts& texts) {
  return texts.text("when.start", {{"date", long_date(date_of(moment), texts)},
                                   {"starts", clock_of(moment)},
                                   {"zone", zone_name(domain::kDefaultZone, texts)}});
}

// What the kind's own texts may mention.
View kind_arguments(const MailFacts& facts, const Texts& texts, const std::string& title) {
  if (facts.account) {
    const auto until = facts.account->until;
    return {{"until", until ? moment_text(*until, texts) : ""},
            {"address", clean_line(facts.to_address)}};
  }
  const auto day = facts.month_only
                       ? web::month_year(facts.language, facts.starts)
                       : texts.text("day", date_arguments(date_of(facts.starts), texts));
  const bool has_end = facts.ask && facts.ask->until;
  return {{"title", title},
          {"day", day},
          {"rescheduled", has_lost_its_day(facts) ? "undated"
                          : is_rescheduled(facts) ? "yes"
                                                  : "no"},
          {"calendar", facts.method ? "yes" : "no"},
          {"about", facts.ask ? to_displayed_name(facts.ask->about) : ""},
          {"until", has_end ? moment_text(*facts.ask->until, texts) : ""}};
}

// The rows of the mail's table; those without a value are left out.
class Rows {
 public:
  explicit Rows(const Texts& texts) : texts_(texts) {}

  void add(const char* label, const std::string& value) {
    if (!value.empty()) rows_.push_back(row(label, value));
  }
  void add_link(const char* label, const std::string& url) {
    if (url.empty()) return;
    rows_.push_back(row(label, url));
    rows_.back()["url"] = url;
  }
  View take() { return std::move(rows_); }

 private:
  View row(const char* label, const std::string& value) const {
    return {{"label", texts_.text(std::string("label.") + label)}, {"value", value}};
  }

  const Texts& texts_;
  View rows_ = View::array();
};

std::string mode_text(const MailFacts& facts, const Texts& texts) {
  const std::string& mode = facts.attendance_mode;
  return mode == "onsite" || mode == "online" ? texts.text("mode." + mode) : "";
}

View make_account_rows(const AccountFacts& account, const Texts& texts, Rows rows) {
  if (!account.role.empty()) rows.add("role", texts.text("role." + account.role));
  rows.add("scope", clean_line(account.scope));
  if (!account.change.empty()) rows.add("change", texts.text("change." + account.change));
  if (account.happened) rows.add("happened", moment_text(*account.happened, texts));
  rows.add("device", clean_line(account.device));
  rows.add("network", clean_line(account.network));
  return rows.take();
}

View make_rows(const MailFacts& facts, const Texts& texts) {
  Rows rows(texts);
  const bool of_another = facts.kind == MailKind::consent_asked && facts.ask;
  rows.add("person", to_displayed_name(of_another ? facts.ask->about : facts.to_name));
  if (facts.account) return make_account_rows(*facts.account, texts, std::move(rows));
  if (facts.meeting_title.empty()) return rows.take();
  rows.add("meeting", clean_line(facts.meeting_title));
  rows.add("cycle", clean_line(facts.cycle_title));
  rows.add("when", when_text(facts, texts));
  if (is_rescheduled(facts)) {
    rows.add("previously", previous_text(facts, texts));
  }
  rows.add("mode", mode_text(facts, texts));
  rows.add("place", clean_line(facts.place));
  rows.add_link("online", clean_line(facts.online_url));
  if (facts.queue_position) rows.add("queue", std::to_string(*facts.queue_position));
  rows.add("reason", clean_line(facts.reason));
  return rows.take();
}

// Whether somebody who reads this waits for the day of a half-fixed meeting.
bool waits_for_day(const MailFacts& facts) {
  if (!facts.month_only) return false;
  switch (facts.kind) {
    case MailKind::registration_confirmed:
    case MailKind::registration_waitlisted:
    case MailKind::registration_pending:
    case MailKind::registration_promoted:
    case MailKind::registration_changed:
    case MailKind::registration_offered:
      return true;
    case MailKind::meeting_moved:
      return !facts.method;
    default:
      return false;
  }
}

std::string calendar_note(const MailFacts& facts, const Texts& texts) {
  if (waits_for_day(facts)) return texts.text("calendar.later");
  if (!facts.event || !facts.method) return {};
  return texts.text(*facts.method == calendar::ItipMethod::cancel ? "calendar.cancel"
                                                                  : "calendar.request");
}

// The button of a mail about an account, how long it works, and what to do who did not ask for it.
void add_account(const MailFacts& facts, const Texts& texts, const std::string& kind,
                 const View& arguments, View& view) {
  const AccountFacts& account = *facts.account;
  view["notes"] = View::array();
  if (!account.url.empty()) {
    view["action_url"] = clean_line(account.url);
    view["action"] = texts.text(kind + ".action");
  }
  if (account.until) view["notes"].push_back(texts.text("account.until", arguments));
  view["notes"].push_back(texts.text(kind + ".note"));
}

// What was typed for this mail, its button, and how long that works.
void add_ask(const AskFacts& ask, const Texts& texts, const std::string& kind,
             const View& arguments, View& view) {
  view["notes"] = View::array();
  for (std::size_t begin = 0; begin < ask.text.size();) {
    const std::size_t end = std::min(ask.text.find('\n', begin), ask.text.size());
    const std::string paragraph = clean_line(ask.text.substr(begin, end - begin));
    if (!paragraph.empty()) view["notes"].push_back(paragraph);
    begin = end + 1;
  }
  if (!ask.url.empty()) {
    view["action_url"] = clean_line(ask.url);
    view["action"] = texts.text(kind + ".action");
  }
  if (ask.until) view["notes"].push_back(texts.text("ask.until", arguments));
  if (!ask.origin.empty()) {
    view["notes"].push_back(texts.text(kind + ".origin_" + ask.origin));
    view["notes"].push_back(texts.text(kind + ".rights"));
  }
}

// What a reader can do about a meeting.
void add_meeting(const MailFacts& facts, const Texts& texts, View& view) {
  const bool announced = facts.kind == MailKind::meeting_announced;
  const bool invited = facts.kind == MailKind::meeting_invitation;
  view["calendar_note"] = calendar_note(facts, texts);
  view["manage_url"] = clean_line(facts.manage_url);
  view["meeting_url"] = clean_line(facts.meeting_url);
  view["manage"] = texts.text(announced ? "manage.topics"
                              : invited ? "manage.invitation"
                                        : "manage");
  view["manage_private"] =
      announced ? "" : texts.text(invited ? "manage.private_invitation" : "manage.private");
  if (facts.unsubscribe_url.empty()) {
    view["unsubscribe_url"] = "";
  } else {
    view["unsubscribe_url"] = clean_line(facts.unsubscribe_url);
    view["unsubscribe"] = texts.text("unsubscribe");
  }
  view["meeting_page"] = texts.text(announced ? "meeting_page.register" : "meeting_page");
}

}  // namespace

std::string to_displayed_name(std::string_view name) {
  constexpr std::string_view kLinkMarks = "/\\@:<>";
  std::string result;
  constexpr std::size_t kLongestName = 100;
  const std::string line = shortened(clean_line(name), kLongestName);
  for (std::size_t index = 0; index < line.size(); ++index) {
    const char character = line[index];
    if (kLinkMarks.find(character) != std::string_view::npos) {
      result += ' ';
      continue;
    }
    result += character;
    const bool is_inside_word = index + 1 < line.size() && line[index + 1] != ' ';
    if (character == '.' && is_inside_word) result += ' ';
  }
  return result;
}

std::string make_subject(const MailFacts& facts, const web::Messages& messages) {
  constexpr std::size_t kLongestTitle = 250;
  const Texts texts(messages, facts.language);
  const std::string title = shortened(clean_line(facts.meeting_title), kLongestTitle);
  const std::string kind(to_string(facts.kind));
  if (!facts.subject.empty()) return shortened(clean_line(facts.subject), kLongestTitle);
  return texts.text(kind + ".subject", kind_arguments(facts, texts, title));
}

View make_mail_view(const MailFacts& facts, const web::Messages& messages, const Sender& sender) {
  const Texts texts(messages, facts.language);
  const std::string kind(to_string(facts.kind));
  const View arguments = kind_arguments(facts, texts, clean_line(facts.meeting_title));
  View view{{"language", domain::to_string(facts.language)},
            {"subject", make_subject(facts, messages)},
            {"heading", texts.text(kind + ".heading", arguments)},
            {"intro", texts.text(kind + ".intro", arguments)},
            {"rows", make_rows(facts, texts)},
            {"base_url", sender.base_url},
            {"footer", texts.text("footer", {{"service", clean_line(sender.name)}})},
            {"blank_line", ""}};
  if (facts.account) {
    add_account(facts, texts, kind, arguments, view);
  } else {
    add_meeting(facts, texts, view);
    if (facts.ask) add_ask(*facts.ask, texts, kind, arguments, view);
  }
  return view;
}

}  // namespace narada::notifications
