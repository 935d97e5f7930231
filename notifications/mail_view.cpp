#include "notifications/mail_view.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "calendar/text.h"
#include "notifications/mail_kinds.h"
#include "notifications/mail_texts.h"
#include "service/domain/file_facts.h"
#include "service/domain/organizer_message.h"

namespace narada::notifications {
namespace {

using calendar::clean_line;
using web::View;

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

// Whom the mail is about: its reader, or somebody whom it tells its reader of.
const std::string& person_of(const MailFacts& facts) {
  const bool is_of_a_file =
      facts.kind == MailKind::material_replaced || facts.kind == MailKind::file_refused;
  const bool of_another = !is_of_a_file && facts.ask && !facts.ask->about.empty();
  return of_another ? facts.ask->about : facts.to_name;
}

View make_rows(const MailFacts& facts, const Texts& texts) {
  Rows rows(texts);
  if (facts.kind == MailKind::digest) return rows.take();
  rows.add("person", to_displayed_name(person_of(facts)));
  if (facts.account) return make_account_rows(*facts.account, texts, std::move(rows));
  rows.add(is_about_practice(facts.kind) ? "practice" : "meeting", clean_line(facts.meeting_title));
  rows.add("cycle", clean_line(facts.cycle_title));
  if (facts.starts != domain::WallTime{}) rows.add("when", when_text(facts, texts));
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

// The lines of a text as [{value}], without empty ones.
View paragraphs(std::string_view text) {
  View values = View::array();
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string paragraph = clean_line(text.substr(0, end));
    if (paragraph.find_first_not_of(' ') != std::string::npos) {
      values.push_back({{"value", paragraph}});
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return values;
}

// The same of what somebody has typed, each also in pieces: the addresses in it are links.
View typed_paragraphs(std::string_view text) {
  View values = paragraphs(text);
  for (auto& value : values) {
    value["pieces"] = View::array();
    for (const auto& [piece, is_link] :
         domain::split_links(value["value"].get_ref<const std::string&>()))
      value["pieces"].push_back({{is_link ? "link" : "part", piece}});
  }
  return values;
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
  if (account.until) {
    view["notes"].push_back({{"value", texts.text("account.until", arguments)}});
  }
  view["notes"].push_back({{"value", texts.text(kind + ".note")}});
}

// Lines of which each says something of its own; other typed texts are somebody's words.
bool is_list(MailKind kind) { return kind == MailKind::digest || kind == MailKind::contact_shared; }

// What was typed; of a refused file the reason by its name, and how to mend it.
std::string said(const MailFacts& facts, const Texts& texts) {
  const std::string& text = facts.ask->text;
  const bool is_reason =
      facts.kind == MailKind::file_refused && domain::find_file_refusal(text).has_value();
  return is_reason ? texts.shared_text("file.refusal_" + text) : text;
}

// What was typed for this mail, its button, and how long that works.
void add_ask(const MailFacts& facts, const Texts& texts, const std::string& kind,
             const View& arguments, View& view) {
  const AskFacts& ask = *facts.ask;
  if (is_list(facts.kind)) {
    view["items"] = paragraphs(ask.text);
  } else {
    view["words"] = typed_paragraphs(said(facts, texts));
  }
  if (!ask.url.empty()) {
    view["action_url"] = clean_line(ask.url);
    view["action"] = texts.text(kind + ".action");
  }
  if (ask.until) view["deadline"] = texts.text("ask.until", arguments);
  if (!ask.origin.empty()) {
    view["notes"] = {{{"value", texts.text(kind + ".origin_" + ask.origin)}},
                     {{"value", texts.text(kind + ".rights")}}};
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

// The program's own text of a field, or the organizers'.
std::string words_of(const MailFacts& facts, const Texts& texts, const std::string& title,
                     WordingField field, const MailWording* own) {
  const std::string key = std::string(to_string(facts.kind)) + "." + std::string(to_string(field));
  if (own == nullptr) return texts.text(key, kind_arguments(facts, texts, title));
  auto values = placeholder_values(facts, texts, title);
  if (field != WordingField::closing) {
    values["standard"] = texts.text(key, kind_arguments(facts, texts, title));
  }
  return fill(text_of(*own, field), values);
}

// What lists of mails show behind the subject: the news that the subject does not tell.
std::string preheader(const MailFacts& facts, const Texts& texts, const View& view) {
  constexpr std::size_t kLongest = 140;
  for (const char* typed : {"words", "items"}) {
    const auto found = view.find(typed);
    if (found != view.end() && !found->empty()) {
      return shortened(found->front()["value"].get<std::string>(), kLongest);
    }
  }
  if (!facts.account && facts.starts != domain::WallTime{}) {
    const auto place = clean_line(facts.place);
    return shortened(when_text(facts, texts) + (place.empty() ? "" : " · " + place), kLongest);
  }
  const View& intro = view["intro"];
  return intro.empty() ? "" : shortened(intro.front()["value"].get<std::string>(), kLongest);
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

std::string make_subject(const MailFacts& facts, const web::Messages& messages,
                         const MailWording* own) {
  constexpr std::size_t kLongestTitle = 250;
  if (!facts.subject.empty()) return shortened(clean_line(facts.subject), kLongestTitle);
  const Texts texts(messages, facts.language);
  const std::string title = shortened(clean_line(facts.meeting_title), kLongestTitle);
  return clean_line(words_of(facts, texts, title, WordingField::subject, own));
}

View make_mail_view(const MailFacts& facts, const web::Messages& messages, const Sender& sender,
                    const MailWording* own) {
  const Texts texts(messages, facts.language);
  const std::string kind(to_string(facts.kind));
  const std::string title = clean_line(facts.meeting_title);
  const View arguments = kind_arguments(facts, texts, title);
  View view{{"language", domain::to_string(facts.language)},
            {"subject", make_subject(facts, messages, own)},
            {"heading", clean_line(words_of(facts, texts, title, WordingField::heading, own))},
            {"intro", paragraphs(words_of(facts, texts, title, WordingField::intro, own))},
            {"rows", make_rows(facts, texts)},
            {"base_url", sender.base_url},
            {"footer", texts.text("footer", {{"service", clean_line(sender.name)}})}};
  if (own != nullptr) {
    view["closing"] = paragraphs(words_of(facts, texts, title, WordingField::closing, own));
  }
  if (facts.account) {
    add_account(facts, texts, kind, arguments, view);
  } else {
    add_meeting(facts, texts, view);
    if (facts.ask) add_ask(facts, texts, kind, arguments, view);
  }
  view["preheader"] = preheader(facts, texts, view);
  return view;
}

}  // namespace narada::notifications
